"""The third line of tenancy, on PostgreSQL: what the database shows and takes, whatever the query forgets."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import guards
from accounts.commands import BadInputError
from accounts.database import refuse_to_start, unbound
from accounts.models import Membership, Provider, Role
from accounts.row_policies import install, provider_columns
from accounts.tenancy import TenantManager, TenantQuerySet, all_tenants, tenant_scope
from retainers.models import Client
from tests.factories import PASSWORD, ClientFactory, MembershipFactory, ProviderFactory, a_retainer
from tests.faults.installation import Installation
from tests.on_postgres import APP, BACKUP, OWNER, as_role

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]
TABLES = sorted(provider_columns().items())
OURS = "relkind = 'r' AND relnamespace = 'public'::regnamespace"
CHECKS = (
    "SELECT conrelid::regclass::text, conname FROM pg_constraint"
    " WHERE contype = 'c' AND connamespace = current_schema()::text::regnamespace"
)
COLUMNS = (
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema()"
    " AND table_name = %s AND column_name <> 'id' AND is_generated = 'NEVER'"
)
VALUES = {
    "boolean": "false",
    "bytea": "'x'",
    "date": "'2026-01-0{0}'",
    "timestamp with time zone": "'2026-01-0{0}'",
    "time without time zone": "'10:0{0}'",
    "jsonb": "'{{}}'",
    "uuid": "gen_random_uuid()",
    "character varying": "'x{0}'",
    "text": "'x{0}'",
}


def asked(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def fill(table, column, provider, number):
    """A row of that provider, whatever it says; `number` tells it from the other's."""
    named = {name: VALUES.get(kind, "{0}").format(number) for name, kind in asked(COLUMNS, table)}
    named[column] = str(provider.pk)
    names = ", ".join(f'"{name}"' for name in named)
    asked(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(named.values())})')


