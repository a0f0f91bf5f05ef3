"""The compared rows of a file as a `Plan`: what becomes of every row, of every client and of every figure.

The fourth stage of an import, and pure: what it needs was read by the stages before it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any

from accounts.access import zone_of
from imports.judging.entry_overrides import chosen
from imports.judging.judge import Judged
from imports.judging.plausible import Life
from imports.judging.provider_rules import Desk
from imports.models import Import
from imports.publishing.client_warnings import client_warnings
from imports.publishing.compared import Compared, Comparison, Period
from imports.publishing.hour_sums import TOP_UP
from imports.publishing.last_files import NO_STILLS, Stills, WholeWayError
from imports.publishing.options import Basis, Options
from imports.publishing.page_effects import EffectContext, effects, work_of_row
from imports.publishing.plan import ClientPlan, Kind, Plan, PlannedRow
from imports.publishing.plan_marks import EntryMark, client_mark
from imports.publishing.questions import (
    Remembered,
    Usual,
    asked_about,
    asked_of,
    begun_anew,
    has_below_zero,
    held_by,
    one_company,
)
from imports.publishing.row_sums import sums_of
from imports.publishing.standing import work_of_entry
from imports.publishing.standing_rows import PublishedRow
from imports.publishing.twice import twice
from imports.publishing.unknowns import left_out, unknowns
from imports.reading.rows import ParsedFile, Problem, Row, worked_of
from imports.stages import NEUTRAL, NOT_A_CLIENT, AskedQuestion, Classified, StandingEntry, Still
from imports.wording.choose import Words
from retainers.closings import first_open
from retainers.company_names import company_key
from retainers.hours import ZERO
from retainers.pricing import Prices, hours_drawn, reason_against
from retainers.terms import Agreement

WordsOf = Callable[[Classified, PublishedRow | None], Words]


@dataclass(frozen=True, slots=True)
class PlanningFacts:
    """What earlier files have left behind: answers about rows, how many companies each of the last named, and
    the published work of clients whose work this one corrects.
    """

    remembered: Remembered
    companies: tuple[int, ...]
    work_before: Sequence[tuple[str, Row]] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One import as it is planned: what was read of it and said of it, for which provider, on which day; `stills` are
    its rows that were not read, because they stand published as they are.
    """

    source: Import
    options: Options
    file: ParsedFile
    desk: Desk
    basis: Basis
    known: PlanningFacts
    today: date
    period: Period
    stills: Stills = NO_STILLS

    @property
    def in_file(self) -> list[Row | Still]:
        """Every row of the file that was understood, in its order."""
        lines: list[tuple[int, Row | Still]] = [(row.line, row) for row in self.file.rows]
        return [row for _line, row in sorted((*lines, *self.stills.lines), key=itemgetter(0))]


def plan_of(case: Case, judged: Judged, compared: Comparison, words_of: WordsOf) -> Plan:
    """The whole plan. `words_of` says which words a row gets, beside the entry that it continues.

    Raises `WholeWayError` where something can't be told without looking at the rows that stand as they are.
    """
    period, desk = case.period, case.desk
    known = compared.closed, compared.beside
    at = EffectContext(case.today, zone_of(desk.provider), period, case.options, *known)
    made = [_client_plan(each, desk, words_of, at) for each in compared.clients]
    asked = _asked(case, made, compared)
    clients = tuple(replace(each, questions=held_by(asked, each.client.slug)) for each in made)
    untaken = [row for each in compared.clients for row in each.rows if not row.takes_part]
    excluded = [(row.line, row.reason) for client in clients for row in client.rows if row.reason is not None]
    excluded += [(grant.line, TOP_UP) for grant in case.file.grants]
    excluded += [(row.row.line, NOT_A_CLIENT) for row in judged.strangers]
    excluded += [(line, still.reason) for line, still in case.stills.lines if still.reason is not None]
    return Plan(
        import_id=case.source.pk,
        basis=case.basis,
        only=client_mark(case.source.client) if case.source.client else None,
        options=case.options,
        parsed=case.file,
        through=period.through,
        starts=period.starts,
        ends=period.ends,
        clients=clients,
        refused=judged.refused,
        refused_of=_refused_of(judged.refused, case),
        excluded=tuple(sorted(excluded)),
        unknown=unknowns(judged.unknown, compared, desk),
        grants=case.file.grants,
        unjudged_times=sum(row.unjudged_time for rows in judged.by_client.values() for row in rows),
        left_out=left_out(judged.unknown, (*untaken, *judged.strangers)),
        not_clients=sum((worked_of(row.row) for row in judged.strangers), ZERO),
        questions=asked,
        asked_about=tuple(asked_about(asked, clients)),
        open_since=_open_since(compared),
        kept_before=case.stills.kept,
    )


