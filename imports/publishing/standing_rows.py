"""Published entries with the rows of exports behind them, as a comparison needs them.

They are read as text, column by column, and not as objects: a file brings them by the ten thousand.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast, Replace

from imports.models import KeptRow, SourceRow
from imports.reading.rows import Row
from retainers.balance import Work
from retainers.models import Entry, LiveEntry, Retainer
from retainers.row_values import ENTRY_COLUMNS, TRUE, Once, WorkColumns, columns_in, with_texts

DOCUMENTS = "categories", "parts"
_columns_of_work = itemgetter(*ENTRY_COLUMNS[1:])


class PublishedRow(NamedTuple):
    """A live entry, the row that it came from, and what the ledger sees of it."""

    entry: LiveEntry
    source: KeptRow
    row: Row
    work: Work


class Window(NamedTuple):
    """What a file can be compared with: its days, first and last included, and its entry ids (`id_key`)."""

    starts: date
    ends: date
    ids: frozenset[str]


def with_digits(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows in no order, with their origins in `digits`: hexadecimal ones, as text costs next to nothing."""
    text = Cast("origin", TextField())
    digits = Replace(text, Value("-"), Value(""), output_field=TextField())
    found: QuerySet[Any] = rows.order_by().annotate(digits=digits)
    return found


class Origins(Once):
    """Marks by their text, as either engine writes it: one object a mark, of the entry and of the row behind it."""

    def __init__(self) -> None:
        super().__init__(self._made)
        self[None] = None

    def _made(self, text: str) -> UUID:
        digits = text.replace("-", "")
        return UUID(digits) if digits == text else self[digits]


def live_entries(
    entries: QuerySet[Entry], origins: Origins, retainers: Mapping[int, Retainer]
) -> Iterator[tuple[LiveEntry, Work]]:
    """The records of these entries, each with what the ledger sees of it, in no order."""
    documents, works = Once(json.loads), WorkColumns()
    turned = {
        "origin": origins,
        "replaces": origins,
        "day": Once(date.fromisoformat),
        "is_billable": Once(TRUE.__contains__),
        **dict.fromkeys(DOCUMENTS),
    }
    names = LiveEntry._fields[:-1]
    for columns in _columns(entries, names, turned):
        said = dict(zip(names, map(tuple, columns), strict=True))
        made = works.works(_columns_of_work(said))
        said |= {name: tuple(documents.over(said[name])) for name in DOCUMENTS}
        theirs = map(retainers.__getitem__, said["retainer_id"])
        yield from zip(map(_live, zip(*said.values(), theirs, strict=True)), made, strict=True)


_live, _kept = partial(tuple.__new__, LiveEntry), partial(tuple.__new__, KeptRow)


def kept_rows(rows: QuerySet[SourceRow], origins: Origins) -> Iterator[KeptRow]:
    """The records of these rows, in no order."""
    for columns in _columns(rows, KeptRow._fields, {"origin": origins, "columns": None}):
        yield from map(_kept, zip(*columns, strict=True))


def _columns(
    rows: QuerySet[Any], names: Sequence[str], turned: Mapping[str, Once | None]
) -> Iterator[list[Iterable[Any]]]:
    """The columns of these names, some thousand rows at a time. Those in `turned` are read as text."""
    said = (f"{name}_text" if name in turned else name for name in names)
    records = with_texts(rows.order_by(), turned).values_list(*said).iterator()
    return columns_in(records, [turned.get(name) for name in names])
