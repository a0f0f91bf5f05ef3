"""What an import would do to a client's figures and dates: each retainer's page before and after.

Computed by the ledger from what stands and from the planned rows. Most retainers are `reckoned`: onward from their
cycles as they are kept, or afresh from kinds of rows where no entry stands. Of others all work is counted.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import chain, count
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from imports.publishing.compared import AddedUp, Compared, Period, reaches, spoken_of, update_moves
from imports.publishing.options import Options
from imports.publishing.plan import PlannedRow
from imports.publishing.plan_effects import Effect, of_closed_cycles, of_newest_cycle
from imports.publishing.source_rows import marks_now, ticket_key
from imports.publishing.standing_rows import PublishedRow
from imports.stages import works_of
from retainers.afresh import Coming, afresh
from retainers.balance import CycleBalance, Work
from retainers.closings import Closings
from retainers.coverage import Coverage, Spoken, pools_of
from retainers.drawn import Unread
from retainers.effects import BalanceChange, becoming, change_of, unchanged
from retainers.kept.handed import Handed, OfPublication, hand_on
from retainers.onward import Onward
from retainers.published_rows import Beside
from retainers.reckoning import Case, onwards
from retainers.selectors import Standing

FIRST_NEW = 2**62  # the keys of new entries come after all that stand, in the order of their lines


@dataclass(slots=True)
class Fresh:
    """The rows that become entries of a retainer; `reworded`: whether others of its entries are written anew."""

    rows: list[PlannedRow] = field(default_factory=list)
    reworded: bool = False


class Differing(NamedTuple):
    """What a client's rows change: the entries that would go (`leaving`), and the rows that come, by retainer.
    `added_up`: of the retainers that begin, how many of these continue no entry, and what they come to.
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

    def going(self, standing: Standing) -> list[PublishedRow]:
        """The entries of that retainer that would go."""
        rows = map(self.compared.published.__getitem__, self.leaving)
        return [row for row in rows if row.entry.retainer_id == standing.retainer.pk]


def differing(compared: Compared, rows: Sequence[PlannedRow], added_up: AddedUp, gone: set[int]) -> Differing:
    """What these planned rows of a client change. `gone`: entries that would go."""
    stood = filter(attrgetter("entry"), rows)
    replaced = {row.entry.pk for row in stood if row.entry and row.kind != "unchanged"}
    return Differing(compared, rows, gone | replaced, _fresh(rows), added_up)


def _fresh(rows: Iterable[PlannedRow]) -> dict[str, Fresh]:
    """By the retainer's key, in the order in which they will be written."""
    found: dict[str, Fresh] = defaultdict(Fresh)
    for row in rows:
        if row.classified.place.takes_part and row.kind != "unchanged":
            found[row.classified.place.retainer or ""].rows.append(row)
        elif row.classified.place.takes_part and row.replaces:
            found[row.classified.place.retainer or ""].reworded = True
    return found


def _tickets_of(rows: Iterable[tuple[int, PlannedRow]], cycle: CycleBalance) -> dict[int, str]:
    """The tickets of the rows that are dated in the cycle, as they are compared."""
    dated = ((ref, row.classified.row) for ref, row in rows)
    keys = ((ref, ticket_key(row.ticket)) for ref, row in dated if cycle.starts <= row.date <= cycle.ends)
    return {ref: key for ref, key in keys if key}


def _marks_of(
    rows: Iterable[tuple[int, PlannedRow]], cycle: CycleBalance, standing: Standing
) -> dict[int, str]:
    """The same as marks, as their entries will have them."""
    mark_of, pk = marks_now().of_key, standing.retainer.client_id
    return {ref: mark_of(pk, key) for ref, key in _tickets_of(rows, cycle).items()}


def reckoned(clients: Sequence[Differing], kept: OfPublication) -> dict[int, Onward]:
    """What becomes of retainers whose entries change, by their keys, where it can be told without all of their work
    from their cycles as they are kept; `kept`: those that run, as they were handed on before.
    """
    return onwards(list(_cases(clients, kept)))


