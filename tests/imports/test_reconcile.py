"""A new export against what is published: which row continues which entry, and what is gone."""

import sys
from collections import Counter
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.publishing.reconcile import reconcile
from imports.reading.rows import Row
from imports.reading.same_row import id_key
from imports.stages import Classified, Place, Reconciliation, Scope, StandingEntry
from tests.examples import examples

PRESENT = frozenset(Row._fields)
MARCH = Scope(date(2026, 3, 1), date(2026, 3, 31))


def row(day: int = 2, **fields: object) -> Row:
    said = {"line": 0, "date": date(2026, 3, day), "worked": Decimal(1), "ticket": "T1", "technician": "Mel"}
    return Row(**(said | fields))


def published(*rows: Row, **marks: object) -> list[StandingEntry]:
    return [
        StandingEntry(ref, one, **({"client": "acme", "retainer": "support", "pool": "reactive"} | marks))
        for ref, one in enumerate(rows)
    ]


def found(
    entries: list[StandingEntry], rows: list[Row], scope: Scope = MARCH, present: frozenset[str] = PRESENT
) -> Reconciliation:
    return reconcile(entries, [Classified(one, Place("acme")) for one in rows], scope=scope, present=present)


def counts(answer: Reconciliation) -> tuple[int, int, int, int]:
    return len(answer.new), len(answer.changed), len(answer.unchanged), len(answer.removed)


def test_a_row_pairs_with_the_entry_of_its_id_even_when_all_else_differs() -> None:
    answer = found(published(row(entry_id="7")), [row(9, entry_id="7", ticket="T9", technician="Ravi")])

    assert counts(answer) == (0, 1, 0, 0)


def test_an_id_pairs_outside_the_period_too() -> None:
    entries = published(row(entry_id="7", date=date(2026, 2, 27)))

    assert counts(found(entries, [row(entry_id="7")])) == (0, 1, 0, 0)


def test_an_id_without_its_leading_zeros_is_the_same_id() -> None:
    assert counts(found(published(row(entry_id="007")), [row(entry_id="7")])) == (0, 0, 1, 0)


def test_different_ids_are_different_entries_however_alike() -> None:
    assert counts(found(published(row(entry_id="7")), [row(entry_id="8")])) == (1, 0, 0, 1)


def test_a_row_without_an_id_pairs_with_the_entry_of_equal_content() -> None:
    assert counts(found(published(row(entry_id="7"), row(3)), [row(), row(3)])) == (0, 0, 2, 0)


def test_a_row_that_has_gained_an_id_pairs_with_the_entry_of_equal_content() -> None:
    assert counts(found(published(row()), [row(entry_id="7")])) == (0, 0, 1, 0)


def test_a_row_without_an_id_leaves_entries_without_one_to_rows_that_have_gained_theirs() -> None:
    entries = published(row(), row(entry_id="7"))

    assert counts(found(entries, [row(), row(entry_id="8")])) == (0, 0, 2, 0)


def test_two_equal_rows_are_two_entries() -> None:
    assert counts(found(published(row()), [row(), row()])) == (1, 0, 1, 0)
    assert counts(found(published(row(), row()), [row()])) == (0, 0, 1, 1)


def test_what_is_left_pairs_by_ticket_technician_and_date_as_changed() -> None:
    answer = found(published(row(worked=Decimal(1)), row(3)), [row(worked=Decimal(2)), row(4)])

    assert counts(answer) == (1, 1, 0, 1)
    assert answer.changed[0].published.ref == 0


@pytest.mark.parametrize("other", [{"ticket": "T2"}, {"technician": "Ravi"}, {"day": 3}])
def test_another_ticket_technician_or_date_is_another_entry(other: dict[str, object]) -> None:
    assert counts(found(published(row()), [row(**({"worked": Decimal(2)} | other))])) == (1, 0, 0, 1)


def test_of_changed_entries_alike_the_one_of_the_same_start_and_title_is_continued() -> None:
    entries = published(row(title="Printer", start=time(9)), row(title="VPN", start=time(14)))
    rows = [
        row(title="VPN", start=time(14), worked=Decimal(3)),
        row(title="Printer", start=time(9), notes="x"),
    ]

    answer = found(entries, rows)

    assert [pair.published.ref for pair in answer.changed] == [1, 0]


def test_a_ticket_that_lost_its_leading_zeros_is_the_same_ticket() -> None:
    assert counts(found(published(row(ticket="0048211")), [row(ticket="48211")])) == (0, 0, 1, 0)


def test_a_field_that_the_file_has_no_column_for_is_not_compared() -> None:
    entries = published(row(notes="Rebooted", title="VPN"))

    assert counts(found(entries, [row(title="VPN")], present=PRESENT - {"notes"})) == (0, 0, 1, 0)
    assert counts(found(entries, [row(title="VPN")])) == (0, 1, 0, 0)


@pytest.mark.parametrize("hours", ["worked", "billable", "deducted"])
def test_hours_are_always_compared(hours: str) -> None:
    entries = published(row(entry_id="7"))

    assert counts(found(entries, [row(entry_id="7", **{hours: Decimal(9)})], present=frozenset())) == (
        0,
        1,
        0,
        0,
    )


def test_a_row_that_is_no_longer_billable_is_changed() -> None:
    assert counts(found(published(row()), [row(is_billable=False)])) == (0, 1, 0, 0)


def test_an_entry_outside_the_period_is_not_removed() -> None:
    entries = published(row(), row(date=date(2026, 4, 1)), row(date=date(2026, 2, 28)))

    answer = found(entries, [])

    assert ([entry.ref for entry in answer.removed], answer.compared) == ([0], 1)


