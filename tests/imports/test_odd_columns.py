"""Columns and units that nobody declared: what they say is asked before it can do harm in silence."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from imports.reading.mapped import mapping_of
from imports.reading.parse import parse
from imports.reading.rows import Answers, ParsedFile

VIEW = "Time_RecID,company_name,sr_summary,member_id,Date_Start,hours_actual,Billable_Hrs,option_id,work_type"
ACTIONS = "Ticket ID,Customer,Ticket Type,Action Date,Who,Action Note,Time Taken,Charge Rate"
KIMAI = "Date,From,To,Duration,Rate,User,Username,Customer,Project,Activity,Description,Exported,Tags,Type"
KIMAI = "Date,From,To,Duration,Rate,User,Username,Customer,Project,Activity,Description,Exported,Tags,Type"
BY_HAND = {"date": "Date", "company": "Client", "technician": "Technician"}
TOGGL = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags"


def read(*lines: str, order: str = "mdy", **said: object) -> ParsedFile:
    return parse(
        "\n".join(lines).encode(),
        date_order=order,
        timezone=ZoneInfo("America/Chicago"),
        today=date(2026, 12, 31),
        answers=Answers(**said),
    )


def asked(file: ParsedFile) -> list[tuple[str, str, str]]:
    return [(each.kind, each.column, each.field) for each in file.questions]


def view(header: str, cell: str) -> ParsedFile:
    return read(f"{VIEW},{header}", f"1,Acme,Mail,jo,2026-11-02,2,2,B,Remote,{cell}")


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Show to user", "No"),
        ("Published", "false"),
        ("Shared", "0"),
        ("Customer view", "N"),
        ("Hide in portal", "1"),
        ("Nur intern", "ja"),
        ("Sensitivity", "Confidential"),
        ("Audience", "staff only"),
        ("Kennzeichen", "vertraulich"),
        ("Seen by", "Not visible"),
    ],
)
def test_a_column_that_may_say_what_is_internal_is_asked_about(header: str, cell: str) -> None:
    assert asked(view(header, cell)) == [("columns", header, "hidden")]


@pytest.mark.parametrize(("header", "cell"), [("Portal", "North site"), ("Shared mailbox", "info@x.example")])
def test_a_like_word_above_cells_that_are_no_flags_is_no_question(header: str, cell: str) -> None:
    assert asked(view(header, cell)) == []


@pytest.mark.parametrize("cell", ["Rejected", "void (duplicate)", "Declined by Kim", "storniert", "refusée"])
def test_a_rejection_is_asked_about_even_in_a_column_that_its_format_passes_over(cell: str) -> None:
    assert asked(view("Status", cell)) == [("columns", "Status", "status")]


@pytest.mark.parametrize("cell", ["Closed", "In progress", ""])
def test_the_status_of_a_ticket_is_passed_over(cell: str) -> None:
    assert asked(view("Status", cell)) == []


@pytest.mark.parametrize("header", ["Invoiced hours", "Hours on invoice"])
def test_hours_under_other_names_are_asked_about(header: str) -> None:
    assert asked(view(header, "1")) == [("columns", header, "worked")]


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Time Logged (min)", "90"), ("Travel Time", "00:20"), ("Fahrtzeit", "0:15"), ("Unit", "min")],
)
def test_how_long_it_took_is_asked_about_by_a_unit_in_the_header_or_its_cells(header: str, cell: str) -> None:
    assert asked(view(header, cell)) == [("columns", header, "worked")]


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Spent", "$20.00"), ("First response (hours)", "0:20"), ("Break (min)", "30"), ("Unit", "h")],
)
def test_money_times_of_a_ticket_and_breaks_inside_stated_hours_are_no_question(
    header: str, cell: str
) -> None:
    assert asked(view(header, cell)) == []


@pytest.mark.parametrize("header", ["Hours", "Duration"])
@pytest.mark.parametrize(
    ("cells", "asks"),
    [
        (("1.30", "0.45", "2.15", "1.00", "3"), True),
        (("1.30", "0.45", "2.15", "0.75"), False),  # 75 is no minute
        (("1.30", "0.30", "2.30"), False),  # tenths, as likely
        (("1.3", "0.45", "2.15"), False),
        (("1.30", "0.45"), False),
    ],
)
def test_hours_that_are_written_with_quarters_behind_a_point_are_asked_about(
    header: str, cells: tuple[str, ...], asks: bool
) -> None:
    rows = (f"2026-11-0{2 + n},Acme,{cell},Jo" for n, cell in enumerate(cells))
    mapping = mapping_of(["Date", "Client", header, "Technician"], BY_HAND | {"worked": header}, name="sheet")
    found = parse(
        "\n".join((f"Date,Client,{header},Technician", *rows)).encode(),
        date_order="ymd",
        timezone=ZoneInfo("America/Chicago"),
        today=date(2026, 12, 31),
        mappings=(mapping,),
    )
    assert [each.kind for each in found.questions] == (["unit"] if asks else [])


@pytest.mark.parametrize("header", ["Nicht verrechenbar", "Free of charge"])
def test_a_flag_of_free_work_is_asked_about_and_read_the_right_way_round(header: str) -> None:
    head, row = f"{KIMAI},{header}", "2026-07-01,09:00,10:30,5400,10,Jo,jo,Acme,S,A,words,No,,timesheet,"
    assert asked(read(head, row + "ja")) == [("columns", header, "is_billable")]
    said = read(head, row + "ja", row + "nein", reads={header: "is_billable"})
    assert [each.is_billable for each in said.rows] == [False, True]


@pytest.mark.parametrize("header", ["Invoice number", "Hourly rate", "Invoice amount"])
def test_money_is_no_question(header: str) -> None:
    assert asked(view(header, "12")) == []


@pytest.mark.parametrize(
    ("cells", "unit", "hours"),
    [
        ("09:00,10:30,0.0625", "days of 24 hours", "1.5"),
        ("09:00,10:30,90", "minutes", "1.5"),
        ("09:00,10:30,5400", "seconds", "1.5"),
    ],
)
def test_times_that_speak_against_a_header_are_taken_and_asked_about(
    cells: str, unit: str, hours: str
) -> None:
    file = read("Date,Client,Start,End,Hours", f"2026-07-01,Acme,{cells}")
    assert asked(file) == [("unit", "Hours", unit)]
    assert file.rows[0].worked == Decimal(hours)
    assert "Start and end say" in file.questions[0].text


def test_a_break_or_a_minimum_is_no_other_unit() -> None:
    rows = (
        "2026-07-01,Acme,09:00,17:30,8",
        "2026-07-02,Acme,09:00,09:10,0.25",
        "2026-07-03,Acme,9:00,10:00,1",
    )
    assert asked(read("Date,Client,Start,End,Hours", *rows)) == []


def test_a_person_may_say_that_the_header_is_right() -> None:
    said = {"Hours": "hours"}
    file = read("Date,Client,Start,End,Hours", "2026-07-01,Acme,09:00,10:30,0.0625", units=said)
    assert (asked(file), file.rows[0].worked) == ([], Decimal("0.0625"))


def test_a_format_s_own_unit_is_the_one_that_its_times_prove() -> None:
    row = "Jo,j@x.example,Acme,Support,,A,Yes,2026-07-15,09:00:00,2026-07-15,10:30:00,{},"
    for cell in ("1.5", "90", "5400", "0.0625", "01:30:00"):
        file = read(TOGGL, row.format(cell))
        assert (file.rows[0].worked, asked(file)) == (Decimal("1.5"), []), cell


@pytest.mark.parametrize("cells", [("0.0625", "0.03125"), ("0.0417", "0.0208"), ("0.0104166667", "0.25")])
def test_parts_of_a_day_without_times_are_asked_about(cells: tuple[str, ...]) -> None:
    file = read("Date,Client,Hours", *(f"2026-07-01,Acme,{cell}" for cell in cells))
    assert asked(file) == [("unit", "Hours", "hours")]
    assert "as days of 24 hours" in file.questions[0].text
    said = read(
        "Date,Client,Hours",
        *(f"2026-07-01,Acme,{cell}" for cell in cells),
        units={"Hours": "days of 24 hours"},
    )
    assert said.rows[0].worked == (Decimal(cells[0]) * 24).quantize(Decimal("0.0001"))


@pytest.mark.parametrize(
    "cells", [("0.25", "0.5"), ("0.1", "0.33", "0.67"), ("0.125", "0.375"), ("0.0833", "0.17")]
)
def test_decimal_hours_below_one_are_hours(cells: tuple[str, ...]) -> None:
    assert asked(read("Date,Client,Hours", *(f"2026-07-01,Acme,{cell}" for cell in cells))) == []


@pytest.mark.parametrize(("cell", "hidden"), [("False", True), ("Yes", False)])
def test_a_column_of_what_is_shown_hides_where_it_says_no(cell: str, hidden: bool) -> None:
    row = f"1,Acme,Incident,13/07/2026,Jo,words,1.5,Remote,{cell}"
    file = read(f"{ACTIONS},Show to user", row, order="dmy", reads={"Show to user": "hidden"})
    assert file.rows[0].hidden is hidden


@pytest.mark.parametrize("kind", ["Private Note", "internal", "Remote; Intern", "Note interne"])
def test_a_kind_of_work_that_says_internal_keeps_its_note_inside(kind: str) -> None:
    row = f"1,Acme,Incident,13/07/2026,Jo,words,1.5,Remote,{kind}"
    (found,) = read(f"{ACTIONS},Outcome", row, order="dmy").rows
    assert (found.hidden, found.notes, found.internal_notes) == (True, "", "words")


@pytest.mark.parametrize("kind", ["Email User", "Internal audit", "Internet", "Agent"])
def test_other_kinds_of_work_leave_the_note_as_it_is(kind: str) -> None:
    row = f"1,Acme,Incident,13/07/2026,Jo,words,1.5,Remote,{kind}"
    (found,) = read(f"{ACTIONS},Outcome", row, order="dmy").rows
    assert (found.hidden, found.notes) == (False, "words")


def test_a_second_column_of_what_is_hidden_is_asked_about_too() -> None:
    row = "1,Acme,Incident,13/07/2026,Jo,words,1.5,Remote,Yes,No"
    file = read(f"{ACTIONS},Hidden from user,Hidden", row, order="dmy")
    assert asked(file) == [("columns", "Hidden from user", "hidden")]


@pytest.mark.parametrize("cell", ["Internal Users Only", "Internal & Co-managed", "staff only"])
def test_whom_a_note_is_published_to_is_asked_about(cell: str) -> None:
    assert asked(view("Publish", cell)) == [("columns", "Publish", "hidden")]


def test_a_second_flag_that_says_otherwise_is_asked_about() -> None:
    rows = ("1,Acme,Mail,jo,2026-11-02,2,2,B,Remote,{}", "2,Acme,Mail,jo,2026-11-03,2,2,NC,Remote,{}")
    alike = read(f"{VIEW},Chargeable?", rows[0].format("Yes"), rows[1].format("No"))
    other = read(f"{VIEW},Chargeable?", rows[0].format("No"), rows[1].format("No"))
    turned = read(f"{VIEW},Non-billable?", rows[0].format("No"), rows[1].format("Yes"))
    assert [asked(alike), asked(turned)] == [[], []]
    assert asked(other) == [("columns", "Chargeable?", "is_billable")]


SHEET = "Entry ID,Client,Date,Start,End,Hours"


@pytest.mark.parametrize(
    ("figures", "asks"), [(("1.30", "2.15"), True), (("1.50", "2.25"), False), (("1.30", "2.25"), False)]
)
def test_hours_and_minutes_with_a_point_between_are_asked_about(figures: tuple[str, str], asks: bool) -> None:
    file = read(
        SHEET,
        f"1,Acme,2026-11-02,09:00,10:30,{figures[0]}",
        f"2,Acme,2026-11-02,11:00,13:15,{figures[1]}",
    )
    assert [each[:2] for each in asked(file)] == [("unit", "Hours")] * asks
