"""By what the cells of a row are known: a digest of all that decides what they are read as, but for the line.

Two rows of one mark are the same `Row` but for their lines. What is decided over the whole file (which column is
what, the order of dates, units, the clock) goes into each mark, so that none is found again where that is decided
otherwise. Pure; what is done with a known row is for `publishing`.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import fields
from functools import partial
from hashlib import blake2b

from imports.reading.columns import ReadingPlan
from imports.reading.rows import EntryRecord

_BETWEEN = "\x1f"
_SIZE = 16  # bytes: no two rows share one by chance, and nobody can make one to order


def marker(plan: ReadingPlan) -> Callable[[EntryRecord], str]:
    """A function that gives the mark of an entry that is read so."""
    key = blake2b(_decided(plan).encode("utf-8", "surrogatepass"), digest_size=32).digest()
    return partial(_mark, _keyed(key, b""), _keyed(key, b"quoted"))


def _keyed(key: bytes, kind: bytes) -> blake2b:
    """A digest that is copied for each row instead of made anew."""
    return blake2b(digest_size=_SIZE, key=key, person=kind)


def _mark(plain: blake2b, quoted: blake2b, entry: EntryRecord) -> str:
    """Cells are told apart by a sign that stands in none of them; where it stands in one, by their quotation marks."""
    (_line, cells, _after_blank), groups = entry
    said = _BETWEEN.join(cells)
    if groups or said.count(_BETWEEN) != len(cells) - 1:
        said, plain = repr((cells, sorted(groups.items()))), quoted
    made = plain.copy()
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
