"""Rows of values, each value said once: how a file holds it, how a document keeps it, how a form asks for it.

A `Row` is a dataclass with a `Field` for each of its values; a value's type and default are the dataclass's own.
A `Kind` is what fields of one sort have in common. The rows of an agreement are in `fields`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, time
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast, get_args

from retainers.agreements import readers
from retainers.agreements.readers import Reader
from retainers.agreements.tables import Table
from retainers.hours import ZERO, write_exact, write_factor
from retainers.terms import NEUTRAL_TEXT, STANDARD

T = TypeVar("T")
Document = dict[str, Any]
NEEDED: Any = MISSING  # in the place of a default: the file must say it
_SOME_DAY = date(2000, 1, 1)
_WHOLE = re.compile(r"\d{1,6}")
YES = "yes"  # what a form sends for a flag


def same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of value.

    `read` takes it out of a file's table, by key, with what holds where the key is missing (`NEEDED`: nothing
    does). `write` gives what a document keeps, `load` reads that back. `asked` is the input of a form (text, date,
    number, area, select, boxes, hidden); `typed` makes of its text what a file would hold, `shown` of what a
    document keeps its text. A value that is a row itself has it as `inner`: a form asks for its fields under
    names that begin with `prefix`, and `said` is the answer that there is one.
    """

    read: Callable[[Table, str, Any], Any]
    write: Callable[[Any], Any] = same
    load: Callable[[Any], Any] = same
    asked: str = "text"
    typed: Callable[[str], Any] = same
    shown: Callable[[Any], str] = str
    blank: bool = False
    inner: "Row[Any] | None" = None
    prefix: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a row. `key` is its name in files and documents where that is another one.

    `label`, `help`, `answers` (of a choice) and `step` are a form's; without a label no form asks for it.
    `quiet` leaves it out of the document where it is the default, so that documents of before it was known stay
    as they are. `otherwise` makes the default out of the values read before.
    """

    name: str
    kind: Kind
    label: str = ""
    help: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    step: str = ""
    key: str = ""
    quiet: bool = False
    otherwise: Callable[[Mapping[str, Any]], Any] | None = None


class Row(Generic[T]):
    """The fields of a dataclass, in the order in which files and documents have them."""

    def __init__(self, makes: type[T], *said: Field) -> None:
        self.makes, self.fields = makes, said
        self.keys = {each.name: each.key or each.name for each in said}
        self.defaults = {each.name: _default(each) for each in fields(cast("Any", makes))}
        self._load = [(each.name, self.keys[each.name], each.kind.load) for each in said]
        self._write = [
            (each.name, self.keys[each.name], each.kind.write, self._left_out(each)) for each in said
        ]
        self._plain = {
            self.keys[each.name]: each.kind.write(self.defaults[each.name])
            for each in said
            if self.defaults[each.name] not in (None, NEEDED)
        }

    def __getitem__(self, name: str) -> Field:
        return next(each for each in self.fields if each.name == name)

    def read(self, table: Table, **given: Any) -> T:
        """The row that a file's table says; its findings are the table's. `given` are values read already."""
        values: dict[str, Any] = {}
        for each in self.fields:
            if each.name in given:
                values[each.name] = given[each.name]
            else:
                default = each.otherwise(values) if each.otherwise else self.defaults[each.name]
                values[each.name] = each.kind.read(table, self.keys[each.name], default)
        table.close()
        return self.makes(**values)

    def write(self, row: T) -> Document:
        """What a document keeps: every key is there except those that are None, and the quiet ones' defaults."""
        said = {}
        for name, key, write, left_out in self._write:
            value = getattr(row, name)
            if value is not None and value != left_out:
                said[key] = write(value)
        return said

    def load(self, document: Mapping[str, Any]) -> T:
        """The row that `write` wrote; what it leaves out is the default."""
        return self.makes(**{name: load(document[key]) for name, key, load in self._load if key in document})

    def brief(self, document: Document) -> Document:
        """The document without what says no more than the default."""
        return {key: value for key, value in document.items() if self._plain.get(key) != value}

    def _left_out(self, each: Field) -> Any:
        """The value that stands for itself by not being there."""
        return self.defaults[each.name] if each.quiet else NEEDED


def _default(of: Any) -> Any:
    return of.default if of.default_factory is MISSING else of.default_factory()


def value(read: Reader[Any], stand_in: object = "", **more: Any) -> Kind:
    """A kind that one reader reads; `stand_in` lets the reading go on where what is needed is missing."""

    def read_value(table: Table, key: str, default: Any) -> Any:
        return table.need(key, read, stand_in) if default is NEEDED else table.get(key, read, default)

    return Kind(read_value, **more)


