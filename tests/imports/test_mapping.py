"""Mapping columns by hand: suggestions that never leak, saved readings, and the copy for support."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.reading.durations import Unit
from imports.reading.mapping import (
    CLIENT_FACING_FIELDS,
    FIELDS,
    Mapping,
    header_of,
    header_signature,
    headers_only,
    suggest,
)
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
    assert "mapped columns" in unreadable("a,b\n1,2\n", format="unser Blatt", mappings=(mapped(),))


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
    assert header_of(data) == ("Date", "Customer", "Duration")


def test_a_file_without_a_header_gives_nothing_away() -> None:
    assert (
        headers_only(b"2026-06-02,48211,1.5,pat@acme.example,https://x.example/1,ring 555 0100\n")
        == b",,,,,\r\n"
    )
