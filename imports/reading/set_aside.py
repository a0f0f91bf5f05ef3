"""Which records of a file are entries, and which are headings, subtotals or totals around them.

A total is what a label says is one, dated or not (`total_labels`). What has no label is an entry, a heading
without a figure, or goes on to `build`, which refuses it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, repeat

from imports.reading.columns import Columns
from imports.reading.dates import is_dated
from imports.reading.durations import parse_duration
from imports.reading.formats.table import GROUP_FIELDS, Unit, alternatives, key
from imports.reading.rows import MAX_CELL_CHARS, MAX_COLUMNS, EntryRecord, Problem, Record, SetAside
from imports.reading.total_labels import MAX_LABEL_CHARS, labels_among, loose_label
from imports.reading.values import MAX_VALUE_CHARS, BadValueError, parse_number

_LABELLED = re.compile(r"([^\W\d_][^:\n]{1,38}): ?(.*)", re.DOTALL)
_DATE_LIKE = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?: [0-9:]{4,8}.{0,6})?", re.ASCII)
_GROUP_LABELS = {
    "company": ("client", "company", "customer", "account", "organization", "organisation", "kunde"),
    "agreement": ("agreement", "contract", "project"),
    "technician": ("member", "resource", "technician", "agent", "user", "employee"),
}


@dataclass(slots=True)
class Body:
    """The records after the header, sorted. `totals`: what may say the file's own total, the
    likeliest first; each is the records that say it together.
    """

    entries: list[EntryRecord] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    totals: list[tuple[Record, ...]] = field(default_factory=list)


class Labels:
    """Every cell of a file that is a label, and how long its longest cell is."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.longest = 0

    def look(self, cells: Iterable[str]) -> None:
        """Look at some cells, each of which is worth one look."""
        self.found |= labels_among(cells)
        self.longest = max(self.longest, max(map(len, cells), default=0))


def sort_body(records: Sequence[Record], columns: Columns, labels: Labels, clients: Iterable[str]) -> Body:
    """Sort the records after the header into entries, refused ones and lines set aside.

    `labels`: what was seen of all cells; `clients`: names of known clients, none of which is a label.
    """
    never = {name.strip().casefold() for name in clients}
    body = Body()
    headings: list[tuple[int, Record]] = []
    totals: list[tuple[int, Record]] = []
    groups: dict[str, str] = {}
    is_plain = _plainness(columns, labels)
    for position, record in enumerate(records):
        if is_plain(record):
            body.entries.append(EntryRecord(record, groups))
            continue
        what = _what_is(record, columns, never, labels.found)
        if what == "entry":
            follower = records[position + 1] if position + 1 < len(records) else None
            _take_entry(record, follower, columns, body, groups)
        else:
            body.set_aside.append(SetAside(record.line, what))
            if what == "total":
                totals.append((len(body.entries) + len(body.refused), record))
            elif what == "heading":
                groups = groups | _groups_of(record, columns)
                headings.append((len(body.entries), record))
    body.totals = _of_whole_file(totals)
    _let_headings_speak(body, headings, columns)
    return body


def _plainness(columns: Columns, labelled: Labels) -> Callable[[Record], bool]:
    """A function that knows most entries at one look: as wide as the header, dated, and without a label."""
    width, (day, *_others) = len(columns.header.cells), columns.day_indexes or (MAX_COLUMNS,)
    labels = labelled.found
    if labelled.longest > MAX_CELL_CHARS or columns.width != width or not day < width <= MAX_COLUMNS:
        return lambda _record: False

    def is_plain(record: Record) -> bool:
        cells = record.cells
        is_dated_row = len(cells) == width and _is_dated(cells[day])
        return is_dated_row and (not labels or labels.keys().isdisjoint(cells))

    return is_plain


def _of_whole_file(totals: Sequence[tuple[int, Record]]) -> list[tuple[Record, ...]]:
    """The last total is the file's own, unless rows of its own stand above it as above those before: then each
    is one of a group, and all together are. A total comes with the number of rows above it.
    """
    closes_group = len(totals) > 1 and totals[-1][0] > totals[-2][0]
    records = [record for _, record in totals]
    return [tuple(records)] if closes_group else [(record,) for record in reversed(records)]


