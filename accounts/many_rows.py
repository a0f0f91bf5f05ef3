"""Many rows of a provider at once, as tuples: what an import writes by the ten thousand.

PostgreSQL takes them by COPY, SQLite by `executemany`, some rows a statement, as it spends as much on a statement as on
a row; both inside the caller's transaction. Row-level security allows no COPY into a table that it protects: it goes
into one of this transaction alone, and one INSERT takes the rows on from there. Constraints, policies and triggers
judge each row as they judge any other. A value that isn't exactly what its column holds is turned into it, or refused,
by the field; values alike are turned once.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from types import NoneType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from accounts.tenancy import ForeignTenantError, TenantModel, current_tenant

if TYPE_CHECKING:
    Column = models.Field[Any, Any]
else:
    Column = models.Field

Values = Sequence[Any]  # a column
Parts = Iterator[list[Values]]
AT_ONCE = 2000
TOGETHER = 40  # rows of one statement: with as few as 999 values, which every SQLite takes
_TEXT: set[type] = {str, type(None)}
_NUMBER: set[type] = {int, type(None)}
_MARK: set[type] = {UUID, type(None)}
AS_IT_IS: dict[str, set[type]] = {
    "CharField": _TEXT,
    "TextField": _TEXT,
    "BigIntegerField": _NUMBER,
    "PositiveIntegerField": _NUMBER,
    "ForeignKey": _NUMBER,
}


def insert(
    model: type[TenantModel],
    names: Sequence[str],
    records: Iterable[Sequence[Any]],
    *,
    written: Collection[str] = (),
) -> None:
    """Insert the records, each with a value for every name; they belong to the provider in scope.

    `names` are all columns but the key and the provider (TypeError otherwise): none is left to a default.
    `written` are those of them whose values are JSON already, as text, or marks as hexadecimal digits. Keys are given
    by the database and not told.
    """
    rest = iter(records)
    parts = iter(lambda: list(islice(rest, AT_ONCE)), [])
    named = (dict(zip(names, zip(*part, strict=True), strict=True)) for part in parts)
    insert_columns(model, named, written=written)


def insert_columns(
    model: type[TenantModel], parts: Iterable[Mapping[str, Values]], *, written: Collection[str] = ()
) -> None:
    """The same of rows that come some at a time, as columns by name."""
    provider = current_tenant()
    if provider is None:
        raise ForeignTenantError(f"Rows of {model.__name__} belong to one provider: none is in scope.")
    fields = {each.attname: each for each in model._meta.concrete_fields if not each.primary_key}
    columns = [fields.pop("provider_id"), *fields.values()]
    rest = iter(parts)
    first = list(islice(rest, 1))
    if not first:
        return
    write = _write_postgres if connection.vendor == "postgresql" else _write_sqlite
    turned = (_turned(model, provider, fields, part, written) for part in chain(first, rest))
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        write(cursor, columns, turned)


def _turned(
    model: type[TenantModel],
    provider: int,
    fields: Mapping[str, Column],
    part: Mapping[str, Values],
    written: Collection[str],
) -> list[Values]:
    """The columns of a part as the database takes them, first the provider's."""
    if fields.keys() != part.keys():
        raise TypeError(f"{model.__name__} has the columns {sorted(fields)}, not {sorted(part)}.")
    values = [_column(field, part[name], name in written) for name, field in fields.items()]
    return [[provider] * len(values[0]), *values]


def _column(field: Column, values: Values, is_done: bool) -> Values:
    """The values as the database takes them; a whole column that already is as it should be costs nothing."""
    kinds, kind = set(map(type, values)), field.get_internal_type()
    if is_done or kinds <= AS_IT_IS.get(kind, set()):
        return values
    if kind == "UUIDField" and kinds <= _MARK:
        return [value and value.hex for value in values]
    return TURNED.get(kind, _each)(field, values)


def _each(field: Column, values: Values) -> Values:
    return [field.get_db_prep_save(value, connection) for value in values]


def _flags(field: Column, values: Values) -> Values:
    """SQLite has no flags: Python would look up for each what it is to SQLite."""
    if set(map(type, values)) != {bool}:
        return _each(field, values)
    return list(map(int, values)) if connection.vendor == "sqlite" else values


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
    "DateField": _each_value_once,
    "CharField": _each_value_once,
    "BooleanField": _flags,
}


def _write_sqlite(cursor: CursorWrapper, columns: Sequence[Column], parts: Parts) -> None:
    begins = " ".join(("INSERT INTO", _table(columns), f"({_names(columns)})", "VALUES "))
    for part in parts:
        marks = ["NULL" if values.count(None) == len(values) else "%s" for values in part]
        said = [values for values, mark in zip(part, marks, strict=True) if mark != "NULL"]
        row, flat = f"({', '.join(marks)})", list(chain.from_iterable(zip(*said, strict=True)))
        step = TOGETHER * len(said)
        whole = len(flat) - len(flat) % step
        if whole:
            together = [flat[start : start + step] for start in range(0, whole, step)]
            cursor.executemany(begins + ", ".join([row] * TOGETHER), together)
        if rest := flat[whole:]:
            cursor.execute(begins + ", ".join([row] * (len(rest) // len(said))), rest)


def _write_postgres(cursor: CursorWrapper, columns: Sequence[Column], parts: Parts) -> None:
    table, names = _table(columns), _names(columns)
    waiting = connection.ops.quote_name(f"new_{columns[0].model._meta.db_table}")
    rows_of = " ".join(("SELECT", names, "FROM"))
    made = f"CREATE TEMP TABLE {waiting} ON COMMIT DROP AS {rows_of} {table} WITH NO DATA"
    # what each row points at is found by its key, not by reading a small table as often as there are rows
    cursor.execute(f"{made}; SET LOCAL random_page_cost = 1.1")
    for part in parts:
        lines = "\n".join(map("\t".join, zip(*map(_texts, part), strict=True)))
        with connection.wrap_database_errors, cursor.copy(f"COPY {waiting} FROM STDIN") as copy:
            copy.write(lines + "\n")
    cursor.execute(" ".join(("INSERT INTO", table, f"({names})", rows_of, waiting, "; DROP TABLE", waiting)))


def _texts(values: Values) -> Iterable[str]:
    """A column as COPY reads it, in its own form of text."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return _escaped(values)
    if len(kinds) == 1:
        return map(SAID.get(kinds.pop(), _said), values)
    return [SAID.get(type(value), _said)(value) for value in values]


def _escaped(values: Sequence[str]) -> Sequence[str]:
    every = "".join(values)
    for sign, said in MEANT:
        if sign in every:
            values = [value.replace(sign, said) for value in values]
    return values


def _said(value: object) -> str:
    return _escaped([str(value)])[0]


MEANT = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))  # what would end a value, or the row
SAID: dict[type, Callable[[Any], str]] = {
    int: str,
    bool: {True: "t", False: "f"}.__getitem__,
    date: date.isoformat,
    NoneType: {None: "\\N"}.__getitem__,
}


def _table(columns: Sequence[Column]) -> str:
    return connection.ops.quote_name(columns[0].model._meta.db_table)


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in columns)
