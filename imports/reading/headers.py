"""Finds the header of an export: its delimiter, its line and the format it belongs to.

Where nothing fits, the refusal says what was seen and what to do; mapping by hand is one of the answers.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice, product
from typing import NamedTuple

from imports.reading.columns import bind, has_essentials
from imports.reading.dates import is_dated
from imports.reading.formats import (
    FORMATS,
    NAMES,
    best_of,
    recognise,
    refusal_of,
    shapes_named,
)
from imports.reading.formats.table import (
    HOURS_FIELDS,
    Format,
    RefusedShape,
    alternatives,
    header_keys,
    key,
)
from imports.reading.mapped import Mapping, fitting_mapping, mapping_of, nearest_mapping
from imports.reading.ready_made import PROPOSALS, ready_made
from imports.reading.records import Source, opening_records, split_records
from imports.reading.rows import MAX_COLUMNS, Problem, Record, UnreadableFileError
from imports.reading.set_aside import Body

SEARCHED_RECORDS = 25
_SHOWN_HEADERS = 12
Judge = Callable[[Sequence[str]], Format | RefusedShape | None]


_PROPOSED = frozenset(proposal.name for proposal in PROPOSALS)


class FoundHeader(NamedTuple):
    """The header's record, the delimiter it was read with, and the format it belongs to."""

    shape: Format
    header: Record
    delimiter: str


def find_header(source: Source, wanted: str | None, mappings: Sequence[Mapping]) -> FoundHeader:
    """The header of a file, searched in its first records under each delimiter.

    `wanted` is a format's or a saved mapping's name, None to recognise it. Raises `UnreadableFileError`.
    """
    openings = _Openings(source)
    for judge, delimiter in product(_judges(wanted, mappings), source.delimiters):
        for record in openings[delimiter]:
            shape = _shape_of(record, judge, openings[delimiter])
            if shape is not None:
                _refuse_without_essentials(shape, record)
                return FoundHeader(shape, record, delimiter)
    for _ in islice(split_records(source, source.delimiters[0]), SEARCHED_RECORDS):
        pass  # broken quotes among the first records explain it better: they raise here
    for record in openings[source.delimiters[0]]:
        _refuse_wide(record)
    raise _unknown(
        [record for delimiter in source.delimiters for record in openings[delimiter]], wanted, mappings
    )


def _shape_of(record: Record, judge: Judge, opening: Sequence[Record]) -> Format | None:
    """The format whose header the record is, None where it is none. Raises for a header that can't be read."""
    shape = judge(record.cells) if len(record.cells) <= MAX_COLUMNS else None
    if not isinstance(shape, RefusedShape):
        return shape
    if shape.unless_dated and _has_dates(opening, record):
        return None  # one row an entry is no summary
    raise _refused(record, shape.remedy)


def refuse_unproven(found: FoundHeader, has_preamble: bool, body: Body) -> None:
    """A printed layout is taken for granted only by its own preamble, headings or totals."""
    is_printed = has_preamble or body.totals or any(line.what != "table" for line in body.set_aside)
    if found.shape.is_printed and not is_printed:
        raise _unknown([found.header], None, ())


def _has_dates(records: Sequence[Record], header: Record) -> bool:
    """Whether rows below the header have days: a list of single entries, whatever its headers look like."""
    below = [
        record for record in records if record.line > header.line and len(record.cells) == len(header.cells)
    ]
    dated = sum(any(is_dated(cell) for cell in record.cells) for record in below)
    return dated * 2 > len(below)


class _Openings(dict[str, list[Record]]):
    """The first records of a file under each delimiter, split when they are asked for."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source

    def __missing__(self, delimiter: str) -> list[Record]:
        self[delimiter] = opening_records(self.source, delimiter, SEARCHED_RECORDS)
        return self[delimiter]


def _judges(wanted: str | None, mappings: Sequence[Mapping]) -> tuple[Judge, ...]:
    """How a record is judged, strictest first."""
    if wanted is None:
        return (lambda cells: _recognised(cells, mappings),)
    named = {mapping.name: mapping for mapping in mappings}
    if wanted in named:
        mapping = named[wanted]
        return (lambda cells: None if mapping.lacking(header_keys(cells)) else mapping.as_format(),)
    if wanted in _PROPOSED:
        return (lambda cells: _ready_format(wanted, cells),)
    shapes = shapes_named(wanted)
    if not shapes:
        raise UnreadableFileError(
            Problem(
                0,
                "",
                wanted,
                f"There is no format called “{wanted}”. Known formats: {', '.join((*NAMES, *named))}.",
            )
        )
    return (
        lambda cells: best_of(shapes, header_keys(cells)),
        lambda cells: _readable_by(shapes, cells) or refusal_of(cells),
    )


def _ready_format(name: str, cells: Sequence[str]) -> Format | None:
    """A header read by the ready-made proposal of that name; None where it isn't that tool's."""
    ready = ready_made(cells)
    if ready is None or ready.name != name:
        return None
    by_hand = mapping_of(cells, ready.columns_in(cells), name=name)
    return replace(by_hand.as_format(), usual_unit=ready.likely[0])


def _recognised(cells: Sequence[str], mappings: Sequence[Mapping]) -> Format | RefusedShape | None:
    """A mapping of this very header, a known format, or a mapping whose header has changed a little."""
    found = _by_signature(cells, mappings) or recognise(cells)
    if isinstance(found, Format):
        return found
    mapping = fitting_mapping(mappings, header_keys(cells))
    return mapping.as_format() if mapping else found


def _by_signature(cells: Sequence[str], mappings: Sequence[Mapping]) -> Format | None:
    keys = header_keys(cells)
    return next((mapping.as_format() for mapping in mappings if mapping.signature == keys), None)


def _readable_by(shapes: Sequence[Format], cells: Sequence[str]) -> Format | None:
    """The shape that finds most of its columns, where an entry's essentials are among them."""
    keys = header_keys(cells)
    fitting = [shape for shape in shapes if has_essentials(bind(shape, Record(0, list(cells))))]
    return max(fitting, key=lambda shape: len(keys & shape.known_keys()), default=None)


