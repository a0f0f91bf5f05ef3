"""Rows of exports as they are kept, and back: the PSA's columns behind every published entry."""

import hmac
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from functools import lru_cache, partial
from itertools import chain, repeat
from json.encoder import encode_basestring_ascii as quoted
from operator import attrgetter
from typing import Any, NamedTuple, overload
from uuid import UUID, uuid4

from django.conf import settings

from accounts import many_rows
from imports.models import KeptRow, SourceRow
from imports.reading.rows import Row
from retainers.row_values import Once

HOURS = ("worked", "billable", "deducted")
KEPT_APART = ("line", "entry_id", "ticket", "technician", "title")
DAYS = ("date", "end_date")
CLOCKS = ("start", "end")
TIMES = (*CLOCKS, "end_date")
FLAGS = ("is_billable", "hidden")
BILLABLE, NOT_BILLABLE = '"is_billable": true', '"is_billable": false'
NO_TEXTS = (*HOURS, *KEPT_APART, *DAYS, *CLOCKS, *FLAGS, "elapsed")
TEXTS = tuple(name for name in Row._fields if name not in NO_TEXTS)
OWN_TEXTS = ("notes", "internal_notes", "description")  # each row has others
SHARED_TEXTS = tuple(name for name in TEXTS if name not in OWN_TEXTS)
READ: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(HOURS, Decimal),
    **dict.fromkeys(DAYS, date.fromisoformat),
    **dict.fromkeys(CLOCKS, time.fromisoformat),
}
AT_ONCE = 2000
IN_A_ROW = 32  # bits: no file has as many rows


Columns = Mapping[str, Sequence[Any]]


def columns_of(rows: Sequence[Any]) -> tuple[Columns, Columns, Columns]:
    """The columns of planned rows, of their `Place` and of their `Row`, by the names of the fields."""
    planned = _columns(rows)
    read, places = zip(*planned["classified"], strict=True)
    return planned, _columns(places), _columns(read)


def _columns(rows: Sequence[Any]) -> Columns:
    return dict(zip(rows[0]._fields, zip(*rows, strict=True), strict=True))


def documents(columns: Columns) -> list[str]:
    """What rows say that has no column of its own, as JSON, by the columns of all fields of `Row`; empty ones left out.

    What is derived from others (`elapsed`) is not kept. What many rows say alike is written once.
    """
    days = Once(_day_said).over(zip(columns["date"], columns["is_billable"], strict=True))
    hours = Once(_hours_said).over(zip(*(map(str, columns[name]) for name in HOURS), strict=True))
    times = Once(_times_said).over(zip(*(columns[name] for name in (*TIMES, "hidden")), strict=True))
    shared = [name for name in SHARED_TEXTS if any(columns[name])]
    texts: Iterable[str] = repeat("")
    if shared:
        texts = Once(partial(_texts_said, shared)).over(zip(*(columns[name] for name in shared), strict=True))
    own = [_own_said(name, columns[name]) for name in OWN_TEXTS if any(columns[name])]
    return list(map("".join, zip(days, hours, times, texts, *own, repeat("}"))))


def _own_said(name: str, column: Iterable[str]) -> list[str]:
    begins = f', "{name}": '
    return [begins + quoted(text) if text else "" for text in column]


def _texts_said(names: Sequence[str], texts: Sequence[str]) -> str:
    said = zip(names, texts, strict=True)
    return "".join(f', "{name}": {quoted(text)}' for name, text in said if text)


def _day_said(said: tuple[date, bool]) -> str:
    """What each document begins with."""
    day, is_billable = said
    return f'{{"date": "{day.isoformat()}", {BILLABLE if is_billable else NOT_BILLABLE}'


def _hours_said(hours: Sequence[str]) -> str:
    """Hours as texts, "None" where there are none."""
    return "".join(f', "{name}": "{each}"' for name, each in zip(HOURS, hours, strict=True) if each != "None")


def _times_said(said: tuple[time | None, time | None, date | None, bool]) -> str:
    *times, hidden = said
    found = (f', "{name}": "{each.isoformat()}"' for name, each in zip(TIMES, times, strict=True) if each)
    return "".join(found) + (', "hidden": true' if hidden else "")


class NewSource(NamedTuple):
    """The record of a row that is about to be written."""

    origin: UUID
    replaces: UUID | None
    read_in_id: int
    client_id: int
    format: str
    line: int
    entry_id: str
    ticket: str
    technician: str
    title: str
    columns: str  # as JSON


def write(rows: Iterable[NewSource]) -> None:
    many_rows.insert(SourceRow, NewSource._fields, rows, written=("columns",))


SOURCES = many_rows.Into(SourceRow, written=("origin", "columns"))  # of rows that come as columns


