"""What a plan has worked out of a retainer is handed on to those who keep its figures: nobody reads the entries again.

Never a second truth: the ledger made these figures of the entries as the publication shows them, they hold for that
publication, its version and its day alone, and `verify` works all that was kept of them out again. Whoever can't go
on from what is handed on reads the entries.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from retainers.balance import CycleBalance
from retainers.cycles import cycles_until
from retainers.drawn import Incidents, Naming, incidents_of
from retainers.kept.document import Line, are_of, cycle_from, line_of, starts_of
from retainers.kept.reading import ALL, Reading
from retainers.models import Publication
from retainers.published_rows import Beside
from retainers.tally import tally_of, tally_text
from retainers.terms import Agreement

ONE_DAY = timedelta(days=1)
SHOWN_INCIDENTS = 3  # of a client beside the dashboard's list


@dataclass(frozen=True, slots=True)
class Handed:
    """The figures of a retainer on the day `on`, under that version (its key) of its agreement.

    `lines`: its cycles from the first one that changes to the newest, as `document` writes them. `incidents`: the
    longest of the newest, without their entries. `unworded`: how many entries the client reads as the
    pool's fallback text. `until`: the last day on which the newest cycle, its incidents and `unworded` are the same
    if nothing is published. `tally`: the newest one's work added up, so that entries can come and go
    (`retainers.tally`); "" where it isn't.
    """

    on: date
    version: int
    lines: Sequence[Line]
    incidents: Incidents
    unworded: int
    until: date
    tally: str = ""

    def holds(self, on: date, version: int | None) -> bool:
        return self.on == on and self.version == version

    @property
    def since(self) -> date:
        """The first day of the first cycle of these: what ended before has not changed."""
        return date.fromisoformat(starts_of(self.lines[0]))

    def closed_after(self, starts: Sequence[str], kept: Sequence[Line]) -> list[Line] | None:
        """All lines of the closed cycles that begin on these days: those `kept`, and what follows on them.

        None where some between are missing.
        """
        closed = [line for line in self.lines if starts_of(line) in starts]
        before = len(starts) - len(closed)
        if before > len(kept) or list(map(starts_of, closed)) != list(starts[before:]):
            return None
        return [*kept[:before], *closed]

    def newest(self, agreement: Agreement, closed: Sequence[CycleBalance]) -> CycleBalance | None:
        """The cycle that runs, in the agreement's words; None where `closed` aren't all the cycles before it."""
        cycle, line = cycles_until(agreement, self.on)[-1], self.lines[-1]
        if cycle.index != len(closed) or cycle.ends < self.on or not are_of([line], [cycle]):
            return None
        return cycle_from(line, agreement.terms_on(cycle.starts), cycle, closed=False)


OfPublication = Mapping[int, Handed]  # by the publication's key
NOTHING: OfPublication = MappingProxyType({})


def newest_cycles(
    heads: Mapping[int, Publication],
    agreed: Mapping[int, Agreement],
    read: Mapping[int, Reading],
    on: date,
    handed: OfPublication,
) -> dict[int, CycleBalance]:
    """The cycles that run, by retainer, where they were handed on and all before them are kept (`read`). Where the
    work of closed ones is wanted it is read, and with it that of the cycle that runs.
    """
    found: dict[int, CycleBalance] = {}
    for pk, head in heads.items() if handed else ():
        its = handed.get(head.pk)
        known = read.get(pk, ALL)
        if its is not None and its.holds(on, head.version_id) and not known.wanted:
            cycle = its.newest(agreed[pk], known.closed)
            found |= {pk: cycle} if cycle else {}
    return found


def hand_on(
    cycles: Sequence[CycleBalance],
    since: date,
    stood: Beside,
    unworded: AbstractSet[int],
    on: date,
    version: int,
    named: Naming | None = None,
    dated: Iterable[date] | None = None,
) -> Handed:
    """`cycles` on that day with their work; nothing dated before `since` has changed.

    `stood`: of all entries that the newest has, their incidents, and which had no words before; `unworded`: the new
    ones without words. `named` gives the incidents of `stood` their marks, where they have none yet. `dated`: the days
    of all work and of all that was granted; without them what is handed on holds for that day alone.
    """
    newest = cycles[-1]
    incidents = Incidents() if newest.closed else incidents_of(newest, stood.marks, SHOWN_INCIDENTS, named)
    bare = tuple(each._replace(refs=()) for each in incidents.sums)
    counted = _counted(cycles) if unworded or stood.unworded else set()
    waiting = len(counted & unworded) + len(counted & stood.unworded)
    until = on if dated is None else same_until(newest, dated, on)
    its = replace(incidents, sums=bare)
    return Handed(
        on, version, lines_since(cycles, since), its, waiting, until, "" if dated is None else _tally(newest)
    )


def _tally(cycle: CycleBalance) -> str:
    added_up = None if cycle.closed else tally_of(cycle.draws)
    return "" if added_up is None else tally_text(added_up)


def lines_since(cycles: Sequence[CycleBalance], since: date) -> Sequence[Line]:
    """The cycles that end on that day or later, or the newest, as they are kept."""
    changed = [cycle for cycle in cycles if cycle.ends >= since] or cycles[-1:]
    return tuple(map(line_of, changed))


def same_until(newest: CycleBalance, dated: Iterable[date], on: date) -> date:
    """The day before the next one on which work or a grant begins to count, or after which granted hours are gone."""
    ends = [lot.ends for _account, lots in newest.lots for lot in lots if lot.ends]
    return min((newest.ends, *ends, *(day - ONE_DAY for day in dated if day > on)))


def _counted(cycles: Sequence[CycleBalance]) -> set[int]:
    """The entries of which something counts."""
    return {draw.work.ref for cycle in cycles for draw in cycle.draws if draw.reason is None}
