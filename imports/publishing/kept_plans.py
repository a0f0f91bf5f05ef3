"""A plan as bytes beside the original, and back, so that each click in a preview reads only what it shows.

In front stands what the pages show of every client and of the file; behind it, each by itself, the marks of all rows,
the cells by which it was decided how to read them, the rows of a client, the rows that are nobody's, and the words that
are asked for. These are read when somebody looks.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, cached_property, partial
from itertools import accumulate, pairwise, repeat
from typing import NamedTuple, TypeVar, overload
from zlib import crc32

from imports.keeping import pack, unpack, without_collector
from imports.publishing.plan import ClientPlan, Plan, PlannedRow
from imports.publishing.plan_marks import LineGroup, Members, ToWord
from imports.reading.rows import Row
from retainers.kept.handed import Handed


class _Front(NamedTuple):
    """The plan without what is read later; `words` is one name for the words given in its preview."""

    plan: Plan
    words: str


class _RowsOf(NamedTuple):
    """The rows of a client, and the place of each among the file's rows. -1: its row is none of the file's, or stands
    with another planned row already. `figures`: what its retainers come to.
    """

    rows: tuple[PlannedRow, ...]
    places: tuple[int, ...]
    figures: tuple[tuple[int, Handed], ...]


class _Others(NamedTuple):
    """The rows of the file that no client has, with their places."""

    rows: tuple[Row, ...]
    places: tuple[int, ...]


class _Groups(NamedTuple):
    groups: tuple[LineGroup, ...]


class _Members(NamedTuple):
    members: tuple[Members, ...]


class _Named(NamedTuple):
    technicians: tuple[str, ...]
    tickets: tuple[str, ...]


T = TypeVar("T")

NO_PLACE = -1
# the parts; the last one and all after it are a client's
FRONT, MARKS, DECIDING, OTHERS, GROUPS, MEMBERS, NAMED, CLIENTS = range(8)


class Later(Sequence[T]):
    """A tuple that is kept somewhere, and read when somebody looks at what is in it."""

    __slots__ = ("_found", "_read")
    __hash__ = None  # type: ignore[assignment]  # it is read to be compared

    def __init__(self, read: Callable[[], tuple[T, ...]]) -> None:
        self._read = read
        self._found: tuple[T, ...] | None = None

    def all(self) -> tuple[T, ...]:
        if self._found is None:
            self._found = self._read()
        return self._found

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...
    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        return self.all()[at]

    def __iter__(self) -> Iterator[T]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple | Later) and self.all() == tuple(other)


class KeptPlan:
    """What is kept of an import's preview. Raises `ValueError` for bytes that hold no such thing."""

    def __init__(self, data: bytes) -> None:
        self._parts = _cut(data)
        self._front = unpack(self._parts[FRONT], _Front)
        if len(self._parts) != CLIENTS + len(self._front.plan.clients):
            raise ValueError("parts of a plan are missing")
        self.words = self._front.words
        self._others = cache(partial(unpack, self._parts[OTHERS], _Others))
        self._mine = [cache(partial(_read_rows, part)) for part in self._parts[CLIENTS:]]

    @cached_property
    def plan(self) -> Plan:
        """The plan, of which rows and words are read once somebody looks at them."""
        plan = self._front.plan
        pairs = zip(plan.clients, self._mine, strict=True)
        named = cache(partial(unpack, self._parts[NAMED], _Named))
        return replace(
            plan,
            clients=tuple(_with_rows(client, mine) for client, mine in pairs),
            parsed=replace(
                plan.parsed,
                rows=Later(self._file_rows),
                marks=bytes(self._parts[MARKS]),
                deciding=bytes(self._parts[DECIDING]),
            ),
            to_word=ToWord(
                groups=Later(lambda: unpack(self._parts[GROUPS], _Groups).groups),
                members=Later(lambda: unpack(self._parts[MEMBERS], _Members).members),
                technicians=Later(lambda: named().technicians),
                tickets=Later(lambda: named().tickets),
            ),
        )

    def changed(self, plan: Plan, words: str) -> bytes:
        """What is to be kept where this plan has become that one, and all rows stay as they are."""
        parts: list[bytes | memoryview] = list(self._parts)
        parts[FRONT] = pack(_Front(without_rows(plan), words))
        if plan.to_word is not self.plan.to_word:
            parts[GROUPS], parts[MEMBERS] = _packed_groups(plan.to_word)
        return _joined(parts)

    def _file_rows(self) -> tuple[Row, ...]:
        others = self._others()
        found = dict(zip(others.places, others.rows, strict=True))
        for mine in (read() for read in self._mine):
            found |= zip(mine.places, (row.classified.row for row in mine.rows), strict=True)
        found.pop(NO_PLACE, None)
        return tuple(found[place] for place in range(len(found)))