def choice(of: object) -> Kind:
    """One of the values of a `Literal`."""
    options = get_args(of)
    typed = typed_whole if isinstance(options[0], int) else same
    return value(readers.one_of(options), asked="select", typed=typed)


def a_list(read: Reader[Any], **more: Any) -> Kind:
    """Several values, as a tuple; its text in a form is of words without spaces, unless `more` says otherwise."""
    said = {"write": list, "load": tuple, "asked": "boxes", "typed": str.split, "shown": " ".join, **more}
    return value(read, (), blank=True, **said)


def one(row: Row[Any], *, prefix: str, said: str) -> Kind:
    """A row below a key, None where there is none."""

    def read(table: Table, key: str, _default: Any) -> Any:
        inside = table.table(key)
        return None if inside is None else row.read(inside)

    return Kind(read, row.write, row.load, "select", inner=row, prefix=prefix, said=said)


def many(row: Row[Any], *, shown_by: str) -> Kind:
    """A list of rows, each shown in messages by its own key `shown_by`."""

    def read(table: Table, key: str, _default: Any) -> Any:
        return tuple(row.read(item) for item in table.tables(key, shown_by=shown_by))

    def write(rows: Any) -> Any:
        return [row.write(each) for each in rows]

    def load(documents: Any) -> Any:
        return tuple(row.load(each) for each in documents)

    return Kind(read, write, load, inner=row)


def by_category() -> Kind:
    """Amounts by the category of work that they are of."""

    def read(terms: Table, key: str, _default: Any) -> Any:
        table = terms.table(key)
        if table is None:
            return {}
        for category in table.raw:
            if not readers.is_key(category):
                table.refuse(category, f"{readers.seen(category)} isn't a category: {readers.KEY_WANTED}")
        return {category: table.need(category, readers.exact, ZERO) for category in table.raw}

    def write(amounts: Any) -> Any:
        return {category: write_exact(amounts[category]) for category in sorted(amounts)}

    def load(document: Any) -> Any:
        return {category: Decimal(amount) for category, amount in document.items()}

    return Kind(read, write, load, "number", _typed_standard, _shown_standard)


def _written_clock(moment: time) -> str:
    return moment.isoformat("seconds" if moment.second else "minutes")


def _written_days(days: Any) -> Any:
    return [day.isoformat() for day in days]


def _loaded_days(days: Any) -> Any:
    return tuple(date.fromisoformat(day) for day in days)


def _written_expiry(expires: Any) -> Any:
    return expires.isoformat() if isinstance(expires, date) else expires


def typed_day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def typed_whole(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


def _typed_standard(text: str) -> dict[str, str]:
    """What a form's own input says; those of further categories stand in rows of their own."""
    return {STANDARD: text}


def _shown_standard(amounts: Any) -> str:
    return str(amounts.get(STANDARD, ""))


def _typed_flag(text: str) -> bool | str:
    return text == YES or text


def _shown_flag(is_so: bool) -> str:
    return YES if is_so else ""


def _typed_lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _typed_percents(text: str) -> list[int | str]:
    return [typed_whole(part.strip(" %")) for part in text.split(",") if part.strip(" %")]


def _shown_percents(percents: Any) -> str:
    return ", ".join(str(each) for each in percents)


KEY = value(readers.key)
NAME = value(readers.name)
LINE = value(readers.line)
NOTE = value(readers.note)
EXPIRY = value(readers.expiry, write=_written_expiry)
PROSE = value(readers.prose, asked="area")
CURRENCY = value(readers.currency)
DAY = value(
    readers.day, _SOME_DAY, write=date.isoformat, load=date.fromisoformat, asked="date", typed=typed_day
)
WHOLE = value(readers.whole, asked="number", typed=typed_whole)
FLAG = value(readers.flag, asked="select", typed=_typed_flag, shown=_shown_flag)
FALLBACK = value(readers.line, shown=lambda text: "" if text == NEUTRAL_TEXT else text)
EXACT = value(readers.exact, ZERO, write=write_exact, load=Decimal, asked="number")
HOURS = value(readers.granted_hours, ZERO, write=write_exact, load=Decimal, asked="number")
FACTOR = value(readers.exact, ZERO, write=write_factor, load=Decimal, asked="number")
CLOCK = value(readers.clock, readers.MIDNIGHT, write=_written_clock, load=time.fromisoformat)
DAYS = a_list(readers.days, write=_written_days, load=_loaded_days)
WEEKDAYS = a_list(readers.weekdays)
REQUESTS = a_list(readers.request_kinds)
COMPANIES = a_list(readers.companies, asked="area", typed=_typed_lines, shown="\n".join)
PERCENTS = a_list(readers.percents, asked="text", typed=_typed_percents, shown=_shown_percents)
