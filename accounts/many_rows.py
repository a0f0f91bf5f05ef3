"""Many rows of a provider at once, as tuples: what an import writes by the ten thousand.

PostgreSQL takes them by COPY, SQLite by `executemany`, some rows a statement, as it spends as much on a statement as on
a row; both inside the caller's transaction. Row-level security allows no COPY into a table that it protects: it goes
into one of this transaction alone, and one INSERT takes the rows on from there. Constraints, policies and triggers
judge each row as they judge any other. A value that isn't exactly what its column holds is turned into it, or refused,
by the field; values alike are turned once. Many rows are looked for by a single value too, which lists them (`Among`).
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from types import NoneType
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from accounts.tenancy import ForeignTenantError, TenantModel, current_tenant

if TYPE_CHECKING:
    Column = models.Field[Any, Any]
else:
    Column = models.Field

Values = Sequence[Any]  # a column
AT_ONCE = 2000
TOGETHER = 40  # rows of one statement: with as few as 999 values, which every SQLite takes
_TEXT: set[type] = {str, NoneType}
_NUMBER: set[type] = {int, NoneType}
_MARK: set[type] = {UUID, NoneType}
AS_IT_IS: dict[str, set[type]] = {
    "CharField": _TEXT,
    "TextField": _TEXT,
    "BigIntegerField": _NUMBER,
    "PositiveIntegerField": _NUMBER,
    "ForeignKey": _NUMBER,
}


class Among(models.Func):
    """These values for an `__in`, without a look at each by Django; a UUID is given in its hexadecimal digits.

    SQLite takes them as one value. PostgreSQL takes each, and so looks each row up among them: before it has
    statistics, as within a minute of a first import, it would look through any other list for each row.
    """

    template = "(SELECT value FROM json_each(%(expressions)s))"

    def __init__(self, values: Iterable[str | int]) -> None:
        self.values = list(values)
        super().__init__(models.Value(json.dumps(self.values)), output_field=models.TextField())

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        values: list[str | int | None] = [*self.values] or [None]
        return f"({', '.join(['%s'] * len(values))})", values


class Into(NamedTuple):
    """A table that rows go into. `written` are columns whose values are JSON already, as text, or marks as hexadecimal
    digits.
    """

    model: type[TenantModel]
    written: Collection[str] = ()


def insert(
    model: type[TenantModel],
    names: Sequence[str],
    records: Iterable[Sequence[Any]],
    *,
    written: Collection[str] = (),
) -> None:
    """Insert the records, each with a value for every name; they belong to the provider in scope.

    `names` are all columns but the key and the provider (TypeError otherwise): none is left to a default. Keys are
    given by the database and not told.
    """
    rest = iter(records)
    parts = iter(lambda: list(islice(rest, AT_ONCE)), [])
    named = (dict(zip(names, zip(*part, strict=True), strict=True)) for part in parts)
    insert_columns([Into(model, written)], ((part,) for part in named))


def insert_columns(tables: Sequence[Into], parts: Iterable[Sequence[Mapping[str, Values]]]) -> None:
    """The same of rows that come some at a time, as columns by name: of each part those of every table."""
    provider, rest = _whose(tables), iter(parts)
    first = list(islice(rest, 1))
    if not first:
        return
    writing = _Postgres if connection.vendor == "postgresql" else _Sqlite
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        writers = [writing(cursor, provider, into) for into in tables]
        for part in chain(first, rest):
            for writer, columns in zip(writers, part, strict=True):
                writer.take(columns)
        for writer in writers:
            writer.end()


def _whose(tables: Sequence[Into]) -> int:
    provider = current_tenant()
    if provider is None:
        names = " and ".join(into.model.__name__ for into in tables)
        raise ForeignTenantError(f"Rows of {names} belong to one provider: none is in scope.")
    return provider


class _Writer:
    """Writes the rows of one table."""

    def __init__(self, cursor: CursorWrapper, provider: int, into: Into) -> None:
        self.cursor, self._provider = cursor, provider
        self._model, self._written = into
        own = {each.attname: each for each in self._model._meta.concrete_fields if not each.primary_key}
        self._of_provider: Column = own.pop("provider_id")
        self._fields: Mapping[str, Column] = own
        self.table = _quoted(self._model._meta.db_table)

    def take(self, part: Mapping[str, Values]) -> None:
        """Some rows, as columns by name."""
        raise NotImplementedError

    def end(self) -> None:
        """There are no more."""

    def turned(self, part: Mapping[str, Values]) -> tuple[dict[str, Any], dict[str, Values]]:
        """What the database takes, by its names for the columns: the value of those that all rows have alike, first the
        provider's, and the other columns, one at least.
        """
        if self._fields.keys() != part.keys():
            raise TypeError(
                f"{self._model.__name__} has the columns {sorted(self._fields)}, not {sorted(part)}."
            )
        alike: dict[str, Any] = {_quoted(str(self._of_provider.column)): self._provider}
        others: dict[str, Values] = {}
        for name, field in self._fields.items():
            values, column, is_done = part[name], _quoted(str(field.column)), name in self._written
            if isinstance(field, models.JSONField):  # of equal objects, as 1 and True, the documents differ
                values, is_done = _column(field, values, is_done), True
            if others and _are_alike(values):
                alike[column] = _column(field, values[:1], is_done)[0]
            else:
                others[column] = _column(field, values, is_done)
        return alike, others


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _are_alike(values: Values) -> bool:
    """The last one is looked at first, as it most often says no."""
    return bool(values[0] == values[-1]) and values.count(values[0]) == len(values)


class _Sqlite(_Writer):
    """What the rows of a part have alike is bound once in a statement, and named in each of its rows."""

    def take(self, part: Mapping[str, Values]) -> None:
        alike, others = self.turned(part)
        same, own = list(alike.values()), len(others)
        begins = " ".join(("INSERT INTO", self.table, f"({', '.join((*alike, *others))})", "VALUES "))
        flat, step = list(chain.from_iterable(zip(*others.values(), strict=True))), TOGETHER * own
        whole = len(flat) - len(flat) % step
        if whole:
            together = [same + flat[start : start + step] for start in range(0, whole, step)]
            self.cursor.executemany(begins + _numbered(len(same), own, TOGETHER), together)
        if rest := flat[whole:]:
            self.cursor.executemany(begins + _numbered(len(same), own, len(rest) // own), [same + rest])


@lru_cache(maxsize=64)
def _numbered(same: int, own: int, rows: int) -> str:
    """The places of values in a statement: those that all rows share come first.

    >>> _numbered(1, 2, 2)
    '(?1, ?2, ?3), (?1, ?4, ?5)'
    """
    shared, starts = range(1, same + 1), range(same + 1, same + 1 + own * rows, own)
    numbers = (chain(shared, range(start, start + own)) for start in starts)
    return ", ".join(f"({', '.join(map('?{}'.format, each))})" for each in numbers)


class _Postgres(_Writer):
    """What all rows have alike doesn't go through COPY: it stands in the INSERT. A part that differs in it begins a new
    one.
    """

    alike: Mapping[str, Any] | None = None

    def take(self, part: Mapping[str, Values]) -> None:
        alike, others = self.turned(part)
        if self.alike is None:
            self._begin(alike)
        elif not self.alike.items() <= alike.items():
            self.end()
            self._begin({name: value for name, value in self.alike.items() if (name, value) in alike.items()})
        count = len(next(iter(others.values())))
        columns = (others[name] if name in others else [alike[name]] * count for name in self._own)
        lines = "\n".join(map("\t".join, zip(*map(_texts, columns), strict=True)))
        with connection.wrap_database_errors, self.cursor.copy(f"COPY {self._waiting} FROM STDIN") as copy:
            copy.write(lines + "\n")

    def _begin(self, alike: Mapping[str, Any]) -> None:
        """`alike` of all rows from here on."""
        names = [_quoted(str(field.column)) for field in (self._of_provider, *self._fields.values())]
        self.alike, self._own = alike, [name for name in names if name not in alike]
        self._waiting = _quoted(f"new_{self._model._meta.db_table}")
        own = ", ".join(self._own)  # names of our own tables and columns
        rows_of = " ".join(("SELECT", own, "FROM", self.table))
        made = f"CREATE TEMP TABLE {self._waiting} ON COMMIT DROP AS {rows_of} WITH NO DATA"
        # what each row points at is found by its key, not by reading a small table as often as there are rows
        self.cursor.execute(f"{made}; SET LOCAL random_page_cost = 1.1")

    def end(self) -> None:
        alike, own = self.alike or {}, ", ".join(self._own)
        rows = " ".join(("SELECT", ", ".join(["%s"] * len(alike)), ",", own, "FROM", self._waiting))
        into = " ".join(("INSERT INTO", self.table, f"({', '.join((*alike, *self._own))})", rows))
        self.cursor.execute(f"{into}; DROP TABLE {self._waiting}", list(alike.values()))


def _column(field: Column, values: Values, is_done: bool) -> Values:
    """The values as the database takes them; a whole column that already is as it should be costs nothing."""
    kinds, kind = set() if is_done else set(map(type, values)), field.get_internal_type()
    if kinds <= AS_IT_IS.get(kind, set()):
        return values
    if kind == "UUIDField" and kinds <= _MARK:
        return [value and value.hex for value in values]
    return TURNED.get(kind, _each)(field, values)


def _each(field: Column, values: Values) -> Values:
    return [field.get_db_prep_save(value, connection) for value in values]


def _simple(field: Column, values: Values) -> Values:
    """SQLite has no flags and no days: Python would look up for each what it is to SQLite."""
    kind, turned = SIMPLE[field.get_internal_type()]
    if set(map(type, values)) != {kind}:
        return _each(field, values)
    return list(map(turned, values)) if connection.vendor == "sqlite" else values


def _each_value_once(field: Column, values: Values) -> Values:
    known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [known[value] for value in values]


def _each_document_once(field: Column, values: Values) -> Values:
    """Documents can't be compared quickly: each object once, however often it stands there."""
    encoder = getattr(field, "encoder", None)
    objects = {id(value): value for value in values}
    known = {key: None if value is None else json.dumps(value, cls=encoder) for key, value in objects.items()}
    return [known[id(value)] for value in values]


TURNED = {
    "JSONField": _each_document_once,
    "DateField": _simple,
    "CharField": _each_value_once,
    "BooleanField": _simple,
}
SIMPLE: dict[str, tuple[type, Any]] = {"DateField": (date, date.isoformat), "BooleanField": (bool, int)}


def _texts(values: Values) -> Iterable[str]:
    """A column as COPY reads it, in its own form of text."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return _escaped(values)
    if len(kinds) == 1:
        return map(WRITTEN.get(kinds.pop(), _said), values)
    return [WRITTEN.get(type(value), _said)(value) for value in values]


def _escaped(values: Sequence[str]) -> Sequence[str]:
    every = "".join(values)
    for sign, said in ESCAPED:
        if sign in every:
            values = [value.replace(sign, said) for value in values]
    return values


def _said(value: object) -> str:
    return _escaped([str(value)])[0]


ESCAPED = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))  # what would end a value, or the row
WRITTEN: dict[type, Callable[[Any], str]] = {
    int: str,
    bool: {True: "t", False: "f"}.__getitem__,
    date: date.isoformat,
    NoneType: {None: "\\N"}.__getitem__,
}