def _cases(clients: Iterable[Differing], kept: OfPublication) -> Iterator[Case]:
    """The retainers whose running cycles are kept, with their work added up."""
    for client in clients:
        for standing in client.standings:
            its, cycle = kept.get(standing.publication.pk), standing.current
            if its and its.tally and cycle and not cycle.closed:
                yield _case(client, standing, cycle, its)


def _case(client: Differing, standing: Standing, cycle: CycleBalance, kept: Handed) -> Case:
    going, rows = client.going(standing), client.fresh_of(standing).rows
    numbered = list(enumerate(rows, FIRST_NEW))
    entries = list(map(attrgetter("entry"), going))
    bare = {entry.pk for entry in entries if not entry.wording}
    return Case(
        standing,
        kept,
        goes=list(map(attrgetter("work"), going)),
        comes=works_of(map(attrgetter("classified"), rows), count(FIRST_NEW)),
        marks={entry.pk: entry.incident for entry in entries if entry.incident and entry.day >= cycle.starts}
        | _marks_of(numbered, cycle, standing),
        unworded=bare | {ref for ref, row in numbered if not row.shown_words},
    )


def _begun(standing: Standing, client: Differing) -> Onward | None:
    """What becomes of a retainer of which no entry stands yet, as far as it follows from kinds. It is told client by
    client, as the cycles of all would take as much memory as a third of a file's rows.
    """
    rows, added_up = client.fresh_of(standing).rows, client.added_up.get(standing.retainer.key)
    if not rows or added_up is None:
        return None
    number, tally = added_up
    named = partial(marks_now().of_key, standing.retainer.client_id)
    return afresh(standing, tally, _coming(rows), named) if number == len(rows) else None


def _coming(rows: Sequence[PlannedRow]) -> Coming:
    """The rows in columns, as those who count by kinds look at them."""
    judged = list(map(attrgetter("classified"), rows))
    return Coming(
        days=list(map(attrgetter("row.date"), judged)),
        tickets=list(map(ticket_key, map(attrgetter("row.ticket"), judged))),
        hours=list(map(attrgetter("hours"), rows)),
        counts=[reason is None for reason in map(attrgetter("reason"), rows)],
        bare=[not row.shown_words for row in rows],
        works=lambda places: works_of((judged[at] for at in places), (FIRST_NEW + at for at in places)),
    )


class EffectContext(NamedTuple):
    """When it is asked: the day in the provider's zone, with what the file speaks for and was said of it.

    `kept`: the cycles that run, as they were handed on before. Of the retainers whose entries change, by their keys,
    `reckoned`: what becomes of them, and `whole`: the standings of all others with their work. `beside`: what stands
    beside the figures of live entries, read when it is first asked for.
    """

    today: date
    zone: ZoneInfo
    period: Period
    options: Options
    closings: Mapping[int, Closings]
    kept: OfPublication
    reckoned: Mapping[int, Onward]
    whole: Mapping[int, Standing]
    beside: Callable[[], Beside]


def effects(client: Differing, at: EffectContext) -> Iterator[tuple[Effect, Handed | None]]:
    """Of every retainer of the client that its rows change or that the file speaks for, with its figures after that for
    those who keep them.
    """
    compared, rows = client.compared, client.rows
    in_file = {kind.retainer for kind in compared.still_kinds}.union(
        map(attrgetter("classified.place.retainer"), rows)
    )
    for known in compared.standings:
        standing = at.whole.get(known.retainer.pk, known)
        after = _after(standing, client, at)
        named = (
            row.classified.row.agreement
            for row in rows
            if row.classified.place.retainer == known.retainer.key
        )
        spoken = spoken_of(standing.agreement, named, at.period, at.options) if compared.covered else None
        if after.changes or spoken or known.retainer.key in in_file:
            yield _effect(standing, after, spoken, at)


class _After(NamedTuple):
    """What becomes of a retainer: its balances, whether an entry of it goes or comes, and (`handed`) the figures after
    that for who keeps them, made when they are asked for; None where the keeper has to read the entries.
    """

    change: BalanceChange
    changes: bool
    handed: Callable[[], Handed] | None


