"""The words that a client reads, and what is never among them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.reading.rows import Row
from imports.stages import Worded
from imports.wording import shapes
from imports.wording.queue import Titles, similar
from imports.wording.ranks import (
    MOST_CHARACTERS,
    Memory,
    notes_column,
    ticket_key,
    title_key,
    word,
)
from imports.wording.shapes import shape_of
from retainers.terms import collapse
from tests.examples import examples

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
    assert word(ROW._replace(title=" FW rule conflict\non EDGE01"), memory=MEMORY).text == "Network repair"


def test_the_memory_knows_a_ticket_where_it_does_not_know_the_title() -> None:
    assert word(ROW._replace(title="Other"), memory=MEMORY) == Worded("Branch office network", "memory")


def test_an_empty_title_or_ticket_recalls_nothing() -> None:
    memory = Memory({title_key(""): "wrong"}, {ticket_key(""): "wrong"})

    assert word(ROW._replace(title="", ticket=""), memory=memory).source == "neutral"


@pytest.mark.parametrize("empty", ["", "  ", None])
def test_empty_words_are_no_words(empty: str | None) -> None:
    assert word(ROW, person=empty, rule=empty).source == "neutral"
    assert word(ROW._replace(description=" \n"), notes="description").source == "neutral"


def test_notes_are_shown_on_one_line_and_cut_to_what_the_log_has_room_for() -> None:
    assert (
        word(ROW._replace(notes=" Replaced\n\n the  switch. "), notes="notes").text == "Replaced the switch."
    )
    long = word(ROW._replace(notes="word " * 200), notes="notes").text
    assert long is not None
    assert len(long) <= MOST_CHARACTERS
    assert long.endswith("word…")
    endless = word(ROW._replace(notes="x" * 600), notes="notes").text
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
    texts = [name for name in Row._fields if isinstance(getattr(ROW, name), str)]
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


def test_one_word_of_many_thousand_titles_finds_those_that_say_it() -> None:
    titles = Titles([f"{word} at branch" for word in ("vpn", "printer", "scanner")] * 2000)

    assert titles.similar("scanner at branch.")[0] == "scanner at branch"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BWD-LT-001 no audio in Teams", "OAK-LT-005: no audio in Teams"),
        ("backup failed 12 Nov", "Backup failed, 3 March 2026"),
        ("backup failed 2026-11-12", "backup failed 12/11/26"),
        ("disk 94% on SRV02", "disk 7 % on srv-1"),
        ("mailbox of j.doe full", "mailbox of pat@acme.example full"),
        (r"no access to \\\\srv\\sales share", r"no access to \\\\fs1\\hr share"),
    ],
)
def test_titles_that_differ_in_machines_numbers_dates_or_addresses_have_one_shape(
    one: str, other: str
) -> None:
    assert shape_of(one)
    assert shape_of(one) == shape_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("VPN down at branch", "VPN slow at branch"),
        ("SRV01 offline", "PRN01 offline"),
        ("may stay", "june stay"),
    ],
)
def test_titles_that_differ_in_what_is_wrong_have_not(one: str, other: str) -> None:
    assert not shape_of(one) or shape_of(one) != shape_of(other)


IN_TITLES = "7 4821 ٣ ² / // 3/4 a/7 nov may j.doe .5 -9- vpn down ( ) , #"


@given(st.lists(st.sampled_from(IN_TITLES.split()), max_size=9))
@settings(max_examples=examples(600))
def test_which_number_stands_in_a_title_decides_nothing_of_its_shape(parts: list[str]) -> None:
    for apart in ("", " "):
        title = apart.join(parts)
        assert shape_of(title) == shapes._of_numbered.__wrapped__(collapse(title))


def test_titles_that_differ_in_their_numbers_alone_are_taken_apart_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[str] = []
    really = shapes._words
    monkeypatch.setattr(shapes, "_words", lambda title: taken.append(title) or really(title))

    found = {shape_of(f"Rack {number} of bay {number % 7}: fan fails") for number in range(50)}

    assert (len(found), len(taken)) == (1, 1)


def recalled(title: str, **worded: str) -> str | None:
    memory = Memory(by_title={title_key(key.replace("_", " ")): text for key, text in worded.items()})
    return memory.recall(ROW._replace(title=title, ticket=""))


def test_the_words_of_one_title_are_those_of_every_title_of_its_shape() -> None:
    assert (
        recalled("OAK-LT-005 no audio in Teams", bwd1_no_audio_in_teams="Sound restored") == "Sound restored"
    )


def test_a_title_that_was_worded_itself_keeps_its_own_words() -> None:
    said = {"srv1_patched_and_tested": "Server patched", "srv2_patched_and_tested": "Mail server patched"}
    assert recalled("srv2 patched and tested", **said) == "Mail server patched"


def test_titles_of_one_shape_that_were_worded_differently_word_no_further_one() -> None:
    said = {"srv1_patched_and_tested": "Server patched", "srv2_patched_and_tested": "Mail server patched"}
    assert recalled("srv3 patched and tested", **said) is None


def test_where_titles_worded_alike_differ_in_one_word_any_word_may_stand_there() -> None:
    said = {"licence_swap_for_ann": "Licence moved", "licence_swap_for_bob": "Licence moved"}
    assert recalled("licence swap for Carla", **said) == "Licence moved"
    assert recalled("licence swap for Carla", licence_swap_for_ann="Licence moved") is None


def test_a_place_where_titles_were_worded_differently_stays_closed() -> None:
    said = {"new_laptop_for_reception": "New laptop", "new_phone_for_reception": "New phone"}
    assert recalled("new screen for reception", **said) is None
