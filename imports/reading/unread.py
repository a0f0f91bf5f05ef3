"""Columns that no field takes: all are named, and one that matters is a question (domain.md, "What a file is").

By its header or its cells a column may say who the client is, what is billable, how long it took, what is
internal, what a status is, or bear names of known clients. A format's own list of columns that it passes over
(`passed_over`) and columns of money are no question. Of two columns of one name only the first is read.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from imports.reading.columns import Columns
from imports.reading.entries import Entries
from imports.reading.formats.table import HOURS_FIELDS, key
from imports.reading.header_units import stated_unit
from imports.reading.header_words import fields_of, may_say_shown, plain_header, says_unpaid
from imports.reading.marks import is_rejected, is_status, marks_internal
from imports.reading.rows import EntryRecord, Problem, Question, UnreadableFileError, by_kind
from imports.reading.values import BadValueError, parse_flag

ASKED = ("company", "is_billable", "worked", "billable", "deducted", "pause", "hidden", "status")
_SAYS = {
    "company": "who the client is",
    "is_billable": "what is billable",
    "worked": "how long it took",
    "billable": "how long it took",
    "deducted": "how long it took",
    "pause": "how long breaks were, which the times include",
    "hidden": "what is internal",
    "status": "which entries were rejected",
    "clients": "who the client is",
}
_HEADER_PARTS = (
    (
        "is_billable",
        re.compile(
            r"\b(?:billable|chargeable|invoiceable|do not bill|(?:no|free of) charge|abrechenbar|verrechenbar|"
            r"fakturierbar|berechenbar|facturable|facturer|factureerbaar|declarabel)\b"
        ),
    ),
    (
        "hidden",
        re.compile(
            r"\b(?:hidden|hide|private|internal|confidential|secret|visib\w+|sichtbar\w*|intern|interne|interno|"
            r"privat|prive|privado|vertraulich|confidentiel|confidencial|oculto|verborgen|vertrouwelijk|zichtbaar\w*)\b"
        ),
    ),
    ("pause", re.compile(r"\b(?:pausen?|breaks?|lunch|descanso|pausa|pauze)\b")),
    (
        "worked",
        re.compile(
            r"\b(?:hours|minutes|duration|stunden|dauer|heures|duree|horas|uren|duur)\b|"
            r"\b(?:travel|drive|driving) ?time\b|\b(?:fahrt?|reise|anfahrts?)zeit\b|"
            r"temps de (?:trajet|deplacement)|reistijd|tiempo de viaje"
        ),
    ),
)
_FLAGS = re.compile(
    r"yes|no|y|n|true|false|t|f|0|1|x|j|o|s|ja|nein|nee|oui|non|si|sí|wahr|falsch|on|off", re.I
)
_MONEY = r"rate|cost|price|amount|amt|profit|margin|budget|estimate\w*|remaining|outside|e-?mail"
_NO_MATTER = re.compile(rf"\b(?:{_MONEY}|invoice\w*|created|closed|updated|id)\b")
_NO_TIME = re.compile(rf"\b(?:{_MONEY}|created|closed|updated|id)\b")
_OF_A_TICKET = re.compile(r"\b(?:response|resolution|sla|due|target|total|wait\w*|age)\b")
_AMOUNT = re.compile(r"(?:[A-Z]{3} ?|[$€£¥] ?)-?[\d.,' ]+|-?[\d.,' ]+ ?(?:[A-Z]{3}|[$€£¥])")
_DURATION = re.compile(r"-?\d+(?:[.,]\d+)?|\d+:\d{2}(?::\d{2})?")
_CELLS = (
    ("is_billable", re.compile(r"(?:non-?|not |un)?(?:billable|chargeable)|do ?not ?bill|no ?charge|nb|nc|b", re.I)),
    ("is_billable", re.compile(r"(?:nicht |non |no |niet )?(?:abrechenbar|facturable|factureerbaar|declarabel)", re.I)),
    ("hidden", re.compile(
        r"(?:(?:not |in)?visible|public|private|internal|external|hidden|confidential|secret)(?: (?:note|only))?|"
        r"(?:client|customer|staff)[ -](?:visible|facing|only)|intern[eo]?|extern[eo]?|privat|privée?|"
        r"öffentlich|vertraulich|publique|confidentielle?|privad[oa]|públic[oa]|openbaar|vertrouwelijk", re.I)),
    ("worked", re.compile(r"-?\d+(?:[.,]\d+)? ?(?:h|hrs?|hours?|min|mins|minutes?|std\.?|d|days?)(?: ?\d+ ?m(?:in)?)?|"
                          r"PT\d.*", re.I)),
)  # fmt: skip
_UNIT = re.compile(
    r"h|hrs?\.?|hours?|std\.?|stunden?|uur|uren|min\.?|mins|minutes?|minuten|d|days?|tage?|dagen", re.I
)
_PROBED_ROWS = 400
_KINDS = 12  # different cells of a column that tells kinds of rows apart
_SHOWN = 3


def column_questions(
    entries: Entries, columns: Columns, unread: Collection[str], clients: Collection[str]
) -> Iterator[Question]:
    """A question for each unread column that matters. `unread`: headers that may stay so."""
    settled = {key(header) for header in unread}
    names = {_folded(name) for name in clients}
    for index in columns.unread:
        title = columns.title(index)
        if key(title) in settled:
            continue
        field = _field_of(title, index, entries, columns, names)
        if field:
            yield Question("columns", _sentence(title, field, index, entries), column=title, field=field)


def _field_of(title: str, index: int, entries: Entries, columns: Columns, clients: Collection[str]) -> str:
    """What the column seems to hold; "" where that is of no matter."""
    different = set(map(str.strip, entries.different(index)))
    status = _by_status(different, columns)
    if status or key(title) in columns.shape.passed_keys():
        return status
    by_itself = _bears_clients(different, clients) or _by_header(title, different, columns)
    by_cells = by_itself or (_by_cells(index, entries, columns) if any(different) else "")
    return by_cells or _by_second_flag(title, index, entries, columns)


def _filled(index: int, entries: Entries, most: int) -> list[str]:
    """The first cells of a column that say anything."""
    return list(islice(filter(None, map(str.strip, entries.texts(index))), most))


def _sentence(title: str, field: str, index: int, entries: Entries) -> str:
    shown = ", ".join(dict.fromkeys(cell[:40] for cell in _filled(index, entries, _SHOWN)))
    return (
        f"The column “{title}” ({shown or 'empty'}) isn’t read, and it seems to say {_SAYS[field]}. "
        "Choose what it holds, or that it doesn’t need to be read."
    )


def _bears_clients(cells: Collection[str], names: Collection[str]) -> str:
    return "clients" if names and any(_folded(cell) in names for cell in cells if cell) else ""


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _by_status(cells: Collection[str], columns: Columns) -> str:
    """Whether the cells are statuses of entries of which one was rejected, whatever the header says."""
    if "status" in columns.places or not any(map(is_rejected, cells)):
        return ""
    return "status" if all(map(is_status, filter(None, cells))) else ""


def _by_header(title: str, cells: Collection[str], columns: Columns) -> str:
    """What a header says that no other column says already: a second name of a client is no question."""
    plain = plain_header(title)
    is_amount = _are_all(_AMOUNT, cells)
    if _NO_MATTER.search(plain):
        return "" if is_amount else _hours_in(plain)
    named = _named_in(title, cells)
    if "pause" in named or is_amount:
        named = [field for field in named if field not in HOURS_FIELDS]
    return next((field for field in named if _is_open(field, columns)), "")


def _hours_in(plain: str) -> str:
    return "worked" if _HEADER_PARTS[-1][1].search(plain) and not _NO_TIME.search(plain) else ""


def _named_in(title: str, cells: Collection[str]) -> list[str]:
    """Every field that a header may name, the likeliest first."""
    plain = plain_header(title)
    named = [field for field in fields_of(title) if field in ASKED]
    named += [field for field, part in _HEADER_PARTS if part.search(plain)]
    if may_say_shown(title) and _are_flags(cells):
        named.append("hidden")
    return named or _duration_in(title, cells)


def _duration_in(title: str, cells: Collection[str]) -> list[str]:
    of_a_ticket = _OF_A_TICKET.search(plain_header(title))
    is_duration = stated_unit(title) and not of_a_ticket and _are_all(_DURATION, cells)
    return ["worked"] if is_duration else []


def _by_second_flag(title: str, index: int, entries: Entries, columns: Columns) -> str:
    """A second column of what is billable: asked about where it says otherwise than the one that is read."""
    if "is_billable" not in columns.places or not _names_flag(title):
        return ""
    turned = says_unpaid(title)
    cells = map(str.strip, entries.texts(index))
    said = zip(cells, entries.said(["is_billable"], columns.places), strict=True)
    for (cell, _read), (place, _number) in by_kind(list(said), range(len(entries))).items():
        own, read = _flag_of(cell), _flag_read(entries.at(place), columns)
        if own is not None and read is not None and (own is not turned) is not read:
            return "is_billable"
    return ""


def _names_flag(title: str) -> bool:
    """Whether a header says what is billable."""
    plain = plain_header(title)
    is_named = "is_billable" in fields_of(title) or _HEADER_PARTS[0][1].search(plain)
    return bool(is_named) and not _NO_MATTER.search(plain)


def _flag_read(entry: EntryRecord, columns: Columns) -> bool | None:
    """What the column that is read says of a row."""
    place, text = next(columns.filled("is_billable", entry.record.cells), ((-1,), ""))
    if place[0] in columns.rate_indexes:
        return None
    flag = _flag_of(text)
    return None if flag is None else flag is not (place[0] in columns.inverted_indexes)


def _flag_of(cell: str) -> bool | None:
    try:
        return parse_flag(cell)
    except BadValueError:
        return None


def _are_flags(cells: Collection[str]) -> bool:
    return _are_all(_FLAGS, cells)


def _are_all(pattern: re.Pattern[str], cells: Iterable[str]) -> bool:
    filled = {cell for cell in cells if cell}
    return bool(filled) and all(pattern.fullmatch(cell) for cell in filled)


def _is_open(field: str, columns: Columns) -> bool:
    """Whether the file still lacks the field. Hours, and what is internal, are asked about in every column; breaks
    where the times give the hours.
    """
    if field == "pause" and not columns.times_give_hours:
        return False
    return field in ("worked", "billable", "deducted", "hidden") or field not in columns.places


def _by_cells(index: int, entries: Entries, columns: Columns) -> str:
    filled = _filled(index, entries, _PROBED_ROWS)
    if "status" not in columns.places and all(map(is_status, filled)):
        return "status"
    kinds = set(filled)
    if _mark_internal(kinds):
        return "hidden"
    if _are_units(kinds):
        return "worked"
    fitting = (field for field, pattern in _CELLS if _is_open(field, columns) and _are_all(pattern, filled))
    return next(fitting, "")


def _mark_internal(kinds: Collection[str]) -> bool:
    return len(kinds) <= _KINDS and any(" " in cell and marks_internal(cell) for cell in kinds)


def _are_units(kinds: Collection[str]) -> bool:
    """Names of units, of which one is no hour and no second: "min", "day"."""
    return _are_all(_UNIT, kinds) and any(cell[:1].lower() not in "hsu" for cell in kinds)


def refuse_double_columns(columns: Columns, entries: Entries) -> tuple[Problem, ...]:
    """Two columns of one name: harmless where they agree, refused where hours, day or client differ.

    Gives warnings for the other fields, of which the first column is read.
    """
    if columns.shape.first_wins:
        return ()
    warnings: list[Problem] = []
    for index, twin in _twins(columns):
        both = zip(entries.texts(index), entries.texts(twin), strict=True)
        if all(one.strip() == other.strip() for one, other in both):
            continue
        title, line = columns.title(index), columns.header.line
        if index in columns.deciding_indexes:
            sentence = (
                f"Two columns are called “{title}” and say different things. Rename or remove the one "
                "that HourTab shouldn’t read, and upload the file again."
            )
            raise UnreadableFileError(Problem(line, title, "", sentence))
        warnings.append(
            Problem(
                line,
                title,
                "",
                f"Two columns are called “{title}”; the first one is read, column {index + 1}.",
            )
        )
    return tuple(warnings)


def asked_about(columns: Columns) -> set[int]:
    """The columns that are looked at to tell whether a column has to be asked about, or is there twice."""
    twins = {index for pair in _twins(columns) for index in pair}
    flags = {index for place in columns.places.get("is_billable", ()) for index in place}
    return twins | flags | {*columns.unread}


def _twins(columns: Columns) -> Iterator[tuple[int, int]]:
    used = {index for places in columns.places.values() for place in places for index in place}
    for index in sorted(used):
        name = key(columns.header.cells[index])
        for other, cell in enumerate(columns.header.cells):
            if other > index and key(cell) == name:
                yield index, other
