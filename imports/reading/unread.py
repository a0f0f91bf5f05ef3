"""Columns that no field takes: all are named, and one that matters is a question (domain.md, "What a file is").

By its header or its cells a column may say who the client is, what is billable, how long it took, what is
internal, what a status is, or bear names of known clients. A format's own list of columns that it passes over
(`passed_over`) and columns of money are no question.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from imports.reading.columns import Columns, EntryRecord
from imports.reading.formats.table import key
from imports.reading.header_words import fields_of, plain_header
from imports.reading.rows import Question

ASKED = ("company", "is_billable", "worked", "billable", "deducted", "hidden", "status")
_SAYS = {
    "company": "who the client is",
    "is_billable": "what is billable",
    "worked": "how long it took",
    "billable": "how long it took",
    "deducted": "how long it took",
    "hidden": "what is internal",
    "status": "which entries were rejected",
    "clients": "who the client is",
}
_HEADER_PARTS = (
    ("is_billable", re.compile(r"\b(?:billable|chargeable|abrechenbar|facturable|factureerbaar)\b")),
    ("hidden", re.compile(r"\b(?:hidden|private|internal|confidential|visib\w+|vertraulich|privado)\b")),
    ("worked", re.compile(r"\b(?:hours|minutes|duration|stunden|dauer|heures|duree|horas|uren|duur)\b")),
)
_NO_MATTER = re.compile(
    r"\b(?:rate|cost|price|amount|amt|profit|margin|budget|estimate\w*|remaining|outside|e-?mail|invoice\w*|"
    r"created|closed|updated|id)\b"
)
_CELLS = (
    ("is_billable", re.compile(r"(?:non-?|not |un)?(?:billable|chargeable)|do ?not ?bill|no ?charge|nb|nc|b", re.I)),
    ("hidden", re.compile(r"public|private|internal|hidden|visible|confidential|intern|privat", re.I)),
    ("status", re.compile(r"approved|submitted|rejected|void(?:ed)?|declined|genehmigt|abgelehnt|storniert", re.I)),
    ("worked", re.compile(r"-?\d+(?:[.,]\d+)? ?(?:h|hrs?|hours?|min|mins|minutes?|std\.?)(?: ?\d+ ?m(?:in)?)?|"
                          r"PT\d.*", re.I)),
)  # fmt: skip
_PROBED_ROWS = 400
_SHOWN = 3


def column_questions(
    entries: Sequence[EntryRecord], columns: Columns, unread: Collection[str], clients: Collection[str]
) -> Iterator[Question]:
    """A question for each unread column that matters. `unread`: headers that may stay so."""
    settled = {key(header) for header in unread} | columns.shape.passed_keys()
    names = {_folded(name) for name in clients}
    for index in columns.unread:
        title = columns.title(index)
        if key(title) in settled:
            continue
        cells = [entry.record.cells[index].strip() for entry in entries]
        if field := _bears_clients(cells, names) or _by_header(title, columns) or _by_cells(cells, columns):
            yield Question("columns", _sentence(title, field, cells), column=title, field=field)


def _sentence(title: str, field: str, cells: Sequence[str]) -> str:
    shown = ", ".join(dict.fromkeys(islice((cell[:40] for cell in cells if cell), _SHOWN)))
    return (
        f"The column “{title}” ({shown or 'empty'}) isn’t read, and it seems to say {_SAYS[field]}. "
        "Say what it holds, or that it may stay unread."
    )


def _bears_clients(cells: Sequence[str], names: Collection[str]) -> str:
    return "clients" if names and any(_folded(cell) in names for cell in set(cells) if cell) else ""


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _by_header(title: str, columns: Columns) -> str:
    """What a header says that no other column says already: a second name of a client is no question."""
    plain = plain_header(title)
    if _NO_MATTER.search(plain):
        return ""
    named = [field for field in fields_of(title) if field in ASKED]
    named += [field for field, part in _HEADER_PARTS if part.search(plain)]
    return next((field for field in named if _is_open(field, columns)), "")


def _is_open(field: str, columns: Columns) -> bool:
    """Whether the file still lacks the field. Hours are asked about where other hours are read as well."""
    return field in ("worked", "billable", "deducted") or field not in columns.places


def _by_cells(cells: Sequence[str], columns: Columns) -> str:
    filled = list(islice((cell for cell in cells if cell), _PROBED_ROWS))
    if not filled:
        return ""
    for field, pattern in _CELLS:
        if _is_open(field, columns) and all(pattern.fullmatch(cell) for cell in filled):
            return field
    return ""
