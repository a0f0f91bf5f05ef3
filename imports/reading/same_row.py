"""When two rows say the same: the comparable fields of an entry, for repeats in a file and for re-imports."""

from collections.abc import Callable, Set
from operator import attrgetter
from typing import Any

from imports.reading.rows import Row

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
    """An id as it is compared: spreadsheets drop leading zeros (formats.md, T18).

    >>> id_key("0048211"), id_key("0"), id_key("")
    ('48211', '0', '')
    """
    return text.lstrip("0") or text[:1]


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