class NewOrigins(Sequence[str]):
    """The marks of new entries, in their order: from anywhere on one after the other, and so near each other in their
    index. As hexadecimal digits, made when they are asked for: together they would take as much memory as the file.
    """

    def __init__(self, count: int) -> None:
        self._places = range(count)
        self._said = f"{uuid4().int >> IN_A_ROW:0{32 - IN_A_ROW // 4}x}{{:0{IN_A_ROW // 4}x}}".format

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        found = self._places[place]
        return self._said(found) if isinstance(found, int) else list(map(self._said, found))

    def __iter__(self) -> Iterator[str]:
        return map(self._said, self._places)


def again_of(source: KeptRow, *, client_id: int) -> NewSource:
    """The record of the same row under another client; it names the one before."""
    return NewSource(
        origin=uuid4(),
        replaces=source.origin,
        read_in_id=source.read_in_id,
        client_id=client_id,
        format=source.format,
        line=source.line,
        entry_id=source.entry_id,
        ticket=source.ticket,
        technician=source.technician,
        title=source.title,
        columns=source.columns,
    )


def row_of(source: SourceRow) -> Row:
    """The row again, as it was read."""
    return _rows([source], [source.columns])[0]


def rows_of(sources: Sequence[KeptRow]) -> list[Row]:
    """The rows again, some thousand at a time, column by column: each different day, figure and clock is read once."""
    parts = (sources[start : start + AT_ONCE] for start in range(0, len(sources), AT_ONCE))
    return list(chain.from_iterable(_rows(part, _documents(part)) for part in parts))


def _documents(sources: Iterable[KeptRow]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(f"[{','.join(source.columns for source in sources)}]")
    return found


def _rows(sources: Sequence[SourceRow | KeptRow], said: Sequence[Mapping[str, Any]]) -> list[Row]:
    names = frozenset(chain.from_iterable(said))
    columns = (_column(name, sources, said, names) for name in Row._fields)
    return list(map(Row._make, zip(*columns, strict=True)))


def _column(
    name: str,
    sources: Sequence[SourceRow | KeptRow],
    said: Sequence[Mapping[str, Any]],
    names: Container[str],
) -> Iterable[Any]:
    if name in KEPT_APART:
        return map(attrgetter(name), sources)
    empty = None if name in HOURS else Row._field_defaults.get(name)
    if name not in names:
        return repeat(empty, len(sources))
    values = (each.get(name, empty) for each in said)
    if name not in READ:
        return values
    known = Once(READ[name])
    known[None] = None
    return known.over(values)


def ticket_key(number: str) -> str:
    """A ticket's number as it is compared within a client."""
    return number.strip().lstrip("0").casefold()


def person_key(technician: str) -> str:
    """A technician's name, likewise."""
    return " ".join(technician.split()).casefold()


class Marks:
    """Marks that group entries and mean nothing outside: made with the installation's secret, which is digested once,
    not for each of a file's rows. A row has two: of its ticket, and of who did the work, another one at every client
    and with no name in it, so that people can be counted. What there is none of has none.
    """

    def __init__(self, secret: str) -> None:
        self._keyed = hmac.new(secret.encode(), digestmod="sha256")

    def of_key(self, client_id: int | None, ticket: str) -> str:
        """Of a ticket as `ticket_key` gives it, which is not empty."""
        return self._of(f"{client_id}|{ticket}")

    def of_tickets(self, client_ids: Iterable[int | None], numbers: Iterable[str]) -> list[str]:
        rows = zip(client_ids, map(ticket_key, numbers), strict=True)
        return self._of_each([f"{pk}|{ticket}" if ticket else "" for pk, ticket in rows])

    def of_people(self, client_ids: Iterable[int], technicians: Iterable[str]) -> list[str]:
        rows = zip(client_ids, map(person_key, technicians), strict=True)
        return self._of_each([f"person|{pk}|{name}" if name else "" for pk, name in rows])

    def _of_each(self, said: Sequence[str]) -> list[str]:
        """Once of what many rows say alike."""
        different = set(said)
        if len(different) * 4 > len(said) * 3:
            return list(map(self._of, said))
        known = dict(zip(different, map(self._of, different), strict=True))
        return [known[each] for each in said]

    def _of(self, said: str) -> str:
        if not said:
            return ""
        made = self._keyed.copy()
        made.update(said.encode())
        return made.hexdigest()[:16]


def marks_now() -> Marks:
    """Of this installation."""
    return _marks_under(settings.SECRET_KEY)


_marks_under = lru_cache(maxsize=1)(Marks)


def mark_of_ticket(client_id: int | None, number: str) -> str:
    return marks_now().of_tickets([client_id], [number])[0]


def mark_of_person(client_id: int, technician: str) -> str:
    return marks_now().of_people([client_id], [technician])[0]
