"""Mapping columns by hand: suggestions that never leak, saved readings, and the copy for support."""

# ruff: noqa: E501 - headers of exports are as long as they are

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.reading.first_look import first_rows, headers_only
from imports.reading.formats.table import Unit
from imports.reading.mapped import CLIENT_FACING_FIELDS, FIELDS, Mapping, header_signature
from imports.reading.proposals import propose, suggest
from imports.reading.ready_made import PROPOSALS
from imports.reading.rows import Row
from tests.imports.reading import hours, only_refusal, only_row, read, unreadable

HEADER = "Wann,Kundin,Wie lang,Gratis,Was"
COLUMNS = {"date": "Wann", "company": "Kundin", "worked": "Wie lang", "is_billable": "Gratis", "notes": "Was"}


def mapped(**options: object) -> Mapping:
    return Mapping("unser Blatt", header_signature(HEADER.split(",")), COLUMNS, **options)


def test_a_saved_mapping_is_found_by_its_set_of_headers() -> None:
    file = read("Was,Wie lang,Kundin,Wann,Gratis\nx,1:30,Acme,2026-06-02,No\n", mappings=(mapped(),))
    assert (file.format, file.rows[0].worked, file.rows[0].company) == ("unser Blatt", hours("1.5"), "Acme")


def test_a_mapping_stands_above_the_built_in_formats() -> None:
    mine = Mapping(
        "mine",
        header_signature(["Date", "Client", "Hours"]),
        {"date": "Date", "company": "Client", "worked": "Hours"},
    )
    assert read("Date,Client,Hours\n2026-06-02,A,1\n", mappings=(mine,)).format == "mine"


def test_a_mapping_can_be_named() -> None:
    assert (
        read(
            f"{HEADER},New\n2026-06-02,Acme,1:30,No,x,y\n", format="unser Blatt", mappings=(mapped(),)
        ).format
        == "unser Blatt"
    )
    sentence = unreadable("Wann,Kundin,Was\n1,2,3\n", format="unser Blatt", mappings=(mapped(),))
    assert "lacks “Wie lang”, “Gratis” of the mapping “unser Blatt”" in sentence


def test_a_mapping_survives_a_column_that_came_or_was_renamed_unread() -> None:
    mine = Mapping(
        "mine", header_signature(["Wann", "Kundin", "Wie lang", "Alt"]), dict(list(COLUMNS.items())[:3])
    )
    file = read("Kundin,Wann,Neu,Wie lang,Mehr\nAcme,2026-06-02,x,1:30,y\n", mappings=(mine,))
    assert (file.format, file.rows[0].worked) == ("mine", hours("1.5"))
    assert file.unread_columns == ("Neu", "Mehr")


def test_a_mapping_reads_nothing_where_a_column_that_it_reads_was_renamed() -> None:
    sentence = unreadable(
        "Was,Wie lange,Kundin,Wann,Gratis\nx,1:30,Acme,2026-06-02,No\n", mappings=(mapped(),)
    )
    assert "lacks “Wie lang” of the mapping “unser Blatt”" in sentence
    assert "map it again once" in sentence


def test_a_mapping_takes_no_known_format_from_its_name() -> None:
    mine = Mapping(
        "mine", header_signature(["Date", "Client", "Hours", "Mood"]), {"date": "Date", "worked": "Hours"}
    )
    assert read("Date,Client,Hours\n2026-06-02,A,1\n", mappings=(mine,)).format == "generic"


def test_two_mappings_that_fit_equally_read_nothing_by_themselves() -> None:
    twins = tuple(
        Mapping(name, header_signature(["Wann", "Kundin", "Wie lang", old]), dict(list(COLUMNS.items())[:3]))
        for name, old in (("one", "Alt"), ("two", "Uralt"))
    )
    assert "doesn't know this file's columns" in unreadable(
        "Wann,Kundin,Wie lang,Neu\n2026-06-02,A,1h,x\n", mappings=twins
    )


PIECES = "Tag,Kundin,Std,Min,Vor,Nach,Von,Bis,Ende am,Privat?,Fakturiert,Zustand"


def pieces(row: str, **said: object) -> Row:
    """The one row of a sheet in which everything comes in pieces."""
    columns = {
        "date": "Tag", "company": "Kundin", "worked": "Std", "worked_more": "Min", "first_name": "Vor",
        "last_name": "Nach", "start": "Von", "end_date": "Ende am", "end": "Bis", "hidden": "Privat?",
        "already_billed": "Fakturiert", "status": "Zustand", "notes": "Text",
    }  # fmt: skip
    header = f"{PIECES},Text"
    mine = Mapping("pieces", header_signature(header.split(",")), columns, **said)
    file = read(f"{header}\n{row}\n", mappings=(mine,))
    assert (file.refused, file.questions, file.warnings) == ((), (), ())
    return file.rows[0]


