"""Breaks: start and end include them, so that where these give the hours they are taken off, or asked about."""

from decimal import Decimal

import pytest

from imports.reading.proposals import suggest
from imports.reading.rows import Answers, ParsedFile
from tests.imports.reading import mapped_by, read

HEADER = ["Date", "Client", "Start", "End"]
CLOCK = [("2026-02-02", "Acme", "09:00", "12:00"), ("2026-02-13", "Acme", "13:00", "14:00")]


def shifts(title: str, *breaks: str, **said: object) -> ParsedFile:
    """Two shifts of three hours and of one, mapped by hand as it is proposed."""
    header = [*HEADER, title]
    columns = suggest(header)
    if said.pop("unread", False):
        columns.pop("pause", None)
    lines = [",".join((*times, each)) for times, each in zip(CLOCK, breaks, strict=True)]
    return read(
        "\n".join((",".join(header), *lines)) + "\n",
        mappings=(mapped_by(header, columns),),
        answers=Answers(**said),
    )


@pytest.mark.parametrize(
    ("title", "breaks"),
    [
        ("Break (min)", ("30", "0")),
        ("Pause", ("0:30", "0:00")),
        ("Pause", ("30", "")),  # thirty hours do not fit into three
        ("Lunch", ("30 min", "-")),
        ("Unpaid break", ("0.5", "0")),
    ],
)
def test_breaks_are_taken_off_where_the_times_give_the_hours(title: str, breaks: tuple[str, str]) -> None:
    found = shifts(title, *breaks)

    assert [row.worked for row in found.rows] == [Decimal("2.5000"), Decimal("1.0000")]
    assert [row.elapsed for row in found.rows] == [Decimal("3.0000"), Decimal("1.0000")]
    assert found.questions == ()


def test_breaks_whose_unit_nothing_proves_are_asked_about() -> None:
    assert [each.kind for each in shifts("Break", "1", "0").questions] == ["unit"]
    assert shifts("Break", "1", "0", units={"Break": "minutes"}).rows[0].worked == Decimal("2.9833")


def test_breaks_that_are_not_read_are_a_question_and_can_be_said_to_be_breaks() -> None:
    open_ = shifts("Break (min)", "30", "0", unread=True)
    said = shifts("Break (min)", "30", "0", unread=True, reads={"Break (min)": "pause"})

    assert [(each.kind, each.field) for each in open_.questions] == [("columns", "pause")]
    assert (said.questions, said.rows[0].worked) == ((), Decimal("2.5000"))


@pytest.mark.parametrize("pause", ["3:30", "-0:30", "soon"])
def test_a_break_that_cannot_be_refuses_its_row(pause: str) -> None:
    found = shifts("Pause", pause, "0:00")

    assert [(problem.line, problem.column) for problem in found.refused] == [(2, "Pause")]


def test_breaks_beside_stated_hours_are_no_business_of_theirs() -> None:
    header = [*HEADER, "Break (min)", "Hours"]
    text = ",".join(header) + "\n2026-02-02,Acme,09:00,12:00,30,2.5\n"
    found = read(text, mappings=(mapped_by(header, suggest(header)),))

    assert ([row.worked for row in found.rows], found.questions) == ([Decimal("2.5000")], ())
