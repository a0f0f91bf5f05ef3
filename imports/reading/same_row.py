"""When two rows are the same: by their ids, and by the comparable fields of an entry.

One rule each, for repeats in a file and for what is published already.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from hashlib import sha256
from operator import attrgetter
from typing import Any

from imports.reading.rows import Problem, Row

Content = tuple[Any, ...]

ALWAYS_COMPARED = ("date", "worked", "billable", "deducted")
COMPARED_WHERE_PRESENT = (
    "is_billable",
    "company",
    "agreement",
    "start",
    "end",
    "technician",
    "ticket_type",
    "board",
    "title",
    "work_type",
    "work_role",
    "location",
    "notes",
    "internal_notes",
    "description",
    "status",
    "hidden",
)
ALL_FIELDS = frozenset((*COMPARED_WHERE_PRESENT, "ticket"))


def id_key(text: str) -> str:
    """An id as it is compared: spreadsheets drop the leading zeros of a number, and of nothing else.

    >>> id_key("0048211"), id_key("007 012"), id_key("0A1"), id_key("0"), id_key("")
    ('48211', '7 12', '0A1', '0', '')
    """
    if " " in text:
        return " ".join(map(id_key, text.split()))
    return (text.lstrip("0") or "0") if text.isdigit() else text


def row_key(row: Row) -> str:
    """One name for what a row says of the work: an answer about it holds as long as this is the same.

    Of a row with an id that is its day, hours and times; of one without an id all of its content.
    """
    hours = (row.date, row.worked, row.billable, row.deducted, row.start, row.end)
    said: Content = (id_key(row.entry_id), *hours) if row.entry_id else content_getter()(row)
    return sha256(repr(said).encode()).hexdigest()


def may_repeat(rows: Iterable[Row]) -> bool:
    """Whether an id may be there twice; a doubt is a yes. Nearly every file says no at one look at all ids."""
    ids = _said(rows)
    return len(set(ids)) < len(ids) or not are_keys(ids)


def are_keys(ids: Iterable[str]) -> bool:
    """Whether `id_key` leaves each of these as it is; a doubt is a no.

    >>> are_keys(["48211", "A1", ""]), are_keys(["048211"])
    (True, False)
    """
    together = f"|{'|'.join(ids)}"
    return " " not in together and "|0" not in together


def id_keys(ids: Sequence[str]) -> Sequence[str]:
    """Of each of these its `id_key`; one look at all of them tells most often that they are that already."""
    return ids if are_keys(ids) else list(map(id_key, ids))


def keys_of(rows: Iterable[Row | Problem]) -> Sequence[str]:
    """The `id_key` of each of these rows that has an id."""
    return id_keys(_said(rows))


def _said(rows: Iterable[Row | Problem]) -> list[str]:
    return list(filter(None, map(attrgetter("entry_id"), rows)))


def with_first(rows: Sequence[Row]) -> Iterable[tuple[Row, Row]]:
    """Each row with the first row of the same id (`id_key`); with itself where it has none, or is the first."""
    return _with_first(rows) if may_repeat(rows) else zip(rows, rows, strict=True)


def _with_first(rows: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    first: dict[str, Row] = {}
    for row in rows:
        yield row, first.setdefault(id_key(row.entry_id), row) if row.entry_id else row


def content_getter(present: Set[str] = ALL_FIELDS) -> Callable[[Row], Content]:
    """A function that gives the content of a row as one comparable value.

    `present` are the `Row` fields that the file has columns for; without a column a field says nothing and
    is not compared. The date and the hours always are. Line and entry id are no content.
    """
    fields = attrgetter(*ALWAYS_COMPARED, *(field for field in COMPARED_WHERE_PRESENT if field in present))
    if "ticket" not in present:
        return fields

    def content(row: Row) -> Content:
        return (id_key(row.ticket), *fields(row))

    return content


def contents(rows: Sequence[Row], present: Set[str]) -> Iterator[Content]:
    """The same of many rows, to be compared with each other alone."""
    said = map(content_getter(present - {"ticket"}), rows)
    tickets = list(map(attrgetter("ticket"), rows)) if "ticket" in present else []
    return zip(id_keys(tickets), said, strict=True) if tickets else said
