"""What an import would do to a client's figures and dates: each retainer's page before and after.

Computed by the ledger from what stands and from the planned rows; nothing is read or written.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import chain, count
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from imports.publishing.compared import Compared, Period, reaches
from imports.publishing.options import Options
from imports.publishing.plan import PlannedRow
from imports.publishing.plan_effects import CycleEffect, Effect, PoolEffect
from imports.publishing.source_rows import marks_now, ticket_key
from imports.stages import works_of
from retainers.balance import CycleBalance, Work
from retainers.closings import Closings
from retainers.company_names import company_key
from retainers.coverage import Coverage, Spoken, pools_of
from retainers.cycles import next_update
from retainers.drawn import Unread
from retainers.effects import BalanceChange, change_of, unchanged
from retainers.hours import ZERO
from retainers.kept.handed import Handed, OfPublication, hand_on
from retainers.published_rows import Beside, beside
from retainers.selectors import Standing
from retainers.terms import Agreement

FIRST_NEW = 2**62  # the keys of new entries come after all that stand, in the order of their lines


@dataclass(frozen=True, slots=True)
class EffectContext:
    """When it is asked: the day in the provider's zone, with what the file speaks for and was said of it.

    `kept`: the cycles that run, as they were handed on before. `whole`: the standings with their work of all retainers
    whose entries change, by their keys. `beside`: what stands beside the figures of live entries, read when it is first
    asked for.
    """

    today: date
    zone: ZoneInfo
    period: Period
    options: Options
    closings: Mapping[int, Closings]
    kept: OfPublication
    whole: Mapping[int, Standing]
    beside: Callable[[], Beside]


@dataclass(frozen=True, slots=True)
class Differing:
    """What a client's rows change: the entries that would go (`leaving`), and the rows that come, by retainer."""

    compared: Compared
    rows: Sequence[PlannedRow]
    leaving: AbstractSet[int]
    fresh: Mapping[str, "_Fresh"]

    @property
    def standings(self) -> list[Standing]:
        """Of the retainers whose entries change."""
        entries = self.compared.published
        losing = {entries[ref].entry.retainer_id for ref in self.leaving}
        return [each for each in self.compared.standings if each.retainer.pk in losing or self._gains(each)]

    def _gains(self, standing: Standing) -> bool:
        return standing.retainer.key in self.fresh and bool(self.fresh[standing.retainer.key].rows)


def differing(compared: Compared, rows: Sequence[PlannedRow], gone: set[int]) -> Differing:
    """What these planned rows of a client change. `gone`: entries that would go."""
    return Differing(compared, rows, gone | _replaced(rows), _fresh(rows))


def beside_of(standings: Iterable[Standing]) -> Beside:
    """Of the live entries of all these retainers, whose work is there; incidents of the cycles that run."""
    found = [each for each in standings if not isinstance(each.works, Unread) and each.works]
    starts = [each.current.starts for each in found if each.current and each.current.draws]
    return beside([each.retainer.pk for each in found], min(starts, default=None))


def effects(client: Differing, at: EffectContext) -> Iterator[Effect]:
    """Of every retainer of the client that its rows change or that the file speaks for."""
    compared, rows = client.compared, client.rows
    in_file = {kind.retainer for kind in compared.still_kinds}.union(
        map(attrgetter("classified.retainer"), rows)
    )
    for known in compared.standings:
        key, standing = known.retainer.key, at.whole.get(known.retainer.pk, known)
        work = _work_after(standing, client.fresh.get(key) or _Fresh(), client.leaving)
        spoken = _spoken(standing.agreement, rows, at) if compared.covered else None
        if work.changed_since or spoken or key in in_file:
            yield _effect(standing, work, spoken, at)


def _replaced(rows: Iterable[PlannedRow]) -> set[int]:
    """The entries in whose place a row comes."""
    stood = filter(attrgetter("entry"), rows)
    return {row.entry.pk for row in stood if row.entry and row.kind != "unchanged"}


@dataclass(slots=True)
class _Fresh:
    """The rows that become entries of a retainer; `reworded`: whether others of its entries are written anew."""

    rows: list[PlannedRow] = field(default_factory=list)
    reworded: bool = False


