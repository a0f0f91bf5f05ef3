"""A format's table bound to one header: which cell of a record fills which field.

Columns are known by index, so that two columns of one name never overwrite each other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from imports.reading.formats.table import (
    COMMON,
    HOURS_FIELDS,
    INVERTED_FLAGS,
    SHOWING,
    Aliases,
    Format,
    Measure,
    alternatives,
    key,
)
from imports.reading.header_words import says_shown, says_unpaid
from imports.reading.rows import Record

Place = tuple[int, ...]  # the indexes of one column, or of several that are read as one
_EMPTY_FIGURES = frozenset({"", "-", "--", "–", "—"})
EMPTY_CHARS = 12
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
        return frozenset(self.places) | ({"worked"} if self.times_give_hours else set())

    @cached_property
    def times_give_hours(self) -> bool:
        """Whether start and end stand in where no cell says the worked hours."""
        has_times = {"start", "end"} <= set(self.places)
        return has_times and (self.shape.times_give_hours or "worked" not in self.places)

    @cached_property
    def pause_index(self) -> int | None:
        """The column of breaks, where the times give the hours and include them."""
        places = self.places.get("pause", ()) if self.times_give_hours else ()
        return places[0][0] if places else None

    @cached_property
    def day_indexes(self) -> tuple[int, ...]:
        """Columns that can hold a date, the one that dates an entry first."""
        return tuple(place[0] for field in ("date", "start", "end") for place in self.places.get(field, ()))

    @cached_property
    def company_indexes(self) -> frozenset[int]:
        """Columns that name the client."""
        return frozenset(index for place in self.places.get("company", ()) for index in place)

    @cached_property
    def hours_indexes(self) -> tuple[int, ...]:
        """Columns of hours, worked hours first."""
        return tuple(
            dict.fromkeys(
                index for field in HOURS_FIELDS for place in self.places.get(field, ()) for index in place
            )
        )

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
        return self._titled(INVERTED_FLAGS) | self._answered("is_billable", says_unpaid)

    @cached_property
    def showing_indexes(self) -> frozenset[int]:
        """Columns of `hidden` in which Yes says that clients may see the row."""
        if self.shape.yes_shows:
            return frozenset(place[0] for place in self.places.get("hidden", ()))
        return self._titled(SHOWING) | self._answered("hidden", says_shown)

    def _answered(self, field: str, says: Callable[[str], bool]) -> frozenset[int]:
        """The columns of a field by a person's answer whose header says which way they are meant."""
        places = (place[0] for place in self.places.get(field, ()))
        titles = {index: self.title(index) for index in places}
        return frozenset(
            index for index, title in titles.items() if key(title) in self.shape.answered and says(title)
        )

    @cached_property
    def unread(self) -> tuple[int, ...]:
        """Columns with a header that fill no field."""
        read = {index for places in self.places.values() for place in places for index in place}
        extra = key(self.shape.top_ups)
        return tuple(
            index
            for index, cell in enumerate(self.header.cells)
            if index not in read and key(cell) and key(cell) != extra
        )

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

    @cached_property
    def single(self) -> Mapping[str, tuple[int, ...]]:
        """The columns of each field of which none is read together with another, best first."""
        found = {
            field: [place[0] for place in places] for field, places in self.places.items() if _apart(places)
        }
        return {field: tuple(indexes) for field, indexes in found.items()}

    def is_empty(self, text: str) -> bool:
        """Whether a cell says nothing in this format."""
        return self.empty[text]

    def is_empty_figure(self, text: str) -> bool:
        """Whether a cell of hours, dates or times says nothing: a dash is an empty one."""
        return self._empty_figures[text]

    @cached_property
    def empty(self) -> "_Empty":
        return _Empty({"", *self.shape.empty})

    @cached_property
    def _empty_figures(self) -> "_Empty":
        return _Empty({*_EMPTY_FIGURES, *self.shape.empty})

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
        indexes = self.single.get(field)
        if indexes is None:
            return self._joined_figure(field, cells)
        for index in indexes:
            if index < len(cells) and not self._empty_figures[cells[index]]:
                return index, cells[index]
        return None

    def _joined_figure(self, field: str, cells: Sequence[str]) -> tuple[int, str] | None:
        for place in self.places.get(field, ()):
            is_one = len(place) == 1 and place[0] < len(cells)
            text = cells[place[0]] if is_one else self._joined(field, place, cells)
            if not self._empty_figures[text]:
                return place[0], text
        return None

    def under(self, header: str, cells: Sequence[str]) -> str:
        """The cell under a header that fills no field, "" where there is none."""
        wanted = key(header)
        at = next((index for index, cell in enumerate(self.header.cells) if key(cell) == wanted), len(cells))
        return cells[at] if at < len(cells) else ""

    def text(self, field: str, cells: Sequence[str]) -> str:
        """The first filled cell of a field, "" where there is none."""
        for place in self.places.get(field, ()):
            is_one = len(place) == 1 and place[0] < len(cells)
            text = cells[place[0]] if is_one else self._joined(field, place, cells)
            if text and not self.is_empty(text):
                return text
        return ""


class _Empty(dict[str, bool]):
    """Whether a cell says nothing: nothing stands in it, or one of these words. Each very short one is looked at once,
    nearly all others not at all.
    """

    def __init__(self, words: Set[str]) -> None:
        super().__init__()
        self.words = words

    def __missing__(self, text: str) -> bool:
        if len(text) > EMPTY_CHARS and not (text[0].isspace() or text[-1].isspace()):
            return False
        value = text.strip()
        found = len(value) < EMPTY_CHARS and (value in self.words or value.casefold() in self.words)
        if len(text) <= EMPTY_CHARS:
            self[text] = found
        return found


def _apart(places: Sequence[Place]) -> bool:
    return all(len(place) == 1 for place in places)


def bind(shape: Format, header: Record) -> Columns:
    """The format's columns as they stand in this header, and those that any export may have."""
    at: dict[str, int] = {}
    for index, cell in enumerate(header.cells):
        at.setdefault(key(cell), index)
    others = at.keys() - shape.known_keys()  # the format's own columns are no others
    found = {
        field: _places(aliases, at, at.keys() if field in shape.columns else others)
        for field, aliases in {**COMMON, **shape.columns}.items()
    }
    return Columns(shape, header, {field: places for field, places in found.items() if places})


def _places(aliases: Aliases, at: Mapping[str, int], begins: Set[str]) -> tuple[Place, ...]:
    """Where the columns of an alias stand, if all are there and the first is one of those; the best alias first."""
    named = [tuple(map(key, parts)) for parts in alternatives(aliases)]
    found = (parts for parts in named if parts[0] in begins and at.keys() >= set(parts))
    return tuple(tuple(at[part] for part in parts) for parts in found)


def has_essentials(columns: Columns) -> bool:
    """Whether a header has what an entry can't do without: a day, and hours (or the times that give them)."""
    return bool({"date", "start"} & columns.present and (columns.hours_indexes or columns.times_give_hours))


class ReadingPlan(NamedTuple):
    """What was decided over the whole file: how its cells are to be read."""

    columns: Columns
    order: str
    zone: ZoneInfo
    measures: Mapping[int, Measure]
    mark: str
    whole_days: frozenset[int]  # columns of dates whose times are all midnight: days, not instants
    is_halved: bool = False  # times of a twelve-hour clock without AM and PM
    is_pointed: bool = False  # times without a colon are hours and minutes: 9.30