def test_a_mapping_puts_together_what_stands_in_two_columns() -> None:
    row = pieces("2026-06-02,Acme,1,40,Jo,Doe,23:00,00:40,2026-06-03,Nein,Ja,Approved,x")
    assert (row.worked, row.technician, row.status) == (hours("1.6667"), "Jo Doe", "Approved")
    assert (row.end_date, row.elapsed, row.hidden) == (date(2026, 6, 3), hours("1.6667"), False)


@pytest.mark.parametrize(
    ("cell", "said", "is_hidden"),
    [
        ("Ja", {}, True), ("Nein", {}, False), ("", {}, False), ("Public", {}, False), ("who knows", {}, True),
        ("Ja", {"hidden_means": "shown"}, False), ("Nein", {"hidden_means": "shown"}, True),
        ("Level 2", {"hidden_if": "level 2"}, True), ("Level 1", {"hidden_if": "level 2"}, False),
    ],
)  # fmt: skip
def test_a_mapped_row_that_its_file_hides_keeps_its_notes_internal(
    cell: str, said: dict[str, str], is_hidden: bool
) -> None:
    row = pieces(f"2026-06-02,Acme,1,0,Jo,Doe,,,,{cell},,,slow to pay", **said)
    assert (row.hidden, row.notes, row.internal_notes) == (
        (True, "", "slow to pay") if is_hidden else (False, "slow to pay", "")
    )


@pytest.mark.parametrize(
    ("unit", "figure"),
    [(Unit.QUARTERS, "6"), (Unit.DAYS, "0.1875"), (Unit.MILLISECONDS, "5400000")],
)
def test_a_mapping_counts_in_quarter_hours_days_and_milliseconds(unit: Unit, figure: str) -> None:
    row = only_row(f"{HEADER}\n2026-06-02,Acme,{figure},No,x\n", mappings=(mapped(unit=unit),))
    assert row.worked == hours("1.5")


def test_days_of_work_are_asked_about_until_somebody_says_that_they_have_eight_hours() -> None:
    text = f"{HEADER}\n2026-06-02,Acme,1d 2h,No,x\n"
    (question,) = read(text, mappings=(mapped(),)).questions
    assert (question.kind, question.column, question.hours) == ("unit", "Wie lang", hours("10"))
    file = read(text, mappings=(mapped(unit=Unit.DAYS),))
    assert (file.rows[0].worked, file.questions) == (hours("10"), ())


def test_of_days_among_hours_only_the_days_are_asked_about() -> None:
    rows = "2026-06-02,Acme,1d,No,x\n2026-06-03,Acme,1.5,No,x\n"
    (question,) = read(f"{HEADER}\n{rows}", mappings=(mapped(),)).questions
    assert (question.hours, "(1d)" in question.text, question.field) == (hours("8"), True, Unit.HOURS)


def test_a_header_that_says_days_is_asked_about_too() -> None:
    mine = Mapping(
        "sheet",
        header_signature(["Day", "Client", "Days"]),
        {"date": "Day", "company": "Client", "worked": "Days"},
    )
    (question,) = read("Day,Client,Days\n2026-06-02,Acme,0.5\n", mappings=(mine,)).questions
    assert (question.kind, question.column, question.hours) == ("unit", "Days", hours("4"))


@pytest.mark.parametrize("figures", [("1780405200", "1780416000"), ("1780405200000", "1780416000000")])
def test_instants_counted_since_1970_are_the_providers_local_times(figures: tuple[str, str]) -> None:
    mine = Mapping(
        "ticks", header_signature(["Kundin", "An", "Aus"]), {"company": "Kundin", "start": "An", "end": "Aus"}
    )
    row = only_row(f"Kundin,An,Aus\nAcme,{figures[0]},{figures[1]}\n", mappings=(mine,))
    assert (row.date, row.start, row.end, row.worked) == (date(2026, 6, 2), time(9), time(12), hours("3"))


def test_without_a_unit_bare_numbers_are_asked_about() -> None:
    (question,) = read(f"{HEADER}\n2026-06-02,Acme,12,No,x\n", mappings=(mapped(),)).questions
    assert (question.kind, question.column) == ("unit", "Wie lang")


def test_without_a_unit_a_bare_number_among_spelled_ones_is_refused() -> None:
    rows = "2026-06-02,Acme,12,No,x\n2026-06-02,Acme,1h,No,x\n2026-06-02,Acme,1h,No,x\n"
    assert "minutes or hours" in only_refusal(f"{HEADER}\n{rows}", mappings=(mapped(),)).message