def _fresh(rows: Iterable[PlannedRow]) -> dict[str, _Fresh]:
    """By the retainer's key, in the order in which they will be written."""
    found: dict[str, _Fresh] = defaultdict(_Fresh)
    for row in rows:
        if row.classified.takes_part and row.kind != "unchanged":
            found[row.classified.retainer or ""].rows.append(row)
        elif row.classified.takes_part and row.replaces:
            found[row.classified.retainer or ""].reworded = True
    return found


class _WorkAfter(NamedTuple):
    """A retainer's work as it would be: what stays and what comes, and the rows that bring it. `changed_since`: the
    first day of which some goes or comes, None where none does.
    """

    fresh: _Fresh
    stays: Sequence[Work]
    comes: Sequence[Work]
    changed_since: date | None


def _work_after(standing: Standing, fresh: _Fresh, leaving: Collection[int]) -> _WorkAfter:
    if isinstance(standing.works, Unread):  # nothing of it goes or comes
        return _WorkAfter(fresh, standing.works, (), None)
    comes = works_of(map(attrgetter("classified"), fresh.rows), count(FIRST_NEW))
    goes = [work for work in standing.works if work.ref in leaving]
    stays = [work for work in standing.works if work.ref not in leaving] if goes else standing.works
    return _WorkAfter(fresh, stays, comes, min((work.day for work in (*goes, *comes)), default=None))


def _spoken(agreement: Agreement, rows: Iterable[PlannedRow], at: EffectContext) -> Spoken | None:
    """The days and pools that the file speaks for; None where it says nothing of this agreement."""
    period, options = at.period, at.options
    if period.through is None:
        return None
    spoken = Spoken(period.starts or period.through, period.through, options.starts is not None)
    if options.covers_all or _is_named(agreement, rows, options):
        return spoken
    pools = {pool.key for terms in agreement.terms for pool in terms.pools}
    named = tuple(filter(pools.__contains__, options.pools))
    return replace(spoken, pools=named) if named else None


def _is_named(agreement: Agreement, rows: Iterable[PlannedRow], options: Options) -> bool:
    """Whether all of its names in the PSA are among those that the file is said to cover."""
    mine = (row.classified for row in rows if row.classified.retainer == agreement.key)
    names = agreement.psa_agreements or [classified.row.agreement for classified in mine]
    return bool(names) and {*map(company_key, names)} <= {*map(company_key, options.agreements)}


def _effect(standing: Standing, work: _WorkAfter, spoken: Spoken | None, at: EffectContext) -> Effect:
    changes = work.changed_since is not None
    change = change_of(standing, works=[*work.stays, *work.comes]) if changes else unchanged(standing)
    before = Coverage.read(standing.publication.coverage)
    coverage = before.adding(spoken) if spoken else before
    reached = spoken is not None and reaches(at.period, standing.retainer, standing.agreement)
    moves = changes or (reached and (coverage != before or _update_moves(standing, at)))
    return Effect(
        retainer_id=standing.retainer.pk,
        retainer=standing.retainer.key,
        name=standing.agreement.name,
        **_of_newest_cycle(change),
        closed=tuple(_closed(standing, change, at)),
        through_before=standing.publication.through,
        through=coverage.through(pools_of(standing.agreement, at.today)),
        coverage=coverage,
        reached=reached,
        moves=moves,
        handed=_handed(standing, change, work, at) if moves else None,
    )


def _of_newest_cycle(change: BalanceChange) -> dict[str, Any]:
    """What the page says of the current cycle; before the first one begins nothing is left, and nothing over."""
    if not change.after:
        none = dict.fromkeys(("before", "after", "over_before", "over_after"), ZERO)
        return {**none, "pools": (), "shared": False, "is_block": False}
    was, becomes = change.before[-1], change.after[-1]
    return {
        "before": was.total.remaining,
        "after": becomes.total.remaining,
        "over_before": was.total.overage,
        "over_after": becomes.total.overage,
        "pools": _pools(was, becomes),
        "shared": becomes.sharing == "shared",
        "is_block": becomes.terms.is_block,
    }


