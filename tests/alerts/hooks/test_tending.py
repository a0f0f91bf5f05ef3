"""Webhooks are tended: their secrets renewed, messages sent again, and those that don't answer wait for owners."""

import base64
import hmac
import re
from datetime import timedelta

from django.urls import reverse

from accounts.models import Membership, OutboxMail, Role
from accounts.tenancy import tenant_scope
from alerts.hooks import keeping
from alerts.hooks.delivering import deliver_due
from alerts.hooks.models import Delivery
from alerts.waiting_mail import tell_what_waits
from tests.alerts.hooks.conftest import NOW


def signed_with(secret, headers, body):
    said = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    made = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), said, "sha256")
    return f"v1,{base64.b64encode(made).decode()}" in headers["webhook-signature"].split(" ")


def test_a_renewed_secret_is_shown_once_and_the_one_before_signs_beside_it_for_a_day(
    owner,
    provider,
    add,
    receiver,
    time_machine,
):
    row, before = add()
    page = owner.post(reverse("renew_webhook_secret", args=[row.pk]), follow=True).text
    secret = re.search(r"whsec_[\w+/=]+", page)[0]
    assert secret != before
    assert secret not in owner.get(reverse("webhook", args=[row.pk])).text
    for moment in (NOW + timedelta(hours=23), NOW + timedelta(hours=25)):
        time_machine.move_to(moment, tick=False)
        with tenant_scope(provider):
            keeping.try_out(webhook=row, at=moment)
        deliver_due()
    (_, early, body), (_, late, later_body) = receiver.asked
    assert signed_with(secret, early, body)
    assert signed_with(before, early, body)
    assert signed_with(secret, late, later_body)
    assert not signed_with(before, late, later_body)


def test_a_channel_has_no_secret_to_renew(
    owner,
    add,
):
    row, _ = add("slack")
    assert owner.post(reverse("renew_webhook_secret", args=[row.pk])).status_code == 404
    assert "Renew the secret" not in owner.get(reverse("webhook", args=[row.pk])).text


def test_one_message_is_sent_again_under_its_own_id(
    owner,
    provider,
    add,
    work,
    receiver,
):
    row, _ = add()
    deliver_due()
    with tenant_scope(provider):
        message = Delivery.objects.get()
    address = reverse("webhook_again", args=[row.pk, message.pk])
    assert "It is being sent again" in owner.post(address, follow=True).text
    assert "already on its way" in owner.post(address, follow=True).text
    deliver_due()
    assert len(receiver.asked) == 2
    assert receiver.asked[0][1]["webhook-id"] == receiver.asked[1][1]["webhook-id"]
    other, _ = add("slack")
    assert owner.post(reverse("webhook_again", args=[other.pk, message.pk])).status_code == 404


def test_one_that_does_not_answer_waits_for_owners_until_a_message_arrives(
    owner, provider, add, work, receiver, manager
):
    row, _ = add()
    boss = Membership.objects.get(provider=provider, role=Role.OWNER).user
    receiver.status = 500
    at, seen = NOW, []
    for _ in range(5):
        seen.append("Our json" in owner.get(reverse("waiting")).text)
        deliver_due(lambda at=at: at)
        at += timedelta(hours=1)
    assert seen == [False, False, False, False, True]
    page = owner.get(reverse("waiting")).text
    assert f'href="/webhooks/{row.pk}/"' in page
    assert "1 failing webhook" in owner.get("/").text
    assert "Our json" not in manager.get(reverse("waiting")).text
    with tenant_scope(provider):
        tell_what_waits(provider, NOW)
    mails = OutboxMail.objects.filter(kind="waiting")
    assert [each.recipient for each in mails if "Our json" in str(each.context)] == [boss.email]
    receiver.status = 200
    deliver_due(lambda: at + timedelta(hours=5))
    assert "Our json" not in owner.get(reverse("waiting")).text


def test_one_that_was_given_up_waits_until_it_is_sent_again_paused_or_removed(
    owner,
    provider,
    add,
    work,
    receiver,
):
    row, _ = add()
    receiver.status = 410
    deliver_due()
    assert "given up" in owner.get(reverse("waiting")).text
    owner.post(reverse("webhook_pause", args=[row.pk]), {"do": "pause"})
    assert "Our json" not in owner.get(reverse("waiting")).text
    owner.post(reverse("webhook_pause", args=[row.pk]), {"do": "go-on"})
    assert "Our json" in owner.get(reverse("waiting")).text
    owner.post(reverse("webhook_remove", args=[row.pk]))
    owner.get("/")  # the message of what was done is read
    assert "Our json" not in owner.get(reverse("waiting")).text


def test_one_that_was_given_up_waits_though_others_had_arrived_before(owner, provider, add, receiver):
    row, _ = add()
    with tenant_scope(provider):
        told = {"webhook": row, "event": "published", "document": {}, "happened_at": NOW}
        Delivery.objects.create(key="published:1", sent_at=NOW, made_at=NOW, next_try_at=NOW, **told)
        given_up = {"made_at": NOW, "next_try_at": NOW, "given_up_at": NOW + timedelta(days=3)}
        Delivery.objects.create(key="published:2", **given_up, **told)
    assert "Our json" in owner.get(reverse("waiting")).text
