"""Whatever exports came before, the last full one decides: as a fresh database would have it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.publishing.reconcile import reconcile
from imports.reading.rows import Row
from imports.reading.same_row import id_key
from imports.stages import Classified, Place, Scope, StandingEntry, Waiting
from tests.examples import examples

PRESENT = frozenset({"company", "technician", "ticket", "title", "entry_id"})
CLIENTS = {"Acme": "acme", "Birch": "birch", "Cobalt": "cobalt"}
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 3)
ALL = Scope(FIRST, LAST)


@dataclass
class Psa:
    """What technicians have entered, by id; every change is one that a PSA allows."""

    entries: dict[int, Row] = field(default_factory=dict)
    with_ids: bool = True
    renamed: bool = False  # one company goes by a name that no client has yet
    made: int = 0

    def enter(self, company: str, day: int, hours: int, ticket: str) -> None:
        self.made += 1
        entry_id = str(self.made) if self.with_ids else ""
        self.entries[self.made] = Row(
            line=self.made,
            date=date(2026, 3, day),
            worked=Decimal(hours),
            company=company,
            entry_id=entry_id,
            ticket=ticket,
            technician="Mel",
            title=ticket,
        )

    def rows(self, scope: Scope) -> list[Row]:
        rows = (row for row in self.entries.values() if scope.starts <= row.date <= scope.ends)
        shown = [self._named(row) for row in rows]
        if scope.client:
            return [row for row in shown if CLIENTS.get(row.company) == scope.client]
        return shown

    def _named(self, row: Row) -> Row:
        return row._replace(company="Acme LLC") if self.renamed and row.company == "Acme" else row


def bring(standing: list[StandingEntry], rows: list[Row], scope: Scope) -> list[StandingEntry]:
    """What stands after the file is published, its removals applied."""
    judged = [Classified(row, Place(CLIENTS[row.company])) for row in rows if row.company in CLIENTS]
    waiting = Waiting([row for row in rows if row.company not in CLIENTS])
    answer = reconcile(standing, judged, scope=scope, present=PRESENT, waiting=waiting)
    gone = {entry.ref for entry in answer.removed} | {pair.published.ref for pair in answer.changed}
    fresh = [*answer.new, *(pair.row for pair in answer.changed)]
    after = max((entry.ref for entry in standing), default=-1) + 1
    kept = [entry for entry in standing if entry.ref not in gone]
    return kept + [StandingEntry(after + n, one.row, one.place.client or "") for n, one in enumerate(fresh)]


def said(standing: list[StandingEntry]) -> Counter[tuple[object, ...]]:
    return Counter(
        (entry.client, entry.row.date, entry.row.worked, entry.row.ticket, entry.row.entry_id)
        for entry in standing
    )


days, hours = st.integers(1, 3), st.integers(1, 2)
companies, tickets = st.sampled_from(sorted(CLIENTS)), st.sampled_from(["T1", "T2"])
which = st.integers(0, 2)
steps = st.one_of(
    st.tuples(st.just("enter"), companies, days, hours, tickets),
    st.tuples(st.just("move"), which, companies),
    st.tuples(st.just("correct"), which, days, hours),
    st.tuples(st.just("correct"), which, days, hours),
    st.tuples(st.just("delete"), which),
    st.tuples(st.just("rename"), st.booleans()),
    st.tuples(st.just("export"), days, days, st.none()),
    st.tuples(st.just("export"), days, days, st.sampled_from(sorted(CLIENTS.values()))),
)


def deed(psa: Psa, step: tuple[object, ...]) -> None:
    name, *what = step
    if name == "enter":
        psa.enter(*what)
    elif name == "rename":
        (psa.renamed,) = what
    elif psa.entries:
        number, *change = what
        key = sorted(psa.entries)[number % len(psa.entries)]
        row = psa.entries.pop(key)
        if name == "move":
            psa.entries[key] = row._replace(company=change[0])
        elif name == "correct":
            psa.entries[key] = row._replace(date=date(2026, 3, change[0]), worked=Decimal(change[1]))


def exported(step: tuple[object, ...]) -> Scope:
    _, one, other, client = step
    return Scope(date(2026, 3, min(one, other)), date(2026, 3, max(one, other)), client=client)


@pytest.mark.parametrize("with_ids", [True, False], ids=["with ids", "without ids"])
@settings(max_examples=examples(300))
@given(history=st.lists(steps, min_size=6, max_size=25))
def test_a_history_ends_as_a_fresh_database_with_the_last_full_file_would(
    with_ids: bool, history: list[tuple[object, ...]]
) -> None:
    psa, standing = Psa(with_ids=with_ids), []
    for step in history:
        if step[0] == "export":
            standing = bring(standing, psa.rows(exported(step)), exported(step))
        else:
            deed(psa, step)
    psa.renamed = False
    full = psa.rows(ALL)

    assert said(bring(standing, full, ALL)) == said(bring([], full, ALL))


@settings(max_examples=examples(600))
@given(history=st.lists(steps, min_size=6, max_size=25))
def test_no_entry_id_ever_counts_twice(history: list[tuple[object, ...]]) -> None:
    psa, standing = Psa(), []
    for step in history:
        if step[0] == "export":
            standing = bring(standing, psa.rows(exported(step)), exported(step))
            ids = Counter(id_key(entry.row.entry_id) for entry in standing)
            assert max(ids.values(), default=0) <= 1
        else:
            deed(psa, step)


@settings(max_examples=examples(200))
@given(history=st.lists(steps, min_size=6, max_size=20))
def test_what_waits_under_a_new_company_name_stays_as_it_was(history: list[tuple[object, ...]]) -> None:
    psa, standing = Psa(), []
    for step in history:
        if step[0] != "export":
            deed(psa, step)
    psa.renamed = False
    standing = bring(standing, psa.rows(ALL), ALL)
    before = said([entry for entry in standing if entry.client == "acme"])
    psa.renamed = True

    after = bring(standing, psa.rows(ALL), ALL)

    assert said([entry for entry in after if entry.client == "acme"]) == before