def _open_since(compared: Comparison) -> date | None:
    covered = (standing for each in compared.clients if each.covered for standing in each.standings)
    opened = (first_open(each, compared.closed.get(each.retainer.pk, {})) for each in covered)
    return min(filter(None, opened), default=None)


def _refused_of(refused: Iterable[Problem], case: Case) -> tuple[str, ...] | None:
    """The clients of whom rows are refused; None where of one nobody can tell whose it is."""
    known = {company_key(name): slug for name, slug in case.desk.companies.items()}
    only = case.source.client.slug if case.source.client else ""
    found: set[str] = set()
    for problem in refused:
        if problem.company is None:
            return None
        found.add(known.get(company_key(problem.company), "") if problem.company.strip() else only)
    return tuple(sorted(found - {""}))


def _asked(case: Case, clients: Sequence[ClientPlan], compared: Comparison) -> tuple[AskedQuestion, ...]:
    agreements = [each for by_key in case.desk.agreements.values() for each in by_key.values()]
    usual = Usual(case.known.companies, any(client.quiet for client in clients))
    of_file = [*case.file.questions]
    if case.source.client_id is None and not case.options.agreements and not case.options.pools:
        unread = [problem.company for problem in case.file.refused if problem.company]
        of_file += filter(None, [one_company(case.in_file, usual, unread)]) if usual.quiet else ()
    if case.stills.lines and has_below_zero(clients):
        raise WholeWayError  # what is taken back may be in any row
    known, name = case.known.remembered, case.file.format
    anew = [pair.row.row for each in compared.clients for pair in each.found.anew]
    doubled = [
        twin
        for twin in compared.twins
        if twin.format not in known.both_count
        and not known.has("twice", twin.row.row)
        and twin.row.row.line not in case.options.answered("twice")
    ]
    return asked_of(
        clients,
        of_file,
        filter(None, [begun_anew(_unanswered(anew, case)), *twice(doubled, name)]),
        lives=[Life(agreement.starts, agreement.ends or case.today) for agreement in agreements],
        remembered=known,
        options=case.options,
        work_before=case.known.work_before,
    )


def _unanswered(anew: Iterable[Row], case: Case) -> list[Row]:
    """The rows with ids that have begun anew, of which nobody has said anything yet."""
    said = case.options.answered("ids")
    return [row for row in anew if row.line not in said and not case.known.remembered.has("ids", row)]