def test_the_first_and_the_last_day_belong_to_the_period() -> None:
    assert len(found(published(row(1), row(31)), []).removed) == 2


def test_only_what_the_uploader_says_is_covered_can_be_removed() -> None:
    entries = [
        *published(row(agreement="Managed  Support")),
        *published(row(agreement="Block")),
        *published(row(), pool="scheduled"),
    ]

    def gone(**covers: tuple[str, ...]) -> list[int]:
        scope = replace(MARCH, **covers)
        return [entries.index(entry) for entry in found(entries, [], scope).removed]

    assert gone(agreements=("managed support",)) == [0]
    assert gone(pools=("scheduled",)) == [2]
    assert gone(agreements=("block",), pools=("scheduled",)) == [1, 2]
    assert gone() == [0, 1, 2]


def test_an_entry_that_is_not_covered_still_pairs_with_its_equal_but_never_as_changed() -> None:
    entries = published(row(), pool="scheduled")
    scope = replace(MARCH, pools=("reactive",))

    assert counts(found(entries, [row()], scope)) == (0, 0, 1, 0)
    assert counts(found(entries, [row(worked=Decimal(2))], scope)) == (1, 0, 0, 0)


def test_new_and_paired_rows_keep_the_order_of_the_file() -> None:
    rows = [row(day, line=day, entry_id=entry_id) for day, entry_id in ((9, ""), (3, "7"), (5, ""), (4, "8"))]
    entries = published(row(entry_id="8"), row(entry_id="7"))

    answer = found(entries, rows)

    assert [one.row.line for one in answer.new] == [9, 5]
    assert [pair.row.row.line for pair in answer.changed] == [3, 4]


few = st.builds(
    row,
    day=st.integers(1, 4),
    worked=st.sampled_from([Decimal(1), Decimal(2)]),
    ticket=st.sampled_from(["T1", "T2"]),
    title=st.sampled_from(["", "VPN"]),
)


@st.composite
def files(draw: st.DrawFn) -> list[Row]:
    """Rows of which some have an id; no id stands twice."""
    rows = draw(st.lists(few, max_size=12))
    ids = draw(st.lists(st.integers(1, 20), min_size=len(rows), max_size=len(rows), unique=True))
    has_id = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    return [
        one._replace(entry_id=str(n) if has else "") for one, n, has in zip(rows, ids, has_id, strict=True)
    ]


@settings(max_examples=examples(150), deadline=None)
@given(files(), st.randoms(use_true_random=False))
def test_the_same_file_twice_in_any_order_changes_nothing(rows: list[Row], random: object) -> None:
    shuffled = random.sample(rows, len(rows))

    assert counts(found(published(*rows), shuffled)) == (0, 0, len(rows), 0)


@settings(max_examples=examples(200), deadline=None)
@given(files(), files())
def test_every_row_and_every_compared_entry_is_accounted_for_once(
    before: list[Row], after: list[Row]
) -> None:
    entries = published(*before)
    scope = Scope(date(2026, 3, 2), date(2026, 3, 3))

    answer = found(entries, after, scope)

    pairs = (*answer.changed, *answer.unchanged)
    rows = Counter(one.row for one in (*answer.new, *(pair.row for pair in pairs)))
    assert rows == Counter(after)
    refs = Counter(entry.ref for entry in (*answer.removed, *(pair.published for pair in pairs)))
    assert all(count == 1 for count in refs.values())
    assert {entry.ref for entry in entries if scope.compares(entry)} <= set(refs)
    assert answer.compared == sum(scope.compares(entry) for entry in entries)


@settings(max_examples=examples(200), deadline=None)
@given(files(), files())
def test_a_file_that_was_published_changes_nothing_when_it_comes_again(
    before: list[Row], after: list[Row]
) -> None:
    scope = Scope(date(2026, 3, 2), date(2026, 3, 3))
    entries = published(*before)
    answer = found(entries, after, scope)
    gone = {entry.ref for entry in (*answer.removed, *(pair.published for pair in answer.changed))}
    fresh = [one.row for one in (*answer.new, *(pair.row for pair in answer.changed))]

    again = found(published(*(one.row for one in entries if one.ref not in gone), *fresh), after, scope)

    assert counts(again) == (0, 0, len(after), 0)


@settings(max_examples=examples(150), deadline=None)
@given(files(), files())
def test_equal_rows_without_ids_never_end_as_new_beside_a_removed_equal(
    before: list[Row], after: list[Row]
) -> None:
    answer = found(published(*before), after)

    gone = {entry.row._replace(entry_id="") for entry in answer.removed if not entry.row.entry_id}
    assert not gone & {one.row._replace(entry_id="") for one in answer.new}


def test_pairing_takes_linear_work_even_where_all_rows_are_alike() -> None:
    def calls(size: int) -> int:
        entries = published(*[row(title=str(n % 2)) for n in range(size)])
        rows = [row(title=str(n % 2), worked=Decimal(2)) for n in range(size)]
        made = 0

        def count(*_: object) -> None:
            nonlocal made
            made += 1

        sys.setprofile(count)
        try:
            found(entries, rows)
        finally:
            sys.setprofile(None)
        return made

    assert calls(2000) < 10 * calls(250)


def test_an_id_is_compared_without_leading_zeros() -> None:
    assert [id_key(text) for text in ("007", "007-1", "0", "000", "", "A07")] == [
        "7",
        "007-1",
        "0",
        "0",
        "",
        "A07",
    ]
