"""The judged rows beside what is published: whom a file speaks of, for which days, and what pairs with what.

The third stage of an import: it reads what stands and asks `reconcile`; what would become of it is for
`planning`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from imports.judging.entry_overrides import choices_of
from imports.judging.judge import Judged
from imports.judging.provider_setup import ProviderSetup
from imports.publishing.compared import Compared, Comparison, Period, reaches
from imports.publishing.last_files import (
    NO_STILLS,
    Stills,
    WholeWayError,
    names_with,
    refuse_shared_ids,
)
from imports.publishing.options import INSTEAD, RIGHT, Options
from imports.publishing.published import formats_by_client, published_rows
from imports.publishing.reconcile import NOTHING, by_client, reconcile, without
from imports.publishing.standing import names_before, standing_entries
from imports.publishing.standing_rows import PublishedRow, Window
from imports.publishing.twice import EDGE, repeated, replaced, shifted, twins
from imports.publishing.unsettled import near_of, sign_of, stopped_by
from imports.reading.formats.by_hand import FORMAT as BY_HAND
from imports.reading.rows import ParsedFile, Row
from imports.reading.same_row import id_key, keys_of
from imports.stages import (
    LEFT_OUT,
    Classified,
    Pair,
    Reconciliation,
    Scope,
    StandingEntry,
    Twin,
    Waiting,
    taking_part,
)
from retainers.closings import closings
from retainers.models import Client, Retainer
from retainers.selectors import Standing


def compare(
    judged: Judged,
    period: Period,
    setup: ProviderSetup,
    file: ParsedFile,
    options: Options,
    *,
    only: Client | None,
    out: Collection[int],
    today: date,
    stills: Stills = NO_STILLS,
) -> Comparison:
    """The whole file against all that its format brought. `only`: the client that it is for, None for all; `out`:
    lines of rows that a person leaves out; `stills`: rows that stand published as they are.

    Raises `WholeWayError` where something can't be told without looking at those.
    """
    return _Comparing(judged, period, setup, file, options, only, out, today, stills).comparison()


class _Found(NamedTuple):
    """What was found of all clients together, before it is each one's."""

    found: Reconciliation
    replaced: Sequence[StandingEntry]
    spoken_for: Collection[str]
    waits: Collection[str]
    published: Mapping[int, PublishedRow]
    standings: Mapping[str, Sequence[Standing]]