def _take_entry(
    record: Record, follower: Record | None, columns: Columns, body: Body, groups: dict[str, str]
) -> None:
    cells = record.cells
    is_plain = len(cells) == columns.width == len(columns.header.cells)
    if is_plain and max(map(len, cells)) <= MAX_CELL_CHARS:
        body.entries.append(EntryRecord(record, groups))
        return
    problem = _shape_problem(record, follower, columns)
    if problem:
        body.refused.append(problem)
        return
    missing = columns.width - len(cells)
    if missing > 0:
        record = record._replace(cells=(*cells, *repeat("", missing)))
    body.entries.append(EntryRecord(record, groups))


def _shape_problem(record: Record, follower: Record | None, columns: Columns) -> Problem | None:
    """Why a record can't be read at all: a cell without end, or too many or too few cells."""
    return _endless_cell(record, columns) or _wrong_width(record, follower, columns)


def _endless_cell(record: Record, columns: Columns) -> Problem | None:
    endless = (index for index, cell in enumerate(record.cells) if len(cell) > MAX_CELL_CHARS)
    index = next(endless, None)
    if index is None:
        return None
    cell, title = record.cells[index], columns.title(index) if index < len(columns.header.cells) else ""
    return Problem(
        record.line, title, f"{cell[:40]}…",
        f"the cell has {len(cell):,} characters; HourTab reads up to {MAX_CELL_CHARS:,}. Shorten it.",
    )  # fmt: skip


def _wrong_width(record: Record, follower: Record | None, columns: Columns) -> Problem | None:
    """Cells with something in them beyond the header, or a row that ends before what it can't do without."""
    cells = record.cells
    too_many = any(map(str.strip, cells[len(columns.header.cells) :]))
    lacks = max(columns.deciding_indexes, default=-1) >= len(cells)
    cut_off = len(cells) < columns.width and (lacks or _is_fragment(follower, columns))
    if not (too_many or cut_off):
        return None
    return Problem(
        record.line, "", "",
        f"the row has {len(cells)} cells, the header {len(columns.header.cells)}. Often a comma, a line "
        "break or a quotation mark in a "
        "text is not quoted: correct the row, or export again.",
    )  # fmt: skip


def _is_fragment(record: Record | None, columns: Columns) -> bool:
    """The tail of a row that a line break has cut in two: short as well, and no date where one belongs."""
    return record is not None and len(record.cells) < columns.width and not _has_day(record, columns)


def _has_day(record: Record, columns: Columns) -> bool:
    cells, (first, *others) = record.cells, columns.day_indexes or (MAX_COLUMNS,)
    if first < len(cells) and _is_dated(cells[first]):
        return True
    return any(index < len(cells) and _is_dated(cells[index]) for index in others)


def _what_is(record: Record, columns: Columns, never: Set[str], labels: Mapping[str, str]) -> str:
    """ "entry", "heading", "subtotal" or "total". A label decides, dated or not; then a date."""
    cells = record.cells
    if len(cells) > MAX_COLUMNS:
        return "entry"
    if labels and not labels.keys().isdisjoint(cells) and (label := _label(record, columns, never, labels)):
        return label
    if _has_day(record, columns):
        return "entry"
    if _repeats_header(record, columns):
        return "heading"
    return _what_undated_is(record, columns)


def _label(record: Record, columns: Columns, never: Set[str], labels: Mapping[str, str]) -> str:
    """The label that is a cell's whole content; a client that is called Total is a client."""
    for index, cell in enumerate(record.cells):
        if label := labels.get(cell):
            is_client = index in columns.company_indexes and cell.strip().casefold() in never
            if not is_client:
                return label
    return ""


def _repeats_header(record: Record, columns: Columns) -> bool:
    return [key(cell) for cell in record.cells] == [key(cell) for cell in columns.header.cells]


