"""The compared rows of a file as a `Plan`: what becomes of every row, of every client and of every figure.

The fifth stage of an import, and pure: what it needs was read by the stages before it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from itertools import chain
from operator import attrgetter, itemgetter
from typing import NamedTuple

from accounts.access import zone_of
from imports.judging.judge import Judged
from imports.judging.plausible import Life
from imports.judging.provider_setup import ProviderSetup
from imports.models import Import
from imports.publishing.client_warnings import client_warnings
from imports.publishing.compared import Compared, Comparison, Period
from imports.publishing.hour_sums import TOP_UP
from imports.publishing.last_files import NO_STILLS, Stills, WholeWayError
from imports.publishing.options import Basis, Options
from imports.publishing.page_effects import (
    Differing,
    EffectContext,
    differing,
    effects,
    reckoned,
)
from imports.publishing.plan import ClientPlan, Plan
from imports.publishing.plan_marks import EntryMark, client_mark
from imports.publishing.planned_rows import WordsOf, mark_of, planned_rows
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
from imports.publishing.still_rows import Still
from imports.publishing.twice import twice
from imports.publishing.unknowns import left_out, unknowns
from imports.reading.rows import ParsedFile, Problem, Question, Row, worked_of
from imports.stages import NOT_A_CLIENT, AskedQuestion, StandingEntry, Twin, taking_no_part
from retainers.closings import first_open
from retainers.company_names import company_key
from retainers.drawn import Unread
from retainers.hours import ZERO
from retainers.published_rows import Beside, beside
from retainers.selectors import Standing


class PlanningFacts(NamedTuple):
    """What earlier files have left behind: answers about rows, how many companies each of the last named, and
    the published work of clients whose work this one corrects.
    """

    remembered: Remembered
    companies: tuple[int, ...]
    work_before: Sequence[tuple[str, Row]] = ()


class Case(NamedTuple):
    """One import as it is planned: what was read of it and said of it, for which provider, on which day; `stills` are
    its rows that were not read, because they stand published as they are.
    """

    source: Import
    options: Options
    file: ParsedFile
    setup: ProviderSetup
    basis: Basis
    known: PlanningFacts
    today: date
    period: Period
    stills: Stills = NO_STILLS

    def in_file(self) -> list[Row | Still]:
        """Every row of the file that was understood, in its order."""
        lines: list[tuple[int, Row | Still]] = [(row.line, row) for row in self.file.rows]
        return [row for _line, row in sorted((*lines, *self.stills.lines), key=itemgetter(0))]


def plan_of(case: Case, judged: Judged, compared: Comparison, words_of: WordsOf) -> Plan:
    """The whole plan. `words_of` says which words a row gets, beside the entry that it continues.

    Raises `WholeWayError` where something can't be told without looking at the rows that stand as they are.
    """
    period, setup = case.period, case.setup
    different = [_different(each, setup, words_of, case.options) for each in compared.clients]
    found = reckoned(different, compared.kept)
    whole, beside_them = _with_work(different, found, compared)
    at = EffectContext(
        case.today, zone_of(setup.provider), period, case.options,
        closings=compared.closed, kept=compared.kept, reckoned=found, whole=whole, beside=beside_them,
    )  # fmt: skip
    made = [_client_plan(each, setup, at) for each in different]
    asked = _asked(case, made, compared)
    clients = tuple(replace(each, questions=held_by(asked, each.client.slug)) for each in made)
    untaken = chain.from_iterable(taking_no_part(each.rows) for each in compared.clients)
    return Plan(
        import_id=case.source.pk, basis=case.basis, options=case.options, parsed=case.file,
        only=client_mark(case.source.client) if case.source.client else None,
        through=period.through, starts=period.starts, ends=period.ends, open_since=_open_since(compared),
        clients=clients, questions=asked, asked_about=tuple(asked_about(asked, clients)),
        refused=judged.refused, refused_of=_refused_of(judged.refused, case), grants=case.file.grants,
        excluded=_excluded(case, judged, clients),
        unknown=unknowns(judged.unknown, compared, setup),
        left_out=left_out(judged.unknown, (*untaken, *judged.strangers)),
        not_clients=sum((worked_of(row.row) for row in judged.strangers), ZERO),
        unjudged_times=sum(map(attrgetter("place.unjudged_time"), chain.from_iterable(judged.by_client.values()))),
        kept_before=case.stills.kept,
    )  # fmt: skip


def _excluded(case: Case, judged: Judged, clients: Iterable[ClientPlan]) -> dict[str, tuple[int, ...]]:
    """The lines of all rows that are not counted, by why not."""
    rows = chain.from_iterable(client.rows for client in clients)
    found: dict[str, list[int]] = defaultdict(list)
    for line, reason in chain(
        ((row.line, reason) for row in rows if (reason := row.reason) is not None),
        ((grant.line, TOP_UP) for grant in case.file.grants),
        ((row.row.line, NOT_A_CLIENT) for row in judged.strangers),
        case.stills.excluded,
    ):
        found[reason].append(line)
    return {reason: tuple(sorted(lines)) for reason, lines in found.items()}


def _open_since(compared: Comparison) -> date | None:
    covered = (standing for each in compared.clients if each.covered for standing in each.standings)
    opened = (first_open(each, compared.closed.get(each.retainer.pk, {})) for each in covered)
    return min(filter(None, opened), default=None)


def _refused_of(refused: Iterable[Problem], case: Case) -> tuple[str, ...] | None:
    """The clients of whom rows are refused; None where of one nobody can tell whose it is."""
    known = {company_key(name): slug for name, slug in case.setup.companies.items()}
    only = case.source.client.slug if case.source.client else ""
    found: set[str] = set()
    for problem in refused:
        if problem.company is None:
            return None
        found.add(known.get(company_key(problem.company), "") if problem.company.strip() else only)
    return tuple(sorted(found - {""}))


def _asked(case: Case, clients: Sequence[ClientPlan], compared: Comparison) -> tuple[AskedQuestion, ...]:
    if case.stills.lines and has_below_zero(clients):
        raise WholeWayError  # what is taken back may be in any row
    agreements = chain.from_iterable(by_key.values() for by_key in case.setup.agreements.values())
    anew = [pair.row.row for each in compared.clients for pair in each.found.anew]
    doubled = twice(_doubled(case, compared.twins), case.file.format)
    return asked_of(
        clients,
        case.file.rows,
        filter(None, [*case.file.questions, _one_company(case, clients)]),
        filter(None, [begun_anew(_unanswered(anew, case)), *doubled]),
        lives=[Life(agreement.starts, agreement.ends or case.today) for agreement in agreements],
        remembered=case.known.remembered,
        options=case.options,
        work_before=case.known.work_before,
    )


def _one_company(case: Case, clients: Iterable[ClientPlan]) -> Question | None:
    """Asked of a file that is said to be of all clients and of all their work."""
    usual = Usual(case.known.companies, any(client.quiet for client in clients))
    if case.source.client_id is not None or not case.options.covers_all or not usual.quiet:
        return None
    companies = set(map(attrgetter("company"), (*case.file.rows, *case.file.refused)))
    named = filter(None, companies | case.stills.lines.different("company"))
    return one_company(named, case.in_file, usual)


def _doubled(case: Case, twins: Iterable[Twin]) -> list[Twin]:
    """The rows that seem to be published already, of which nobody has said anything yet."""
    known, said = case.known.remembered, case.options.answered("twice")
    fresh = (twin for twin in twins if twin.format not in known.both_count and twin.row.row.line not in said)
    return [twin for twin in fresh if not known.has("twice", twin.row.row)]


def _unanswered(anew: Iterable[Row], case: Case) -> list[Row]:
    """The rows with ids that have begun anew, of which nobody has said anything yet."""
    said = case.options.answered("ids")
    return [row for row in anew if row.line not in said and not case.known.remembered.has("ids", row)]


def _removed(compared: Compared, options: Options) -> Sequence[StandingEntry]:
    return () if options.keeps_removals(compared.slug) else compared.found.removed


def _lost(compared: Compared, options: Options) -> set[int]:
    """The entries that go without a row in their place."""
    leaving = (pair.published for pair in compared.leaving)
    return {one.ref for one in (*_removed(compared, options), *leaving, *compared.replaced)}


def _different(compared: Compared, setup: ProviderSetup, words: WordsOf, options: Options) -> Differing:
    rows, added_up = planned_rows(compared, setup.agreements[compared.slug], words)
    return differing(compared, rows, added_up, _lost(compared, options))


def _with_work(
    different: Sequence[Differing], reckoned: Collection[int], compared: Comparison
) -> tuple[Mapping[int, Standing], Callable[[], Beside]]:
    """The standings of all other retainers whose entries change, read together, and what stands beside those."""
    changing = chain.from_iterable(each.standings for each in different)
    whole = compared.with_work(each for each in changing if each.retainer.pk not in reckoned)
    every = chain.from_iterable(each.standings for each in compared.clients)
    read = {**{each.retainer.pk: each for each in every}, **whole}
    return whole, cache(partial(_beside, read.values()))


def _beside(standings: Iterable[Standing]) -> Beside:
    """Of the live entries of all these retainers, whose work is there; incidents of the cycles that run."""
    found = [each for each in standings if not isinstance(each.works, Unread) and each.works]
    current = [(each.current.starts, each.works) for each in found if each.current]
    starts = [since for since, works in current if any(work.day >= since for work in works)]
    return beside([each.retainer.pk for each in found], min(starts, default=None))


def _client_plan(client: Differing, setup: ProviderSetup, at: EffectContext) -> ClientPlan:
    """What becomes of one client."""
    compared, rows, options = client.compared, client.rows, at.options
    slug, removed = compared.slug, _removed(compared, options)
    leaving = [pair.published for pair in compared.leaving]
    is_quiet = not compared.is_in_file and not _lost(compared, options)
    found = list(effects(client, at))
    return ClientPlan(
        client=client_mark(setup.clients[slug]),
        rows=tuple(rows),
        sums=sums_of(rows),
        removed=_marks(compared, (one for one in removed if one.counted)),
        uncounted_removed=_marks(compared, (one for one in removed if not one.counted)),
        leaving=_marks(compared, leaving),
        replaced=_marks(compared, compared.replaced),
        kept=len(compared.found.kept),
        covered=compared.covered,
        effects=tuple(effect for effect, _figures in found),
        figures=tuple((effect.retainer_id, its) for effect, its in found if its),
        asks=() if options.keeps_removals(slug) else compared.found.asks.get(slug, ()),
        warnings=client_warnings(compared, rows, setup, at.today),
        quiet=is_quiet,
        held=options.holds(slug, is_quiet=is_quiet),
        allowed=options.applies_removals(slug),
        may_restate=options.restate,
        stills=compared.stills,
        still_kinds=compared.still_kinds,
    )


def _marks(compared: Compared, entries: Iterable[StandingEntry]) -> tuple[EntryMark, ...]:
    return tuple(mark_of(compared.published[one.ref], compared.slug) for one in entries)