def _client_plan(compared: Compared, desk: Desk, words_of: WordsOf, at: EffectContext) -> ClientPlan:
    """What becomes of one client."""
    slug, options = compared.slug, at.options
    planned = _planned(compared, desk.agreements[slug], words_of)
    rows = sorted((*planned, *_left_out(compared.rows)), key=lambda row: row.line)
    keeps = options.removals == "keep" or slug in options.kept_removals
    removed = () if keeps else compared.found.removed
    gone = [(one.counted, _mark_of(compared.published[one.ref], slug)) for one in removed]
    leaving = tuple(_mark_of(compared.published[pair.published.ref], slug) for pair in compared.leaving)
    taken = tuple(_mark_of(compared.published[one.ref], slug) for one in compared.replaced)
    lost = {entry.pk for _, entry in gone} | {entry.pk for entry in (*leaving, *taken)}
    is_quiet = not compared.is_in_file and not lost
    return ClientPlan(
        client=client_mark(desk.clients[slug]),
        rows=tuple(rows),
        sums=sums_of(rows),
        removed=tuple(entry for counted, entry in gone if counted),
        uncounted_removed=tuple(entry for counted, entry in gone if not counted),
        leaving=leaving,
        replaced=taken,
        kept=len(compared.found.kept),
        covered=compared.covered,
        effects=tuple(
            effects(compared.standings, rows, lost, at, covered=compared.covered, stills=compared.stills)
        ),
        asks=() if keeps else compared.found.asks.get(slug, ()),
        warnings=client_warnings(compared, rows, desk, at.today),
        quiet=is_quiet,
        held=slug in options.held or (options.quiet_stays and is_quiet),
        allowed=options.removals == "apply" or slug in options.allowed_removals,
        may_restate=options.restate,
        stills=compared.stills,
    )


def _mark_of(was: PublishedRow, slug: str) -> EntryMark:
    entry, work = was.entry, work_of_entry(was.entry)
    figures = (work.worked, work.billable, work.deducted)
    return EntryMark(
        pk=entry.pk,
        client=slug,
        origin=entry.origin,
        retainer_id=entry.retainer_id,
        retainer=entry.retainer.key,
        day=entry.day,
        hours=next((each for each in figures if each is not None), None),
        worked=work.worked,
        pool=entry.pool,
        wording=entry.wording,
    )


def _planned(
    compared: Compared, agreements: Mapping[str, Agreement], words_of: WordsOf
) -> Iterator[PlannedRow]:
    figures = {key: _Figures(agreement) for key, agreement in agreements.items()}
    for judged, kind, stood in _kinds(compared):
        was = compared.published[stood.ref] if stood else None
        row = chosen(judged, compared.choices.get(was.entry.origin)) if was else judged
        entry = _mark_of(was, stood.client) if was and stood else None
        yield _row(row, kind, was, entry, figures[row.retainer or ""].of(row), words_of(row, was))


def _kinds(compared: Compared) -> Iterator[tuple[Classified, Kind, StandingEntry | None]]:
    for row in compared.found.new:
        yield row, "new", None
    for pair in compared.found.changed:
        yield pair.row, "changed" if pair.published.counted else "new", pair.published
    for pair in compared.found.unchanged:
        yield pair.row, "unchanged", pair.published


def _row(
    row: Classified,
    kind: Kind,
    was: PublishedRow | None,
    entry: EntryMark | None,
    figures: "Counted",
    words: Words,
) -> PlannedRow:
    reason, counted, hours, stands_in = figures
    return PlannedRow(
        row, kind, entry, reason, counted, hours, stands_in,
        words.worded, words.hits, words.review, was.row.title if was else "",
    )  # fmt: skip


Counted = tuple[
    str | None, Decimal, Decimal, bool
]  # why not, counted, drawn, by another column than is named
_figures = attrgetter("date", "worked", "billable", "deducted", "is_billable")
_verdict = attrgetter("categories", "pool", "exclusion", "parts")


class _Figures:
    """What rows draw under one agreement; of rows that say the same it is worked out once."""

    def __init__(self, agreement: Agreement) -> None:
        self._prices = Prices(agreement)
        self._known: dict[tuple[Any, ...], Counted] = {}

    def of(self, row: Classified) -> Counted:
        said = _figures(row.row), _verdict(row)
        found = self._known.get(said)
        if found is None:
            draws = self._prices.draws_of(work_of_row(row))
            counted = sum((draw.counted for draw in draws), ZERO)
            found = reason_against(draws), counted, hours_drawn(draws), draws[0].stands_in
            self._known[said] = found
        return found


def _left_out(rows: Iterable[Classified]) -> Iterator[PlannedRow]:
    """Rows that are no entries: repeats, and those that no retainer takes."""
    for row in rows:
        if not row.takes_part:
            yield PlannedRow(row, "new", None, row.exclusion, ZERO, ZERO, stands_in=False, worded=NEUTRAL)
