"""Shared set-up: the database and who works in it, folders, clocks and caches.

An append-only database can be emptied between tests that commit, and nowhere else.
"""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase
from django.utils import translation

from desk.dashboard.selectors import forget_all
from portal import kept_bodies
from tests import database_roles, engines, kept_database, prices, shared_rows
from tests.examples import examples
from tests.one_of_each import browsers, theirs  # noqa: F401 -- fixtures for all
from tests.world import address, as_role, manager, owner, provider, retainer, stranger, viewer, world  # noqa: F401

gc.disable()  # until everything is collected, nothing of it is garbage
sys.dont_write_bytecode = False  # hundreds of processes are started: each module is compiled once
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
IN_MEMORY = Path("/dev/shm")
if (
    IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > 2 << 30
):  # each upload is synced, which takes time
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
hypothesis.settings.register_profile("suite", deadline=None, max_examples=examples(100))  # slow is no failure
hypothesis.settings.load_profile("suite")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's sync API runs inside an event loop


def pytest_configure(config: pytest.Config) -> None:
    """A quick hasher: what a password's hash costs is Django's business, not ours to test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    database_roles.see_everything_in_a_tests_own_lines()
    prices.look_at_every_request()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    shared_rows.end_before(item, database_roles.of(item))
    database_roles.begin(item)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest) -> None:
    """Between the making of the database and the test's transaction."""
    if fixturedef.argname == "_django_db_helper":
        blocker = request.getfixturevalue("django_db_blocker")
        shared_rows.begin(request.node, database_roles.of(request.node), blocker)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings) -> None:
    """The owner makes the database."""
    database_roles.work_as(database_roles.OWNER)
    if database_roles.is_postgres():
        connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("TEST_TEMPLATE")
    connection_created.connect(kept_database.copy_the_last_one)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The role that serves works in it."""
    with django_db_blocker.unblock():
        kept_database.keep()
        database_roles.give_rights()
        database_roles.work_as_the_test_does()
    yield
    shared_rows.forget()
    kept_database.forget()
    with django_db_blocker.unblock():
        database_roles.work_as(database_roles.OWNER)


@pytest.hookimpl(tryfirst=True)  # what is `on_both` is said before `-m` asks for it
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs no database is run once, with SQLite: on PostgreSQL it would say the same again.

    The loops of faults are for `make test-long`.
    What needs two writers at once is run on PostgreSQL: SQLite has one, and some tests are about that.
    """
    for item in items:
        if engines.is_on_both(item):
            item.add_marker("on_both")
    elsewhere = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    dropped = [item for item in items if item.get_closest_marker(elsewhere)]
    if "long" not in config.getoption("-m"):
        dropped += [item for item in items if item.get_closest_marker("long")]
    if connection.vendor == "postgresql":
        dropped += [item for item in items if not _uses_database(item)]
    _drop(config, items, dropped)
    items[:] = shared_rows.grouped(items)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: nobody looks through thousands of tests for garbage again and again.

    And what tests make is looked through seldom: that takes five per cent of their time, else.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def _uses_database(item: pytest.Item) -> bool:
    names = {"db", "transactional_db", "live_server", "made"}  # the last is of installations of their own
    marked = any(item.get_closest_marker(mark) for mark in ("django_db", "postgresql"))
    return marked or bool(names & set(item.fixturenames))


def _drop(config: pytest.Config, items: list[pytest.Item], dropped: list[pytest.Item]) -> None:
    gone = set(map(id, dropped))
    items[:] = [item for item in items if id(item) not in gone]
    config.hook.pytest_deselected(items=dropped)


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly() -> Iterator[None]:
    """After a test that commits; Django's way would stumble over the guards of what is written once."""
    tear_down = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _test: kept_database.empty()
    yield
    TransactionTestCase._fixture_teardown = tear_down


@pytest.fixture(autouse=True)
def _as_a_process_starts(settings, tmp_path) -> Iterator[None]:
    """A folder of its own for originals, and nothing remembered; the languages of requests end with them.

    Rolled-back tests use the same keys again, which no process of the product does.
    One fixture, as it is gone through for each of thousands of tests.
    """
    settings.ORIGINALS_ROOT = tmp_path / "originals"
    forget_all()
    kept_bodies.forget_all()
    yield
    translation.activate(settings.LANGUAGE_CODE)
