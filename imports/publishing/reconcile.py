"""A new export against what is published of the same client: what is new, changed, unchanged, removed.

Nothing is fetched or written: the caller brings the published entries and acts on the answer. Which words an
entry keeps is for `wording`. Source: domain.md, "Importing the same period again".
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from imports.judging.classify import Classified
from imports.reading.rows import Row
from imports.reading.same_row import content_getter, id_key
from retainers.terms import collapse

Key = Callable[[Row], Hashable]


@dataclass(frozen=True, slots=True)
class Published:
    """A published entry with the row behind it; `ref` is the caller's mark and comes back untouched.

    `retainer` and `pool` are keys. `closed`: its cycle is closed today. `counted`: it draws hours, or would
    if it had some; an excluded entry does not.
    """

    ref: int
    row: Row
    retainer: str | None = None
    pool: str | None = None
    closed: bool = False
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """What a file speaks for: its period, first and last day included, and what the uploader says it covers.

    `agreements` (names of the PSA) and `pools` (keys) narrow it; an entry that fits one of them is covered,
    and without any everything is.
    """

    starts: date
    ends: date
    agreements: Collection[str] = ()
    pools: Collection[str] = ()

    def covers(self, entry: Published) -> bool:
        """Whether the uploader's word includes the entry, whatever its date."""
        if not self.agreements and not self.pools:
            return True
        named = collapse(entry.row.agreement) in map(collapse, self.agreements)
        return named or entry.pool in self.pools

    def compares(self, entry: Published) -> bool:
        """Whether the entry counts as removed when the file does not have it."""
        return self.starts <= entry.row.date <= self.ends and self.covers(entry)


