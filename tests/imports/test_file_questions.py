"""What a file is taken for, and what is asked of it: recognition on proof, unread columns, second tables, pages."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from imports.reading.clock import Shift, is_halved, passed
from imports.reading.code_pages import guess
from imports.reading.dates import parse_moment
from imports.reading.rows import Answers, ParsedFile, UnreadableFileError
from imports.reading.values import Moment
from tests.imports.reading import hours, read, unreadable

GRID = "Ticket ID,Customer,Time Completed,Who,Time Taken,Charge Rate"


def asked(header: str, *cells: str, **options: object) -> list[tuple[str, str]]:
    """The columns that a Halo report with one more column asks about, with what each seems to say."""
    rows = "".join(f"1,Acme,13/06/2026 12:00,M,1.5,R,{cell}\n" for cell in cells)
    file = read(f"{GRID},{header}\n{rows}", **options)
    assert file.unread_columns == (header,)
    return [(question.column, question.field) for question in file.questions if question.kind == "columns"]


# recognition


def test_a_file_with_date_and_hours_is_no_template_where_a_header_is_another_ones() -> None:
    assert "Map them by hand" in unreadable("Date,Client,Hours,Minutes\n2026-06-02,Acme,1,30\n")
    assert read("Date,Client,Hours,Notes\n2026-06-02,Acme,1,x\n").format == "generic"


def test_a_file_that_is_said_to_be_the_template_names_what_it_does_not_read() -> None:
    file = read("Date,Client,Hours,Minutes,Cost\n2026-06-02,Acme,1,30,9\n", format="generic")
    assert file.unread_columns == ("Minutes", "Cost")
    assert [(question.kind, question.column, question.field) for question in file.questions] == [
        ("columns", "Minutes", "worked")
    ]


PRINTED = "Date,Hours,Work Type,Member,Customer\n6/13/2026,1,Remote,jo,Acme\n"


def test_a_printed_layout_is_taken_for_granted_only_by_what_is_printed_around_it() -> None:
    assert "Map them by hand" in unreadable(PRINTED)
    assert read(f"Time Activity\n{PRINTED}").format == "connectwise"
    assert read(f"{PRINTED}Grand Total,1,,,\n").format == "connectwise"
    assert read(PRINTED, format="connectwise").format == "connectwise"


def test_one_row_an_entry_is_no_summary() -> None:
    header = "Customer,Actual Time,Billable Time,Finished"
    assert "Map them by hand" in unreadable(f"{header}\nAcme,1.5,1.5,2026-06-02\nAcme,1,1,2026-06-03\n")
    assert "summary by customer" in unreadable(f"{header}\nAcme,1.5,1.5,yes\n")


# unread columns


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Kunde", ""), ("Non-billable", ""), ("Hours billed", "billable"), ("Duration", "worked"),
        ("Minuten", "worked"), ("Sichtbarkeit", "hidden"), ("Freigabe", "status"), ("Visible to staff", "hidden"),
        ("Hourly rate", ""), ("Estimated hours", ""), ("Mood", ""), ("Created at", ""),
    ],
)  # fmt: skip
def test_a_column_asks_by_its_header_where_the_file_does_not_say_it_already(header: str, field: str) -> None:
    assert asked(header, "x") == ([(header, field)] if field else [])


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (("Billable", "Non-Billable"), ""), (("Public", "Private"), "hidden"), (("1h 30m", "45 min"), "worked"),
        (("Approved", "Rejected"), "status"), (("Approved", "whatever"), ""), (("", ""), ""), (("red", "blue"), ""),
    ],
)  # fmt: skip
def test_a_column_asks_by_its_cells(cells: tuple[str, ...], field: str) -> None:
    assert asked("Spalte 7", *cells) == ([("Spalte 7", field)] if field else [])


def test_a_column_that_bears_names_of_known_clients_asks_whatever_its_header() -> None:
    names = ("Birch & Lowe LLP",)
    assert asked("Site of work", "elsewhere", "BIRCH  & Lowe LLP", clients=names) == [
        ("Site of work", "clients")
    ]
    assert asked("Site of work", "elsewhere", clients=names) == []


def test_a_column_asks_for_the_flag_that_the_file_lacks() -> None:
    file = read(
        "Action ID,Who,When,Outcome,Note,Time Taken,Chargeable?\n1,Jo,13/06/2026,R,x,1.5,Yes\n",
        one_client=True,
    )
    assert [(question.column, question.field) for question in file.questions] == [
        ("Chargeable?", "is_billable")
    ]


def test_a_column_that_may_stay_unread_asks_no_more() -> None:
    assert asked("Duration", "90", answers=Answers(unread=frozenset({"duration"}))) == []


def test_a_column_is_read_as_what_a_person_says_it_holds() -> None:
    content = f"{GRID},Kundin\n1,,13/06/2026 12:00,M,1.5,R,Birch\n"
    file = read(content, answers=Answers(reads={"Kundin": "company"}))
    assert (file.rows[0].company, file.unread_columns, file.questions) == ("Birch", (), ())


def test_what_was_said_before_is_recalled_by_format_and_headers() -> None:
    recalled: list[tuple[str, tuple[str, ...]]] = []

    def recall(name: str, headers: tuple[str, ...]) -> Answers:
        recalled.append((name, headers))
        return Answers(units={"Time Taken": "minutes"})

    file = read(f"{GRID}\n1,Acme,13/06/2026 12:00,M,45,R\n", recall=recall)
    assert (file.rows[0].worked, file.questions) == (hours("0.75"), ())
    assert recalled == [("halopsa", tuple(GRID.split(",")))]


# hidden rows, statuses


@pytest.mark.parametrize(
    ("header", "cell", "is_hidden"),
    [
        ("Hidden", "True", True), ("Private", "1", True), ("Internal", "No", False), ("Visibility", "Private", True),
        ("Visibility", "Public", False), ("Visible to Client", "No", True), ("Public", "Yes", False),
    ],
)  # fmt: skip
def test_a_hidden_row_keeps_its_notes_internal_in_every_format(
    header: str, cell: str, is_hidden: bool
) -> None:
    for content in (
        f"{GRID},Note,{header}\n1,Acme,13/06/2026 12:00,M,1.5,R,slow to pay,{cell}\n",
        f"Date,Client,Hours,Billable?,Invoiced?,Notes,{header}\n2026-06-02,Acme,1,Yes,No,slow to pay,{cell}\n",
    ):
        (row,) = read(content).rows
        assert (row.hidden, row.notes == "", row.internal_notes == "slow to pay") == (is_hidden,) * 3


def test_a_hidden_row_keeps_even_what_was_made_for_the_client() -> None:
    content = "Date,Client,Hours,Client description,Private\n2026-06-02,Acme,1,words,yes\n"
    (row,) = read(content, format="generic").rows
    assert (row.description, row.internal_notes) == ("", "words")


def test_the_entrys_own_status_is_read() -> None:
    header = "Project,Client,Description,User,Start Date,Start Time,End Date,End Time,Duration (h),Approval"
    (row,) = read(f"{header}\nS,Acme,x,Jo,06/13/2026,09:00,06/13/2026,10:00,01:00:00,Rejected\n").rows
    assert row.status == "Rejected"


# second tables


def lines_of_tables(file: ParsedFile) -> list[int]:
    return [found.line for found in file.set_aside if found.what == "table"]


FIRST = "Date,Client,Hours,Notes\n2026-06-02,Acme,1.5,x\n\n"


@pytest.mark.parametrize(
    ("below", "lines"),
    [
        ("Date,Client,Amount,Notes\n2026-06-03,Acme,12,Parking\n", [4, 5]),
        ("Ausgaben\nDatum,Kunde,Betrag,Notiz\n2026-06-03,Acme,12,x\n", [4, 5, 6]),
        ("Client,Total hours\nAcme,1.5\n", [4, 5]),
        ("x,y\n1,2\n3,4\n", [4, 5, 6]),
        ("Tag,Fahrzeug,Km,Ziel\n2026-06-03,Golf,12,x\n", [4, 5]),
        ("2026-06-03,Birch,2,y\n", []),
        ("Acme Dental,,,\n2026-06-03,Acme,2,y\n", []),
        ("Date,Client,Hours,Notes\n2026-06-03,Acme,2,y\n", []),
        (
            "Date,Client,Amount,Notes\n2026-06-03,A,9,z\n\nDate,Client,Hours,Notes\n2026-06-04,Acme,2,y\n",
            [4, 5],
        ),
    ],
)
def test_a_table_below_the_first_is_set_aside_until_the_first_header_comes_again(
    below: str, lines: list[int]
) -> None:
    file = read(FIRST + below)
    assert lines_of_tables(file) == lines
    assert file.refused == ()


def test_headings_between_blank_lines_of_a_printed_report_are_no_table() -> None:
    file = read(
        f"Time Activity\n{PRINTED}\nMember: al,,,,\n6/14/2026,2,Remote,al,Birch\n\nGrand Total,3,,,\n"
    )
    assert [row.line for row in file.rows] == [3, 6]
    assert lines_of_tables(file) == []


# code pages


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Müller; Café – “x”; Zürich; l’œuvre; 5 €; ½", "cp1252"), ("Citrix®Server; ÄÖÜ; AÑO", "cp1252"),
        ("Söhne KG; Gerät; größer", "cp850"), ("MÜLLER GMBH; Straße", "cp850"), ("Gerät; Müller; Café", "mac_roman"),
        ("Miłosz; żółć; łódź", "cp1250"),
    ],
)  # fmt: skip
def test_a_code_page_is_plain_or_named_as_the_likeliest(text: str, encoding: str) -> None:
    found = guess(text.encode(encoding))
    assert (found.encoding, found.is_plain) == (encoding, encoding == "cp1252")


def test_cyrillic_is_never_read_as_western_letters() -> None:
    with pytest.raises(UnreadableFileError) as raised:
        read("Date,Client,Hours\n2026-06-02,Ромашка,1\n".encode("cp1251"))
    assert raised.value.choice is not None


def test_an_encoding_that_nobody_knows_is_said() -> None:
    assert "isn't an encoding" in unreadable("Date,Client,Hours\n", answers=Answers(encoding="flurb"))


# clocks


def at(text: str) -> Moment:
    return parse_moment(text, "mdy", ZoneInfo("America/Chicago"))


@pytest.mark.parametrize(
    ("day", "start", "end", "elapsed"),
    [
        (date(2026, 11, 1), "01:50", "01:10", "0.3333"), (date(2026, 11, 1), "00:30", "03:30", "4"),
        (date(2026, 10, 31), "23:00", "03:00", "5"), (date(2026, 3, 8), "01:30", "03:30", "1"),
        (date(2026, 6, 2), "22:00", "00:30", "2.5"), (date(2026, 6, 2), "22:00", "24:00", "2"),
        (date(2026, 6, 2), "6/2/2026 22:00", "6/2/2026 00:30", "-21.5"),
        (date(2026, 10, 31), "10/31/2026 12:00", "11/2/2026 12:00", "49"),
    ],
)  # fmt: skip
def test_the_time_that_passed_is_the_clocks_of_the_zone(
    day: date, start: str, end: str, elapsed: str
) -> None:
    found = passed(day, at(start), at(end), ZoneInfo("America/Chicago"))
    assert found is not None
    assert found.hours == Decimal(elapsed)


def test_instants_are_subtracted_whatever_the_clock_shows() -> None:
    start = datetime(2026, 11, 1, 6, 10, tzinfo=ZoneInfo("UTC"))  # 01:10, before the hour repeats
    texts = [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (start, start + timedelta(minutes=100))]
    found = passed(date(2026, 11, 1), at(texts[0]), at(texts[1]), ZoneInfo("America/Chicago"))
    assert found is not None
    assert found.hours == hours("1.6667")


def test_an_answer_to_this_file_stands_above_what_was_said_before() -> None:
    before = Answers(
        {"A": "minutes", "B": "hours"}, {"C": "company"}, frozenset({"D"}), clock="12", encoding="cp850"
    )
    both = Answers({"A": "hours"}, {"E": "status"}, frozenset({"F"}), encoding="cp1252").over(before)
    assert both == Answers(
        {"A": "hours", "B": "hours"}, {"C": "company", "E": "status"}, frozenset({"D", "F"}), "12", "cp1252"
    )


@pytest.mark.parametrize(
    ("rows", "halved"),
    [
        ((("09:00", "10:00", None), ("09:00", "05:00", None)), None),
        ((("09:00", "10:00", None), ("01:00", "05:00", None)), False),
        ((("09:00", "13:00", None), ("09:00", "05:00", None)), False),
        ((("09:00", "05:00", "8"),), True), ((("09:00", "05:00", "20"),), False),
        ((("9:00 AM", "5:00 PM", None),), False), ((("00:10", "10:00", None), ("9:00", "5:00", None)), False),
    ],
)  # fmt: skip
def test_a_clock_of_twelve_hours_is_proven_or_unknown(
    rows: tuple[tuple[str, str, str | None], ...], halved: bool | None
) -> None:
    shifts = [Shift(at(start), at(end), Decimal(worked) if worked else None) for start, end, worked in rows]
    assert is_halved(shifts) is halved


def test_times_without_am_and_pm_place_nothing_in_a_day() -> None:
    header = "Project,Client,Description,User,Start Date,Start Time,End Date,End Time,Duration (h)"
    (row,) = read(f"{header}\nS,Acme,x,Jo,06/13/2026,09:00,06/13/2026,05:00,08:00:00\n").rows
    assert (row.start, row.end, row.elapsed) == (None, None, hours("8"))
