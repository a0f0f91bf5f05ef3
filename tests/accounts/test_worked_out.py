"""A query that was put together once gives what the queryset would, for the provider in scope and nobody else."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.models import Count, Value
from django.test.utils import CaptureQueriesContext

from accounts.tenancy import TenantRequiredError, all_tenants, tenant_scope
from accounts.worked_out import WorkedOut
from retainers.models import Client, CompanyName, Entry
from tests.factories import ClientFactory, ProviderFactory, a_retainer, publish_work


def clients(slug):
    rows = Client.objects.filter(slug=slug).select_related("provider")
    return rows.annotate(agreements=Count("retainers"))


def a_client(slug="acme"):
    provider = ProviderFactory()
    with tenant_scope(provider):
        return ClientFactory(provider=provider, slug=slug)


def test_it_gives_objects_with_what_was_read_along(db):
    client = a_client()
    with tenant_scope(client.provider):
        a_retainer(client)
        with CaptureQueriesContext(connection) as asked:
            (found,) = WorkedOut(clients).rows("acme")
            said = found.name, found.provider.slug, found.agreements
    assert said == (client.name, client.provider.slug, 1)
    assert len(asked) == 1


def test_it_gives_tuples_of_several_queries_in_one(db):
    client = a_client()

    def names():
        own = Client.objects.order_by().annotate(what=Value("own")).values_list("what", "name")
        return own.union(
            CompanyName.objects.order_by().annotate(what=Value("psa")).values_list("what", "name")
        )

    with tenant_scope(client.provider):
        CompanyName.objects.create(client=client, name="Acme Group")
        assert sorted(WorkedOut(names).rows()) == [("own", client.name), ("psa", "Acme Group")]


def test_it_says_whether_there_is_any_and_reads_no_more_than_one(db):
    client, query = a_client(), WorkedOut.any_of(lambda least: Client.objects.filter(pk__gte=least))
    with tenant_scope(client.provider):
        for _ in range(2):
            ClientFactory(provider=client.provider)
        with CaptureQueriesContext(connection) as asked:
            assert query.is_any(client.pk)
            assert not query.is_any(client.pk + 1_000)
        assert len(query.records(client.pk).rows) == 1
    assert len(asked) == 2


def test_it_is_put_together_once_and_asked_for_whoever_is_in_scope(db):
    made = []

    def counted(slug):
        made.append(slug)
        return clients(slug)

    ours, theirs, query = a_client(), a_client(), WorkedOut(counted)
    for client in (ours, theirs, ours):
        with tenant_scope(client.provider):
            assert [each.pk for each in query.rows("acme")] == [client.pk]
            assert list(query.rows("birch")) == []
    assert len(made) == 1


def test_without_a_scope_nothing_is_asked(db):
    query = WorkedOut(clients)
    with tenant_scope(a_client().provider):
        assert list(query.rows("acme"))
    with pytest.raises(TenantRequiredError):
        query.rows("acme")


def test_before_a_provider_is_known_every_row_may_be_looked_up(db):
    query, first, second = WorkedOut(clients), a_client(), a_client()
    with tenant_scope(first.provider):
        assert len(list(query.rows("acme"))) == 1
    with all_tenants("to look up"):
        assert {each.pk for each in query.rows("acme")} == {first.pk, second.pk}


def test_a_value_that_would_not_be_asked_for_is_refused(db):
    with tenant_scope(a_client().provider), pytest.raises(TypeError, match="each of its values"):
        WorkedOut(lambda slug: Client.objects.filter(slug=f"{slug}!")).rows("acme")


def entries(retainer, first, last, before, incident):
    rows = Entry.objects.filter(retainer=retainer, day__range=(first, last), incident=incident)
    return rows.filter(added_in__made_at__lt=before, added_in__number__lte=retainer + 1000).order_by("day")


def test_numbers_days_and_moments_are_values_too(db):
    client, query = a_client(), WorkedOut(entries)
    at = datetime(2026, 7, 1, 9, tzinfo=UTC)
    with tenant_scope(client.provider):
        row = a_retainer(client)
        publish_work(row, *((date(2026, 6, day), "1") for day in (1, 2, 3)), at=at, incident="T1")
        asked = (row.pk, date(2026, 6, 2), date(2026, 6, 3), datetime(2027, 1, 1, tzinfo=UTC), "T1")
        for others in ((), (date(2026, 6, 3),), (date(2026, 6, 2), date.max)):
            values = (asked[0], *others, *asked[1 + len(others) :])
            assert list(query.rows(*values)) == list(entries(*values))
        assert list(query.rows(*asked[:3], at, "T1")) == []
        assert [each.day for each in query.rows(*asked)] == [date(2026, 6, 2), date(2026, 6, 3)]


def columns(retainer):
    return (
        Entry.objects.filter(retainer=retainer)
        .order_by("day")
        .values_list("day", "origin", "categories", "replaces")
    )


def test_records_that_are_only_read_have_the_same_values_each_turned_once(db):
    client, query = a_client(), WorkedOut(columns)
    at = datetime(2026, 7, 1, 9, tzinfo=UTC)
    with tenant_scope(client.provider):
        row, other = a_retainer(client), a_retainer(ClientFactory(provider=client.provider))
        publish_work(row, *((date(2026, 6, day), "1") for day in (1, 2)), at=at, categories=["night"])
        found = list(query.records(row.pk).read_only())
        assert found == list(columns(row.pk))
        assert found[0][2] is found[1][2]
        assert list(query.records(other.pk).read_only()) == []
