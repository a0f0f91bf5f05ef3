"""Which row of a new export continues which published entry, across all clients of the file's format.

The caller brings rows and entries; nothing is fetched or decided here. Source: domain.md, "Importing the same
period again".
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from operator import attrgetter

from imports.reading.rows import Row
from imports.reading.same_row import content_getter, id_key, id_keys
from imports.stages import Classified, Scope, StandingEntry

Key = Callable[[Row], Hashable]


class Pairing:
    """Rows and entries on their way to each other; each step takes what the steps before left."""

    def __init__(self, published: Sequence[StandingEntry], rows: Sequence[Classified]) -> None:
        self._rows = rows
        self.partners: list[StandingEntry | None] = [None] * len(rows)
        self._free = list(published)
        self._open = list(range(len(rows)))

    def by_id(self, content: Key, *, anew: Collection[int] = ()) -> None:
        """An id pairs across clients and whatever the date. `anew`: lines whose ids began anew: no old entry's.

        Of several entries of an id (it began anew once) the equal one is continued, else that of the day,
        else the newest.
        """
        if not self._free:
            return
        entries = self._with_ids()
        rows = list(map(attrgetter("row"), map(self._rows.__getitem__, self._open)))
        keys = id_keys(list(map(attrgetter("entry_id"), rows)))
        for index, row, key in zip(self._open, rows, keys, strict=True):
            found = entries.get(key) if key and row.line not in anew else None
            if found:
                entry = found[0] if len(found) == 1 else max(found, key=_likeness(row, content))
                found.remove(entry)
                self.partners[index] = entry
        self._settle()

    def _with_ids(self) -> dict[str, list[StandingEntry]]:
        found: dict[str, list[StandingEntry]] = defaultdict(list)
        keys = id_keys([entry.row.entry_id for entry in self._free])
        for key, entry in zip(keys, self._free, strict=True):
            if key:
                found[key].append(entry)
        return found

    def by(self, key: Key, only: Callable[[StandingEntry], bool] = lambda entry: True) -> None:
        """Pair what has the same key and client, in order. Two different ids are two entries, whatever else
        they share.

        A row with an id can only have an entry without one; a row without an id leaves it those where it can,
        so that no pair is lost.
        """
        queues = self._queued(key, only)
        if not queues:
            return
        for index in self._open:
            judged = self._rows[index]
            wanted = key(judged.row), judged.place.client or ""
            choices = (False,) if judged.row.entry_id else (True, False)
            waiting = (queues.get((*wanted, has_id)) for has_id in choices)
            queue = next(filter(None, waiting), None)
            if queue:
                self.partners[index] = queue.popleft()
        self._settle()

    def _queued(
        self, key: Key, only: Callable[[StandingEntry], bool]
    ) -> dict[tuple[Hashable, str, bool], deque[StandingEntry]]:
        """What is free by its key, its client, and whether it has an id."""
        queues: dict[tuple[Hashable, str, bool], deque[StandingEntry]] = defaultdict(deque)
        for entry in self._free:
            if only(entry):
                queues[key(entry.row), entry.client, bool(entry.row.entry_id)].append(entry)
        return queues

    def _settle(self) -> None:
        taken = {id(entry) for entry in self.partners if entry is not None}
        self._free = [entry for entry in self._free if id(entry) not in taken]
        self._open = [index for index in self._open if self.partners[index] is None]


def _likeness(row: Row, content: Key) -> Callable[[StandingEntry], tuple[bool, bool, int]]:
    said = content(row)
    return lambda entry: (content(entry.row) == said, entry.row.date == row.date, entry.ref)


def partners_of(
    published: Sequence[StandingEntry],
    rows: Sequence[Classified],
    *,
    scope: Scope,
    present: frozenset[str],
    anew: Collection[int] = (),
) -> list[StandingEntry | None]:
    """For each row the entry that it continues: by id, else by content, else by ticket, technician and date.

    Only covered entries take part in the last step (of the others the file does not speak); there an entry
    of the same start and title comes first.
    """
    content, work = content_getter(present), _work_key(present)
    pairing = Pairing(published, rows)
    pairing.by_id(content, anew=anew)
    pairing.by(content)
    pairing.by(lambda row: (work(row), row.start, row.title), only=scope.covers)
    pairing.by(work, only=scope.covers)
    return pairing.partners


def waiting_entries(
    published: Iterable[StandingEntry], rows: Iterable[Row], ids: Collection[str], present: frozenset[str]
) -> list[StandingEntry]:
    """Those whose row is in the file and waits: by its id, or by equal content under an unknown company.

    `rows` are of unknown companies, `ids` those (`id_key`) of refused rows.
    """
    asked = list(rows)
    known = {*ids, *(id_key(row.entry_id) for row in asked if row.entry_id)}
    content = content_getter(present - {"company"})
    queued = Counter(content(row) for row in asked if not row.entry_id)
    found = []
    for entry in published:
        if entry.row.entry_id and id_key(entry.row.entry_id) in known:
            found.append(entry)
        elif queued and queued[content(entry.row)]:
            queued[content(entry.row)] -= 1
            found.append(entry)
    return found


def _work_key(present: frozenset[str]) -> Key:
    has_ticket, has_technician = "ticket" in present, "technician" in present

    def work(row: Row) -> Hashable:
        ticket = id_key(row.ticket) if has_ticket else ""
        return row.date, ticket, row.technician if has_technician else ""

    return work