@pytest.mark.parametrize(
    ("unit", "expected"), [(Unit.MINUTES, "1.5"), (Unit.HOURS, "90"), (Unit.SECONDS, "0.025")]
)
def test_a_mapping_says_what_bare_numbers_count(unit: Unit, expected: str) -> None:
    assert only_row(f"{HEADER}\n2026-06-02,Acme,90,No,x\n", mappings=(mapped(unit=unit),)).worked == hours(
        expected
    )


@pytest.mark.parametrize(
    ("means", "said", "billable"),
    [("billable", "Yes", True), ("non-billable", "Yes", False), ("non-billable", "No", True)],
)
def test_a_mapping_says_what_yes_means(means: str, said: str, billable: bool) -> None:
    row = only_row(f"{HEADER}\n2026-06-02,Acme,1:30,{said},x\n", mappings=(mapped(flag_means=means),))
    assert row.is_billable is billable


def test_a_mappings_date_order_stands_above_the_providers() -> None:
    row = only_row(
        f"{HEADER}\n02/06/2026,Acme,1:30,No,x\n", mappings=(mapped(date_order="dmy"),), order="mdy"
    )
    assert row.date.month == 6


def test_headers_with_signs_of_the_tables_are_taken_as_they_are() -> None:
    mine = Mapping(
        "mine",
        header_signature(["A | B", "C + D", "E"]),
        {"date": "A | B", "worked": "C + D", "company": "E"},
    )
    assert only_row("A | B,C + D,E\n2026-06-02,1:00,Acme\n", mappings=(mine,)).company == "Acme"


def test_known_headers_are_suggested_for_their_fields() -> None:
    found = suggest(
        ["Work Date", "Organisation", "Hours worked", "Ticket No", "Billable?", "Technician", "Colour"]
    )
    assert found["worked"] == "Hours worked"
    assert found["is_billable"] == "Billable?"
    assert found["technician"] == "Technician"
    assert found["company"] == "Organisation"
    assert "Colour" not in found.values()


@pytest.mark.parametrize(
    "header",
    [
        "Internal Notes",
        "internal_note",
        "InternalNotes",
        "Private description",
        "Internal Client description",
        "Hidden Client description",
        "Hidden notes",
        "Staff notes",
    ],
)
def test_nothing_internal_is_ever_suggested_for_what_a_client_reads(header: str) -> None:
    found = suggest([header, "Date", "Hours"])
    assert not {found.get(field) for field in CLIENT_FACING_FIELDS | {"notes"}} & {header}


def test_plain_notes_are_never_suggested_for_what_a_client_reads() -> None:
    found = suggest(["Notes", "Summary Notes", "Description", "Note", "Action Note"])
    assert "description" not in found


def test_the_templates_own_client_text_is_suggested() -> None:
    assert suggest(["Client description", "Notes"]) == {"notes": "Notes", "description": "Client description"}


@pytest.mark.parametrize(
    "header",
    ["Hourly Rate", "Cost", "Billable Amount (USD)", "Internal price", "Profit", "E-mail", "Hourly_Cost"],
)
def test_money_and_addresses_are_never_suggested(header: str) -> None:
    assert suggest([header]) == {}


@given(st.lists(st.text(max_size=12), max_size=12))
def test_a_suggestion_is_a_header_of_the_file_and_used_once(header: list[str]) -> None:
    found = suggest(header)
    assert set(found) <= set(FIELDS)
    assert all(value in [cell.strip() for cell in header] for value in found.values())
    assert len(found) <= len(header)


def test_the_copy_for_support_holds_headers_only() -> None:
    data = b"\xef\xbb\xbfSecret report for Acme\nDate;Customer;Duration\n2026-06-02;Acme;1:30\n"
    assert headers_only(data) == b"Date;Customer;Duration\r\n"
    assert first_rows(data, 0)[0] == ("Date", "Customer", "Duration")


def test_a_header_that_is_a_formula_gives_nothing_away() -> None:
    assert (
        headers_only(b"Date,Customer,=1+1,a;=b,Duration\n2026-06-02,Acme,x,y,1:30\n")
        == b"Date,Customer,,,Duration\r\n"
    )