def _refuse_wide(record: Record) -> None:
    if len(record.cells) > MAX_COLUMNS:
        raise _refused(
            record,
            f"The file has {len(record.cells)} columns; HourTab reads up to {MAX_COLUMNS}. "
            "Export the report with fewer columns.",
        )


def _refuse_without_essentials(shape: Format, record: Record) -> None:
    if has_essentials(bind(shape, record)):
        return
    if look_alike := refusal_of(record.cells):
        raise _refused(record, look_alike.remedy)
    lacking = _lacking(header_keys(record.cells), (shape,))
    raise _refused(
        record,
        f"This looks like {shape.name} ({shape.shape}), but it lacks {lacking}. Add it to the export: each "
        "entry needs the date of the work and its hours.",
    )


def _unknown(
    records: Sequence[Record], wanted: str | None, mappings: Sequence[Mapping]
) -> UnreadableFileError:
    """The sentence for a header that no format knows, by the record that looks most like one."""
    records = [record for record in records if len(record.cells) <= MAX_COLUMNS]
    if not records:
        sentence = "The file has no header: its first lines are empty. Export again."
        return _refused(Record(0, []), sentence)
    known = _known_keys(("date", "start", *HOURS_FIELDS, "company", "technician", "ticket", "notes"))
    likely = max(records, key=lambda record: (len(header_keys(record.cells) & known), len(record.cells)))
    keys = header_keys(likely.cells)
    return _refused(likely, _remedy(likely, wanted, _meant(wanted, keys, mappings), records))


def _remedy(likely: Record, wanted: str | None, meant: Mapping | None, records: Sequence[Record]) -> str:
    """What is the matter with that header, and what to do: by what was named, meant, or is most like it."""
    keys, seen = header_keys(likely.cells), _seen(likely)
    if meant is not None:
        lacking = ", ".join(f"“{header}”" for header in meant.lacking(keys))
        return (
            f"This file lacks {lacking} of the mapping “{meant.name}”. {seen} If a column was renamed, "
            "map it again once."
        )
    if wanted is not None:
        return f"This file lacks {_lacking(keys, shapes_named(wanted))} of the format {wanted}. {seen}"
    if ready := ready_made(likely.cells):
        return (
            f"This looks like an export of {ready.label}. {seen} Accept the proposed mapping once, in the "
            f"browser, or read the file as {ready.name} (--format {ready.name})."
        )
    if _sums_up(keys, likely, records):
        return (
            "This file has hours but no date of work: it looks like a summary. Export the report that "
            f"lists single time entries, each with its date. {seen}"
        )
    return (
        f"HourTab doesn't know this file's columns. {seen} Map them by hand once (HourTab remembers "
        "it), use the template with the columns Date, Client and Hours, or name the format."
    )


def _meant(wanted: str | None, keys: frozenset[str], mappings: Sequence[Mapping]) -> Mapping | None:
    """The mapping that was named, or whose header this one is most like."""
    if wanted is not None:
        return next((mapping for mapping in mappings if mapping.name == wanted), None)
    near = nearest_mapping(mappings, keys)
    return near if near and near.lacking(keys) else None


def _sums_up(keys: frozenset[str], header: Record, records: Sequence[Record]) -> bool:
    has_hours, has_day = keys & _known_keys(HOURS_FIELDS), keys & _known_keys(("date", "start"))
    return bool(has_hours) and not has_day and not _has_dates(records, header)


def _seen(likely: Record) -> str:
    cells = [cell.strip()[:40] for cell in likely.cells[:_SHOWN_HEADERS] if cell.strip()]
    return f"Its headers seem to be: {', '.join(f'“{cell}”' for cell in cells)}."


def _lacking(keys: frozenset[str], shapes: Sequence[Format]) -> str:
    if not shapes:
        return "the mapped columns of the date or the hours"
    has_day = any(keys & _keys_of(shape, ("date", "start")) for shape in shapes)
    return "a column of hours" if has_day else "the column of the date"


def _known_keys(fields: Sequence[str]) -> frozenset[str]:
    return frozenset(found for shape in FORMATS for found in _keys_of(shape, fields))


def _keys_of(shape: Format, fields: Sequence[str]) -> frozenset[str]:
    return frozenset(
        key(part) for name in fields for parts in alternatives(shape.columns.get(name, ())) for part in parts
    )


def _refused(record: Record, sentence: str) -> UnreadableFileError:
    return UnreadableFileError(Problem(record.line, "", "", sentence))
