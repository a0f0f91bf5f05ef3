"""Business hours in files and documents: one table, or a dated list of them; read, judged, written.

The first table holds from the beginning, each later one from its `from` on. What they make of an entry is for
the import's judges.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from retainers.agreements import readers
from retainers.agreements.problems import Finding, Place, find_repeated
from retainers.agreements.rows import CLOCK, DAY, DAYS, WEEKDAYS, Document, Field, Row, choice
from retainers.agreements.tables import Table
from retainers.terms import BusinessHours, OpeningTimes, Split, hours_on

NAME = "business_hours"
OPENING_TIMES = Row(
    BusinessHours,
    Field("since", DAY, key="from"),
    Field("days", WEEKDAYS),
    Field("start", CLOCK),
    Field("end", CLOCK),
    Field("holidays", DAYS),
    Field("split", choice(Split), quiet=True),
)


def read_business_hours(above: Table) -> OpeningTimes:
    """The business hours of a provider or a retainer, none where its table does not speak of them."""
    if not above.has(NAME):
        return ()
    listed = isinstance(above.raw[NAME], list)
    tables = above.tables(NAME) if listed else [table for table in (above.table(NAME),) if table]
    if listed and above.raw[NAME] == []:
        above.refuse(NAME, "the list is empty: state the business hours, or leave it out")
    versions = tuple(_read_version(table, is_first=index == 0) for index, table in enumerate(tables))
    for table, hours in zip(tables, versions, strict=True):
        table.judge(find_business_hours_problems(hours, table.place))
    above.judge(_find_order_problems(versions, above.place))
    return versions


def _read_version(table: Table, *, is_first: bool) -> BusinessHours:
    read_since = table.get if is_first else table.need
    return OPENING_TIMES.read(table, since=read_since("from", readers.day, None))


def find_business_hours_problems(hours: BusinessHours, at: Place) -> Iterator[Finding]:
    if not hours.days:
        yield at.key("days"), "no day is named: name the working days, or leave the business hours out"
    yield from find_repeated(at.key("days"), hours.days, "weekday")
    if hours.end <= hours.start:
        yield at.key("end"), f"{hours.end:%H:%M} is not after {hours.start:%H:%M}: set a later end"


def _find_order_problems(versions: Sequence[BusinessHours], at: Place) -> Iterator[Finding]:
    for index, hours in enumerate(versions):
        place = at.item(NAME, index).key("from")
        before = versions[index - 1].since if index else None
        if index == 0 and hours.since is not None:
            yield place, "the first business hours apply from the beginning: take `from` out"
        if hours.since is not None and before is not None and hours.since <= before:
            yield place, f"{hours.since} does not come after {before} of the hours before: put them in order"


def opening_times_document(versions: OpeningTimes) -> Document | list[Document]:
    """The stored form: a table where one version holds for ever, else a list of them."""
    documents = [OPENING_TIMES.write(hours) for hours in versions]
    return documents[0] if len(documents) == 1 else documents


def opening_times_from_document(document: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> OpeningTimes:
    """The exact inverse of `opening_times_document`."""
    versions = [document] if isinstance(document, Mapping) else document
    return tuple(OPENING_TIMES.load(version) for version in versions)


def opening_times_file(versions: OpeningTimes) -> Document | list[Document]:
    """The same as a file says it: dates are dates, and an empty list of holidays is left out."""
    documents = [_version_file(hours) for hours in versions]
    return documents[0] if len(documents) == 1 else documents


def _version_file(hours: BusinessHours) -> Document:
    document: Document = OPENING_TIMES.write(hours) | {"holidays": list(hours.holidays)}
    if hours.since is not None:
        document["from"] = hours.since
    return {name: value for name, value in document.items() if value != []}


def with_past_holidays(new: OpeningTimes, standing: OpeningTimes, today: date) -> OpeningTimes:
    """The new business hours, and of the standing ones' holidays those that are past (domain.md, "Restatements").

    A list for next year must not turn last year's holidays into working days. Each goes to the version that
    holds on its day.

    >>> from datetime import time
    >>> monday = BusinessHours(("mon",), time(8), time(17))
    >>> standing = (replace(monday, holidays=(date(2025, 12, 25),)),)
    >>> coming = (replace(monday, holidays=(date(2026, 12, 25),)),)
    >>> [str(day) for day in with_past_holidays(coming, standing, date(2026, 1, 5))[0].holidays]
    ['2025-12-25', '2026-12-25']
    """
    past = {day for hours in standing for day in hours.holidays if day < today}
    holding = {day: hours_on(new, day) for day in past}
    return tuple(_with_holidays(hours, {day for day in past if holding[day] is hours}) for hours in new)


def _with_holidays(hours: BusinessHours, days: set[date]) -> BusinessHours:
    if days.issubset(hours.holidays):
        return hours
    return replace(hours, holidays=tuple(sorted(days.union(hours.holidays))))
