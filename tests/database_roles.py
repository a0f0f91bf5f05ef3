"""On PostgreSQL the suite works as the role that serves, and as the owner where tables are made, changed or emptied.

A test's own lines, which make rows of several providers and look at them, see every row; requests, commands and
threads see what the product says they may, so that a look-up without its provider finds nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

import pytest
from django.core.management.base import BaseCommand
from django.db import connection
from django.test.client import ClientHandler

from accounts import scope
from tests.on_postgres import APP, BACKUP, DEPLOY, OWNER

ROLES = {"migrate": OWNER, "restore": OWNER, "backup": BACKUP}  # of a command, as in compose.yaml; else APP
_of_the_test = APP
_own_lines: ContextVar[bool] = ContextVar("a_tests_own_lines", default=False)  # false in any other thread


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def work_as(role: str) -> None:
    if is_postgres() and connection.settings_dict["USER"] != role:
        connection.close()
        connection.settings_dict["USER"] = role


@contextmanager
def owning() -> Iterator[None]:
    """For what the role that serves may not do."""
    before = connection.settings_dict["USER"]
    work_as(OWNER)
    try:
        yield
    finally:
        work_as(before)


def give_rights() -> None:
    """In the database that is connected, as its owner."""
    if is_postgres():
        with connection.cursor() as cursor:
            cursor.execute((DEPLOY / "rights.sql").read_text())


def see_everything_in_a_tests_own_lines() -> None:
    """From here on, in this thread; what the product does is told apart at its doors."""
    _own_lines.set(True)
    said = scope.for_database

    def for_database() -> str:
        found = said()
        return "0" if not found and _own_lines.get() else found

    scope.for_database = for_database
    ClientHandler.__call__ = _products(ClientHandler.__call__)
    BaseCommand.execute = _products(BaseCommand.execute)


def _products(deed: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(deed)
    def done(*args: Any, **kwargs: Any) -> Any:
        token = _own_lines.set(False)
        try:
            return deed(*args, **kwargs)
        finally:
            _own_lines.reset(token)

    return done


def of(item: pytest.Item) -> str:
    """As what the test works: the role that serves, where it isn't marked as the owner's."""
    return OWNER if item.get_closest_marker("owner") else APP


def begin(item: pytest.Item) -> None:
    global _of_the_test
    _of_the_test = of(item)
    work_as_the_test_does()


def work_as_the_test_does() -> None:
    work_as(_of_the_test)
