"""What is published of clients now, with the row of the export behind each entry."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.many_rows import Among
from imports.models import KeptRow, SourceRow
from imports.publishing.source_rows import row_of, rows_of
from imports.publishing.standing_rows import (
    Origins,
    PublishedRow,
    Window,
    kept_rows,
    live_entries,
    with_digits,
)
from imports.publishing.still_rows import NO_ENTRIES, LastEntries
from imports.reading.rows import Row
from imports.reading.same_row import id_keys
from retainers.balance import Work
from retainers.models import Entry, LiveEntry, Retainer

AT_ONCE = 500
_made = partial(tuple.__new__, PublishedRow)
Mark = TypeVar("Mark", UUID, str, int)


def published_rows(
    client_ids: Collection[int],
    *,
    format: str | None = None,  # noqa: A002  # the field's word
    window: Window | None = None,
    of_all_formats: bool = False,
    but: LastEntries = NO_ENTRIES,
    retainers: Mapping[int, Retainer] | None = None,
) -> dict[int, list[PublishedRow]]:
    """The live entries of these clients, by client; of one format, and within a window, where it is named.

    With `of_all_formats` the format holds for the window's ids alone: its days bring those of others too. A few
    queries, however many there are; with a window, what lies before it costs no time.
    `but`: live entries of it to leave out; `retainers`: the clients', if read.
    """
    theirs = _retainers_of(client_ids, retainers)
    live = Entry.objects.filter(retainer__in=list(theirs), retired_in=None)
    every = SourceRow.objects.filter(client__in=client_ids)
    own = every if format is None else every.filter(format=format)
    found = _Found(every if of_all_formats else own, theirs)
    if but and window:
        few = _few_beside(but, window, live, own, theirs)
    else:
        near = live.filter(day__range=(window.starts, window.ends)) if window else live
        found.take(near, near.order_by().values("origin"))
        few = _of_ids(own, window.ids) - found.marks if window else set()
    found.take_marked(live, few)
    return found.by_client()


def _few_beside(
    but: LastEntries,
    window: Window,
    live: QuerySet[Entry],
    rows: QuerySet[SourceRow],
    retainers: Mapping[int, Retainer],
) -> set[str]:
    """The origins of what is in the window but for the rows that are as they were. Of the last file's other rows they
    are known; entries that it has not are looked for where the number of entries says that there are some.
    """
    days = window.starts, window.ends
    found = but.left(*days, window.ids)
    if others := _with_others(live, but.numbers):
        near = live.filter(retainer__in=others, day__range=days)
        there = near.filter(retainer__in=_with_others(near, but.numbers_within(*days)))
        theirs = rows.filter(client__in={retainers[pk].client_id for pk in others})
        found |= but.left_of(_marks(there) | _of_ids(theirs, window.ids))
    return found


def _with_others(entries: QuerySet[Entry], numbers: Mapping[int, int]) -> list[int]:
    """The retainers that have not just so many of these entries."""
    there = entries.order_by().values_list("retainer").annotate(count=Count("*"))
    return [pk for pk, count in there if count != numbers.get(pk)]


class _Found:
    """Entries and the rows behind them, as they are read."""

    def __init__(self, sources: QuerySet[SourceRow], retainers: Mapping[int, Retainer]) -> None:
        self._sources, self._retainers = sources, retainers
        self.origins = Origins()
        self._entries: dict[UUID, tuple[LiveEntry, Work]] = {}
        self._rows: list[KeptRow] = []

    def take(self, entries: QuerySet[Entry], origins: Any) -> None:
        found = live_entries(entries, self.origins, self._retainers)
        self._entries |= {each[0].origin: each for each in found}
        self._rows += kept_rows(self._sources.filter(origin__in=origins), self.origins)

    def take_marked(self, entries: QuerySet[Entry], marks: Collection[str]) -> None:
        """Those of these entries with one of these marks, in digits."""
        if marks:
            listed = Among(marks)
            self.take(entries.filter(origin__in=listed), listed)

    @property
    def marks(self) -> set[str]:
        return {origin.hex for origin in self._entries}

    @property
    def rows(self) -> list[PublishedRow]:
        """In the order in which the rows were kept."""
        entries = map(self._entries.get, map(attrgetter("origin"), self._rows))
        known = sorted((source, *its) for source, its in zip(self._rows, entries, strict=True) if its)
        if not known:
            return []
        sources, live, works = zip(*known, strict=True)
        return list(map(_made, zip(live, sources, rows_of(sources), works, strict=True)))

    def by_client(self) -> dict[int, list[PublishedRow]]:
        found: dict[int, list[PublishedRow]] = defaultdict(list)
        for row in self.rows:
            found[row.source.client_id].append(row)
        return found


def published_of(origins: Iterable[UUID]) -> list[PublishedRow]:
    """The live entries with these marks, in the order in which their rows were kept."""
    found = _Found(SourceRow.objects.all(), {row.pk: row for row in Retainer.objects.all()})
    found.take_marked(Entry.objects.filter(retired_in=None), [origin.hex for origin in origins])
    return found.rows


def _retainers_of(
    client_ids: Collection[int], retainers: Mapping[int, Retainer] | None
) -> dict[int, Retainer]:
    """Of these, where they are read already."""
    if retainers is None:
        return {row.pk: row for row in Retainer.objects.filter(client__in=client_ids)}
    clients = set(client_ids)
    return {pk: row for pk, row in retainers.items() if row.client_id in clients}


def _marks(rows: QuerySet[Any]) -> set[str]:
    """The origins of these rows, in digits."""
    return set(with_digits(rows).values_list("digits", flat=True).iterator())


def _of_ids(sources: QuerySet[SourceRow], ids: frozenset[str]) -> set[str]:
    """The same of the rows with one of these entry ids."""
    if not ids:
        return set()
    found = list(with_digits(sources.exclude(entry_id="")).values_list("digits", "entry_id").iterator())
    said = id_keys([entry_id for _digits, entry_id in found])
    return {digits for (digits, _said), key in zip(found, said, strict=True) if key in ids}


def _parts(origins: Iterable[Mark]) -> Iterator[list[Mark]]:
    every = list(origins)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def rows_of_entries(entries: Iterable[int]) -> dict[int, Row]:
    """The row of the export behind each of these entries (their keys)."""
    origins: dict[UUID, int] = {}
    for part in _parts(entries):
        origins |= dict(Entry.objects.filter(pk__in=part).order_by().values_list("origin", "pk"))
    sources = (source for part in _parts(origins) for source in sources_of(part).values())
    return {origins[source.origin]: row_of(source) for source in sources}


def replaced_by(origin: UUID) -> list[SourceRow]:
    """The row behind that entry, and those that it was published instead of, the newest first."""
    found: list[SourceRow] = []
    source = SourceRow.objects.filter(origin=origin).first()
    while source is not None and source not in found:
        found.append(source)
        source = SourceRow.objects.filter(origin=source.replaces).first() if source.replaces else None
    return found


def versions_of(origins: Iterable[UUID]) -> QuerySet[Entry]:
    """Every state that entries with these marks have had, the newest first, each with who published it."""
    rows = Entry.objects.filter(origin__in=list(origins)).order_by("-pk")
    return rows.select_related("added_in__made_by", "added_in__made_with")


def formats_by_client(client_ids: Collection[int] | None = None) -> dict[int, set[str]]:
    """The formats from which each client's live entries came."""
    live = Entry.objects.filter(retired_in=None).values("origin")
    sources = SourceRow.objects.filter(origin__in=live)
    if client_ids is not None:
        sources = sources.filter(client__in=client_ids)
    found: dict[int, set[str]] = defaultdict(set)
    for client_id, name in sources.order_by().values_list("client_id", "format").distinct():
        found[client_id].add(name)
    return found


def sources_of(origins: Collection[UUID]) -> dict[UUID, SourceRow]:
    return {source.origin: source for source in SourceRow.objects.filter(origin__in=origins)}