def _after(standing: Standing, client: Differing, at: EffectContext) -> _After:
    fresh = client.fresh_of(standing)
    if moved := at.reckoned.get(standing.retainer.pk) or _begun(standing, client):
        found = _After(becoming(standing, moved.cycles), True, lambda: moved.handed)
    elif isinstance(standing.works, Unread):  # nothing of it goes or comes
        found = _After(unchanged(standing), False, lambda: at.kept[standing.publication.pk])
    else:
        found = _counted(standing, fresh.rows, client.leaving, at)
    is_unknown = fresh.reworded or not found.change.after  # words alone were replaced, or no cycle has begun
    return found._replace(handed=None) if is_unknown else found


class _Work(NamedTuple):
    """All work of a retainer as it would be: what stays, what comes, and the rows that bring it. `since`: the first day
    of which some goes or comes, the last of all days where none does.
    """

    rows: Sequence[PlannedRow]
    stays: Sequence[Work]
    comes: Sequence[Work]
    since: date


def _counted(
    standing: Standing, rows: Sequence[PlannedRow], leaving: Collection[int], at: EffectContext
) -> _After:
    """By all of its work."""
    comes = works_of(map(attrgetter("classified"), rows), count(FIRST_NEW))
    goes = [work for work in standing.works if work.ref in leaving]
    stays = [work for work in standing.works if work.ref not in leaving] if goes else standing.works
    days = [work.day for work in (*goes, *comes)]
    change = change_of(standing, works=[*stays, *comes]) if days else unchanged(standing)
    work = _Work(rows, stays, comes, min(days, default=date.max))
    return _After(change, bool(days), partial(_handed, standing, change, work, at))


def _handed(standing: Standing, change: BalanceChange, work: _Work, at: EffectContext) -> Handed:
    newest, stood, version = change.after[-1], at.beside(), standing.publication.version_id
    rows = list(enumerate(work.rows, FIRST_NEW))
    unworded = {ref for ref, row in rows if not row.shown_words}
    marks, mark_of = _marks(newest, stood), partial(marks_now().of_key, standing.retainer.client_id)
    # where no incident stands, few of the new ones need a mark to be told apart
    found = marks | _marks_of(rows, newest, standing) if marks else _tickets_of(rows, newest)
    both, named, dated = Beside(found, stood.unworded), None if marks else mark_of, _days(standing, work)
    return hand_on(change.after, work.since, both, unworded, at.today, version, named, dated)


def _days(standing: Standing, work: _Work) -> list[date]:
    """Of all its work as it would be, and of all that was granted."""
    granted = [*(each.date for each in standing.top_ups), *(each.date for each in standing.adjustments)]
    return [*{each.day for each in chain(work.stays, work.comes)}, *granted]


def _marks(cycle: CycleBalance, stood: Beside) -> dict[int, str]:
    """The incidents of the entries that stand in the cycle."""
    return {ref: stood.marks[ref] for draw in cycle.draws if (ref := draw.work.ref) in stood.marks}


def _effect(
    standing: Standing, after: _After, spoken: Spoken | None, at: EffectContext
) -> tuple[Effect, Handed | None]:
    before = Coverage.read(standing.publication.coverage)
    coverage = before.adding(spoken) if spoken else before
    reached = spoken is not None and reaches(at.period, standing.retainer, standing.agreement)
    moves = after.changes or (reached and (coverage != before or update_moves(standing, at.today, at.zone)))
    effect = Effect(
        retainer_id=standing.retainer.pk,
        retainer=standing.retainer.key,
        name=standing.agreement.name,
        **of_newest_cycle(after.change),
        closed=tuple(of_closed_cycles(after.change, at.closings.get(standing.retainer.pk, {}), at.today)),
        through_before=standing.publication.through,
        through=coverage.through(pools_of(standing.agreement, at.today)),
        coverage=coverage,
        reached=reached,
        moves=moves,
    )
    return effect, after.handed() if moves and after.handed else None