def _closed(standing: Standing, change: BalanceChange, at: EffectContext) -> Iterator[CycleEffect]:
    """The closed cycles whose figures change."""
    closings = at.closings.get(standing.retainer.pk, {})
    for cycle in change.closed:
        if cycle.before and cycle.after:
            closing = closings.get(cycle.before.starts)
            is_settled = closing is not None and closing.is_settled(at.today)
            yield _cycle_effect(cycle.before, cycle.after, settled=is_settled)


def _cycle_effect(was: CycleBalance, becomes: CycleBalance, *, settled: bool) -> CycleEffect:
    return CycleEffect(
        starts=was.starts,
        before=was.total.remaining,
        after=becomes.total.remaining,
        over_before=was.total.overage,
        over_after=becomes.total.overage,
        settled=settled,
    )


def _pools(was: CycleBalance, becomes: CycleBalance) -> tuple[PoolEffect, ...]:
    """What is left in each pool. Pools are never added up."""
    pairs = zip(was.pools, becomes.pools, strict=True)
    return tuple(
        PoolEffect(
            pool=before.key,
            before=before.remaining,
            after=after.remaining,
            name=before.name,
            over_before=before.account.overage if before.account else ZERO,
            over_after=after.account.overage if after.account else ZERO,
        )
        for before, after in pairs
    )


def _update_moves(standing: Standing, at: EffectContext) -> bool:
    """Whether the client reads another day on which to expect the next update."""
    before = standing.publication
    if before.updated_at is None:
        return True
    cadence = standing.agreement.updates_on
    updated_on = before.updated_at.astimezone(at.zone).date()
    return next_update(cadence, updated_on) != next_update(cadence, at.today)


def _handed(standing: Standing, change: BalanceChange, work: _WorkAfter, at: EffectContext) -> Handed | None:
    """The figures after it, for who keeps them. None where the keeper has to read the entries: words alone were
    replaced, or no cycle has begun.
    """
    if work.fresh.reworded or not change.after:
        return None
    if isinstance(work.stays, Unread):
        return at.kept[standing.publication.pk]
    return _worked_out(standing, change, work, at)


def _worked_out(standing: Standing, change: BalanceChange, work: _WorkAfter, at: EffectContext) -> Handed:
    """The same of all of its entries."""
    newest, stood, version = change.after[-1], at.beside(), standing.publication.version_id
    rows = list(enumerate(work.fresh.rows, FIRST_NEW))
    unworded = {ref for ref, row in rows if not row.shown_words}
    marks, tickets = _marks(newest, stood), _tickets(rows, newest)
    mark_of = partial(marks_now().of_key, standing.retainer.client_id)
    # where no incident stands, few of the new ones need a mark to be told apart
    found = marks | {ref: mark_of(key) for ref, key in tickets.items()} if marks else tickets
    both, since = Beside(found, stood.unworded), work.changed_since or date.max
    dated = _days(standing, work)
    return hand_on(change.after, since, both, unworded, at.today, version, None if marks else mark_of, dated)


def _days(standing: Standing, work: _WorkAfter) -> list[date]:
    """Of all its work as it would be, and of all that was granted."""
    granted = [*(each.date for each in standing.top_ups), *(each.date for each in standing.adjustments)]
    return [*{each.day for each in chain(work.stays, work.comes)}, *granted]


def _marks(cycle: CycleBalance, stood: Beside) -> dict[int, str]:
    """The incidents of the entries that stand in the cycle."""
    return {ref: stood.marks[ref] for draw in cycle.draws if (ref := draw.work.ref) in stood.marks}


def _tickets(rows: Iterable[tuple[int, PlannedRow]], cycle: CycleBalance) -> dict[int, str]:
    """The tickets of the rows that are dated in the cycle, as they are compared."""
    dated = ((ref, row.classified.row) for ref, row in rows)
    keys = ((ref, ticket_key(row.ticket)) for ref, row in dated if cycle.starts <= row.date <= cycle.ends)
    return {ref: key for ref, key in keys if key}