class _Comparing:
    def __init__(
        self,
        judged: Judged,
        period: Period,
        setup: ProviderSetup,
        file: ParsedFile,
        options: Options,
        only: Client | None,
        out: Collection[int],
        today: date,
        stills: Stills,
    ) -> None:
        self.stills = stills
        self.judged, self.period, self.setup, self.file = judged, period, setup, file
        self.options, self.only, self.out, self.today = options, only, out, today
        self.unsettled = [row for row in judged.unknown if sign_of(row) not in options.left_out]
        self.waiting = Waiting(
            [row.row for row in self.unsettled],
            frozenset(id_key(problem.entry_id) for problem in judged.refused if problem.entry_id),
        )

    def comparison(self) -> Comparison:
        spoken = self._spoken_for()
        published = self._published(spoken)
        refuse_shared_ids(self.stills, published, self.file.format)
        by_ref = {row.entry.pk: row for row in chain.from_iterable(published.values())}
        standings, kept = self.setup.known_standings({*spoken, *published}, self.today)
        closed = closings(chain.from_iterable(standings.values()), self.setup.provider)
        others = _by_format(standing_entries(published, closed, self.setup, self.today), by_ref)
        own = others.pop(self.file.format, [])
        paired = self._reconciled(own)
        found = without(paired, self.out)
        doubled = self._twins(paired, own, others)
        near = near_of(self.judged.unknown, self.setup.companies)
        names = names_with(self.stills, names_before(published)) if self.unsettled else {}
        stops = stopped_by(self.unsettled, near, names, found.kept)
        waits = {entry.client for entry in found.kept}.union(*stops.values())
        what = _Found(found, self._replaced(others, doubled), spoken, waits, by_ref, standings)
        asked = tuple(twin for twin in doubled if twin.row.row.line not in self.out)
        return Comparison(self._clients(what), near, stops, asked, closed, kept, self.setup.with_work)

    def _clients(self, what: _Found) -> tuple[Compared, ...]:
        parts = by_client(what.found)
        choices = choices_of(row.entry.origin for row in what.published.values())
        leaving: dict[str, list[Pair]] = defaultdict(list)
        for pair in what.found.moved:
            leaving[pair.published.client].append(pair)
        return tuple(
            Compared(
                slug=slug,
                rows=self._rows(slug, parts.get(slug, NOTHING)),
                found=parts.get(slug, NOTHING),
                leaving=tuple(leaving.get(slug, ())),
                replaced=tuple(entry for entry in what.replaced if entry.client == slug),
                spoken_for=slug in what.spoken_for,
                waits=slug in what.waits,
                published=what.published,
                choices=choices,
                standings=what.standings.get(slug, []),
                stills=self.stills.of(slug),
                still_kinds=self.stills.kinds.get(slug, ()),
            )
            for slug in sorted({*what.spoken_for, *parts, *leaving})
        )

    def _rows(self, slug: str, found: Reconciliation) -> tuple[Classified, ...]:
        """The client's rows; what a person leaves out is none of its entries, whatever rules say of it.

        A row that stands published as it is can't be left out: that would take it back.
        """
        rows = self.judged.by_client.get(slug, ())
        if not self.out:
            return tuple(rows)
        stands = {pair.row.row.line for pair in found.unchanged}
        return tuple(
            row._replace(place=row.place._replace(exclusion=LEFT_OUT, parts=()))
            if row.row.line in self.out and row.row.line not in stands and row.place.takes_part
            else row
            for row in rows
        )

    def _twins(
        self,
        found: Reconciliation,
        entries: Sequence[StandingEntry],
        others: Mapping[str, Sequence[StandingEntry]],
    ) -> tuple[Twin, ...]:
        sizes = {
            slug: len(taking_part(rows)) + len(self.stills.of(slug))
            for slug, rows in self.judged.by_client.items()
        }
        near = shifted(found.new, entries, self._scope, self.file.format)
        return (*twins(found.new, sizes, others), *near, *self._repeated(found, entries))

    def _repeated(self, found: Reconciliation, entries: Sequence[StandingEntry]) -> Sequence[Twin]:
        """Raises `WholeWayError` where new hours by hand may say what a row says that stands as it is."""
        if self.file.format != BY_HAND or not found.new:
            return ()
        if self.stills.lines:
            raise WholeWayError
        return repeated(found.new, entries, BY_HAND)

    def _replaced(
        self, others: Mapping[str, Sequence[StandingEntry]], doubled: Iterable[Twin]
    ) -> list[StandingEntry]:
        """What goes because this file takes the place of the format that it came from, or a row of its entry."""
        whole = replaced(others.get(self.options.replace, ()), self._scope, self.judged.by_client.keys())
        instead = self.options.lines(INSTEAD)
        single = [twin.entry for twin in doubled if twin.row.row.line in instead]
        return list({entry.ref: entry for entry in (*whole, *single)}.values())

    def _spoken_for(self) -> set[str]:
        """Whom the file's days count for: its one client, else whoever has rows or had its work from its format.

        A client that nothing is published of yet had no work either.
        """
        if self.only:
            return {self.only.slug}
        named, clients = {*self.judged.by_client, *self.stills.by_client}, self.setup.clients
        others = self.setup.agreements.keys() - named
        formats = formats_by_client([clients[slug].pk for slug in others]) if others else {}
        quiet = {
            slug
            for slug in others
            if self.file.format in (formats.get(clients[slug].pk) or {self.file.format})
            and any(reaches(self.period, *pair) for pair in self.setup.retainers_of(slug))
        }
        return quiet | named

    def _published(self, spoken: set[str]) -> dict[str, list[PublishedRow]]:
        """What stands from the file's format, in its days and wherever one of its ids is; and from other formats
        in its days.
        """
        window = _window(self.file.rows, self.stills, self.waiting.ids, self.period, self.today)
        ids_only = window._replace(starts=date.max, ends=date.min)
        slugs = {
            client.pk: slug for slug, client in self.setup.clients.items() if slug in self.setup.agreements
        }
        mine = [pk for pk, slug in slugs.items() if not self.only or slug in spoken]
        others = sorted(slugs.keys() - set(mine))
        name, known, stills = self.file.format, self._retainers, self.stills.entries
        found = published_rows(
            mine, format=name, window=window, of_all_formats=True, but=stills, retainers=known
        )
        found |= published_rows(others, format=name, window=ids_only, retainers=known) if others else {}
        return {slugs[pk]: rows for pk, rows in found.items()}

    @property
    def _retainers(self) -> dict[int, Retainer]:
        """All of the provider, by their keys."""
        return {row.pk: row for by_key in self.setup.retainers.values() for row in by_key.values()}

    @property
    def _scope(self) -> Scope:
        return Scope(
            self.period.starts or self.today,
            self.period.ends or self.today,
            self.options.agreements,
            self.options.pools,
            self.only.slug if self.only else None,
        )

    def _reconciled(self, entries: Sequence[StandingEntry]) -> Reconciliation:
        """Once, and once more where ids seem to begin anew and the file is taken at its word for it.

        Raises `WholeWayError` where entries go or begin anew: how many are too many, the file's other rows say.
        """
        every = list(chain.from_iterable(self.judged.by_client.values()))
        rows = sorted(taking_part(every), key=attrgetter("row.line"))
        found = self._paired(entries, rows)
        if self.stills.lines and (found.removed or found.anew):
            raise WholeWayError
        lines = {each.row.row.line for each in found.anew}
        anew = lines if self.options.accepts("ids") else lines & self.options.lines(RIGHT, "ids")
        return replace(self._paired(entries, rows, anew), anew=found.anew) if anew else found

    def _paired(
        self, entries: Sequence[StandingEntry], rows: Sequence[Classified], anew: Collection[int] = ()
    ) -> Reconciliation:
        return reconcile(
            entries,
            rows,
            scope=self._scope,
            present=self.file.present,
            waiting=self.waiting,
            anew=anew,
            empty=not self.file.rows and not self.stills.lines and not self.judged.refused,
        )


def _by_format(
    entries: Iterable[StandingEntry], by_ref: Mapping[int, PublishedRow]
) -> dict[str, list[StandingEntry]]:
    """What stands, by the format that brought it."""
    found: dict[str, list[StandingEntry]] = defaultdict(list)
    for entry in entries:
        found[by_ref[entry.ref].source.format].append(entry)
    return found


def _window(
    rows: Sequence[Row], stills: Stills, waiting: Collection[str], period: Period, today: date
) -> Window:
    """Published entries of other days than the file's can pair with its rows by their ids only.

    A few days around it are looked at too: work that has shifted over its edge.
    """
    days = [*map(attrgetter("date"), rows), *stills.days]
    days += [day for day in (period.starts, period.ends) if day] or [today]
    first, last = min(days), max(days)
    return Window(first - EDGE, last + EDGE, stills.ids.union(keys_of(rows), waiting))
