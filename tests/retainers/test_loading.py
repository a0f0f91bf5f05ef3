"""What the database holds, said as a file: in questions whose number does not grow with the clients."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from retainers import publishing
from retainers.models import CompanyName, Contact, Entry, Publication
from retainers.standing_file import state
from retainers.terms import Adjustment, TopUp
from tests.factories import (
    ClientFactory,
    ProviderFactory,
    a_retainer,
    agreement_file,
    client_table,
    load_agreements,
    publish_export,
    retainer_table,
)

pytestmark = pytest.mark.django_db
BOUGHT = TopUp(date(2026, 2, 1), Decimal(5), "support", "never", "PO 1")
GIVEN = Adjustment(date(2026, 2, 2), Decimal(1), "support", "cycle", "Goodwill")


def a_whole_client(provider):
    with tenant_scope(provider):
        client = ClientFactory(provider=provider)
        CompanyName.objects.create(client=client, name=f"{client.name} Inc.", key=f"{client.slug} inc.")
        Contact.objects.create(client=client, name="Pat Lee", email="pat@acme.example")
        locked = publishing.lock([a_retainer(client).pk]).popitem()[1]
        made = publishing.Press(Publication.Kind.TOP_UP, now(), None).publication(locked)
        publishing.grant(publication=made, top_ups=[BOUGHT], adjustments=[GIVEN])


def asked_for(provider):
    with tenant_scope(provider), CaptureQueriesContext(connection) as asked:
        found = state(provider)
    return found, [query["sql"] for query in asked.captured_queries]


def test_a_file_of_many_clients_takes_as_many_questions_as_one_of_a_few():
    provider = ProviderFactory()
    a_whole_client(provider)
    one, few = asked_for(provider)
    for _ in range(3):
        a_whole_client(provider)

    four, more = asked_for(provider)

    assert (len(one.clients), len(four.clients)) == (1, 4)
    assert len(more) == len(few)
    assert not any(" OR " in sql for sql in more)


def test_each_client_comes_with_its_own_names_contacts_and_grants():
    provider = ProviderFactory()
    a_whole_client(provider)
    a_whole_client(provider)

    found, _ = asked_for(provider)

    for client in found.clients:
        assert client.psa_names == (f"{client.name} Inc.",)
        assert [contact.name for contact in client.contacts] == ["Pat Lee"]
        assert client.retainers[0].top_ups == (BOUGHT,)
        assert client.retainers[0].adjustments == (GIVEN,)


ROWS = """\
Entry ID,Client,Agreement,Date,Hours
1,Acme,Managed,2026-02-02,1
2,Acme,Build,2026-02-03,2
"""


def test_entries_go_with_the_agreement_of_the_psa_that_a_retainer_claims(tmp_path, time_machine):
    time_machine.move_to("2026-02-16T12:00:00Z", tick=False)

    def load(support, projects):
        two = (
            retainer_table(psa_agreements=[support]),
            retainer_table(key="projects", psa_agreements=[projects]),
        )
        load_agreements(tmp_path, agreement_file(client_table("Acme", *two)))
        provider = Provider.objects.get()
        with tenant_scope(provider):
            live = Entry.objects.filter(retired_in=None).order_by("day")
            return list(live.values_list("retainer__key", flat=True))

    assert load("Managed", "Build") == []
    publish_export(tmp_path, ROWS)

    assert load("Managed", "Build") == ["support", "projects"]
    assert load("Managed plus", "Managed") == ["projects", "projects"]