def _what_undated_is(record: Record, columns: Columns) -> str:
    filled = {index: text for index, cell in enumerate(record.cells) if (text := cell.strip())}
    if max(map(len, filled.values()), default=0) > MAX_CELL_CHARS:
        return "entry"
    texts = {index: text for index, text in filled.items() if not _is_value(text)}
    if len({*texts.values()}) == 1 and (label := loose_label(next(iter(texts.values())))):
        return label
    if len(texts) == len(filled) and _is_heading(texts, columns):
        return "heading"
    return "entry"


def _is_heading(texts: Mapping[int, str], columns: Columns) -> bool:
    """One text alone, or a label with its value ("Organization: Acme Dental"), and no figure anywhere.

    `texts`: by the indexes of their columns.
    """
    if not texts:
        return False
    index, text = next(iter(texts.items()))
    is_labelled = bool(_LABELLED.fullmatch(text[:MAX_LABEL_CHARS]))
    if len(texts) > 1:
        return is_labelled and len(texts) <= 3 and texts.keys().isdisjoint(columns.hours_indexes)
    if index in columns.day_indexes and _DATE_LIKE.fullmatch(text):
        return False
    return is_labelled or index not in columns.hours_indexes


_is_dated = lru_cache(maxsize=10_000)(is_dated)


def _is_value(text: str) -> bool:
    """Whether a cell is a number, an amount of money, a share or a duration."""
    return len(text) <= MAX_VALUE_CHARS and _is_figure(text)


@lru_cache(maxsize=10_000)
def _is_figure(text: str) -> bool:
    value = text.removesuffix("%").strip()
    for parse in (parse_number, lambda cell: parse_duration(cell, Unit.HOURS)):
        try:
            parse(value)
        except BadValueError:
            continue
        return True
    return False


def _groups_of(record: Record, columns: Columns) -> dict[str, str]:
    """What a labelled heading says: "Organization: Acme Dental" names the company of the rows below."""
    text = " ".join(cell.strip() for cell in record.cells if cell.strip())
    found = _LABELLED.fullmatch(text[:MAX_LABEL_CHARS])
    if not found or not found[2].strip():
        return {}
    for name in GROUP_FIELDS:
        aliases = alternatives(columns.shape.columns.get(name, ()))
        if key(found[1]) in {key(label) for parts in (*aliases, _GROUP_LABELS[name]) for label in parts}:
            return {name: found[2].strip()}
    return {}


def _let_headings_speak(body: Body, headings: Sequence[tuple[int, Record]], columns: Columns) -> None:
    """Headings name what no column names, or one that is empty in every entry; else the column speaks."""
    silent = dict(_silent_columns(body.entries, columns))
    spoken_by_column = columns.places.keys() - silent.keys()
    for position, entry in enumerate(body.entries):
        if entry.groups:
            kept = {name: text for name, text in entry.groups.items() if name not in spoken_by_column}
            body.entries[position] = EntryRecord(entry.record, kept)
    for name, index in silent.items():
        _let_speak_for(name, index, body, headings)


def _let_speak_for(name: str, index: int, body: Body, headings: Sequence[tuple[int, Record]]) -> None:
    """What stands alone in the field's empty column is said of all entries down to the next that does."""
    spoken = [(at, record.cells[index].strip()) for at, record in headings if _stands_alone(record, index)]
    for (at, text), (until, _) in pairwise([*spoken, (len(body.entries), "")]):
        for position in range(at, until):
            entry = body.entries[position]
            body.entries[position] = EntryRecord(entry.record, {name: text, **entry.groups})


def _silent_columns(entries: Sequence[EntryRecord], columns: Columns) -> list[tuple[str, int]]:
    places = [(name, columns.places[name][0]) for name in GROUP_FIELDS if name in columns.places]
    return [
        (name, place[0])
        for name, place in places
        if len(place) == 1 and not any(entry.record.cells[place[0]].strip() for entry in entries)
    ]


def _stands_alone(record: Record, index: int) -> bool:
    text = record.cells[index].strip() if index < len(record.cells) else ""
    return bool(text) and not _LABELLED.fullmatch(text)
