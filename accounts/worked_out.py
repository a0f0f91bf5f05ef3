"""Queries that every visit asks, put together once: what they say stays, the values in them change.

Most of the processor's time of a small answer goes into putting its SQL together, and that comes out the same each
time. A `WorkedOut` keeps the SQL and where its values stand, and gives rows as the queryset itself would. The
scope of tenancy is one of the values: it is looked up anew with every asking, and without one nothing is asked.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from accounts import scope
from accounts.tenancy import current_tenant

# While a query is put together, these stand for the provider in scope and for the values that are asked with (the
# second value is NUMBER + 1 or the day after DAY, and so on).
WHOSE = -1_000_000_007
NUMBER, DAY = 1_000_000_007, date(2999, 1, 1)

Value = str | int | date | datetime


class _Query(NamedTuple):
    """SQL with its parameters; `places` says which of the values stands at which of them.

    `spelled`: the SQL as SQLite's own driver takes it, "" elsewhere.
    """

    rows: Any
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    converters: Mapping[int, Any]
    spelled: str


@dataclass(frozen=True, slots=True)
class Records:
    """Records as the database gave them, and what turns their columns into values."""

    rows: Sequence[tuple[Any, ...]]
    query: _Query

    def values(self, record: Sequence[Any], first: int, last: int) -> list[Any]:
        """The values of the columns from `first` up to `last`, without it."""
        found = list(record[first:last])
        for at, (steps, expression) in self.query.converters.items():
            if first <= at < last:
                for step in steps:
                    found[at - first] = step(found[at - first], expression, self.query.compiler.connection)
        return found

    def read_only(self) -> Iterator[tuple[Any, ...]]:
        """All of them as values. Those of a column that are equal are turned once and shared: nobody may change one."""
        columns: list[Iterable[Any]] = list(zip(*self.rows, strict=True))
        for at, (steps, expression) in self.query.converters.items() if columns else ():
            turned: dict[Any, Any] = {}
            for value in set(columns[at]):
                turned[value] = value
                for step in steps:
                    turned[value] = step(turned[value], expression, self.query.compiler.connection)
            columns[at] = map(turned.__getitem__, columns[at])
        return zip(*columns, strict=True)


class WorkedOut:
    """`make` gives the queryset for the values that it is called with; each thread puts it together once."""

    def __init__(self, make: Callable[..., QuerySet[Any]]) -> None:
        self._make = make
        self._known = threading.local()

    @classmethod
    def any_of(cls, make: Callable[..., QuerySet[Any]]) -> "WorkedOut":
        """For `is_any` alone: the database stops at the first row, and gives its key."""
        return cls(lambda *values: make(*values).order_by().values_list("pk")[:1])

    def is_any(self, *values: Value) -> bool:
        """Whether there is a row."""
        return bool(self.records(*values).rows)

    def rows(self, *values: Value) -> Iterator[Any]:
        """What the queryset for these values gives, in its own order: objects, or tuples of `values_list`."""
        found = self.records(*values)
        return iter(found.query.rows._iterable_class(_Rows(found.query, found.rows)))

    def records(self, *values: Value) -> Records:
        """The same as it stands in the database: for whoever needs few of the columns as values."""
        tenant, connection = current_tenant(), connections[scope.read_from.get()]
        query = self._query(values, connection, of_one=tenant is not None)
        parameters = list(query.parameters)
        given = (tenant, *(_adapted(value, connection) for value in values))
        for at, value in query.places:
            parameters[at] = given[value]
        with connection.cursor() as cursor:
            # on this cursor alone, which ends here: Django would look through all of the SQL each time
            if query.spelled:
                cursor.cursor.convert_query = lambda _sql, **_options: query.spelled
            cursor.execute(query.sql, parameters)
            return Records(cursor.fetchall(), query)

    def _query(self, values: Sequence[Value], connection: BaseDatabaseWrapper, *, of_one: bool) -> _Query:
        kinds = " ".join(type(value).__name__ for value in values)
        known, key = self._known.__dict__, f"{kinds} {of_one} {connection.alias} {connection.vendor}"
        query: _Query | None = known.get(key)
        if query is None:
            query = known[key] = self._put_together(values, connection, of_one=of_one)
        return query

    def _put_together(
        self, values: Sequence[Value], connection: BaseDatabaseWrapper, *, of_one: bool
    ) -> _Query:
        marks = [_mark(value, number) for number, value in enumerate(values, 1)]
        token = scope.current.set(WHOSE if of_one else scope.ALL)
        try:
            rows = self._make(*marks)
            compiler = rows.query.get_compiler(rows.db)
            sql, parameters = compiler.as_sql()
        finally:
            scope.current.reset(token)
        known = [WHOSE if of_one else None, *(_adapted(mark, connection) for mark in marks)]
        places = _places_of(known, parameters)
        if {value for _at, value in places} < set(range(0 if of_one else 1, len(known))):
            raise TypeError(f"{self._make} does not ask for each of its values as it is given.")
        _remember_converters(compiler)
        converters = compiler.get_converters(list(map(itemgetter(0), compiler.select)))
        return _Query(rows, compiler, sql, tuple(parameters), places, converters, _spelled(sql, connection))


def _spelled(sql: str, connection: BaseDatabaseWrapper) -> str:
    """As the cursor of SQLite spells it before it asks; "" for PostgreSQL, whose cursor puts the values in itself."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        return str(cursor.cursor.convert_query(sql))


def _places_of(known: Sequence[object], parameters: Sequence[object]) -> tuple[tuple[int, int], ...]:
    """At which parameter which of the known values stands."""
    numbered = ((at, one) for at, one in enumerate(parameters) if one is not None)
    return tuple((at, known.index(one)) for at, one in numbered if one in known)


def _mark(value: Value, number: int) -> Value:
    """Something of the same kind that no query has of its own."""
    if isinstance(value, str):
        return f"value {number} of a query"
    if isinstance(value, int):
        return NUMBER + number
    if isinstance(value, datetime):
        return datetime.combine(DAY, datetime.min.time(), UTC) + timedelta(days=number)
    return DAY + timedelta(days=number)


def _adapted(value: Value, connection: BaseDatabaseWrapper) -> Any:
    """As a field hands it to the database."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _remember_converters(compiler: Any) -> None:
    """How columns become values is looked up once, and not with every asking."""
    known: list[Any] = []
    look_up = compiler.get_converters

    def converters(fields: Any) -> Any:
        if not known:
            known.append(look_up(fields))
        return known[0]

    compiler.get_converters = converters


class _Rows:
    """The queryset after it was asked: it and its query are their own compiler, and the rows are there."""

    def __init__(self, query: _Query, found: Sequence[tuple[Any, ...]]) -> None:
        self._rows, self._compiler, self._found = query.rows, query.compiler, found

    @property
    def query(self) -> "_Rows":
        return self

    def get_compiler(self, *_arguments: Any, **_options: Any) -> "_Rows":
        return self

    def execute_sql(self, *_arguments: Any, **_options: Any) -> list[Sequence[tuple[Any, ...]]]:
        return [self._found]

    def results_iter(self, results: Any = None, **options: Any) -> Any:
        return self._compiler.results_iter(results or [self._found], tuple_expected=True)

    def __getattr__(self, name: str) -> Any:
        """What is asked of the queryset, of its query, or of the compiler."""
        for one in (self._rows, self._compiler, self._rows.query):
            if hasattr(one, name):
                return getattr(one, name)
        raise AttributeError(name)
