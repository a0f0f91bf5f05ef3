"""New agreements and clients in the browser, and the names and contacts that clients have."""

import re
from datetime import date

from django.urls import reverse

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from desk.agreements.usual_agreements import from_template
from retainers.models import (
    Client,
    CompanyName,
    Entry,
)
from tests.desk.agreements.pages.conftest import hidden, save, stands
from tests.desk.agreements.test_draft import posted


def test_a_client_is_created_and_goes_on_to_its_agreement(provider, manager):
    answer = manager.post(
        reverse("client_new"),
        {
            "name": "Cedar & Sons",
            "psa_names": "Cedar and Sons Ltd\n",
            "contacts-0-name": "Pat",
            "contacts-0-email": "pat@cedar.example",
            "contacts-0-alerts": "on",
        },
    )
    assert answer.headers["Location"] == reverse("agreement_new", args=["cedar-sons"])
    page = manager.get(answer.headers["Location"], {"from": "pools"}).content.decode()
    assert "Scheduled maintenance" in page
    with tenant_scope(provider):
        client = Client.objects.get(slug="cedar-sons")
        assert {each.name for each in client.company_names.all()} == {"Cedar & Sons", "Cedar and Sons Ltd"}
        assert client.contacts.get().alerts


def test_a_new_agreement_is_saved_from_a_template(provider, manager):
    address = reverse("agreement_new", args=["birch"])
    answer = save(manager, address, posted(from_template("block", date(2026, 11, 22))))
    assert answer.headers["Location"] == reverse("agreement", args=["birch", "block"])
    assert stands(provider, "block").terms[0].overage == "queue"


def test_a_copy_begins_with_the_newest_terms_of_the_other_and_claims_nothing(manager):
    page = manager.get(reverse("agreement_new", args=["birch"]), {"copy": "acme.support"}).content.decode()
    assert 'value="10.00"' in page
    assert manager.get(reverse("agreement_new", args=["birch"]), {"copy": "acme.none"}).status_code == 404


def test_what_another_client_is_called_is_refused_in_words(provider, manager):
    answer = manager.post(
        reverse("client_edit", args=["birch"]), {"name": "Birch", "psa_names": "ACME dental"}
    )
    assert answer.status_code == 422
    assert "already belongs to the client acme" in answer.content.decode()


def test_a_further_name_under_which_nothing_stands_passes_to_another_client(provider, manager):
    answer = manager.post(
        reverse("client_edit", args=["birch"]), {"name": "Birch", "psa_names": "ACME dental group"}
    )
    assert answer.status_code == 302
    with tenant_scope(provider):
        assert CompanyName.objects.get(name="Acme Dental Group").client.slug == "birch"


def test_a_company_name_can_be_dropped(provider, manager):
    manager.post(
        reverse("client_edit", args=["acme"]), {"name": "Acme Dental", "drop": ["Acme Dental Group"]}
    )
    with tenant_scope(provider):
        assert not CompanyName.objects.filter(name="Acme Dental Group").exists()
        assert Entry.objects.filter(retired_in=None).count() == 2


ACME = reverse("client_edit", args=["acme"])


PAT = {"contacts-0-name": "Pat", "contacts-0-email": "pat@acme.example", "contacts-0-approves": "on"}


def client_form(manager, **said):
    return {"name": "Acme Dental", **said, "opened": hidden(manager.get(ACME), "opened")}


def contacts(provider):
    with tenant_scope(provider):
        return list(Client.objects.get(slug="acme").contacts.values_list("email", "approves"))


def test_an_older_form_of_a_client_brings_no_removed_approver_back(provider, manager):
    manager.post(ACME, client_form(manager, **PAT))
    mine = client_form(manager, **{**PAT, "name": "Acme Dental Ltd"})
    manager.post(ACME, client_form(manager))
    answer = manager.post(ACME, mine)
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert answer.status_code == 409
    assert "Contacts none none" in page
    assert 'value="Acme Dental Ltd"' in answer.text
    assert "pat@acme.example" not in answer.text
    with tenant_scope(provider):
        assert Client.objects.get(slug="acme").name == "Acme Dental"
    assert contacts(provider) == []


def test_a_contact_that_both_changed_stands_as_it_was_typed_beside_what_is_saved(provider, manager):
    mine = client_form(manager, **PAT)
    manager.post(
        ACME, client_form(manager, **{"contacts-0-name": "Lee", "contacts-0-email": "lee@acme.example"})
    )
    answer = manager.post(ACME, mine)
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert answer.status_code == 409
    assert "Lee lee@acme.example Pat pat@acme.example (may approve overage)" in page
    assert manager.post(ACME, {**mine, "opened": hidden(answer, "opened")}).status_code == 302
    assert contacts(provider) == [("pat@acme.example", True)]


def test_the_form_of_a_client_sent_twice_changes_nothing_the_second_time(provider, manager):
    mine = client_form(manager, **PAT)
    assert [manager.post(ACME, mine).status_code for _ in range(2)] == [302, 302]
    with tenant_scope(provider):
        assert (
            AuditEvent.objects.filter(
                action="agreements loaded", detail__changes=["contacts of acme"]
            ).count()
            == 1
        )


def test_a_new_client_sent_twice_is_made_once(provider, manager):
    answers = [manager.post(reverse("client_new"), {"name": "Cedar & Sons"}) for _ in range(2)]
    assert [(each.status_code, each["Location"]) for each in answers] == [
        (302, reverse("agreement_new", args=["cedar-sons"]))
    ] * 2