class Pair(NamedTuple):
    """A row of the file and the published entry that it continues."""

    row: Classified
    published: Published


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Every row is in `new`, `changed` or `unchanged`, in the order of the file.

    `removed` are the compared entries that no row pairs with; `compared` is how many counted ones the scope
    holds. `removal_reasons` are sentences: why the removals must be asked for expressly, none if they
    need not be.
    """

    new: tuple[Classified, ...]
    changed: tuple[Pair, ...]
    unchanged: tuple[Pair, ...]
    removed: tuple[Published, ...]
    compared: int
    removal_reasons: tuple[str, ...]


def reconcile(
    published: Sequence[Published], rows: Sequence[Classified], *, scope: Scope, present: Collection[str]
) -> Reconciliation:
    """Pair the rows of one client with what is published of it from the same format.

    A tracker's file must not empty what the PSA's file brought: entries of other formats are not among
    `published`. `rows` are without refused ones and repeats; `present` are the `Row` fields that the file
    has columns for. Ids pair whatever the date. The time is linear in rows and entries.
    """
    content = content_getter(frozenset(present))
    partners = _pair(published, rows, scope, frozenset(present), content)
    pairs = [Pair(row, entry) for row, entry in zip(rows, partners, strict=True) if entry is not None]
    same = [content(pair.row.row) == content(pair.published.row) for pair in pairs]
    paired = {id(pair.published) for pair in pairs}
    compared = [entry for entry in published if scope.compares(entry)]
    removed = tuple(entry for entry in compared if id(entry) not in paired)
    return Reconciliation(
        new=tuple(row for row, entry in zip(rows, partners, strict=True) if entry is None),
        changed=tuple(pair for pair, is_same in zip(pairs, same, strict=True) if not is_same),
        unchanged=tuple(pair for pair, is_same in zip(pairs, same, strict=True) if is_same),
        removed=removed,
        compared=sum(entry.counted for entry in compared),
        removal_reasons=tuple(_reasons(_counted(removed), _counted(compared))),
    )


def _pair(
    published: Sequence[Published],
    rows: Sequence[Classified],
    scope: Scope,
    present: frozenset[str],
    content: Key,
) -> list[Published | None]:
    """For each row the entry that it continues: by id, else by content, else by ticket, technician and date.

    Only covered entries take part in the last step (of the others the file does not speak); there an entry
    of the same start and title comes first.
    """
    work = _work_key(present)
    pairing = _Pairing(published, rows)
    pairing.by_id()
    pairing.by(content)
    pairing.by(lambda row: (work(row), row.start, row.title), only=scope.covers)
    pairing.by(work, only=scope.covers)
    return pairing.partners


def _work_key(present: frozenset[str]) -> Key:
    has_ticket, has_technician = "ticket" in present, "technician" in present

    def work(row: Row) -> Hashable:
        ticket = id_key(row.ticket) if has_ticket else ""
        return row.date, ticket, row.technician if has_technician else ""

    return work


class _Pairing:
    """Rows and entries on their way to each other; each step takes what the steps before left."""

    def __init__(self, published: Sequence[Published], rows: Sequence[Classified]) -> None:
        self._rows = rows
        self.partners: list[Published | None] = [None] * len(rows)
        self._free = list(published)
        self._open = list(range(len(rows)))

    def by_id(self) -> None:
        entries = {id_key(entry.row.entry_id): entry for entry in self._free if entry.row.entry_id}
        for index in self._open:
            entry_id = self._rows[index].row.entry_id
            if entry_id:
                self.partners[index] = entries.pop(id_key(entry_id), None)
        self._settle()

    def by(self, key: Key, only: Callable[[Published], bool] = lambda entry: True) -> None:
        """Pair what has the same key, in order. Two different ids are two entries, whatever else they share.

        A row with an id can only have an entry without one; a row without an id leaves it those where it can,
        so that no pair is lost.
        """
        queues: dict[tuple[Hashable, bool], deque[Published]] = defaultdict(deque)
        for entry in self._free:
            if only(entry):
                queues[key(entry.row), bool(entry.row.entry_id)].append(entry)
        for index in self._open:
            row = self._rows[index].row
            wanted = key(row)
            choices = (False,) if row.entry_id else (True, False)
            queue = next((queues[wanted, has_id] for has_id in choices if queues.get((wanted, has_id))), None)
            if queue:
                self.partners[index] = queue.popleft()
        self._settle()

    def _settle(self) -> None:
        taken = {id(entry) for entry in self.partners if entry is not None}
        self._free = [entry for entry in self._free if id(entry) not in taken]
        self._open = [index for index in self._open if self.partners[index] is None]


def _reasons(removed: Sequence[Published], compared: Sequence[Published]) -> Iterator[str]:
    """Why the client's page would lose more than a manager may overlook; only counted entries are on it."""
    if len(removed) * 10 > len(compared):
        yield f"{len(removed)} of {len(compared)} compared entries would go, more than a tenth."
    closed = sorted({entry.row.date for entry in removed if entry.closed})
    if closed:
        yield f"Entries of closed cycles would go, dated {_listed(day.isoformat() for day in closed)}."
    for what, key in _GROUPS:
        emptied = _emptied(removed, compared, key)
        if emptied:
            yield f"All compared entries of {what} {_listed(emptied)} would go."


def _counted(entries: Iterable[Published]) -> list[Published]:
    return [entry for entry in entries if entry.counted]


def _emptied(
    removed: Sequence[Published], compared: Sequence[Published], key: Callable[[Published], str]
) -> list[str]:
    before = Counter(map(key, compared))
    gone = Counter(map(key, removed))
    return sorted(name for name, count in gone.items() if count == before[name])


def _pool_name(entry: Published) -> str:
    return f"{entry.pool or 'the first pool'} ({entry.retainer or 'no retainer'})"


_GROUPS: tuple[tuple[str, Callable[[Published], str]], ...] = (
    ("the pool", _pool_name),
    ("the agreement", lambda entry: entry.row.agreement or "(none)"),
    ("the technician", lambda entry: entry.row.technician or "(none)"),
)


def _listed(names: Iterable[str], most: int = 5) -> str:
    """The first few of some names, in words.

    >>> _listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    found = list(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more
