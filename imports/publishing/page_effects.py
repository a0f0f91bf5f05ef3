"""What an import would do to a client's figures and dates: each retainer's page before and after.

Computed by the ledger from what stands and from the planned rows; nothing is read or written.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import count
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
from retainers.effects import BalanceChange, change_of, unchanged
from retainers.hours import ZERO
from retainers.kept.handed import Handed, hand_on
from retainers.published_rows import Beside
from retainers.selectors import Standing
from retainers.terms import Agreement

FIRST_NEW = 2**62  # the keys of new entries come after all that stand, in the order of their lines


@dataclass(frozen=True, slots=True)
class EffectContext:
    """When it is asked: the day in the provider's zone, with what the file speaks for and was said of it.

    `beside`: what stands beside the figures of live entries.
    """

    today: date
    zone: ZoneInfo
    period: Period
    options: Options
    closings: Mapping[int, Closings]
    beside: Callable[[], Beside]


def effects(
    compared: Compared, rows: Sequence[PlannedRow], gone: set[int], at: EffectContext
) -> Iterator[Effect]:
    """Of every retainer of the client that its rows change or that the file speaks for. `gone`: entries that would
    go.
    """
    in_file = {kind.retainer for kind in compared.still_kinds}.union(
        map(attrgetter("classified.retainer"), rows)
    )
    leaving, fresh = gone | _replaced(rows), _fresh(rows)
    for standing in compared.standings:
        key = standing.retainer.key
        work = _work_after(standing, fresh[key], leaving)
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
    newest, stood, version = change.after[-1], at.beside(), standing.publication.version_id
    rows = list(enumerate(work.fresh.rows, FIRST_NEW))
    unworded = {ref for ref, row in rows if not row.shown_words}
    marks, tickets = _marks(newest, stood), _tickets(rows, newest)
    mark_of = partial(marks_now().of_key, standing.retainer.client_id)
    # where no incident stands, few of the new ones need a mark to be told apart
    found = marks | {ref: mark_of(key) for ref, key in tickets.items()} if marks else tickets
    both, since = Beside(found, stood.unworded), work.changed_since or date.max
    return hand_on(change.after, since, both, unworded, at.today, version, None if marks else mark_of)


def _marks(cycle: CycleBalance, stood: Beside) -> dict[int, str]:
    """The incidents of the entries that stand in the cycle."""
    return {ref: stood.marks[ref] for draw in cycle.draws if (ref := draw.work.ref) in stood.marks}


def _tickets(rows: Iterable[tuple[int, PlannedRow]], cycle: CycleBalance) -> dict[int, str]:
    """The tickets of the rows that are dated in the cycle, as they are compared."""
    dated = ((ref, row.classified.row) for ref, row in rows)
    keys = ((ref, ticket_key(row.ticket)) for ref, row in dated if cycle.starts <= row.date <= cycle.ends)
    return {ref: key for ref, key in keys if key}
