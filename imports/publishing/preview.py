"""The preview: what an import would publish, computed from the stored file and what is published now.

Reading, classifying and reconciling are pure stages; this one brings them the provider's side (`desk`) and
puts their answers together as a `Plan`. It writes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from accounts.access import zone_of
from imports import originals
from imports.judging.classify import REPEATED, Classification, Classified
from imports.judging.entry_overrides import choices_of, chosen
from imports.judging.provider_rules import Desk, read_desk
from imports.judging.similar_names import near_names
from imports.judging.uncounted import left_out
from imports.models import Import
from imports.publishing.options import Options
from imports.publishing.plan import ClientPlan, Effect, Kind, Plan, PlannedRow, Unknown
from imports.publishing.published import PublishedRow, Window, formats_by_client, published_rows
from imports.publishing.reconcile import Published, Reconciliation, Scope, reconcile
from imports.reading.mapping import Mapping
from imports.reading.parse import parse
from imports.reading.rows import ParsedFile
from imports.reading.same_row import id_key
from imports.saved_mappings import saved_mappings
from imports.wording.choose import Wordings
from imports.wording.ranks import NEUTRAL
from retainers.balance import CycleBalance, Work
from retainers.coverage import Coverage, Spoken, pools_of
from retainers.cycles import cycle_of, next_update
from retainers.hours import ZERO
from retainers.ledger import balance
from retainers.models import Retainer
from retainers.pricing import draw_under
from retainers.selectors import Standing
from retainers.terms import Agreement, collapse


def preview(source: Import, *, today: date) -> Plan:
    """What publishing this import today would do. Raises `UnreadableFileError` for a file that can't be read."""
    options = Options.read(source.options)
    parsed = read_source(source, options, today)
    desk = read_desk(source.provider)
    sorted_rows = desk.classifier(source.client).classify(parsed.rows)
    return _Preview(source, options, parsed, desk, sorted_rows, today).plan()


def read_source(
    source: Import, options: Options, today: date, mappings: Sequence[Mapping] | None = None
) -> ParsedFile:
    """The stored file, read as the uploader said. `mappings`: to read by instead of the saved ones."""
    provider = source.provider
    return parse(
        originals.load(source),
        format=options.format or None,
        date_order=options.date_order or provider.date_order or None,
        timezone=ZoneInfo(options.timezone) if options.timezone else zone_of(provider),
        single_client=source.client_id is not None,
        today=today,
        mappings=saved_mappings() if mappings is None else mappings,
    )


def work_of_row(classified: Classified, ref: int = 0) -> Work:
    """A classified row as the ledger sees it."""
    row = classified.row
    return Work(
        day=row.date,
        worked=row.worked,
        billable=row.billable,
        deducted=row.deducted,
        is_billable=row.is_billable,
        categories=frozenset(classified.categories),
        pool=classified.pool,
        exclusion=classified.exclusion,
        ref=ref,
    )


@dataclass(frozen=True, slots=True)
class _Period:
    starts: date
    ends: date