@pytest.fixture
def two(db):
    """Two providers with a row in every table; from then on the role that serves is at work."""
    mine, other = ProviderFactory(), ProviderFactory()
    asked("SET LOCAL session_replication_role = replica")
    for table, name in asked(CHECKS):
        asked(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for table, column in TABLES:
        if table != Provider._meta.db_table:
            fill(table, column, mine, 1)
            fill(table, column, other, 2)
    asked("SET LOCAL session_replication_role = DEFAULT")
    asked(f"SET LOCAL ROLE {APP}")
    return mine, other


@pytest.mark.owner
def test_a_provider_in_scope_sees_its_own_row_of_each_table_and_nobody_elses(two):
    mine, other = two
    with tenant_scope(mine):
        seen = {table: asked(f'SELECT DISTINCT "{column}" FROM "{table}"') for table, column in TABLES}
    assert seen == {table: [(mine.pk,)] for table, _ in TABLES}
    with all_tenants("the test looks at both"):
        counts = {
            table: asked(f'SELECT count(DISTINCT "{column}") FROM "{table}"') for table, column in TABLES
        }
    assert set(map(tuple, counts.values())) == {((2,),)}
    assert other.pk != mine.pk


@pytest.mark.owner
@pytest.mark.usefixtures("two")
def test_without_a_scope_there_is_no_row_in_any_table(monkeypatch):
    monkeypatch.setattr("accounts.scope.for_database", lambda: "")
    assert {table: asked(f'SELECT 1 FROM "{table}"') for table, _ in TABLES} == {
        table: [] for table, _ in TABLES
    }


@pytest.mark.owner
def test_a_row_of_another_provider_is_neither_made_nor_changed_nor_deleted(two):
    mine, other = two
    with tenant_scope(mine):
        for table, column in TABLES:
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                asked(f'INSERT INTO "{table}" ("{column}") VALUES (%s)', other.pk + (column == "id"))
            with pytest.raises(DatabaseError, match=r"row-level security|never change"), transaction.atomic():
                asked(f'UPDATE "{table}" SET "{column}" = %s', other.pk + (column == "id"))
            assert asked(f'UPDATE "{table}" SET "{column}" = "{column}" WHERE "{column}" = %s', other.pk) == 0
            assert asked(f'DELETE FROM "{table}" WHERE "{column}" = %s', other.pk) == 0


def test_every_table_with_a_provider_has_a_policy_that_is_forced():
    """By the catalogue, which knows nothing of the models: some tables name theirs by the key of a parent alone."""
    pointing = asked(
        "SELECT table_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND column_name = 'provider_id' AND data_type = 'bigint'"
    )
    protected = asked(
        "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relrowsecurity"
        " AND c.relforcerowsecurity AND p.polcmd = '*' AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL"
        " AND pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid)"
    )
    assert {name for (name,) in pointing} | {"accounts_provider"} == {name for (name,) in protected}
    assert len(protected) == len(TABLES)
    assert not asked("SELECT 1 FROM pg_policies WHERE policyname <> 'one_provider'")


def test_the_role_that_serves_is_bound_owns_nothing_and_makes_no_table():
    assert connection.settings_dict["USER"] == APP
    assert unbound() == ""
    assert asked(
        "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ) == [(False,)]
    assert not asked(f"SELECT 1 FROM pg_class WHERE {OURS} AND pg_has_role(relowner, 'MEMBER')")
    assert asked(
        "SELECT has_schema_privilege('public', 'CREATE'), has_database_privilege(current_database(), 'CREATE')"
    ) == [(False, False)]
    assert not asked(
        f"SELECT 1 FROM pg_class WHERE {OURS} AND has_table_privilege(oid, 'TRUNCATE, REFERENCES, TRIGGER')"
    )
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        asked("CREATE TABLE mine (id int)")
    with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
        asked("ALTER TABLE retainers_client DISABLE ROW LEVEL SECURITY")


def test_the_backup_role_reads_everything_and_writes_nothing():
    rights = asked(
        "SELECT DISTINCT has_table_privilege(%s, oid, 'SELECT'),"
        " has_table_privilege(%s, oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"
        f" FROM pg_class WHERE {OURS}",
        BACKUP,
        BACKUP,
    )
    assert rights == [(True, False)]
    assert asked("SELECT rolbypassrls, rolsuper FROM pg_roles WHERE rolname = %s", BACKUP) == [(True, False)]


def test_the_scope_ends_with_its_statement_and_nothing_of_it_stays_with_the_connection(transactional_db):
    mine = ProviderFactory()
    with tenant_scope(mine):
        assert asked("SELECT hourtab_provider()") == [(mine.pk,)]
    assert asked("SHOW hourtab.provider") == [("",)]
    with pytest.raises(DatabaseError), tenant_scope(mine):
        asked("SELECT 1 / 0")
    assert asked("SHOW hourtab.provider") == [("",)]


def test_what_is_told_of_a_statement_is_the_statement_alone():
    with tenant_scope(ProviderFactory()), CaptureQueriesContext(connection) as told:
        asked("SELECT 1")
        list(Client.objects.filter(slug="acme"))
    assert len(told) == 2
    assert all(query["sql"].startswith("SELECT ") for query in told)


def test_within_a_transaction_each_statement_is_of_its_own_scope(transactional_db):
    mine, other = ProviderFactory(), ProviderFactory()
    with transaction.atomic(), tenant_scope(mine):
        assert asked("SELECT id FROM accounts_provider") == [(mine.pk,)]
        with tenant_scope(other):
            assert asked("SELECT id FROM accounts_provider") == [(other.pk,)]
        assert asked("SELECT id FROM accounts_provider") == [(mine.pk,)]


def test_rows_in_portions_are_those_of_the_scope_in_a_transaction_and_outside(transactional_db):
    mine, other = ProviderFactory(), ProviderFactory()
    for provider in (mine, other):
        with tenant_scope(provider):
            ClientFactory.create_batch(3, provider=provider)
    rows = Provider.objects.order_by("pk")
    with tenant_scope(mine):
        assert [each.pk for each in rows.iterator(chunk_size=1)] == [mine.pk]
        assert len(list(Client.objects.iterator(chunk_size=2))) == 3
        with transaction.atomic():
            assert [each.pk for each in rows.iterator(chunk_size=1)] == [mine.pk]


def test_copy_is_refused_where_the_scope_would_be_forgotten(transactional_db):
    with connection.cursor() as cursor:
        for deed in (
            lambda: cursor.copy("COPY accounts_provider TO STDOUT").__enter__(),
            lambda: cursor.executemany("UPDATE accounts_provider SET name = %s", [["x"]]),
        ):
            with pytest.raises(Exception, match="need a transaction"):
                deed()


@pytest.fixture
def dana(client):
    """A member of a provider with a client of its own, signed in; another provider has both too."""
    for who, provider in (("dana", ProviderFactory()), ("eve", ProviderFactory())):
        MembershipFactory(provider=provider, user__email=f"{who}@x.example", role=Role.OWNER)
        with tenant_scope(provider):
            for name in (f"Client of {who}", f"Another of {who}"):
                a_retainer(ClientFactory(provider=provider, name=name))
    client.login(email="dana@x.example", password=PASSWORD)
    return client


def test_a_page_that_forgets_to_say_whose_members_shows_its_own(dana, monkeypatch):
    careless = SimpleNamespace(filter=lambda **_: Membership.objects.all())
    monkeypatch.setattr("accounts.views.Membership", SimpleNamespace(objects=careless))
    page = dana.get(reverse("members")).content.decode()
    assert "dana@x.example" in page
    assert "eve@x.example" not in page


def test_a_page_whose_manager_filters_nothing_shows_its_own(dana, monkeypatch):
    monkeypatch.setattr(TenantManager, "get_queryset", lambda self: TenantQuerySet(self.model))
    page = dana.get(reverse("dashboard")).content.decode()
    assert "Client of dana" in page
    assert "Client of eve" not in page


@pytest.mark.long
@pytest.mark.owner
def test_the_way_back_lifts_the_policies_and_the_way_forth_puts_them_up_again(transactional_db):
    call_command("migrate", "accounts", "0010", verbosity=0)
    try:
        assert not asked("SELECT 1 FROM pg_policies")
        assert not asked("SELECT 1 FROM pg_class WHERE relrowsecurity OR relforcerowsecurity")
    finally:
        call_command("migrate", verbosity=0)
    assert guards.missing(connection) == set()


@pytest.mark.owner
def test_a_policy_that_is_gone_or_not_forced_is_missed_and_put_up_by_the_next_migration(db, client):
    asked("DROP POLICY one_provider ON retainers_entry")
    asked("ALTER TABLE retainers_client NO FORCE ROW LEVEL SECURITY")
    assert guards.missing(connection) == {
        "one_provider on retainers_entry",
        "one_provider on retainers_client",
    }
    assert client.get("/readyz").status_code == 503
    install(apps.get_app_config("retainers"))
    assert guards.missing(connection) == set()


@pytest.mark.owner
def test_in_production_a_role_that_is_not_bound_serves_nobody(client, settings):
    assert client.get("/readyz").status_code == 200
    settings.PRODUCTION = True
    assert client.get("/readyz").status_code == 503
    for command in ("tick", "send_mails"):
        with pytest.raises(BadInputError, match="owns the tables"):
            call_command(command)
    with pytest.raises(ImproperlyConfigured, match="role hourtab owns the tables"):
        refuse_to_start()


def test_in_production_the_role_that_serves_is_ready(client, settings):
    settings.PRODUCTION = True
    assert client.get("/readyz").status_code == 200
    refuse_to_start()


@pytest.mark.parametrize(
    ("role", "why"), [(None, "is a superuser"), (BACKUP, "bypasses row security"), (OWNER, "owns the tables")]
)
def test_the_web_server_does_not_start_with_a_role_that_is_not_bound(role, why):
    started = production("-c", "import hourtab.wsgi", role=role)
    assert started.returncode != 0
    assert why in started.stderr
    assert "deploy/roles.sql" in started.stderr


def test_the_web_server_starts_with_the_role_that_serves():
    started = production("-c", "import hourtab.wsgi", role=APP)
    assert started.returncode == 0, started.stderr


def production(*words, role):
    name = connection.settings_dict["NAME"]
    url = as_role(os.environ["TEST_DATABASE_URL"], role or "", name)
    return Installation(url, Path()).run(*words)
