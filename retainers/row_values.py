"""Published rows as the ledger's values, and what was granted as rows: the one crossing between the two."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice, repeat
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, QuerySet, TextField
from django.db.models.functions import Cast

from retainers.alike import Alike
from retainers.balance import Part, Work
from retainers.hours import WORKED_PLACES, from_units, to_units
from retainers.models import Adjustment, Approval, Entry, TopUp
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import Approval as ApprovalTerms
from retainers.terms import Expiry
from retainers.terms import TopUp as TopUpTerms

AS_TEXT = ("day", "is_billable", "categories", "parts")
TRUE = ("1", "true")  # as SQLite and PostgreSQL write it
LONGEST_EXCLUSION = 200
AT_ONCE = 2000  # records that are turned together
ENTRY_COLUMNS = (
    "retainer_id",
    "day",
    "worked_units",
    "billable_units",
    "deducted_units",
    "is_billable",
    "categories",
    "pool",
    "exclusion",
    "parts",
    "pk",
)
NAMES = tuple(f"{name}_text" if name in AS_TEXT else name for name in ENTRY_COLUMNS)
SAID = tuple(name for name in NAMES if name not in ("day_text", "pk"))
NO_DAY = date.min.isoformat()


def work_of(record: tuple[Any, ...]) -> Work:
    """A record of `ENTRY_COLUMNS` as the ledger's value; `ref` is the entry's key."""
    _, day, worked, billable, deducted, is_billable, categories, pool, exclusion, parts, pk = record
    return Work(
        day=day,
        worked=_hours(worked),
        billable=_hours(billable),
        deducted=_hours(deducted),
        is_billable=is_billable,
        categories=frozenset(categories),
        pool=pool or None,
        exclusion=exclusion or None,
        ref=pk,
        parts=tuple(part_of(document) for document in parts),
    )


def works_of(entries: QuerySet[Entry]) -> Iterator[tuple[int, Work]]:
    """Entries as the ledger's values, each with its retainer's key, in the order of the query."""
    return works_in(work_columns(entries))


def work_columns(entries: QuerySet[Entry], *more: str) -> QuerySet[Any, Any]:
    """What a `Work` needs of them, the key last, and behind it what is asked for besides."""
    return with_texts(entries, AS_TEXT).values_list(*NAMES, *more)


def with_texts(rows: QuerySet[Any], names: Iterable[str]) -> QuerySet[Any, Any]:
    """Rows with these fields as text too, each under its name with `_text`: what many say alike is read once then."""
    texts = {f"{name}_text": Cast(name, TextField()) for name in names}
    return rows.annotate(**texts)  # type: ignore[no-any-return]  # of any model


def works_in(records: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Work]]:
    """The records of `work_columns` as the ledger's values.

    Thousands of entries share a few days, figures, categories and splits: each is read once, column by column.
    """
    turned, figures = WorkColumns(), repeat(None, 3)
    ways = (None, Once(date.fromisoformat), *figures, Once(TRUE.__contains__), *repeat(None, 5))
    for retainer, *said in columns_in(records, ways):
        yield from zip(retainer, turned.works(said), strict=True)


class WorkColumns:
    """Columns of entries as the ledger's values: each different figure, name, list and split is read once."""

    def __init__(self) -> None:
        hours, names = Once(_hours), Once(_name)
        figures, said = repeat(hours, 3), (Once(_categories), names, names, Once(_parts))
        self._ways = (None, *figures, None, *said, None)

    def works(self, columns: Iterable[Iterable[Any]]) -> Iterator[Work]:
        """`ENTRY_COLUMNS` from the day on, of which categories and parts are texts."""
        read = (its if way is None else way.over(its) for way, its in zip(self._ways, columns, strict=True))
        *said, parts, pks = read
        return map(_work, zip(*said, pks, parts, strict=True))


_work = partial(tuple.__new__, Work)  # without a look at how many values there are


def columns_in(records: Iterable[Any], ways: Sequence["Once | None"]) -> Iterator[list[Iterable[Any]]]:
    """The columns of records, some thousand of these at a time, each read in its way; None: it is as it stands."""
    every = iter(records)
    while part := list(islice(every, AT_ONCE)):
        columns = zip(ways, zip(*part, strict=True), strict=True)
        yield [column if way is None else way.over(column) for way, column in columns]


def kinds_of(entries: QuerySet[Entry]) -> QuerySet[Any, Any]:
    """What the entries say but for their days and marks, each kind once."""
    return with_texts(entries, AS_TEXT).order_by().values_list(*SAID).distinct()