class _Preview:
    """The work of one preview, step by step."""

    def __init__(
        self,
        source: Import,
        options: Options,
        parsed: ParsedFile,
        desk: Desk,
        sorted_rows: Classification,
        today: date,
    ) -> None:
        self.source, self.options, self.parsed, self.desk, self.today = source, options, parsed, desk, today
        self.refused = tuple(sorted((*parsed.refused, *sorted_rows.refused), key=lambda p: p.line))
        self.by_client: dict[str, list[Classified]] = defaultdict(list)
        self.unknown: list[Classified] = []
        for row in sorted_rows.rows:
            if row.client is None:
                self.unknown.append(row)
            else:
                self.by_client[row.client].append(row)
        days = [row.date for row in parsed.rows]
        self.starts = options.starts or (min(days) if days else None)
        said = options.through or options.ends or (max(days) if days else None)
        self.through = min(said, today) if said else None
        self.ends = max((day for day in (options.ends, self.through, *days) if day), default=None)
        self.excluded: list[tuple[int, str]] = []

    def plan(self) -> Plan:
        quiet = self._quiet_clients()
        touched = [*self.by_client, *quiet]
        standings = self.desk.standings(touched, self.today)
        ids = [self.desk.clients[slug].pk for slug in touched]
        published = published_rows(ids, format=self.parsed.format, window=self._window())
        self.choices = choices_of(row.entry.origin for rows in published.values() for row in rows)
        self.wordings = Wordings.read(self.source, self.desk, self.parsed, self.by_client)
        clients = [
            self._client_plan(slug, standings.get(slug, []), published.get(self.desk.clients[slug].pk, []))
            for slug in sorted(touched)
        ]
        return Plan(
            source=self.source,
            options=self.options,
            parsed=self.parsed,
            through=self.through,
            starts=self.starts,
            ends=self.ends,
            clients=tuple(clients),
            refused=self.refused,
            excluded=tuple(sorted((*self.excluded, *((g.line, "top-up") for g in self.parsed.grants)))),
            unknown=self._unknown(),
            grants=self.parsed.grants,
            unjudged_times=sum(row.unjudged_time for rows in self.by_client.values() for row in rows),
            left_out=left_out(
                self.unknown,
                [row for rows in self.by_client.values() for row in rows if not _takes_part(row)],
            ),
        )

    def _window(self) -> Window:
        """Published entries of other days than the file's can pair with its rows by their ids only."""
        days = [row.date for row in self.parsed.rows]
        days += [day for day in (self.starts, self.ends) if day] or [self.today]
        ids = frozenset(id_key(row.entry_id) for row in self.parsed.rows if row.entry_id)
        return Window(min(days), max(days), ids)

    def _quiet_clients(self) -> list[str]:
        """Clients without a row in an all-clients file had no work (domain.md, "Importing the same period again")."""
        if self.source.client_id or self.options.agreements or self.options.pools:
            return []
        formats = formats_by_client()
        return [
            slug
            for slug in self.desk.agreements
            if slug not in self.by_client
            and formats.get(self.desk.clients[slug].pk, set()) <= {self.parsed.format}
            and any(self._reaches(row, agreement) for row, agreement in self.desk.retainers_of(slug))
        ]

    def _reaches(self, retainer: Retainer, agreement: Agreement) -> bool:
        """Whether the covers-through date says something of it: it is alive then, or ended since the last."""
        if self.through is None:
            return False
        before = retainer.publication.through if retainer.publication else None
        ended_since = before and agreement.ends and before < agreement.ends <= self.through
        return agreement.alive_on(self.through) or bool(ended_since)

    def _unknown(self) -> tuple[Unknown, ...]:
        companies = Counter(" ".join(row.row.company.split()) for row in self.unknown)
        names = self.desk.companies
        return tuple(
            Unknown(company, rows, tuple(self.desk.clients[slug] for slug in near_names(company, names)))
            for company, rows in companies.items()
        )

    def _client_plan(self, slug: str, standings: list[Standing], published: list[PublishedRow]) -> ClientPlan:
        client = self.desk.clients[slug]
        rows = self.by_client.get(slug, [])
        by_ref = {row.entry.pk: row for row in published}
        found = self._reconcile(slug, [row for row in rows if _takes_part(row)], published)
        planned = [*self._planned(slug, found, by_ref), *self._left_out(rows)]
        planned.sort(key=lambda row: row.line)
        self.excluded += [(row.line, row.reason) for row in planned if row.reason is not None]
        keeps = self.options.removals == "keep" or slug in self.options.kept_removals
        gone = [] if keeps else [by_ref[one.ref].entry for one in found.removed]
        counted = {one.ref for one in found.removed if one.counted}
        return ClientPlan(
            client=client,
            rows=tuple(planned),
            removed=tuple(entry for entry in gone if entry.pk in counted),
            uncounted_removed=tuple(entry for entry in gone if entry.pk not in counted),
            effects=tuple(self._effects(standings, planned, {entry.pk for entry in gone})),
            asks=() if keeps else found.removal_reasons,
            warnings=tuple(self._warnings(slug, planned, published)),
            quiet=not rows,
            held=slug in self.options.held,
            allowed=self.options.removals == "apply" or slug in self.options.allowed_removals,
        )

    def _reconcile(self, slug: str, rows: list[Classified], published: list[PublishedRow]) -> Reconciliation:
        """A client without a row is not spoken for by the file: nothing of it is compared."""
        scope = Scope(
            starts=self.starts or self.today,
            ends=self.ends or self.today,
            agreements=self.options.agreements,
            pools=self.options.pools,
        )
        standing = [self._published(slug, row) for row in published] if self.by_client.get(slug) else []
        return reconcile(standing, rows, scope=scope, present=self.parsed.present)

    def _published(self, slug: str, row: PublishedRow) -> Published:
        key = row.entry.retainer.key
        agreement = self.desk.agreements[slug][key]
        cycle = cycle_of(agreement, row.entry.day)
        draw = draw_under(agreement, work_of_row(_as_published(row)))
        return Published(
            ref=row.entry.pk,
            row=row.row,
            retainer=key,
            pool=draw.pool,
            closed=cycle is not None and cycle.ends < self.today,
            counted=draw.reason is None,
        )

    def _planned(
        self, slug: str, found: Reconciliation, by_ref: dict[int, PublishedRow]
    ) -> Iterable[PlannedRow]:
        for row in found.new:
            yield self._row(slug, row, "new", None)
        for pair in found.changed:
            kind: Kind = "changed" if pair.published.counted else "new"
            yield self._row(slug, pair.row, kind, by_ref[pair.published.ref])
        for pair in found.unchanged:
            yield self._row(slug, pair.row, "unchanged", by_ref[pair.published.ref])

    def _row(self, slug: str, judged: Classified, kind: Kind, was: PublishedRow | None) -> PlannedRow:
        row = chosen(judged, self.choices.get(was.entry.origin)) if was else judged
        agreement = self.desk.agreements[slug][row.retainer or ""]
        draw = draw_under(agreement, work_of_row(row))
        words = self.wordings.of(row, was)
        return PlannedRow(
            classified=row,
            kind=kind,
            entry=was.entry if was else None,
            reason=draw.reason,
            hours=draw.hours,
            stands_in=draw.stands_in,
            worded=words.worded,
            hits=words.hits,
            review=words.review,
            title_before=was.row.title if was else "",
        )

    def _left_out(self, rows: list[Classified]) -> Iterable[PlannedRow]:
        """Rows that are no entries: repeats, and those that no retainer takes."""
        for row in rows:
            if not _takes_part(row):
                yield PlannedRow(row, "new", None, row.exclusion, ZERO, stands_in=False, worded=NEUTRAL)

    def _effects(
        self, standings: list[Standing], planned: list[PlannedRow], gone: set[int]
    ) -> Iterable[Effect]:
        replaced = {row.entry.pk for row in planned if row.entry and row.kind != "unchanged"}
        fresh: dict[str, list[Work]] = defaultdict(list)
        for row in planned:
            if _takes_part(row.classified) and row.kind != "unchanged":
                fresh[row.classified.retainer or ""].append(work_of_row(row.classified, -row.line))
        for standing in standings:
            mine = fresh[standing.retainer.key]
            kept = [work for work in standing.works if work.ref not in replaced and work.ref not in gone]
            after = balance(
                standing.agreement,
                [*kept, *mine],
                standing.top_ups,
                standing.adjustments,
                self.today,
            )
            changed = bool(mine) or len(kept) != len(standing.works)
            spoken = self._spoken(standing.agreement, planned)
            if changed or spoken:
                yield self._effect(standing, after, spoken, changed=changed)

    def _spoken(self, agreement: Agreement, planned: list[PlannedRow]) -> Spoken | None:
        """The days and pools that the file speaks for; None where it says nothing of this agreement."""
        if self.through is None:
            return None
        spoken = Spoken(self.starts or self.through, self.through, self.options.starts is not None)
        if not self.options.agreements and not self.options.pools:
            return spoken
        rows = [row.classified for row in planned if row.classified.retainer == agreement.key]
        names = agreement.psa_agreements or [row.row.agreement for row in rows]
        if names and {collapse(name) for name in names} <= set(map(collapse, self.options.agreements)):
            return spoken
        pools = {pool.key for terms in agreement.terms for pool in terms.pools}
        named = tuple(key for key in self.options.pools if key in pools)
        return replace(spoken, pools=named) if named else None

    def _effect(
        self, standing: Standing, after: tuple[CycleBalance, ...], spoken: Spoken | None, *, changed: bool
    ) -> Effect:
        closed = [
            was.starts
            for was, becomes in zip(standing.cycles, after, strict=True)
            if was.closed and (was.total, was.pools) != (becomes.total, becomes.pools)
        ]
        was, becomes = standing.cycles[-1:], after[-1:]
        before = Coverage.read(standing.publication.coverage)
        coverage = before.adding(spoken) if spoken else before
        reached = spoken is not None and self._reaches(standing.retainer, standing.agreement)
        return Effect(
            retainer=standing.retainer,
            name=standing.agreement.name,
            before=was[0].total.remaining if was else ZERO,
            after=becomes[0].total.remaining if becomes else ZERO,
            over_before=was[0].total.overage if was else ZERO,
            over_after=becomes[0].total.overage if becomes else ZERO,
            closed_cycles=tuple(closed),
            through=coverage.through(pools_of(standing.agreement, self.today)),
            coverage=coverage,
            reached=reached,
            moves=changed or (reached and (coverage != before or self._update_moves(standing))),
        )

    def _update_moves(self, standing: Standing) -> bool:
        """Whether the client reads another day on which to expect the next update."""
        before = standing.publication
        if before.updated_at is None:
            return True
        cadence = standing.agreement.updates_on
        updated_on = before.updated_at.astimezone(zone_of(self.source.provider)).date()
        return next_update(cadence, updated_on) != next_update(cadence, self.today)

    def _warnings(self, slug: str, planned: list[PlannedRow], published: list[PublishedRow]) -> Iterable[str]:
        stand_ins = sum(row.stands_in and row.reason is None for row in planned)
        if stand_ins:
            yield f"{stand_ins} rows lack the hours that the agreement counts; the nearest column stands in."
        late = sum(row.row.date > self.today for row in planned_rows(planned))
        if late:
            yield f"{late} rows are dated after today; they count from their day on."
        if not planned and self.starts and self.ends:
            inside = sum(self.starts <= row.entry.day <= self.ends for row in published)
            if inside:
                yield f"{inside} published entries lie in this file's period, and it has no row of this client."


def planned_rows(planned: Iterable[PlannedRow]) -> Iterable[Classified]:
    return (row.classified for row in planned)


def _takes_part(row: Classified) -> bool:
    return row.retainer is not None and row.exclusion != REPEATED


def _as_published(row: PublishedRow) -> Classified:
    entry = row.entry
    return Classified(
        row=row.row,
        client="",
        retainer=entry.retainer.key,
        pool=entry.pool or None,
        categories=tuple(entry.categories),
        exclusion=entry.exclusion or None,
    )
