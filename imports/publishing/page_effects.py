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
from typing import NamedTuple
from zoneinfo import ZoneInfo

from imports.publishing.compared import Compared, Period, reaches
from imports.publishing.options import Options
from imports.publishing.plan import PlannedRow
from imports.publishing.plan_effects import Effect, of_closed_cycles, of_newest_cycle
from imports.publishing.source_rows import marks_now, ticket_key
from imports.publishing.standing import work_of_entry
from imports.stages import works_of
from retainers.balance import CycleBalance, Work
from retainers.closings import Closings
from retainers.company_names import company_key
from retainers.coverage import Coverage, Spoken, pools_of
from retainers.cycles import next_update
from retainers.drawn import Unread
from retainers.effects import BalanceChange, becoming, change_of, unchanged
from retainers.kept.handed import Handed, OfPublication, hand_on
from retainers.models import LiveEntry
from retainers.onward import Onward
from retainers.published_rows import Beside
from retainers.reckoning import Case
from retainers.selectors import Standing
from retainers.tally import Tally
from retainers.terms import Agreement

FIRST_NEW = 2**62  # the keys of new entries come after all that stand, in the order of their lines
AddedUp = Callable[[str], tuple[int, Tally | None]]


@dataclass(slots=True)
class Fresh:
    """The rows that become entries of a retainer; `reworded`: whether others of its entries are written anew."""

    rows: list[PlannedRow] = field(default_factory=list)
    reworded: bool = False


@dataclass(frozen=True, slots=True)
class Differing:
    """What a client's rows change: the entries that would go (`leaving`), and the rows that come, by retainer.
    `added_up`: how many of these continue no entry, and what they come to.
    """

    compared: Compared
    rows: Sequence[PlannedRow]
    leaving: AbstractSet[int]
    fresh: Mapping[str, Fresh]
    added_up: AddedUp

    @property
    def standings(self) -> list[Standing]:
        """Of the retainers whose entries change."""
        entries = self.compared.published
        losing = {entries[ref].entry.retainer_id for ref in self.leaving}
        return [each for each in self.compared.standings if each.retainer.pk in losing or self._gains(each)]

    def _gains(self, standing: Standing) -> bool:
        return bool(self.fresh_of(standing).rows)

    def fresh_of(self, standing: Standing) -> Fresh:
        return self.fresh.get(standing.retainer.key) or Fresh()

    def going(self, standing: Standing) -> list[LiveEntry]:
        """The entries of that retainer that would go."""
        entries = (self.compared.published[ref].entry for ref in self.leaving)
        return [entry for entry in entries if entry.retainer_id == standing.retainer.pk]


def differing(compared: Compared, rows: Sequence[PlannedRow], added_up: AddedUp, gone: set[int]) -> Differing:
    """What these planned rows of a client change. `gone`: entries that would go."""
    return Differing(compared, rows, gone | _replaced(rows), _fresh(rows), added_up)


def _replaced(rows: Iterable[PlannedRow]) -> set[int]:
    """The entries in whose place a row comes."""
    stood = filter(attrgetter("entry"), rows)
    return {row.entry.pk for row in stood if row.entry and row.kind != "unchanged"}


def _fresh(rows: Iterable[PlannedRow]) -> dict[str, Fresh]:
    """By the retainer's key, in the order in which they will be written."""
    found: dict[str, Fresh] = defaultdict(Fresh)
    for row in rows:
        if row.classified.takes_part and row.kind != "unchanged":
            found[row.classified.retainer or ""].rows.append(row)
        elif row.classified.takes_part and row.replaces:
            found[row.classified.retainer or ""].reworded = True
    return found


def tickets_of(rows: Iterable[tuple[int, PlannedRow]], cycle: CycleBalance) -> dict[int, str]:
    """The tickets of the rows that are dated in the cycle, as they are compared."""
    dated = ((ref, row.classified.row) for ref, row in rows)
    keys = ((ref, ticket_key(row.ticket)) for ref, row in dated if cycle.starts <= row.date <= cycle.ends)
    return {ref: key for ref, key in keys if key}


def marks_of(
    rows: Iterable[tuple[int, PlannedRow]], cycle: CycleBalance, standing: Standing
) -> dict[int, str]:
    """The same as marks, as their entries will have them."""
    mark_of, pk = marks_now().of_key, standing.retainer.client_id
    return {ref: mark_of(pk, key) for ref, key in tickets_of(rows, cycle).items()}


def cases_of(clients: Iterable[Differing], kept: OfPublication) -> Iterator[Case]:
    """The retainers whose entries change and whose running cycles are kept, with their work added up."""
    for client in clients:
        for standing in client.standings:
            its, cycle = kept.get(standing.publication.pk), standing.current
            if its and its.tally and cycle and not cycle.closed:
                yield _case(client, standing, cycle, its)


