"""The lines that a page shows: of the cycle that is shown, of a prepaid block those of all its life.

A long life is read a year at a time. And what changed of these lines, put together over the cycles.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from portal.corrections import Corrections
from presentation.facts import LogEntry, Since
from retainers.balance import CycleBalance

LONG = 200  # lines of a block's life, from which on it is read a year at a time


@dataclass(frozen=True, slots=True)
class ShownLog:
    """`years` are those to choose from, newest first, where the log is read by year; `year` the chosen one."""

    lines: tuple[LogEntry, ...]
    years: tuple[int, ...] = ()
    year: int | None = None


class Words(NamedTuple):
    """What there is to say of an entry beside its figures: words, marks of ticket and person, when it was done."""

    text: str = ""
    incident: str = ""
    person: str = ""
    clock: str = ""
    day: date | None = None


def shown_log(
    run: Sequence[CycleBalance], words: Mapping[int, Words], changed: Mapping[int, Corrections], year: str
) -> ShownLog:
    """`changed` by the cycle's index; `year` as it was asked for. `LookupError` for one without a line."""
    lines = tuple(line for cycle in run for line in _lines(cycle, words, changed.get(cycle.index)))
    years = tuple(sorted({line.draw.work.day.year for line in lines}, reverse=True))
    if len(run) < 2 or len(lines) < LONG or len(years) < 2:
        return ShownLog(lines)
    chosen = _chosen(years, year)
    return ShownLog(tuple(line for line in lines if line.draw.work.day.year == chosen), years, chosen)


def _chosen(years: Sequence[int], asked: str) -> int:
    """The year that is asked for, else the newest."""
    if asked and asked not in map(str, years):
        raise LookupError("the agreement has no work of that year")
    return int(asked) if asked else years[0]


def _lines(
    cycle: CycleBalance, words: Mapping[int, Words], changed: Corrections | None
) -> Iterator[LogEntry]:
    """The counted entries with hours: a row of zero hours is nothing that a client could check."""
    seen: Counter[int] = Counter()
    corrections = changed.corrected if changed else {}
    for draw in cycle.draws:
        if draw.reason is None and draw.hours:
            ref = draw.work.ref
            corrected = corrections.get(ref)
            said = words.get(ref, Words())
            yield LogEntry(
                said.text or cycle.terms.pool(draw.pool).neutral_text,
                draw,
                corrected.on if corrected else None,
                corrected.hours_before(seen[ref]) if corrected else None,
                said.incident,
                said.person,
                cycle.terms,
            )
            seen[ref] += 1


def taken_back_in(found: Iterable[Corrections]) -> tuple[tuple[date, int], ...]:
    """How many lines were taken back on which day, in all of the cycles."""
    counts: Counter[date] = Counter()
    for each in found:
        counts.update(dict(each.taken_back))
    return tuple(sorted(counts.items()))


def since_in(found: Iterable[Corrections]) -> Since | None:
    """What the last update did to the lines of all the cycles that are not settled."""
    said = [each.since for each in found if each.since]
    if not said:
        return None
    return Since(
        said[0].on,
        sum(each.changed for each in said),
        sum(each.new for each in said),
        sum(each.gone for each in said),
    )
