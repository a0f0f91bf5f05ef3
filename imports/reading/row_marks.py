"""By what the cells of a row are known: a digest of all that decides what they are read as, but for the line.

Two rows of one mark are the same `Row` but for their lines. What is decided over the whole file (which column is
what, the order of dates, units, the clock) goes into each mark, so that none is found again where that is decided
otherwise. Pure; what is done with a known row is for `publishing`.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import fields
from functools import partial
from hashlib import blake2b
from operator import attrgetter

from imports.reading.columns import ReadingPlan
from imports.reading.rows import EntryRecord

_BETWEEN = "\x1f"
_SIZE = 16  # bytes: no two rows share one by chance, and nobody can make one to order


def marker(plan: ReadingPlan) -> Callable[[Sequence[EntryRecord]], list[str]]:
    """A function that gives the marks of entries that are read so."""
    key = blake2b(_decided(plan).encode("utf-8", "surrogatepass"), digest_size=32).digest()
    return partial(_marks, _keyed(key, b""), _keyed(key, b"quoted"))


def _keyed(key: bytes, kind: bytes) -> blake2b:
    """A digest that is copied for each row instead of made anew."""
    return blake2b(digest_size=_SIZE, key=key, person=kind)


def _marks(plain: blake2b, quoted: blake2b, entries: Sequence[EntryRecord]) -> list[str]:
    """Cells are told apart by a sign that stands in none of them, which one look at all of them says; else each entry
    is looked at by itself.
    """
    cells = [entry.record.cells for entry in entries]
    said = list(map(_BETWEEN.join, cells))
    between = sum(map(len, cells)) - len(cells)
    if any(map(_groups, entries)) or "".join(said).count(_BETWEEN) != between:
        return [_mark(plain, quoted, entry) for entry in entries]
    return [_digest(plain, text) for text in said]


_groups = attrgetter("groups")


def _mark(plain: blake2b, quoted: blake2b, entry: EntryRecord) -> str:
    """Where that sign stands in a cell, or a heading says something, cells are told apart by their quotation marks."""
    (_line, cells, _after_blank), groups = entry
    said = _BETWEEN.join(cells)
    if groups or said.count(_BETWEEN) != len(cells) - 1:
        return _digest(quoted, repr((cells, sorted(groups.items()))))
    return _digest(plain, said)


def _digest(begun: blake2b, said: str) -> str:
    made = begun.copy()
    made.update(said.encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def _decided(plan: ReadingPlan) -> str:
    """What was decided once over the file; in what order a set or a mapping stands is no matter."""
    columns = plan.columns
    shape = [(each.name, _ordered(getattr(columns.shape, each.name))) for each in fields(columns.shape)]
    units = sorted((index, measure.unit.value) for index, measure in plan.measures.items())
    flags = (plan.mark, sorted(plan.whole_days), plan.is_halved, plan.is_pointed)
    return repr(
        (shape, columns.header.cells, _ordered(columns.places), plan.order, str(plan.zone), units, flags)
    )


def _ordered(value: object) -> object:
    if isinstance(value, Mapping):
        return sorted((str(key), _ordered(each)) for key, each in value.items())
    return sorted(map(str, value)) if isinstance(value, Set) else value
