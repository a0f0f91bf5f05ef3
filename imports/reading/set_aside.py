"""Which records of a file are entries, and which are headings, subtotals or totals around them.

An entry is never taken for a total: what has a date is an entry, and what has none is set aside only where
nothing but a label, its group and figures stand in it. Everything else goes on to `build`, which refuses it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from imports.reading.columns import Columns
from imports.reading.dates import is_dated
from imports.reading.formats.table import GROUP_FIELDS, alternatives, key
from imports.reading.records import MAX_CELL_CHARS, MAX_COLUMNS, Record
from imports.reading.rows import Problem, SetAside
from imports.reading.values import MAX_VALUE_CHARS, BadValueError, Unit, parse_duration, parse_number

_TAIL = r"(?: hours?| time| duration)?(?::| for\b| of\b| by\b| \(| -|$).{0,80}"
_GRAND = re.compile(rf"(?:grand |report |overall |final )?(?:totals?|sum|gesamt|gesamtsumme|summe){_TAIL}")
_SUB = re.compile(rf"(?:sub|group|zwischen) ?-?(?:totals?|sum|summe){_TAIL}")
_OF_GROUP = re.compile(r".{1,80}[ :–-](?:sub-?)?(?:total|summe)s?:?")
_PLAIN_LABEL = re.compile(
    r"(?:grand |report |overall |final |sub-? ?|group )?(?:totals?|sum|summe|gesamt)(?: hours)?:?"
)
_LABELLED = re.compile(r"([^\W\d_][^:\n]{1,38}): ?(.*)", re.DOTALL)
_DATE_LIKE = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?: [0-9:]{4,8}.{0,6})?", re.ASCII)
_MAX_LABEL_CHARS = 120
_GROUP_LABELS = {
    "company": ("client", "company", "customer", "account", "organization", "organisation", "kunde"),
    "agreement": ("agreement", "contract", "project"),
    "technician": ("member", "resource", "technician", "agent", "user", "employee"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to be read, with what the group headings above it say (field → text)."""

    record: Record
    groups: Mapping[str, str]


@dataclass(slots=True)
class Body:
    """The records after the header, sorted. `sums` are unlabelled figures: (record, entries before it)."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    totals: list[Record] = field(default_factory=list)
    sums: list[tuple[Record, int]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)  # how many entries stand before each line set aside


def sort_body(records: Sequence[Record], columns: Columns) -> Body:
    """Sort the records after the header into entries, refused ones and lines set aside."""
    body = Body()
    headings: list[tuple[int, Record]] = []
    groups: dict[str, str] = {}
    for position, record in enumerate(records):
        what = _what_is(record, columns)
        if what == "entry":
            follower = records[position + 1] if position + 1 < len(records) else None
            _take_entry(record, follower, columns, body, groups)
        elif what == "sum":
            body.sums.append((record, len(body.entries)))
            body.breaks.append(len(body.entries))
        else:
            body.breaks.append(len(body.entries))
            body.set_aside.append(SetAside(record.line, what))
            if what == "total":
                body.totals.append(record)
            elif what == "heading":
                groups = groups | _groups_of(record, columns)
                headings.append((len(body.entries), record))
    _let_headings_speak(body, headings, columns)
    return body


def _take_entry(
    record: Record, follower: Record | None, columns: Columns, body: Body, groups: dict[str, str]
) -> None:
    problem = _shape_problem(record, follower, columns)
    if problem:
        body.refused.append(problem)
        return
    missing = columns.width - len(record.cells)
    cells = record.cells + [""] * missing if missing > 0 else record.cells
    body.entries.append(Entry(Record(record.line, cells), groups))


def _shape_problem(record: Record, follower: Record | None, columns: Columns) -> Problem | None:
    """Why a record can't be read at all: too many or too few cells, or a cell without end."""
    cells, width = record.cells, columns.width
    for index, cell in enumerate(cells):
        if len(cell) > MAX_CELL_CHARS:
            title = columns.title(index) if index < len(columns.header.cells) else ""
            return Problem(
                record.line, title, f"{cell[:40]}…",
                f"the cell has {len(cell):,} characters; HourTab reads up to {MAX_CELL_CHARS:,}. Shorten it.",
            )  # fmt: skip
    too_many = any(cell.strip() for cell in cells[len(columns.header.cells) :])
    cut_off = len(cells) < width and (
        any(index >= len(cells) for index in columns.deciding_indexes) or _is_fragment(follower, columns)
    )
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
    cells = record.cells
    return any(index < len(cells) and is_dated(cells[index]) for index in columns.day_indexes)


def _what_is(record: Record, columns: Columns) -> str:
    """ "entry", "heading", "subtotal", "total", or "sum" for figures without a label."""
    if len(record.cells) > MAX_COLUMNS:
        return "entry"
    if columns.shape.total_in and _is_dated_total(record, columns):
        return "subtotal"
    if _has_day(record, columns):
        return "entry"
    if _repeats_header(record, columns):
        return "heading"
    return _what_undated_is(record, columns)


def _is_dated_total(record: Record, columns: Columns) -> bool:
    wanted = key(columns.shape.total_in)
    at = [index for index, cell in enumerate(columns.header.cells) if key(cell) == wanted]
    return any(index < len(record.cells) and record.cells[index].strip().lower() == "total" for index in at)


