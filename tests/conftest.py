"""Shared set-up: an append-only database can be emptied between live-server tests, and nowhere else."""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from desk.dashboard.cache import forget_all
from portal import kept_bodies
from tests import database_roles

hypothesis.settings.register_profile("suite", deadline=None)  # a slow machine is no failure of a rule
hypothesis.settings.load_profile("suite")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's sync API runs inside an event loop


def pytest_configure(config: pytest.Config) -> None:
    """A quick hasher: what a password's hash costs is Django's business, not ours to test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    database_roles.see_everything_in_a_tests_own_lines()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    database_roles.begin(item)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings) -> None:
    """The owner makes the database."""
    database_roles.work_as(database_roles.OWNER)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The role that serves works in it."""
    with django_db_blocker.unblock():
        database_roles.give_rights()
        database_roles.work_as_the_test_does()
    yield
    with django_db_blocker.unblock():
        database_roles.work_as(database_roles.OWNER)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs no database is run once, with SQLite: on PostgreSQL it would say the same again.

    The loops of faults are for `make test-long`.
    What needs two writers at once is run on PostgreSQL: SQLite has one, and some tests are about that.
    """
    if "long" not in config.getoption("-m"):
        _drop(config, items, [item for item in items if item.get_closest_marker("long")])
    if connection.vendor != "postgresql":
        _drop(config, items, [item for item in items if item.get_closest_marker("postgresql")])
        return
    databases = {
        "db",
        "transactional_db",
        "live_server",
        "installation",
        "empty",
        "run",
        "published",
        "link",
        "client",
        "north",
        "house",
    }
    dropped = []
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        uses_database = item.get_closest_marker("django_db") is not None or bool(names & databases)
        if not uses_database or item.get_closest_marker("sqlite") is not None:
            dropped.append(item)
    _drop(config, items, dropped)


def _drop(config: pytest.Config, items: list[pytest.Item], dropped: list[pytest.Item]) -> None:
    gone = set(map(id, dropped))
    items[:] = [item for item in items if id(item) not in gone]
    config.hook.pytest_deselected(items=dropped)


@pytest.fixture(scope="session", autouse=True)
def _lift_guards_while_flushing() -> Iterator[None]:
    """SQLite's flush deletes row by row, which the guards refuse: they are lifted for it and put back."""
    tear_down = TransactionTestCase._fixture_teardown

    def flush(self: TransactionTestCase) -> None:
        if connection.vendor != "sqlite":
            with database_roles.owning():
                tear_down(self)
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
        tear_down(self)
        with connection.cursor() as cursor:
            for name, sql in triggers:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
                cursor.execute(sql)

    TransactionTestCase._fixture_teardown = flush
    yield
    TransactionTestCase._fixture_teardown = tear_down


@pytest.fixture(autouse=True)
def _own_folder_for_originals(settings, tmp_path) -> None:
    settings.ORIGINALS_ROOT = tmp_path / "originals"


@pytest.fixture(autouse=True)
def _the_languages_of_requests_end_with_them() -> Iterator[None]:
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Rolled-back tests use the same keys again, which no process of the product does."""
    forget_all()
    kept_bodies.forget_all()
