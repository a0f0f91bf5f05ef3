"""The order of day, month and year: decided once over all dates of a file, or asked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from zoneinfo import ZoneInfo

from imports.reading.columns import Columns, EntryRecord
from imports.reading.dates import Look, is_empty_year, look, parse_moment, resolve
from imports.reading.rows import Problem, ReadingOption, UnreadableFileError
from imports.reading.values import BadValueError

ORDERS = ("mdy", "dmy", "ymd")
_CONTRADICTING_SHARE = 10
_SHOWN_ROWS = 3
_YEARS_BACK = 15


class UndecidableOrderError(ValueError):
    """Day and month can't be told apart (`is_contradiction`: the file says both)."""

    def __init__(self, line: int, value: str, *, is_contradiction: bool) -> None:
        super().__init__(value)
        self.line = line
        self.value = value
        self.is_contradiction = is_contradiction


def decide_order(
    cells: Iterable[tuple[int, str]], *, fixed: str, configured: str | None, this_year: int
) -> str:
    """The order of day and month for a whole file: "mdy", "dmy", "ymd", or "" where it has no dates.

    A part above 12 anywhere decides; then dots (day first); then the format's own order, then the
    provider's. Years of two digits may stand first where only that puts all of them near `this_year`.
    `cells` are (line, text). Raises `UndecidableOrderError`.

    >>> decide_order([(2, "6/2/2026"), (3, "6/30/2026")], fixed="", configured="dmy", this_year=2026)
    'mdy'
    >>> decide_order([(2, "26-07-01"), (3, "26-07-15")], fixed="", configured="mdy", this_year=2026)
    'ymd'
    """
    census = _Census(this_year, allows_year_first=configured == "ymd")
    said = list(cells)
    times = Counter(map(itemgetter(1), said))
    first = {text: line for line, text in reversed(said)}
    for text, count in times.items():
        census.count(first[text], text, count)
    return census.verdict(fixed, configured)


class _Census:
    """What the dates of a file say about their order, counted."""

    def __init__(self, this_year: int, *, allows_year_first: bool) -> None:
        self.this_year = this_year
        self.allows_year_first = allows_year_first
        self.mdy = self.dmy = self.year_first = self.numeric = 0
        self.near: Counter[str] = Counter()  # dates with short years that an order puts near this year
        self.dotted = self.has_fixed = False
        self.open: tuple[int, str] | None = None  # the first date that could be two days
        self.first: dict[str, tuple[int, str]] = {}

    def count(self, line: int, text: str, times: int) -> None:
        seen = look(text)
        if seen is None or seen.numbers is None or is_empty_year(seen):
            self.has_fixed = self.has_fixed or bool(seen and seen.day)
            return
        self.numeric += times
        first, second, _ = seen.numbers
        if seen.has_short_year:
            self.near.update({order: times for order in ORDERS if self._is_near(seen, order)})
            self.first.setdefault("short", (line, text))
        if self.allows_year_first and seen.has_short_year:
            self.year_first += times
        elif first <= 12 < second <= 31:
            self.mdy += times
            self.first.setdefault("mdy", (line, text))
        elif second <= 12 < first <= 31:
            self.dmy += times
            self.first.setdefault("dmy", (line, text))
        elif 1 <= first <= 12 and 1 <= second <= 12:
            self.first.setdefault("any", (line, text))
            self.dotted = self.dotted or seen.is_dotted
            self.open = self.open or ((line, text) if first != second else None)

    def _is_near(self, seen: Look, order: str) -> bool:
        try:
            day = resolve(seen, order)
        except BadValueError:
            return False
        return self.this_year - _YEARS_BACK <= day.year <= self.this_year + 1

    def verdict(self, fixed: str, configured: str | None) -> str:
        if by_year := self._by_short_years(fixed, configured):
            return by_year
        if self.mdy and self.dmy:
            return self._outvoted()
        if self.mdy or self.dmy:
            return "mdy" if self.mdy else "dmy"
        if "any" not in self.first:
            return "ymd" if self.has_fixed or self.year_first else ""
        for order in ("dmy" if self.dotted else "", fixed, configured):
            if order in ("mdy", "dmy"):
                return str(order)
        if self.open is None:
            return "mdy"
        raise UndecidableOrderError(*self.open, is_contradiction=False)

    def _by_short_years(self, fixed: str, configured: str | None) -> str:
        """The order of dates that all have short years, "" where the year doesn't stand first anyway."""
        fitting = [order for order in ORDERS if self.numeric and self.near[order] == self.numeric]
        if "ymd" not in fitting or self.allows_year_first:
            return ""
        if fitting == ["ymd"]:
            return "ymd"
        for order in ("dmy" if self.dotted else "", fixed, configured):
            if order in fitting:
                return str(order)
        raise UndecidableOrderError(*self.first["short"], is_contradiction=False)

    def _outvoted(self) -> str:
        """A stray date against many others is a bad row; as many of each are a broken file."""
        most, least = ("mdy", "dmy") if self.mdy >= self.dmy else ("dmy", "mdy")
        if min(self.mdy, self.dmy) * _CONTRADICTING_SHARE > max(self.mdy, self.dmy):
            raise UndecidableOrderError(*self.first[least], is_contradiction=True)
        return most


def order_of(entries: Sequence[EntryRecord], columns: Columns, configured: str | None, today: date) -> str:
    try:
        return decide_order(
            _dated_cells(entries, columns),
            fixed=columns.shape.date_order,
            configured=configured,
            this_year=today.year,
        )
    except UndecidableOrderError as error:
        choice = None if error.is_contradiction else _order_choice(entries, columns)
        raise UnreadableFileError(_order_problem(error, columns), choice=choice) from error


def _order_problem(error: UndecidableOrderError, columns: Columns) -> Problem:
    column = columns.title(columns.day_indexes[0])
    if error.is_contradiction:
        sentence = (
            f"The dates contradict each other: “{error.value}” in line {error.line} has day and month the "
            "other way round than other rows. Export again with one date format, and don't open the file in "
            "a spreadsheet first."
        )
    else:
        sentence = (
            f"The dates, for example “{error.value}” in line {error.line}, could be day/month or "
            "month/day: no date in the file has a part above 12. Say which order your exports use "
            "(--date-order, or the provider's date order), and upload again."
        )
    return Problem(error.line, column, error.value, sentence)


def _order_choice(entries: Sequence[EntryRecord], columns: Columns) -> ReadingOption:
    """The first dates of the file, as each order reads them."""
    texts = [text for _line, text in _dated_cells(entries, columns)][:_SHOWN_ROWS]
    readings = tuple((order, tuple((text, _day_in(text, order)) for text in texts)) for order in ORDERS)
    return ReadingOption(
        "date_order", tuple(found for found in readings if all(day for _text, day in found[1]))
    )


def _day_in(text: str, order: str) -> str:
    try:
        day = parse_moment(text, order, ZoneInfo("UTC")).day
    except BadValueError:
        return ""
    return day.isoformat() if day else ""


def _dated_cells(entries: Sequence[EntryRecord], columns: Columns) -> Iterator[tuple[int, str]]:
    indexes = columns.day_indexes
    for entry in entries:
        line, cells = entry.record.line, entry.record.cells
        for index in indexes:
            if text := cells[index]:
                yield line, text
