"""Webhooks at the desk: an owner adds, tries, pauses and removes them."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from alerts.hooks import keeping
from alerts.hooks.delivering import deliver_due
from alerts.hooks.models import Webhook
from tests.alerts.hooks.receiver import told


def form(**changes):
    said = {"name": "PSA", "kind": "json", "address": "https://hooks.msp.example/in/secret-token"}
    return {**said, "events": ["published", "request"], **changes}


def test_an_owner_adds_one_sees_its_secret_once_and_its_address_never(owner, provider):
    answer = owner.post(reverse("webhook_new"), form())
    secret = answer.context["secret"]
    assert secret in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    with tenant_scope(provider):
        row = Webhook.objects.get()
    assert row.events == ["published", "request"]
    for page in (owner.get(reverse("webhooks")), owner.get(reverse("webhook", args=[row.pk]))):
        assert "hooks.msp.example" in page.text
        assert "secret-token" not in page.text
        assert secret not in page.text


def test_a_form_that_is_sent_twice_adds_one_webhook(owner, provider):
    once = re.search(r'name="once" value="(\w+)"', owner.get(reverse("webhooks")).text)[1]
    owner.post(reverse("webhook_new"), form(once=once))
    again = owner.post(reverse("webhook_new"), form(once=once), follow=True)
    assert "This form has already added its webhook" in again.text
    with tenant_scope(provider):
        assert Webhook.objects.count() == 1


def test_a_form_that_could_not_add_one_may_be_sent_again(owner, provider, monkeypatch):
    once = re.search(r'name="once" value="(\w+)"', owner.get(reverse("webhooks")).text)[1]
    monkeypatch.setattr(keeping, "MOST", 0)
    assert owner.post(reverse("webhook_new"), form(once=once)).status_code == 422
    monkeypatch.setattr(keeping, "MOST", 1)
    assert "secret" in owner.post(reverse("webhook_new"), form(once=once)).context


def test_a_database_that_cannot_note_the_form_does_not_say_that_it_came_before(owner, provider, monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *_said, **_named: False)
    once = re.search(r'name="once" value="(\w+)"', owner.get(reverse("webhooks")).text)[1]
    assert "secret" in owner.post(reverse("webhook_new"), form(once=once)).context


@pytest.mark.parametrize(
    "changes",
    [{"name": ""}, {"kind": "mail"}, {"events": []}, {"events": ["all"]}, {"address": "ftp://x.example"},
     {"address": "https://u:p@x.example/"}, {"address": "x"}],
)  # fmt: skip
def test_what_can_not_be_a_webhook_is_refused_on_its_page(owner, provider, changes):
    answer = owner.post(reverse("webhook_new"), form(**changes))
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    with tenant_scope(provider):
        assert not Webhook.objects.exists()


def test_a_webhook_of_the_desk_is_tried_paused_and_removed(owner, provider, add, receiver):
    row, _ = add()
    for name, data in (
        ("webhook_test", {}), ("webhook_pause", {}), ("webhook_pause", {"do": "go-on"}),
    ):  # fmt: skip
        assert owner.post(reverse(name, args=[row.pk]), data).status_code == 302
    deliver_due()
    page = owner.get(reverse("webhook", args=[row.pk])).text
    assert "arrived" in page
    assert told(receiver)[0]["type"] == "test"
    assert owner.post(reverse("webhook_remove", args=[row.pk])).status_code == 302
    late = owner.post(reverse("webhook_test", args=[row.pk]), follow=True)
    assert "was first: Webhook removed" in late.text
    assert "Our json" not in owner.get(reverse("webhooks")).text
    with tenant_scope(provider):
        deeds = list(AuditEvent.objects.filter(action__startswith="webhook").values_list("action", flat=True))
    assert deeds[::-1] == ["webhook added", "webhook paused", "webhook resumed", "webhook removed"]
