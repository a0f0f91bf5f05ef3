"""Through the whole pipeline and the database: whatever came before, the last full file decides, and hours add up."""

import csv
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from io import StringIO
from typing import Any

import time_machine
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from desk.imports.unattended import publish_unseen
from imports import originals
from imports.judging.name_moves import Carrying
from imports.judging.reclassify import reclassify
from imports.models import Import, SourceRow
from imports.publishing.hindrances import HinderedError
from imports.publishing.options import Options
from retainers.files import ClientFile, ProviderFile
from retainers.loading import load
from retainers.models import Client, CompanyName, Entry
from tests.examples import examples
from tests.factories import ClientFactory, ProviderFactory, a_retainer
from tests.imports.adding_up import adds_up

NAMES = {"acme": "Acme", "birch": "Birch", "cobalt": "Cobalt"}
COMPANIES = ("Acme", "Acme West", "Birch", "Cobalt")
NOBODY = "Zeta Corp"
HEADER = ("Entry ID", "Client", "Date", "Hours", "Billable", "Technician", "Ticket", "Title")


@dataclass(frozen=True)
class Worked:
    company: str
    day: int
    hours: int
    billable: bool


@dataclass
class Psa:
    """What technicians have entered, by id."""

    entries: dict[int, Worked] = field(default_factory=dict)
    renamed: bool = False  # Acme goes by a name that no client has yet
    made: int = 0
    with_ids: bool = True

    def rows(self, first: int, last: int, companies: tuple[str, ...]) -> list[tuple[str, ...]]:
        found = []
        for key, one in sorted(self.entries.items()):
            if first <= one.day <= last and one.company in companies:
                work = (self._named(one.company), f"2026-02-{one.day:02}", str(one.hours), _yes(one.billable))
                found.append(
                    (str(key) if self.with_ids else "", *work, "Mel", f"T{key % 2}", f"Task {key % 2}")
                )
        return found

    def _named(self, company: str) -> str:
        return "Acme LLC" if self.renamed and company == "Acme" else company


def _yes(said: bool) -> str:
    return "Yes" if said else "No"


@dataclass
class House:
    """A provider with three clients; `owners`: whose each company is."""

    provider: Provider
    owners: dict[str, str]

    def give(self, company: str, slug: str) -> None:
        self.owners[company] = slug
        said = ClientFile(slug, NAMES[slug], (company,))
        file = ProviderFile(self.provider.slug, self.provider.name, clients=(said,))
        load(file, at=now(), by=None, reclassify=reclassify, carry=Carrying(agreed=True))

    def bring(self, rows: list[tuple[str, ...]], first: int, last: int, slug: str | None = None) -> None:
        text = StringIO()
        csv.writer(text).writerows((HEADER, *rows))
        options = Options(
            starts=date(2026, 2, first),
            ends=date(2026, 2, last),
            removals="apply",
            skip_bad_rows=True,
            accept=("long", "one-company"),
        )
        source = originals.store(
            data=text.getvalue().encode(),
            file_name="export.csv",
            client=Client.objects.get(slug=slug) if slug else None,
            options=options.document(),
            by=None,
            at=now(),
        )
        publish_unseen(source=source, by=None, at=now(), hold=True)
        if source.state == Import.State.PUBLISHED:
            adds_up(source.result, len(rows))

    def live(self) -> Counter[tuple[object, ...]]:
        entries = Entry.objects.filter(retired_in=None).select_related("retainer__client")
        ids = dict(SourceRow.objects.values_list("origin", "entry_id"))
        return Counter(
            (each.retainer.client.slug, each.day, each.worked_units, each.is_billable, ids[each.origin])
            for each in entries
        )

    def astray(self) -> list[str]:
        """Companies of which something stands with another client than theirs."""
        companies = dict(SourceRow.objects.values_list("origin", "columns__company"))
        live = Entry.objects.filter(retired_in=None).values_list("origin", "retainer__client__slug")
        return [name for origin, slug in live if self.owners[name := companies[origin]] != slug]


def a_house(owners: dict[str, str]) -> House:
    provider = ProviderFactory()
    with tenant_scope(provider):
        for slug, name in NAMES.items():
            a_retainer(ClientFactory(provider=provider, slug=slug, name=name))
        clients = {client.slug: client for client in Client.objects.all()}
        for company, slug in owners.items():
            CompanyName.objects.create(client=clients[slug], name=company, key=company.casefold())
    return House(provider, dict(owners))


AT_FIRST = {"Acme": "acme", "Acme West": "acme", "Birch": "birch", "Cobalt": "cobalt"}
days, which = st.integers(1, 4), st.integers(0, 9)
companies, slugs = st.sampled_from((*COMPANIES, NOBODY)), st.sampled_from(sorted(NAMES))
exports = st.tuples(st.just("export"), days, days, st.none() | slugs, st.booleans())
steps = st.one_of(
    st.tuples(st.just("enter"), companies, days, st.integers(1, 3), st.booleans()),
    st.tuples(st.just("enter"), companies, days, st.integers(1, 3), st.just(True)),
    st.tuples(st.just("change"), which, companies, days, st.integers(1, 3)),
    st.tuples(st.just("delete"), which),
    st.tuples(st.just("rename"), st.booleans()),
    st.tuples(st.just("give"), st.just("Acme West"), slugs),
    exports,
    exports,
)


def deed(house: House, psa: Psa, step: tuple[Any, ...]) -> None:
    name, *said = step
    if name == "enter":
        psa.made += 1
        psa.entries[psa.made] = Worked(*said)
    elif name == "rename":
        (psa.renamed,) = said
    elif name == "give":
        house.give(*said)
    elif name == "export":
        export(house, psa, *said)
    elif psa.entries:
        key = sorted(psa.entries)[said[0] % len(psa.entries)]
        was = psa.entries.pop(key)
        if name == "change":
            company, day, hours = said[1:]
            psa.entries[key] = replace(was, company=company, day=day, hours=hours)


def export(house: House, psa: Psa, one: int, other: int, slug: str | None, spoiled: bool) -> None:
    first, last = min(one, other), max(one, other)
    mine = tuple(name for name in (*COMPANIES, NOBODY) if slug is None or house.owners.get(name) == slug)
    rows = psa.rows(first, last, mine)
    if slug and psa.renamed:
        rows = [row for row in rows if row[1] != "Acme LLC"]
    if spoiled and rows:
        rows[0] = (*rows[0][:3], "?", *rows[0][4:])
    try:
        house.bring(rows, first, last, slug)
    except HinderedError:
        assert not rows or slug  # nobody is left whom nothing holds back


@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=st.lists(steps, min_size=5, max_size=12), with_ids=st.booleans())
def test_a_history_through_the_database_ends_as_the_last_full_file_would(
    db, history: list[tuple[Any, ...]], with_ids: bool
) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-02-16T12:00:00+00:00"), tick=False):
        psa, house = Psa(with_ids=with_ids), a_house(AT_FIRST)
        with tenant_scope(house.provider):
            for step in history:
                deed(house, psa, step)
                ids = Counter(said[-1] for said in house.live().elements() if said[-1])
                assert max(ids.values(), default=0) <= 1
                assert house.astray() == []
            psa.renamed = False
            for key, one in psa.entries.items():
                psa.entries[key] = replace(one, company="Birch") if one.company == NOBODY else one
            full = psa.rows(1, 4, (*COMPANIES, NOBODY))
            house.bring(full, 1, 4)
            found = house.live()
        fresh = a_house(house.owners)
        with tenant_scope(fresh.provider):
            fresh.bring(full, 1, 4)
            assert found == fresh.live()
