"""Many rows of a provider at once, as tuples: what an import writes by the ten thousand.

PostgreSQL takes them by COPY, SQLite by `executemany`; both inside the caller's transaction. Row-level security
allows no COPY into a table that it protects: it goes into one of this transaction alone, and one INSERT takes the
rows on from there. Constraints, policies and triggers judge each row as they judge any other. A value that isn't
exactly what its column holds is turned into it, or refused, by the field; values alike are turned once.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from accounts.tenancy import ForeignTenantError, TenantModel, current_tenant

if TYPE_CHECKING:
    Column = models.Field[Any, Any]
else:
    Column = models.Field

Parts = Iterator[Iterator[tuple[Any, ...]]]
AT_ONCE = 2000
_TEXT: set[type] = {str, type(None)}
_NUMBER: set[type] = {int, type(None)}
_MARK: set[type] = {UUID, type(None)}
AS_IT_IS: dict[str, set[type]] = {
    "CharField": _TEXT,
    "TextField": _TEXT,
    "BooleanField": {bool},
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
    `written` are those of them whose values are JSON already, as text. Keys are given by the database and not told.
    """
    fields = {each.attname: each for each in model._meta.concrete_fields if not each.primary_key}
    if fields.keys() != {"provider_id", *names}:
        raise TypeError(f"{model.__name__} has the columns {sorted(fields)}, not {sorted(names)}.")
    provider = current_tenant()
    if provider is None:
        raise ForeignTenantError(f"Rows of {model.__name__} belong to one provider: none is in scope.")
    columns = [fields[name] for name in ("provider_id", *names)]
    rest = iter(records)
    first = list(islice(rest, 1))
    if not first:
        return
    write = _write_postgres if connection.vendor == "postgresql" else _write_sqlite
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        write(cursor, columns, _parts(columns, provider, chain(first, rest), written))


def _parts(
    columns: Sequence[Column], provider: int, records: Iterable[Sequence[Any]], written: Collection[str]
) -> Iterator[Iterator[tuple[Any, ...]]]:
    done = [field.attname in written for field in columns[1:]]
    rest = iter(records)
    while part := list(islice(rest, AT_ONCE)):
        yield zip(repeat(provider), *map(_column, columns[1:], zip(*part, strict=True), done))


def _column(field: Column, values: Sequence[Any], is_done: bool) -> Sequence[Any]:
    """The values as the database takes them; a whole column that already is as it should be costs nothing."""
    kinds, kind = set(map(type, values)), field.get_internal_type()
    if is_done or kinds <= AS_IT_IS.get(kind, set()):
        return values
    if kind == "UUIDField" and kinds <= _MARK:
        return _marks(values)
    return TURNED.get(kind, _each)(field, values)


def _marks(values: Sequence[Any]) -> Sequence[Any]:
    native = connection.features.has_native_uuid_field
    return values if native else [value and value.hex for value in values]


def _each(field: Column, values: Sequence[Any]) -> Sequence[Any]:
    return [field.get_db_prep_save(value, connection) for value in values]


def _each_value_once(field: Column, values: Sequence[Any]) -> Sequence[Any]:
    known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [known[value] for value in values]


def _each_object_once(field: Column, values: Sequence[Any]) -> Sequence[Any]:
    """Of what can't be compared quickly: each object once, however often it stands there."""
    objects = {id(value): value for value in values}
    known = {key: field.get_db_prep_save(value, connection) for key, value in objects.items()}
    return [known[id(value)] for value in values]


TURNED = {"JSONField": _each_object_once, "DateField": _each_value_once, "CharField": _each_value_once}


def _write_sqlite(cursor: CursorWrapper, columns: Sequence[Column], parts: Parts) -> None:
    marks = ", ".join(["%s"] * len(columns))
    said = " ".join(("INSERT INTO", _table(columns), f"({_names(columns)}) VALUES ({marks})"))
    for rows in parts:
        cursor.executemany(said, list(rows))


def _write_postgres(cursor: CursorWrapper, columns: Sequence[Column], parts: Parts) -> None:
    table, names = _table(columns), _names(columns)
    waiting = connection.ops.quote_name(f"new_{columns[0].model._meta.db_table}")
    rows_of = " ".join(("SELECT", names, "FROM"))
    cursor.execute(f"CREATE TEMP TABLE {waiting} ON COMMIT DROP AS {rows_of} {table} WITH NO DATA")
    for rows in parts:
        with connection.wrap_database_errors, cursor.copy(f"COPY {waiting} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    cursor.execute(" ".join(("INSERT INTO", table, f"({names})", rows_of, waiting, "; DROP TABLE", waiting)))


def _table(columns: Sequence[Column]) -> str:
    return connection.ops.quote_name(columns[0].model._meta.db_table)


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in columns)