def telling(kinds: Sequence[tuple[Any, ...]]) -> tuple[str, ...]:
    """The columns that tell these kinds apart, one at least: of most agreements they are few."""
    columns = zip(SAID, zip(*kinds, strict=True), strict=True) if kinds else ()
    return tuple(name for name, column in columns if len(set(column)) > 1) or SAID[:1]


def days_of_kinds(entries: QuerySet[Entry], names: Sequence[str]) -> QuerySet[Any, Any]:
    """The days of the entries of each kind in one text, behind the columns `names` that tell the kind."""
    rows = with_texts(entries, AS_TEXT).order_by().values(*names).annotate(days=Listed("day_text"))
    found: QuerySet[Any, Any] = rows.values_list(*names, "days")
    return found


def alike_in(
    kinds: Sequence[tuple[Any, ...]], names: Sequence[str], days: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[int, Alike]]:
    """The records of `kinds_of` with those of `days_of_kinds` as the ledger's values, each with its retainer's key."""
    texts, at = {tuple(said): text for *said, text in days}, [SAID.index(name) for name in names]
    for kind in kinds:
        ((retainer, work),) = works_in([(kind[0], NO_DAY, *kind[1:], 0)])
        yield retainer, Alike(work, Counter(texts[tuple(kind[each] for each in at)].split(",")))


class Listed(Aggregate):
    """All texts of a group in one, with commas between."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="STRING_AGG(%(expressions)s, ',')", **options)


class Once(dict[Any, Any]):
    """What a column's values are read as: each is read when it is first met."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, value: Any) -> Any:
        found = self[value] = self._read(value)
        return found

    def over(self, column: Iterable[Any]) -> Iterator[Any]:
        return map(self.__getitem__, column)


def _name(text: str) -> str | None:
    return text or None


def _categories(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


def _parts(text: str) -> tuple[Part, ...]:
    return tuple(part_of(document) for document in json.loads(text))


def part_of(document: Mapping[str, Any]) -> Part:
    """A part of a split entry as `part_document` wrote it."""
    return Part(
        seconds=document["seconds"],
        pool=document["pool"] or None,
        categories=frozenset(document["categories"]),
        exclusion=document["exclusion"] or None,
    )


def part_document(part: Part) -> dict[str, object]:
    return {
        "seconds": part.seconds,
        "pool": part.pool or "",
        "categories": sorted(part.categories),
        "exclusion": exclusion_text(part.exclusion),
    }


def exclusion_text(reason: str | None) -> str:
    """What an entry keeps of why it isn't counted."""
    return (reason or "")[:LONGEST_EXCLUSION]


def _hours(units: int | None) -> Decimal | None:
    return None if units is None else from_units(units, WORKED_PLACES)


def write_expiry(expires: Expiry | None) -> str:
    return "" if expires is None else str(expires)


def read_expiry(text: str) -> Expiry | None:
    """What `write_expiry` wrote: a word, a number of cycles or a day; None where nothing was said.

    >>> read_expiry("2"), read_expiry("2026-01-31"), read_expiry("")
    (2, datetime.date(2026, 1, 31), None)
    """
    if not text:
        return None
    if text.isdigit():
        return int(text)
    return text if text in ("never", "cycle") else date.fromisoformat(text)  # type: ignore[return-value]  # as said


def top_up_terms(row: TopUp) -> TopUpTerms:
    return TopUpTerms(
        **_granted(row), key=row.key, expires=read_expiry(row.expires) or "never", note=row.note
    )


def adjustment_terms(row: Adjustment) -> AdjustmentTerms:
    return AdjustmentTerms(**_granted(row), key=row.key, expires=read_expiry(row.expires), reason=row.reason)


def top_up_row(terms: TopUpTerms) -> TopUp:
    return TopUp(**_columns(terms), note=terms.note)


def adjustment_row(terms: AdjustmentTerms) -> Adjustment:
    return Adjustment(**_columns(terms), reason=terms.reason)


def _granted(row: TopUp | Adjustment) -> dict[str, Any]:
    """What a row of either kind says alike."""
    return {"date": row.day, "hours": from_units(row.hours_units), "pool": row.pool or None}


def _columns(terms: TopUpTerms | AdjustmentTerms) -> dict[str, Any]:
    """The same as columns."""
    return {
        "day": terms.date,
        "hours_units": to_units(terms.hours),
        "pool": terms.pool or "",
        "expires": write_expiry(terms.expires),
        "key": terms.key,
    }


def approval_terms(row: Approval, zone: ZoneInfo) -> ApprovalTerms:
    """`on` is the day on the provider's wall at which it was confirmed."""
    on = row.confirmed_at.astimezone(zone).date()
    return ApprovalTerms(row.cycle, from_units(row.hours_units), row.name, on, row.pk)
