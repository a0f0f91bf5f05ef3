"""A log by kind of work: of the lines that bear the same multipliers what was worked, counted and taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from django.utils.translation import gettext as _

from portal.exports import multiplier_names, worked_hours
from presentation.facts import LogEntry
from presentation.phrases import column, times
from retainers.hours import ZERO
from retainers.terms import Terms

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class KindLine:
    """What one line of a log adds: `names` are its multipliers, `factor` None where the export had applied it."""

    names: tuple[str, ...]
    factor: Decimal | None
    worked: Decimal
    counted: Decimal
    taken: Decimal


@dataclass(frozen=True, slots=True)
class Kind:
    """A row: its name with its factor, and the three sums; `is_sum` adds up all of them."""

    name: str
    worked: str
    counted: str
    taken: str
    is_sum: bool = False


def kinds_in(entries: Sequence[LogEntry], terms: Terms) -> tuple[Kind, ...]:
    """What `kinds_of` says of a log's entries, each priced by its own terms or else by these. Where nothing is
    multiplied, as most often, no entry is looked at a second time.
    """
    draws = [entry.draw for entry in entries]
    if all(not draw.multipliers and draw.factor in (None, ONE) for draw in draws):
        return ()
    return kinds_of(_kind_line(entry, entry.terms or terms) for entry in entries)


def _kind_line(entry: LogEntry, terms: Terms) -> KindLine:
    """An entry under the names that these terms give its multipliers."""
    draw, names = entry.draw, tuple(multiplier_names(entry.draw, terms))
    return KindLine(names, draw.factor, worked_hours(draw), draw.counted, draw.hours)


def kinds_of(lines: Iterable[KindLine]) -> tuple[Kind, ...]:
    """A row a kind, those without a multiplier first, and their sum; nothing where nothing was multiplied."""
    groups: dict[tuple[tuple[str, ...], Decimal | None], list[KindLine]] = {}
    for line in lines:
        groups.setdefault((line.names, line.factor), []).append(line)
    if all(not names and factor in (None, ONE) for names, factor in groups):
        return ()
    in_order = sorted(groups, key=lambda key: (key[0], key[1] or ZERO))
    rows = tuple(_row(_name(*key), groups[key]) for key in in_order)
    every = [*chain.from_iterable(groups.values())]
    return rows if len(rows) < 2 else (*rows, _row(_("In total"), every, is_sum=True))


def _name(names: tuple[str, ...], factor: Decimal | None) -> str:
    said = ", ".join(names) or _("Without a multiplier")
    return said if factor in (None, ONE) else f"{said} ({times(factor)})"


def _row(name: str, own: Sequence[KindLine], *, is_sum: bool = False) -> Kind:
    worked, counted, taken = (
        column(sum((getattr(line, figure) for line in own), ZERO))
        for figure in ("worked", "counted", "taken")
    )
    return Kind(name, worked, counted, taken, is_sum)
