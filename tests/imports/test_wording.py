"""The words that a client reads, and what is never among them."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from imports.reading.rows import Row
from imports.stages import Worded
from imports.wording.ranks import (
    MOST_CHARACTERS,
    Memory,
    Titles,
    notes_column,
    similar,
    ticket_key,
    title_key,
    word,
)

ROW = Row(
    line=2,
    date=date(2026, 3, 2),
    worked=Decimal(1),
    ticket="0048211",
    title="FW rule  conflict on edge01",
    notes="RCA w/ Marcus",
    internal_notes="root pw rotated",
    description="Firewall repaired",
)
MEMORY = Memory(
    by_title={title_key("fw RULE conflict on edge01"): "Network repair"},
    by_ticket={ticket_key("48211"): "Branch office network"},
)


def test_words_come_in_order_from_a_person_a_rule_the_memory_and_trusted_notes() -> None:
    everything = {"person": "By hand", "rule": "By rule", "memory": MEMORY, "notes": "description"}
    said = []
    for name in ("person", "rule", "memory", "notes"):
        said.append(word(ROW, **everything))
        del everything[name]

    assert said == [
        Worded("By hand", "person"),
        Worded("By rule", "rule"),
        Worded("Network repair", "memory"),
        Worded("Firewall repaired", "notes"),
    ]


def test_an_internal_title_is_never_a_fallback() -> None:
    worded = word(ROW)

    assert worded == Worded(None, "neutral")
    assert worded.needs_wording


def test_only_a_neutral_entry_waits_for_wording() -> None:
    assert not word(ROW, rule="By rule").needs_wording


def test_the_memory_knows_a_title_in_any_spelling_of_space_and_case() -> None:
    assert word(replace(ROW, title=" FW rule conflict\non EDGE01"), memory=MEMORY).text == "Network repair"


def test_the_memory_knows_a_ticket_where_it_does_not_know_the_title() -> None:
    assert word(replace(ROW, title="Other"), memory=MEMORY) == Worded("Branch office network", "memory")


def test_an_empty_title_or_ticket_recalls_nothing() -> None:
    memory = Memory({title_key(""): "wrong"}, {ticket_key(""): "wrong"})

    assert word(replace(ROW, title="", ticket=""), memory=memory).source == "neutral"


@pytest.mark.parametrize("empty", ["", "  ", None])
def test_empty_words_are_no_words(empty: str | None) -> None:
    assert word(ROW, person=empty, rule=empty).source == "neutral"
    assert word(replace(ROW, description=" \n"), notes="description").source == "neutral"


def test_notes_are_shown_on_one_line_and_cut_to_what_the_log_has_room_for() -> None:
    assert (
        word(replace(ROW, notes=" Replaced\n\n the  switch. "), notes="notes").text == "Replaced the switch."
    )
    long = word(replace(ROW, notes="word " * 200), notes="notes").text
    assert long is not None
    assert len(long) <= MOST_CHARACTERS
    assert long.endswith("word…")
    endless = word(replace(ROW, notes="x" * 600), notes="notes").text
    assert endless == "x" * (MOST_CHARACTERS - 1) + "…"


@pytest.mark.parametrize(
    ("name", "present", "column"),
    [
        ("autotask", {"notes"}, "notes"),
        ("my mapping", {"notes", "description"}, "description"),
        ("generic", {"notes", "description"}, "description"),
        ("generic", {"notes"}, "description"),
        ("toggl", {"notes", "description"}, None),
    ],
)
def test_a_column_made_for_the_client_is_shown_in_place_of_notes_where_the_format_is_trusted(
    name: str, present: set[str], column: str | None
) -> None:
    assert notes_column(name, ("autotask", "generic", "my mapping"), present) == column


def test_no_word_is_taken_from_a_field_that_nobody_released() -> None:
    texts = [field.name for field in fields(Row) if isinstance(getattr(ROW, field.name), str)]
    secret = {name: f"secret {name}" for name in texts}
    row = Row(line=2, date=date(2026, 3, 2), worked=Decimal(1), **(secret | {"description": ""}))

    assert word(row, notes="description", memory=MEMORY).text is None
    assert set(secret) >= {"title", "notes", "internal_notes", "technician", "board", "company"}


def test_similar_titles_are_offered_best_first() -> None:
    titles = ["Printer jam", "VPN down at branch 2", "VPN is down at the branch", "VPN down at branch 1"]

    assert similar("VPN down at branch 1", titles)[0] == "VPN down at branch 2"
    assert "Printer jam" not in similar("VPN down at branch 1", titles)


def test_a_title_is_not_similar_to_itself() -> None:
    assert similar("VPN down", ["vpn  DOWN"]) == []


def test_titles_without_a_common_word_are_not_similar() -> None:
    assert similar("abcdef", ["abcdeg"]) == []
    assert similar("", ["abcdeg"]) == []


def test_a_search_compares_a_bounded_number_of_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    titles = Titles([f"ticket {n} at branch" for n in range(5000)])

    assert len(titles._candidates("ticket 77 at branch")) <= Titles.MOST_COMPARED
    assert titles.similar("ticket 77 at branch.")