def _repeats_header(record: Record, columns: Columns) -> bool:
    return [key(cell) for cell in record.cells] == [key(cell) for cell in columns.header.cells]


def _what_undated_is(record: Record, columns: Columns) -> str:
    filled = [(index, cell.strip()) for index, cell in enumerate(record.cells) if cell.strip()]
    if any(len(text) > MAX_CELL_CHARS for _, text in filled):
        return "entry"
    texts = [(index, text) for index, text in filled if len(text) > MAX_VALUE_CHARS or not _is_figure(text)]
    label = next((text for _, text in texts if _total_kind(text)), "")
    others = [index for index, text in texts if text != label]
    if label and (not others or (_PLAIN_LABEL.fullmatch(_folded(label)) and _are_groups(others, columns))):
        return _total_kind(label)
    if len(texts) == len(filled) and _is_heading(texts, columns):
        return "heading"
    return "sum" if _may_be_sum(filled, texts, columns) else "entry"


def _may_be_sum(
    filled: Sequence[tuple[int, str]], texts: Sequence[tuple[int, str]], columns: Columns
) -> bool:
    """Figures and at most a group's name: no date, no ticket, no text; `sums` then compares."""
    at = {index for index, _ in filled}
    ids = {
        index for name in ("ticket", "entry_id") for place in columns.places.get(name, ()) for index in place
    }
    has_hours = bool(at & set(columns.hours_indexes))
    return has_hours and not at & ids and _are_groups([index for index, _ in texts], columns)


def _is_heading(texts: Sequence[tuple[int, str]], columns: Columns) -> bool:
    """One text alone, or a label with its value ("Organization: Acme Dental"), and no figure anywhere."""
    if not texts:
        return False
    index, text = texts[0]
    is_labelled = bool(_LABELLED.fullmatch(text[:_MAX_LABEL_CHARS]))
    if len(texts) > 1:
        return is_labelled and len(texts) <= 3 and not any(at in columns.hours_indexes for at, _ in texts)
    if index in columns.day_indexes and _DATE_LIKE.fullmatch(text):
        return False
    return is_labelled or index not in columns.hours_indexes


def _are_groups(indexes: Sequence[int], columns: Columns) -> bool:
    allowed = {
        index
        for name in GROUP_FIELDS
        for place in columns.places.get(name, ())
        for index in place
        if len(place) == 1
    }
    return len(indexes) <= 2 and set(indexes) <= allowed


def _folded(text: str) -> str:
    return " ".join(text[:_MAX_LABEL_CHARS].split()).casefold()


def _total_kind(text: str) -> str:
    """ "total", "subtotal", or "" for a text that is no label of one."""
    if len(text) > _MAX_LABEL_CHARS:
        return ""
    folded = _folded(text)
    if _SUB.fullmatch(folded):
        return "subtotal"
    if _GRAND.fullmatch(folded):
        named = folded.startswith(("total for ", "total: ", "totals for ", "sum of ", "summe für "))
        return "subtotal" if named and not _is_figure(folded.split(":", 1)[-1][:MAX_VALUE_CHARS]) else "total"
    return "subtotal" if _OF_GROUP.fullmatch(folded) else ""


@lru_cache(maxsize=10_000)
def _is_figure(text: str) -> bool:
    """Whether a cell is a number, an amount of money, a share or a duration."""
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
    found = _LABELLED.fullmatch(text[:_MAX_LABEL_CHARS])
    if not found or not found[2].strip():
        return {}
    for name in GROUP_FIELDS:
        aliases = alternatives(columns.shape.columns.get(name, ()))
        if key(found[1]) in {key(label) for parts in (*aliases, _GROUP_LABELS[name]) for label in parts}:
            return {name: found[2].strip()}
    return {}


def _let_headings_speak(body: Body, headings: Sequence[tuple[int, Record]], columns: Columns) -> None:
    """Headings name what no column names, or one that is empty in every entry; else the column speaks."""
    silent = _silent_columns(body.entries, columns)
    spoken_by_column = set(columns.places) - {name for name, _ in silent}
    for position, entry in enumerate(body.entries):
        if entry.groups:
            kept = {name: text for name, text in entry.groups.items() if name not in spoken_by_column}
            body.entries[position] = Entry(entry.record, kept)
    for name, index in silent:
        spoken = [
            (at, record.cells[index].strip()) for at, record in headings if _stands_alone(record, index)
        ]
        for (at, text), until in _with_ends(spoken, len(body.entries)):
            for position in range(at, until):
                entry = body.entries[position]
                body.entries[position] = Entry(entry.record, {name: text, **entry.groups})


def _silent_columns(entries: Sequence[Entry], columns: Columns) -> list[tuple[str, int]]:
    places = [(name, columns.places[name][0]) for name in GROUP_FIELDS if name in columns.places]
    return [
        (name, place[0])
        for name, place in places
        if len(place) == 1 and not any(entry.record.cells[place[0]].strip() for entry in entries)
    ]


def _stands_alone(record: Record, index: int) -> bool:
    text = record.cells[index].strip() if index < len(record.cells) else ""
    return bool(text) and not _LABELLED.fullmatch(text)


def _with_ends(spoken: Sequence[tuple[int, str]], end: int) -> Iterator[tuple[tuple[int, str], int]]:
    for number, found in enumerate(spoken):
        yield found, spoken[number + 1][0] if number + 1 < len(spoken) else end
