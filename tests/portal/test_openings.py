"""An opening is counted in passing: the page never waits for whoever is writing."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts import keys
from accounts.models import Scope
from accounts.tenancy import all_tenants, tenant_scope
from portal import links
from portal.models import ShareLink
from tests.factories import ClientFactory, ProviderFactory, a_retainer

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BUSY = 7000  # milliseconds that the connection otherwise waits


@pytest.fixture
def file_database(db, tmp_path) -> Iterator[Path]:
    """SQLite in a file, as it is run: the tests' own stands in memory, where locks work otherwise."""
    path = tmp_path / "hourtab.sqlite3"
    path.write_bytes(connection.connection.serialize())
    memory = connections["default"]
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": BUSY / 1000,
        "init_command": "PRAGMA journal_mode=WAL",
    }
    connections["default"] = memory.__class__(
        {**memory.settings_dict, "NAME": str(path), "OPTIONS": options}, "default"
    )
    connection.ensure_connection()  # the first one makes it a WAL
    try:
        yield path
    finally:
        connections["default"].close()
        connections["default"] = memory


@pytest.fixture
def writer(file_database) -> Iterator[sqlite3.Connection]:
    """Another process, which can hold the database's one lock for writing."""
    other = sqlite3.connect(file_database, isolation_level=None)
    yield other
    other.close()


def a_link() -> str:
    provider = ProviderFactory()
    with tenant_scope(provider):
        client = ClientFactory(provider=provider)
        a_retainer(client)
        return links.create(client=client, by=None)[1]


def opened() -> int:
    with all_tenants("the test looks"):
        return ShareLink.objects.get().opened_count


@pytest.mark.sqlite
def test_a_page_is_answered_and_not_counted_while_somebody_writes(writer):
    address = f"/b/{a_link()}/"
    writer.execute("BEGIN IMMEDIATE")
    with CaptureQueriesContext(connection) as asked:
        answer = Browser().get(address, headers={"User-Agent": FIREFOX})
    statements = [query["sql"] for query in asked]
    assert answer.status_code == 200
    assert statements.index("PRAGMA busy_timeout = 50") < statements.index(f"PRAGMA busy_timeout = {BUSY}")
    assert not any(sql.startswith("UPDATE") for sql in statements)
    writer.execute("ROLLBACK")
    assert opened() == 0


@pytest.mark.sqlite
def test_a_program_is_answered_while_somebody_writes(writer):
    provider = ProviderFactory()
    with tenant_scope(provider):
        _, secret = keys.create(name="reads", scopes=[Scope.READ], by=None)
    writer.execute("BEGIN IMMEDIATE")
    with CaptureQueriesContext(connection) as asked:
        answer = Browser().get("/api/clients", headers={"Authorization": f"Bearer {secret}"})
    writer.execute("ROLLBACK")
    statements = [query["sql"] for query in asked]
    assert answer.status_code == 200
    waiting = [statements.index(f"PRAGMA busy_timeout = {each}") for each in (50, BUSY)]
    writes = [number for number, sql in enumerate(statements) if sql.startswith("UPDATE")]
    assert all(waiting[0] < number < waiting[1] for number in writes)


@pytest.mark.sqlite
def test_a_page_is_counted_and_the_connection_waits_as_before_afterwards(writer):
    address = f"/b/{a_link()}/"
    Browser().get(address, headers={"User-Agent": FIREFOX})
    assert opened() == 1
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone()[0] == BUSY


def test_whether_it_lives_is_answered_without_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


@pytest.mark.sqlite
def test_whether_it_is_ready_is_answered_while_somebody_writes(writer):
    writer.execute("BEGIN IMMEDIATE")
    with CaptureQueriesContext(connection) as asked:
        assert Browser().get("/readyz").status_code == 200
    assert {query["sql"].split()[0] for query in asked} <= {"SELECT", "PRAGMA"}
