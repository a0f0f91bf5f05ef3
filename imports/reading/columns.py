"""A format's table bound to one header: which cell of a record fills which field.

Columns are known by index, so that two columns of one name never overwrite each other.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from imports.reading.formats.table import HOURS_FIELDS, INVERTED_FLAGS, Format, alternatives, key
from imports.reading.records import Record
from imports.reading.rows import Problem, UnreadableFileError

Place = tuple[int, ...]  # the indexes of one column, or of several that are read as one
_EMPTY_FIGURES = frozenset({"", "-", "--", "–", "—"})
_EMPTY_CHARS = 12
_DECIDING_FIELDS = (*HOURS_FIELDS, "date", "start", "company", "is_billable")


@dataclass(frozen=True)
class Columns:
    """Where each field of a `Row` stands: for each field its places, best first."""

    shape: Format
    header: Record
    places: Mapping[str, tuple[Place, ...]]

    @cached_property
    def width(self) -> int:
        """How many cells a record needs; columns without a name at the header's end may be missing."""
        named = [index for index, cell in enumerate(self.header.cells) if key(cell)]
        return named[-1] + 1 if named else 0

    @cached_property
    def present(self) -> frozenset[str]:
        """The fields that the file has columns for."""
        by_times = self.shape.times_give_hours and {"start", "end"} <= set(self.places)
        return frozenset(self.places) | ({"worked"} if by_times else set())

    @cached_property
    def day_indexes(self) -> tuple[int, ...]:
        """Columns that can hold a date, the one that dates an entry first."""
        return tuple(place[0] for field in ("date", "start", "end") for place in self.places.get(field, ()))

    @cached_property
    def hours_indexes(self) -> tuple[int, ...]:
        """Columns of hours, worked hours first."""
        return tuple(place[0] for field in HOURS_FIELDS for place in self.places.get(field, ()))

    @cached_property
    def deciding_indexes(self) -> frozenset[int]:
        """Columns without which a record says nothing: a row that is cut off before them is refused."""
        return frozenset(place[0] for field in _DECIDING_FIELDS for place in self.places.get(field, ())[:1])

    def title(self, index: int) -> str:
        """The header of a column as the file writes it."""
        return self.header.cells[index].strip().lstrip("\ufeff")

    @cached_property
    def rate_indexes(self) -> frozenset[int]:
        """Columns that bill by being filled at all, whatever they say but "No Charge" and its like."""
        return self._titled({key(name) for name in self.shape.rate_names})

    @cached_property
    def letter_indexes(self) -> frozenset[int]:
        """Columns in which B bills, and nothing else does."""
        return self._titled({key(name) for name in self.shape.letter_flags})

    @cached_property
    def inverted_indexes(self) -> frozenset[int]:
        """Columns in which Yes means non-billable."""
        if self.shape.flag_is_inverted:
            return frozenset(place[0] for place in self.places.get("is_billable", ()))
        return self._titled(INVERTED_FLAGS)

    @cached_property
    def end_indexes(self) -> frozenset[int]:
        """Columns of dates that are the end of the work."""
        return self._titled({key(name) for name in self.shape.dated_by_end})

    @cached_property
    def utc_indexes(self) -> frozenset[int]:
        """Columns whose header says that their times are UTC."""
        return frozenset(index for index, cell in enumerate(self.header.cells) if key(cell).endswith("utc"))

    def _titled(self, keys: Set[str]) -> frozenset[int]:
        return frozenset(index for index, cell in enumerate(self.header.cells) if key(cell) in keys)

    def is_empty(self, text: str) -> bool:
        """Whether a cell says nothing in this format."""
        value = text.strip()
        return not value or (len(value) < _EMPTY_CHARS and value.casefold() in self.shape.empty)

    def filled(self, field: str, cells: Sequence[str]) -> Iterator[tuple[Place, str]]:
        """The places of a field whose cells say something, best first, with their text."""
        for place in self.places.get(field, ()):
            if len(place) == 1:
                text = cells[place[0]] if place[0] < len(cells) else ""
            else:
                text = self._joined(field, place, cells)
            if text and not self.is_empty(text):
                yield place, text

    def _joined(self, field: str, place: Place, cells: Sequence[str]) -> str:
        """Several columns read as one; an entry's id only where all of them are filled."""
        parts = [
            cells[index].strip() for index in place if index < len(cells) and not self.is_empty(cells[index])
        ]
        return "" if field == "entry_id" and len(parts) < len(place) else " ".join(parts)

    def figure(self, field: str, cells: Sequence[str]) -> tuple[int, str] | None:
        """The first filled cell of a field of hours, dates or times, where a dash is an empty one."""
        for place, text in self.filled(field, cells):
            if text.strip() not in _EMPTY_FIGURES:
                return place[0], text
        return None

    def under(self, header: str, cells: Sequence[str]) -> str:
        """The cell under a header that fills no field, "" where there is none."""
        wanted = key(header)
        at = next((index for index, cell in enumerate(self.header.cells) if key(cell) == wanted), len(cells))
        return cells[at] if at < len(cells) else ""

    def text(self, field: str, cells: Sequence[str]) -> str:
        """The first filled cell of a field, "" where there is none."""
        for _, text in self.filled(field, cells):
            return text
        return ""


def bind(shape: Format, header: Record) -> Columns:
    """The format's columns as they stand in this header."""
    at: dict[str, list[int]] = {}
    for index, cell in enumerate(header.cells):
        at.setdefault(key(cell), []).append(index)
    places: dict[str, tuple[Place, ...]] = {}
    for field, aliases in shape.columns.items():
        found = [
            tuple(at[key(part)][0] for part in parts)
            for parts in alternatives(aliases)
            if all(key(part) in at for part in parts)
        ]
        if found:
            places[field] = tuple(found)
    return Columns(shape, header, places)


def has_essentials(columns: Columns) -> bool:
    """Whether a header has what an entry can't do without: a day, and hours (or the times that give them)."""
    by_times = columns.shape.times_give_hours and {"start", "end"} <= columns.present
    return bool({"date", "start"} & columns.present and (columns.hours_indexes or by_times))


def refuse_double_columns(columns: Columns, records: Sequence[Record]) -> tuple[Problem, ...]:
    """Two columns of one name: harmless where they agree, refused where hours, day or client differ.

    Gives warnings for the other fields, of which the first column is read.
    """
    if columns.shape.first_wins:
        return ()
    warnings: list[Problem] = []
    for index, twin in _twins(columns):
        if all(_cell(record, index) == _cell(record, twin) for record in records):
            continue
        title, line = columns.title(index), columns.header.line
        if index in columns.deciding_indexes:
            sentence = (
                f"Two columns are called “{title}” and say different things. Rename or remove the one that "
                "HourTab is not to read, and upload the file again."
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


def _twins(columns: Columns) -> Iterator[tuple[int, int]]:
    used = {index for places in columns.places.values() for place in places for index in place}
    for index in sorted(used):
        name = key(columns.header.cells[index])
        for other, cell in enumerate(columns.header.cells):
            if other > index and key(cell) == name:
                yield index, other


def _cell(record: Record, index: int) -> str:
    return record.cells[index].strip() if index < len(record.cells) else ""