def test_a_file_without_a_header_gives_nothing_away() -> None:
    assert (
        headers_only(b"2026-06-02,48211,1.5,pat@acme.example,https://x.example/1,ring 555 0100\n")
        == b",,,,,\r\n"
    )


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Datum;Kunde;Stunden;Abrechenbar", {"date": "Datum", "worked": "Stunden", "company": "Kunde", "is_billable": "Abrechenbar"}),
        ("Date;Client;Durée (h);Facturable", {"date": "Date", "worked": "Durée (h)", "company": "Client", "is_billable": "Facturable"}),
        ("Fecha;Cliente;Horas;Facturable", {"date": "Fecha", "worked": "Horas", "company": "Cliente", "is_billable": "Facturable"}),
        ("Datum;Klant;Uren;Factureerbaar", {"date": "Datum", "worked": "Uren", "company": "Klant", "is_billable": "Factureerbaar"}),
        ("Work date;Customer;Hours;Minutes;Hourly rate", {"date": "Work date", "worked": "Hours", "worked_more": "Minutes", "company": "Customer"}),
        ("Vorname;Nachname;Intern;Abgerechnet", {"first_name": "Vorname", "last_name": "Nachname", "hidden": "Intern", "already_billed": "Abgerechnet"}),
    ],
)  # fmt: skip
def test_columns_are_proposed_in_five_languages(header: str, columns: dict[str, str]) -> None:
    assert propose(header.split(";")).columns == columns


@pytest.mark.parametrize(
    ("name", "header", "expected"),
    [
        ("redmine", "Project,Date,User,Activity,Issue,Comment,Hours", {"worked": "Hours", "ticket": "Issue", "company": "Project"}),
        ("tempo", "Issue Key,Issue summary,Hours,Work date,Full name,Account Customer,Billed Hours,Work Description", {"worked": "Hours", "billable": "Billed Hours", "company": "Account Customer"}),
        ("quickbooks-time", "username,fname,lname,local_date,local_start_time,local_end_time,hours,jobcode_1,billable,notes,approved_status", {"worked": "hours", "first_name": "fname", "status": "approved_status", "company": "jobcode_1"}),
        ("zammad", "Date,Ticket#,Title,Customer,Organization,Agent,Activity Type,Time Units", {"worked": "Time Units", "company": "Organization"}),
        ("clockodo", "Datum,Kunde,Projekt,Leistung,Beschreibung,Mitarbeiter,Start,Ende,Dauer,abrechenbar,abgerechnet", {"worked": "Dauer", "company": "Kunde", "already_billed": "abgerechnet"}),
    ],
)  # fmt: skip
def test_tools_that_people_have_come_with_a_proposal(
    name: str, header: str, expected: dict[str, str]
) -> None:
    proposed = propose(header.split(","))
    assert proposed.name == name
    assert expected.items() <= dict(proposed.columns).items()
    assert not set(proposed.columns) & CLIENT_FACING_FIELDS


def test_every_proposal_names_fields_that_a_mapping_has() -> None:
    assert {name for proposal in PROPOSALS for name in proposal.columns} <= set(FIELDS)


def test_the_unit_that_a_person_says_is_not_that_of_a_column_that_says_its_own() -> None:
    columns = {
        "date": "Day",
        "company": "Client",
        "worked": "Spent",
        "worked_more": "Minutes",
        "billable": "Billed hours",
    }
    said = Mapping(
        "ours", header_signature(["Day", "Client", "Spent", "Minutes", "Billed hours"]), columns, Unit.HOURS
    )
    row = only_row("Day,Client,Spent,Minutes,Billed hours\n2026-06-02,Acme,1,30,1\n", mappings=(said,))
    assert (row.worked, row.billable) == (Decimal("1.5"), Decimal(1))

    in_days = replace(said, unit=Unit.DAYS, columns={**columns, "worked_more": ""})
    row = only_row("Day,Client,Spent,Minutes,Billed hours\n2026-06-02,Acme,1,30,1\n", mappings=(in_days,))
    assert (row.worked, row.billable) == (Decimal(8), Decimal(1))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Datum;Klant;Uren;Zichtbaar voor klant", {"hidden": "Zichtbaar voor klant"}),
        ("Date;Client;Heures;Visible par le client", {"hidden": "Visible par le client"}),
        ("Tag;Kunde;Std.;Nicht abrechenbar", {"worked": "Std.", "is_billable": "Nicht abrechenbar"}),
        ("Day;Client;Quarter hours", {"worked": "Quarter hours"}),
        ("Day;Client;Days", {"worked": "Days"}),
        ("started_at;ended_at;client", {"date": "started_at", "start": "started_at", "end": "ended_at"}),
        ("Work date;Client;Start;End date;End", {"start": "Start", "end": "End", "end_date": "End date"}),
    ],
)
def test_what_people_call_these_columns_is_proposed(header: str, expected: dict[str, str]) -> None:
    assert expected.items() <= suggest(header.split(";")).items()


@pytest.mark.parametrize(
    ("title", "means"),
    [
        ("Visible par le client", "shown"),
        ("Zichtbaar voor klant", "shown"),
        ("Intern", "hidden"),
        ("Privado", "hidden"),
    ],
)
def test_a_yes_about_who_sees_a_row_is_proposed_as_its_header_means_it(title: str, means: str) -> None:
    assert propose(["Date", "Client", "Hours", title]).hidden_means == means