def _case(client: Differing, standing: Standing, cycle: CycleBalance, kept: Handed) -> Case:
    going, rows = client.going(standing), client.fresh_of(standing).rows
    numbered = list(enumerate(rows, FIRST_NEW))
    bare = {entry.pk for entry in going if not entry.wording}
    return Case(
        standing,
        kept,
        goes=list(map(work_of_entry, going)),
        comes=works_of(map(attrgetter("classified"), rows), count(FIRST_NEW)),
        marks={entry.pk: entry.incident for entry in going if entry.incident}
        | marks_of(numbered, cycle, standing),
        unworded=bare | {ref for ref, row in numbered if not row.shown_words},
    )


@dataclass(frozen=True, slots=True)
class EffectContext:
    """When it is asked: the day in the provider's zone, with what the file speaks for and was said of it.

    `kept`: the cycles that run, as they were handed on before. Of the retainers whose entries change, by their keys,
    `onwards`: what these become of it, and `whole`: the standings of all others with their work. `beside`: what stands
    beside the figures of live entries, read when it is first asked for.
    """

    today: date
    zone: ZoneInfo
    period: Period
    options: Options
    closings: Mapping[int, Closings]
    kept: OfPublication
    onwards: Mapping[int, Onward]
    whole: Mapping[int, Standing]
    beside: Callable[[], Beside]


def effects(client: Differing, at: EffectContext) -> Iterator[Effect]:
    """Of every retainer of the client that its rows change or that the file speaks for."""
    compared, rows = client.compared, client.rows
    in_file = {kind.retainer for kind in compared.still_kinds}.union(
        map(attrgetter("classified.retainer"), rows)
    )
    for known in compared.standings:
        key, standing = known.retainer.key, at.whole.get(known.retainer.pk, known)
        work = _work_after(standing, client.fresh_of(known), client.leaving, at.onwards)
        spoken = _spoken(standing.agreement, rows, at) if compared.covered else None
        if work.changed_since or spoken or key in in_file:
            yield _effect(standing, work, spoken, at)


class _WorkAfter(NamedTuple):
    """A retainer's work as it would be: what stays and what comes, and the rows that bring it. `changed_since`: the
    first day of which some goes or comes, None where none does.
    """

    fresh: Fresh
    stays: Sequence[Work] = ()
    comes: Sequence[Work] = ()
    changed_since: date | None = None


def _work_after(
    standing: Standing, fresh: Fresh, leaving: Collection[int], reckoned: Collection[int]
) -> _WorkAfter:
    if standing.retainer.pk in reckoned:
        return _WorkAfter(fresh, changed_since=date.min)
    if isinstance(standing.works, Unread):  # nothing of it goes or comes
        return _WorkAfter(fresh, standing.works)
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
    change = _change(standing, work, at)
    before = Coverage.read(standing.publication.coverage)
    coverage = before.adding(spoken) if spoken else before
    reached = spoken is not None and reaches(at.period, standing.retainer, standing.agreement)
    changes = work.changed_since is not None
    moves = changes or (reached and (coverage != before or _update_moves(standing, at)))
    return Effect(
        retainer_id=standing.retainer.pk,
        retainer=standing.retainer.key,
        name=standing.agreement.name,
        **of_newest_cycle(change),
        closed=tuple(of_closed_cycles(change, at.closings.get(standing.retainer.pk, {}), at.today)),
        through_before=standing.publication.through,
        through=coverage.through(pools_of(standing.agreement, at.today)),
        coverage=coverage,
        reached=reached,
        moves=moves,
        handed=_handed(standing, change, work, at) if moves else None,
    )


def _change(standing: Standing, work: _WorkAfter, at: EffectContext) -> BalanceChange:
    if moved := at.onwards.get(standing.retainer.pk):
        return becoming(standing, moved.cycles)
    return (
        change_of(standing, works=[*work.stays, *work.comes]) if work.changed_since else unchanged(standing)
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
    if moved := at.onwards.get(standing.retainer.pk):
        return moved.handed
    if isinstance(work.stays, Unread):
        return at.kept[standing.publication.pk]
    return _worked_out(standing, change, work, at)


def _worked_out(standing: Standing, change: BalanceChange, work: _WorkAfter, at: EffectContext) -> Handed:
    """The same of all of its entries."""
    newest, stood, version = change.after[-1], at.beside(), standing.publication.version_id
    rows = list(enumerate(work.fresh.rows, FIRST_NEW))
    unworded = {ref for ref, row in rows if not row.shown_words}
    marks, mark_of = _marks(newest, stood), partial(marks_now().of_key, standing.retainer.client_id)
    # where no incident stands, few of the new ones need a mark to be told apart
    found = marks | marks_of(rows, newest, standing) if marks else tickets_of(rows, newest)
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
