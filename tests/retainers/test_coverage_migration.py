"""Coverage that was one date becomes a set of days, under the guards of rows that are written once."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from retainers.models import Client, Publication, Retainer
from retainers.publishing import Press, save_version
from tests.retainers.builders import agreement

migration = import_module("retainers.migrations.0005_coverage_of_old_publications")

pytestmark = pytest.mark.owner


@pytest.fixture
def published(transactional_db):
    provider = Provider.objects.create(name="North", slug="north")
    with tenant_scope(provider):
        client = Client.objects.create(slug="acme", name="Acme")
        row = Retainer.objects.create(client=client, key="support")
        save_version(retainer=row, agreement=agreement(), at=timezone.now(), by=None)
        press = Press(Publication.Kind.IMPORT, timezone.now(), None)
        yield press.publication(row, through=date(2026, 2, 9))


def test_an_old_date_becomes_the_days_from_the_agreements_first_to_it(published):
    with connection.schema_editor() as editor:
        migration.keep_days(apps, editor)

    published.refresh_from_db()
    assert published.coverage == {"whole": [["2026-01-01", "2026-02-09"]]}


def test_the_guards_stand_again_afterwards(published):
    with connection.schema_editor() as editor:
        migration.keep_days(apps, editor)

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        Publication.objects.filter(pk=published.pk).update(coverage={})


def test_a_date_before_the_agreement_is_a_day_of_its_own():
    assert migration.document_of(date(2026, 3, 1), date(2026, 2, 9)) == {
        "whole": [["2026-02-09", "2026-02-09"]]
    }
