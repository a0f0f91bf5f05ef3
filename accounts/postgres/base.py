"""PostgreSQL is told whose rows are asked for, with every statement: the third line of tenancy (`row_policies`).

`SET LOCAL` goes to the server before the statement and in the same message, so both are of one transaction, also
where none was opened: it costs no round trip, nothing of it stays with the connection, and so neither the next
request nor a pooler that lends connections by the transaction can mix two providers up.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from django.db.backends.postgresql import base, compiler, operations
from psycopg import ClientCursor, ProgrammingError, sql
from psycopg.pq import TransactionStatus

from accounts import scope

SETTING = "hourtab.provider"
LONG = 1_000  # signs in a row's texts
SAID = re.compile(rf"^SET LOCAL {SETTING} = '\d*'; ")
TOUCHES_NO_ROW = re.compile(
    r"\s*(BEGIN|START|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW|VACUUM|CREATE DATABASE|DROP DATABASE)\b",
    re.IGNORECASE,
)


class ScopedCursor(ClientCursor[Any]):
    """As Django's own, it puts the values in itself; `execute` says the scope first."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        text = query.as_string(self) if isinstance(query, sql.Composable) else query
        if TOUCHES_NO_ROW.match(text):
            return self._plainly(text, params, **options)
        self._plainly(f"{said()}; {text}", params, **options)
        self.nextset()  # past the empty answer of the first one
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        self.say()
        super().executemany(query, params_seq, **options)

    @contextmanager
    def copy(self, statement: Any, *arguments: Any, **options: Any) -> Iterator[Any]:
        self.say()
        with super().copy(statement, *arguments, **options) as copy:
            yield copy

    def _plainly(self, *arguments: Any, **options: Any) -> Self:
        super().execute(*arguments, **options)
        return self

    def say(self) -> None:
        """Before what PostgreSQL takes alone in a message; refused where it would be forgotten at once."""
        if self.connection.autocommit and self.connection.info.transaction_status == TransactionStatus.IDLE:
            raise ProgrammingError("COPY and executemany need a transaction: the scope is said in it.")
        self._plainly(said())


def said() -> str:
    """The scope in SQL, from a number: never from anybody's text."""
    return f"SET LOCAL {SETTING} = '{scope.for_database()}'"


class SQLInsertCompiler(compiler.SQLInsertCompiler):
    """Django's, but that rows with long texts are listed in their statement. Otherwise a column goes as an array, in
    which psycopg escapes each quotation mark by itself: kept figures, which are full of them, took ten times as long.
    """

    def assemble_as_sql(self, fields: Any, value_rows: Any) -> Any:
        texts = (value for row in value_rows for value in row if isinstance(value, str))
        if sum(map(len, texts)) > LONG * len(value_rows):
            return super(compiler.SQLInsertCompiler, self).assemble_as_sql(fields, value_rows)
        return super().assemble_as_sql(fields, value_rows)


class DatabaseOperations(operations.DatabaseOperations):
    """Django's, but for how rows with long texts are put in, and that what is told of a statement is the statement
    alone.
    """

    def compiler(self, compiler_name: str) -> type[Any]:
        return SQLInsertCompiler if compiler_name == "SQLInsertCompiler" else super().compiler(compiler_name)

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        return SAID.sub("", super().last_executed_query(cursor, sql, params) or "")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with these cursors."""

    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": ScopedCursor}

    def create_cursor(self, name: str | None = None) -> Any:
        """A named one is kept by the server, for `iterator()`: in the transaction that has said the scope, and in no
        other place, where a pooler may lend another server for the next portion.
        """
        if name is None or self.connection.autocommit:
            return super().create_cursor()
        with self.connection.cursor() as first:
            first.say()
        return super().create_cursor(name)