@without_collector()
def in_full(plan: Plan) -> Plan:
    """The plan with all its rows, read at once, for who publishes it: nothing is read under the locks."""
    clients = tuple(
        replace(client, rows=tuple(client.rows), figures=tuple(client.figures)) for client in plan.clients
    )
    return replace(plan, clients=clients, parsed=replace(plan.parsed, rows=tuple(plan.parsed.rows)))


def _read_rows(part: memoryview) -> _RowsOf:
    return unpack(part, _RowsOf)


def _with_rows(client: ClientPlan, read: Callable[[], _RowsOf]) -> ClientPlan:
    return replace(client, rows=Later(lambda: read().rows), figures=Later(lambda: read().figures))


def packed(plan: Plan, words: str) -> bytes:
    """A plan as it is kept; `words`: one name for those that were given in its preview."""
    rows = plan.parsed.rows
    places = dict(zip(map(id, rows), range(len(rows)), strict=True))
    clients = [_packed_rows(client, places) for client in plan.clients]
    rest = tuple(places.values())
    others = _Others(tuple(rows[place] for place in rest), rest)
    queue = plan.to_word
    groups, members = _packed_groups(queue)
    named = _Named(tuple(queue.technicians), tuple(queue.tickets)) if queue else _Named((), ())
    front = pack(_Front(without_rows(plan), words))
    own = plan.parsed.marks, plan.parsed.deciding
    return _joined([front, *own, pack(others), groups, members, pack(named), *clients])


def _packed_groups(queue: ToWord | None) -> tuple[bytes, bytes]:
    """The groups, and what is in each."""
    groups, members = (tuple(queue.groups), tuple(queue.members)) if queue else ((), ())
    return pack(_Groups(groups)), pack(_Members(members))


def _packed_rows(client: ClientPlan, places: dict[int, int]) -> bytes:
    """Each row of the file is packed once: its place is taken then."""
    mine = map(places.pop, [id(row.classified.row) for row in client.rows], repeat(NO_PLACE))
    return pack(_RowsOf(tuple(client.rows), tuple(mine), tuple(client.figures)))


def without_rows(plan: Plan) -> Plan:
    clients = tuple(replace(client, rows=(), figures=()) for client in plan.clients)
    return replace(
        plan, clients=clients, parsed=replace(plan.parsed, rows=(), marks=b"", deciding=b""), to_word=None
    )


def _joined(parts: Sequence[bytes | memoryview]) -> bytes:
    """In the first line a checksum of the parts that follow it, and their lengths."""
    rest = b"".join(parts)
    said = " ".join(map(str, (crc32(rest), *map(len, parts))))
    return b"\n".join((said.encode(), rest))


def _cut(data: bytes) -> tuple[memoryview, ...]:
    """The parts where they stand: what nobody reads isn't copied."""
    end = data.index(b"\n")
    check, *sizes = map(int, data[:end].split())
    rest = memoryview(data)[end + 1 :]
    ends = list(accumulate(sizes))
    if check != crc32(rest) or len(ends) < CLIENTS or ends[-1] != len(rest):
        raise ValueError("parts of a plan are missing")
    return tuple(rest[start:end] for start, end in pairwise([0, *ends]))
