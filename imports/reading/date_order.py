"""The order of day, month and year: decided once over all dates of a file, or asked."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import chain, islice
from zoneinfo import ZoneInfo

from imports.reading.columns import Columns
from imports.reading.dates import Look, is_empty_year, look, parse_moment, resolve
from imports.reading.entries import Entries
from imports.reading.rows import Problem, ReadingOption, UnreadableFileError
from imports.reading.values import BadValueError

ORDERS = ("mdy", "dmy", "ymd")
_CONTRADICTING_SHARE = 10
_SHOWN_ROWS = 3
_YEARS_BACK = 15
_OPEN, _SAME = "two days", "one day"  # a date that day/month and month/day read differently, or alike


class UndecidableOrderError(ValueError):
    """Day and month can't be told apart (`is_contradiction`: the file says both)."""

    def __init__(self, line: int, value: str, *, is_contradiction: bool) -> None:
        super().__init__(value)
        self.line = line
        self.value = value
        self.is_contradiction = is_contradiction


def decide_order(
    cells: Iterable[tuple[int, str, int]], *, fixed: str, configured: str | None, this_year: int
) -> str:
    """The order of day and month for a whole file: "mdy", "dmy", "ymd", or "" where it has no dates.

    A part above 12 anywhere decides; then dots (day first); then the format's own order, then the
    provider's. Years of two digits may stand first where only that puts all of them near `this_year`.
    `cells` are (first line, text, how often it stands there). Raises `UndecidableOrderError`.

    >>> decide_order([(2, "6/2/2026", 1), (3, "6/30/2026", 1)], fixed="", configured="dmy", this_year=2026)
    'mdy'
    >>> decide_order([(2, "26-07-01", 1), (3, "26-07-15", 1)], fixed="", configured="mdy", this_year=2026)
    'ymd'
    """
    census = _Census(this_year, fixed, configured or "")
    times: Counter[str] = Counter()
    first: dict[str, int] = {}
    for line, text, count in cells:
        times[text] += count
        first.setdefault(text, line)
    for text, count in times.items():
        census.count(first[text], text, count)
    return census.verdict()


class _Census:
    """What the dates of a file say about their order, counted."""

    def __init__(self, this_year: int, fixed: str, configured: str) -> None:
        self.this_year = this_year
        self.fixed, self.configured = fixed, configured
        self.allows_year_first = configured == "ymd"
        self.numeric = 0
        self.told: Counter[str] = Counter()  # dates by the order that they tell
        self.near: Counter[str] = Counter()  # dates with short years that an order puts near this year
        self.dotted = self.has_fixed = False
        self.first: dict[str, tuple[int, str]] = {}

    def count(self, line: int, text: str, times: int) -> None:
        seen = look(text)
        if seen is None:
            return
        if seen.numbers is None or is_empty_year(seen):
            self.has_fixed |= seen.day is not None
            return
        self.numeric += times
        if seen.has_short_year:
            self.near.update({order: times for order in ORDERS if self._is_near(seen, order)})
            self.first.setdefault("short", (line, text))
        told = self._told_by(seen, seen.numbers)
        self.told[told] += times
        self.first.setdefault(told, (line, text))
        self.dotted |= seen.is_dotted and told in (_OPEN, _SAME)

    def _told_by(self, seen: Look, numbers: tuple[int, int, int]) -> str:
        """The order that a date tells, or that day and month may change places; "" where it is no day either way."""
        first, second, _ = numbers
        if self.allows_year_first and seen.has_short_year:
            return "ymd"
        if first <= 12 < second <= 31:
            return "mdy"
        if second <= 12 < first <= 31:
            return "dmy"
        if not (1 <= first <= 12 and 1 <= second <= 12):
            return ""
        return _SAME if first == second else _OPEN

    def _is_near(self, seen: Look, order: str) -> bool:
        try:
            day = resolve(seen, order)
        except BadValueError:
            return False
        return self.this_year - _YEARS_BACK <= day.year <= self.this_year + 1

    def verdict(self) -> str:
        return self._by_short_years() or self._by_parts_above_12() or self._by_habit()

    def _by_short_years(self) -> str:
        """The order of dates that all have short years, "" where the year doesn't stand first anyway."""
        fitting = [order for order in ORDERS if self.near[order] == self.numeric > 0]
        if "ymd" not in fitting or self.allows_year_first:
            return ""
        if fitting == ["ymd"]:
            return "ymd"
        if usual := self._usual(fitting):
            return usual
        raise UndecidableOrderError(*self.first["short"], is_contradiction=False)

    def _by_parts_above_12(self) -> str:
        """A stray date against many others is a bad row; as many of each are a broken file."""
        most, least = ("mdy", "dmy") if self.told["mdy"] >= self.told["dmy"] else ("dmy", "mdy")
        if self.told[least] * _CONTRADICTING_SHARE > self.told[most]:
            raise UndecidableOrderError(*self.first[least], is_contradiction=True)
        return most if self.told[most] else ""

    def _by_habit(self) -> str:
        """The order that dates usually have here, where nothing in them tells it."""
        if not self.told[_OPEN] and not self.told[_SAME]:
            return "ymd" if self.has_fixed or self.told["ymd"] else ""
        usual = self._usual(("mdy", "dmy"))
        if self.told[_OPEN] and not usual:
            raise UndecidableOrderError(*self.first[_OPEN], is_contradiction=False)
        return usual or "mdy"

    def _usual(self, orders: Collection[str]) -> str:
        """Which of these dots, the format or the provider stand for, in that order; "" where none does."""
        usual = ("dmy" if self.dotted else "", self.fixed, self.configured)
        return next((order for order in usual if order in orders), "")


def order_of(entries: Entries, columns: Columns, configured: str | None, today: date) -> str:
    """Raises `UnreadableFileError` where nothing tells."""
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
            "other way round than other rows. Export again with one date format, and don’t open the "
            "file in a spreadsheet first."
        )
    else:
        sentence = (
            f"The dates, for example “{error.value}” in line {error.line}, could be day/month or "
            "month/day: no date in the file has a part above 12. Choose which order your exports use "
            "(--date-order, or the provider’s date order), and upload again."
        )
    return Problem(error.line, column, error.value, sentence)


def _order_choice(entries: Entries, columns: Columns) -> ReadingOption:
    """The first dates of the file, as each order reads them."""
    cells = chain.from_iterable(map(entry.record.cells.__getitem__, columns.day_indexes) for entry in entries)
    texts = list(islice(filter(None, cells), _SHOWN_ROWS))
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


def _dated_cells(entries: Entries, columns: Columns) -> Iterator[tuple[int, str, int]]:
    """The different cells of all columns that can hold a date, in the order in which they are met."""
    found = [
        (place, number, text, count)
        for number, index in enumerate(columns.day_indexes)
        for text, (place, count) in entries.each(index).items()
        if text
    ]
    for place, _number, text, count in sorted(found):
        yield entries.at(place).record.line, text, count
