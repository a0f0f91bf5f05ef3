"""Managers refuse to answer without a tenant; the scope filters reads and checks writes."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from accounts.models import Provider
from accounts.tenancy import (
    ForeignTenantError,
    TenantManager,
    TenantModel,
    TenantQuerySet,
    TenantRequiredError,
    all_tenants,
    tenant_scope,
)
from retainers.models import Client, Contact, Retainer
from tests.factories import ClientFactory, ProviderFactory, a_retainer


@pytest.fixture
def two(db):
    mine, other = ProviderFactory(), ProviderFactory()
    with tenant_scope(mine):
        ours = ClientFactory(provider=mine)
    with tenant_scope(other):
        theirs = ClientFactory(provider=other)
    return mine, other, ours, theirs


@pytest.mark.parametrize(
    "ask",
    [
        lambda: list(Client.objects.all()),
        lambda: Client.objects.exists(),
        lambda: Client.objects.count(),
        lambda: Client.objects.filter(pk=1).explain(),
        lambda: Client.objects.bulk_create([Client(slug="x", name="X")]),
        lambda: Client.objects.create(slug="x", name="X"),
        lambda: Client(slug="x", name="X").save(),
        lambda: list(Client.objects.raw("SELECT * FROM retainers_client")),
    ],
)
def test_without_a_tenant_every_question_is_refused(ask):
    with pytest.raises(TenantRequiredError):
        ask()


def test_a_scope_of_nobody_is_refused():
    with pytest.raises(TenantRequiredError), tenant_scope(None):
        pass


def test_reading_every_tenant_needs_a_reason():
    with pytest.raises(TenantRequiredError), all_tenants(" "):
        pass


def test_a_scope_shows_its_own_rows_only(two):
    mine, _, ours, _ = two
    with tenant_scope(mine):
        assert list(Client.objects.all()) == [ours]


def test_a_new_row_gets_the_provider_in_scope(two):
    mine, *_ = two
    with tenant_scope(mine):
        assert Client.objects.create(slug="new", name="New").provider_id == mine.pk


@pytest.mark.parametrize(
    "write",
    [
        lambda other: Client.objects.create(provider=other, slug="x", name="X"),
        lambda other: Client.objects.bulk_create([Client(provider=other, slug="x", name="X")]),
        lambda other: Client.objects.update(provider=other),
        lambda other: Client.objects.update(provider_id=other.pk),
    ],
)
def test_a_row_for_another_provider_is_refused(two, write):
    mine, other, *_ = two
    with tenant_scope(mine), pytest.raises(ForeignTenantError):
        write(other)


def test_a_row_that_is_saved_again_is_found_by_its_provider_too_and_leaves_it_as_it_is(two):
    """A key that got into another provider's object changes nothing."""
    mine, other, ours, theirs = two
    with tenant_scope(mine), CaptureQueriesContext(connection) as asked:
        ours.name = "Ours"
        ours.save()
        with pytest.raises(DatabaseError, match="did not affect any rows"), transaction.atomic():
            Client(pk=theirs.pk, provider=mine, slug="x", name="Mine").save(update_fields=["name"])
    updates = [each["sql"] for each in asked if each["sql"].startswith("UPDATE")]
    assert updates
    for sql in updates:
        written, _where, found = sql.partition("WHERE")
        assert '"provider_id"' in found
        assert '"provider_id"' not in written
    with tenant_scope(other):
        assert Client.objects.get(pk=theirs.pk).name == theirs.name


def test_reverse_managers_are_scoped_too(two):
    mine, other, _, theirs = two
    with tenant_scope(other):
        Contact.objects.create(client=theirs, name="Pat", email="pat@client.example")
    with tenant_scope(mine):
        assert not theirs.contacts.exists()


def test_every_row_with_a_provider_of_a_business_app_is_a_tenants_row():
    loose = {"accounts.Membership", "accounts.Invitation", "accounts.Erasure", "accounts.OutboxMail"}
    for model in apps.get_models():
        owned = any(field.name == "provider" and field.is_relation for field in model._meta.fields)
        if owned and model._meta.label not in loose:
            assert issubclass(model, TenantModel), model
            assert isinstance(model._default_manager, TenantManager), model


@pytest.mark.parametrize(
    "goes_on",
    [
        lambda rows: rows,
        lambda rows: rows.filter(provider__name="North").order_by("provider__slug", "-pk"),
        lambda rows: rows.exclude(provider__slug="south").select_related("provider"),
        lambda rows: rows.filter(pk=1) | rows.filter(pk=2),
        lambda rows: rows.filter(pk__in=rows.values("pk")),
        lambda rows: rows.values("provider").annotate(many=Count("pk")),
    ],
)
def test_every_manager_asks_for_what_a_filter_by_the_provider_asks(goes_on):
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            with tenant_scope(Provider(pk=7)):
                asked = goes_on(model.objects.all())
            long_way = goes_on(TenantQuerySet(model).filter(provider_id=7))
            assert asked.query.sql_with_params() == long_way.query.sql_with_params()


def test_a_join_and_a_look_up_by_a_key_say_the_provider_too(db):
    """A database that is spread by provider joins nothing else; a key that was read without its provider still does."""
    provider = ProviderFactory()
    with tenant_scope(provider):
        row = a_retainer(ClientFactory(provider=provider))
        joined = str(Retainer.objects.filter(client__slug="acme", entry_set__day=None).query)
        with CaptureQueriesContext(connection) as asked:
            assert Retainer.objects.get(pk=row.pk).client == row.client
            assert Retainer.objects.only("client").get(pk=row.pk).client == row.client
    assert '"retainers_client"."provider_id" = "retainers_retainer"."provider_id"' in joined
    assert '"retainers_retainer"."provider_id" = "retainers_entry"."provider_id"' in joined
    held = ['"retainers_client"."provider_id" = ' in each["sql"] for each in asked]
    assert held == [False, True, False, False]


def test_every_key_from_a_tenants_table_to_anothers_says_the_provider():
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields if issubclass(model, TenantModel) else ():
            if isinstance(field, models.ForeignKey):
                ties = field.get_extra_restriction("there", "here") is not None
                assert ties == issubclass(field.related_model, TenantModel), field
