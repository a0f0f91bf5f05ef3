"""What the database refuses by itself, on SQLite and on PostgreSQL."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.guards import guarded_tables, install, missing, tenant_links
from accounts.models import AuditEvent, Erasure
from accounts.tenancy import all_tenants, tenant_scope
from imports.models import Import, SourceRow
from retainers import publishing
from retainers.models import AgreementVersion, Client, Contact, Entry, Publication, Retainer
from tests.factories import ClientFactory, ProviderFactory, a_retainer, publish_work

NOW = datetime(2026, 4, 2, tzinfo=UTC)


@pytest.fixture
def two(db):
    mine, other = ProviderFactory(), ProviderFactory()
    with tenant_scope(mine):
        ours = ClientFactory(provider=mine)
    with tenant_scope(other):
        theirs = ClientFactory(provider=other)
    return mine, other, ours, theirs


def refused(write):
    def write_and_check():
        write()
        connection.check_constraints()

    with pytest.raises(IntegrityError), transaction.atomic():
        write_and_check()


def test_a_row_that_ties_two_providers_together_is_refused(two):
    mine, _, _, theirs = two
    with tenant_scope(mine):
        refused(lambda: Contact.objects.create(client_id=theirs.pk, name="Pat", email="p@x.example"))


def test_bulk_created_rows_are_checked_too(two):
    mine, _, _, theirs = two
    with tenant_scope(mine):
        refused(
            lambda: Contact.objects.bulk_create([Contact(client_id=theirs.pk, name="P", email="p@x.example")])
        )


def test_a_row_is_not_moved_to_a_client_of_another_provider(two):
    mine, _, ours, theirs = two
    with tenant_scope(mine):
        Contact.objects.create(client=ours, name="Pat", email="p@x.example")
        refused(lambda: Contact.objects.update(client_id=theirs.pk))


def test_sql_cannot_change_a_rows_provider(two):
    _, other, ours, _ = two

    def move():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE retainers_client SET provider_id = %s WHERE id = %s", [other.pk, ours.pk])

    refused(move)


@pytest.fixture
def entry(two):
    mine, _, ours, _ = two
    retainer = a_retainer(ours)
    with tenant_scope(mine):
        press = publishing.Press(Publication.Kind.IMPORT, datetime(2026, 1, 5, tzinfo=UTC), None)
        publication = press.publication(retainer)
        publishing.add_entries(publication, [Entry(origin=uuid4(), day=date(2026, 1, 4), worked_units=10000)])
        yield Entry.objects.get()


@pytest.mark.parametrize(
    "write",
    [
        lambda entry: Entry.objects.update(worked_units=1),
        lambda entry: Entry.objects.update(retired_in=entry.added_in, wording="changed on the way out"),
        lambda entry: Entry.objects.all().delete(),
        lambda entry: entry.delete(),
        lambda entry: AgreementVersion.objects.update(document={}),
        lambda entry: Publication.objects.update(through=date(2026, 1, 31)),
        lambda entry: Publication.objects.all().delete(),
    ],
)
def test_what_was_published_is_neither_changed_nor_deleted(entry, write):
    refused(lambda: write(entry))


def test_an_entry_is_retired_once(entry):
    retainer = Retainer.objects.get()
    press = publishing.Press(Publication.Kind.UNDO, datetime(2026, 1, 6, tzinfo=UTC), None)
    publishing.retire_entries(press.publication(retainer), [entry.pk])
    refused(lambda: Entry.objects.update(retired_in=None))


OTHERWISE = {
    "UUIDField": uuid4,
    "DateField": lambda: date(2026, 1, 6),
    "BigIntegerField": lambda: 7,
    "BooleanField": lambda: False,
    "JSONField": lambda: ["else"],
    "CharField": lambda: "else",
}


def test_nothing_else_of_an_entry_changes_when_it_is_retired(entry):
    said = [field for field in Entry._meta.concrete_fields if field.get_internal_type() in OTHERWISE]
    assert len(said) == 16
    for field in said:
        changed = {field.name: OTHERWISE[field.get_internal_type()]()}
        refused(lambda changed=changed: Entry.objects.update(retired_in=entry.added_in, **changed))
    Entry.objects.update(retired_in=entry.added_in)


def test_an_entry_is_retired_by_no_second_publication(entry):
    press = publishing.Press(Publication.Kind.UNDO, datetime(2026, 1, 6, tzinfo=UTC), None)
    second = press.publication(Retainer.objects.get())
    Entry.objects.update(retired_in=entry.added_in)
    refused(lambda: Entry.objects.update(retired_in=second))


def test_an_entry_of_a_provider_that_is_being_erased_may_change_before_it_goes(entry):
    Erasure.objects.create(provider_id=entry.provider_id, reason="asked for by its owner")
    Entry.objects.update(retired_in=entry.added_in, wording="changed on the way out")
    assert Entry.objects.get().wording == "changed on the way out"


def test_the_trail_is_neither_changed_nor_deleted(two):
    with tenant_scope(two[0]):
        AuditEvent.objects.create(actor="dana@x.example", action="signed in")
        refused(lambda: AuditEvent.objects.update(actor="somebody else"))
        refused(lambda: AuditEvent.objects.all().delete())


def test_a_provider_that_is_being_erased_lets_go_of_its_rows(entry):
    Erasure.objects.create(provider_id=entry.provider_id, reason="asked for by its owner")
    Entry.objects.all().delete()
    assert not Entry.objects.exists()


def test_every_tenants_table_is_guarded_after_all_migrations(db):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            names = {name for (name,) in cursor.fetchall()}
            missing = [t for t in guarded_tables() if f"{t}_keeps_provider" not in names]
        else:
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'keeps_provider'")
            missing = sorted(set(guarded_tables()) - {name for (name,) in cursor.fetchall()})
    assert not missing


def test_links_between_tenants_rows_are_found():
    assert ("client_id", "retainers_client") in list(tenant_links(Contact))


def test_an_entry_of_a_client_that_nobody_opened_is_not_read(two):
    with all_tenants("the test looks at both"):
        assert Client.objects.count() == 2


def drop(trigger: str, table: str) -> None:
    """What a migration leaves that was killed before its guards were put back."""
    with connection.cursor() as cursor:
        on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER "{trigger}"{on}')


def test_every_guard_stands_after_a_migration(db, client):
    assert missing(connection) == set()
    assert client.get("/readyz").status_code == 200


@pytest.mark.owner
def test_it_is_not_ready_while_a_guard_is_missing(db, client):
    table = "accounts_auditevent"
    name = "written_once" if connection.vendor == "postgresql" else f"{table}_never_changed"
    drop(name, table)
    assert missing(connection) == {f"{name} on {table}"}
    assert client.get("/readyz").status_code == 503


@pytest.mark.owner
def test_a_migration_that_was_cut_off_is_mended_by_the_next_one(db, client):
    table = "accounts_auditevent"
    drop("keeps_provider" if connection.vendor == "postgresql" else f"{table}_keeps_provider", table)
    install(apps.get_app_config("accounts"))
    assert client.get("/readyz").status_code == 200


GUARDS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def guards():
    with connection.cursor() as cursor:
        cursor.execute(GUARDS[connection.vendor])
        return sorted(name for (name,) in cursor.fetchall())


@pytest.mark.long
@pytest.mark.owner
def test_a_table_is_rebuilt_under_the_guards_of_others_and_all_of_them_stand_again(transactional_db):
    """SQLite rebuilds a table to alter it, and refuses where a trigger of another table reads it meanwhile."""
    before = guards()
    provider = ProviderFactory()
    with tenant_scope(provider):
        retainer = a_retainer(ClientFactory(provider=provider))
    call_command("migrate", "retainers", "0007", verbosity=0)
    call_command("migrate", verbosity=0)
    assert guards() == before
    with tenant_scope(provider):
        assert Publication.objects.get(retainer=retainer).number == 1


@pytest.mark.owner
def test_entries_stay_as_they_are_while_their_keys_are_made_wider(transactional_db):
    """There and back, and there again."""
    provider = ProviderFactory()
    with tenant_scope(provider):
        retainer = a_retainer(ClientFactory(provider=provider))
        for month in (2, 3):
            publication = publish_work(
                retainer, (date(2026, month, 3), "1"), (date(2026, month, 4), "2"), at=NOW
            )
        publishing.retire_entries(publication, [Entry.objects.order_by("pk")[0].pk])
        read_in = Import.objects.create(file_name="mine.csv", size=1)
        SourceRow.objects.create(format="generic", line=2, read_in=read_in, client=retainer.client)
    before, standing = guards(), list(rows_of_imports())
    assert {bool(row[-1]) for row in standing[0]} == {True, False}  # some have gone

    call_command("migrate", "imports", "0012", verbosity=0)
    call_command("migrate", "retainers", "0025", verbosity=0)
    assert list(rows_of_imports()) == standing
    call_command("migrate", verbosity=0)
    assert list(rows_of_imports()) == standing
    assert guards() == before
    assert not missing(connection)


def rows_of_imports():
    for table, names in (
        (
            "retainers_entry",
            "id, origin, provider_id, retainer_id, added_in_id, day, worked_units, retired_in_id",
        ),
        ("imports_sourcerow", "id, origin, provider_id, read_in_id, client_id, columns"),
    ):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {names} FROM {table} ORDER BY id")
            yield cursor.fetchall()


@pytest.mark.parametrize("column", ["retainer_id", "added_in_id", "retired_in_id"])
def test_an_entry_is_of_the_provider_of_all_that_it_names(two, entry, column):
    mine, other, _, theirs = two
    with tenant_scope(other):
        foreign = a_retainer(theirs)
        press = publishing.Press(Publication.Kind.IMPORT, datetime(2026, 1, 5, tzinfo=UTC), None)
        named = foreign.pk if column == "retainer_id" else press.publication(foreign).pk
    own = {"retainer_id": entry.retainer_id, "added_in_id": entry.added_in_id}
    row = Entry(origin=uuid4(), day=date(2026, 1, 4), worked_units=1, **{**own, column: named})

    with tenant_scope(mine), pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.bulk_create([row])  # at once, not when the transaction ends


@pytest.mark.parametrize("column", ["added_in_id", "retired_in_id"])
def test_an_entry_comes_and_goes_in_publications_of_its_own_retainer(two, entry, column):
    mine = two[0]
    with tenant_scope(mine):
        another = a_retainer(ClientFactory(provider=mine))
        press = publishing.Press(Publication.Kind.IMPORT, datetime(2026, 1, 5, tzinfo=UTC), None)
        own = {"retainer_id": entry.retainer_id, "added_in_id": entry.added_in_id}
        named = {**own, column: press.publication(another).pk}
        row = Entry(origin=uuid4(), day=date(2026, 1, 4), worked_units=1, **named)

        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.bulk_create([row])


@pytest.mark.parametrize("column", ["retainer_id", "added_in_id", "retired_in_id"])
def test_an_entry_names_nothing_that_is_not_there(two, entry, column):
    own = {"retainer_id": entry.retainer_id, "added_in_id": entry.added_in_id}
    row = Entry(origin=uuid4(), day=date(2026, 1, 4), worked_units=1, **{**own, column: 10**6})
    with tenant_scope(two[0]), pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.bulk_create([row])


def test_a_row_of_an_import_is_of_a_provider_that_there_is(two, entry):
    mine, _, ours, _ = two
    with tenant_scope(mine):
        read_in = Import.objects.create(file_name="mine.csv", size=1)
    row = SourceRow(provider_id=10**6, format="generic", line=2, read_in=read_in, client=ours)
    line = Entry(provider_id=10**6, origin=uuid4(), day=date(2026, 1, 4), worked_units=1,
                 retainer_id=entry.retainer_id, added_in_id=entry.added_in_id)  # fmt: skip

    with all_tenants("a provider that there is not"):
        for model, each in ((SourceRow, row), (Entry, line)):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.bulk_create([each])  # at once


@pytest.mark.parametrize("column", ["read_in_id", "client_id"])
def test_the_row_of_an_export_is_of_the_provider_of_all_that_it_names(two, column):
    mine, other, ours, theirs = two
    with tenant_scope(other):
        foreign = {
            "read_in_id": Import.objects.create(file_name="theirs.csv", size=1).pk,
            "client_id": theirs.pk,
        }
    with tenant_scope(mine):
        own = {"read_in_id": Import.objects.create(file_name="mine.csv", size=1).pk, "client_id": ours.pk}
        row = SourceRow(format="generic", line=2, **{**own, column: foreign[column]})

        with pytest.raises(IntegrityError), transaction.atomic():
            SourceRow.objects.bulk_create([row])
