"""By what a row is known when it comes again: a digest of its lines, or of its cells.

Under a header, the lines of a record say all that its cells say. Where they aren't known (a sheet, lone returns), or
headings above it say more, the digest is one of its cells, with what these say. What is decided over the whole file
(which column is what, the order of dates, units, the clock) has one name, `decided_by`: two rows of one mark that are
read alike are the same `Row` but for their lines. Pure; what is done with a known row is for `publishing`.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import fields
from functools import partial
from hashlib import blake2b
from operator import attrgetter

from imports.reading.columns import ReadingPlan
from imports.reading.rows import MARK, NO_MARK, EntryRecord


def line_marker(header: Sequence[str], delimiter: str) -> Callable[[Sequence[str]], list[bytes]]:
    """A function that gives the marks of records below that header by their lines, `NO_MARK` of unknown ones."""
    key = _key(repr((header, delimiter)))
    return partial(_of_lines, blake2b(digest_size=MARK, key=key, person=b"line"))


def _of_lines(begun: blake2b, lines: Sequence[str]) -> list[bytes]:
    """The digest is begun once and copied for each line."""
    found = []
    for line in lines:
        made = begun.copy()
        made.update(line.encode("utf-8", "surrogatepass"))
        found.append(made.digest())
    return (
        found if all(lines) else [mark if line else NO_MARK for mark, line in zip(found, lines, strict=True)]
    )


def marks_of(entries: Sequence[EntryRecord]) -> list[bytes]:
    """The marks of entries; most have one by their lines."""
    groups, found = map(attrgetter("groups"), entries), list(map(attrgetter("record.mark"), entries))
    if NO_MARK not in found and not any(groups):
        return found
    return list(map(_mark, entries))


def _mark(entry: EntryRecord) -> bytes:
    record, groups = entry
    if record.mark != NO_MARK and not groups:
        return record.mark
    said = repr((list(record.cells), sorted(groups.items()))).encode("utf-8", "surrogatepass")
    return blake2b(said, digest_size=MARK, person=b"cells").digest()


def _key(said: str) -> bytes:
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=32).digest()


def decided_by(plan: ReadingPlan) -> str:
    """One name for what was decided once over the file; in what order a set or a mapping stands is no matter."""
    columns = plan.columns
    shape = [(each.name, _ordered(getattr(columns.shape, each.name))) for each in fields(columns.shape)]
    units = sorted((index, measure.unit.value) for index, measure in plan.measures.items())
    flags = (plan.mark, sorted(plan.whole_days), plan.is_halved, plan.is_pointed)
    said = repr(
        (shape, columns.header.cells, _ordered(columns.places), plan.order, str(plan.zone), units, flags)
    )
    return _key(said).hex()


def _ordered(value: object) -> object:
    if isinstance(value, Mapping):
        return sorted((str(key), _ordered(each)) for key, each in value.items())
    return sorted(map(str, value)) if isinstance(value, Set) else value
