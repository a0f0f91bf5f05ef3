"""What is owed to webhooks is tried until it arrives, by one sender, and kept sealed."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from accounts import outbox
from accounts.models import AuditEvent, OutboxMail, Role
from accounts.tenancy import tenant_scope
from alerts.hooks import delivering, keeping
from alerts.hooks.calling import CallError
from alerts.hooks.delivering import GIVES_UP_AFTER, DeliveryOutcome, deliver_due
from alerts.hooks.models import Delivery
from alerts.telling import tell_crossings
from tests.alerts.hooks.conftest import NOW
from tests.factories import MembershipFactory, ProviderFactory


def test_what_does_not_arrive_is_tried_again_later_and_later_and_given_up(add, provider, work, receiver):
    receiver.status = 500
    add()
    at, waits = NOW, []
    while True:
        deliver_due(lambda at=at: at)
        with tenant_scope(provider):
            row = Delivery.objects.get()
        if row.given_up_at:
            break
        waits.append((row.next_try_at - at) / timedelta(minutes=1))
        at = row.next_try_at
    assert waits[:5] == [1, 5, 15, 60, 240]
    assert set(waits[5:]) == {240}
    assert row.given_up_at - row.made_at >= GIVES_UP_AFTER
    assert (row.status, row.last_error) == (500, "Answered with 500.")
    assert row.attempts == len(receiver.asked) == len(waits) + 1
    assert not deliver_due(lambda: at + timedelta(days=30))


def test_owners_are_told_once_a_day_of_one_that_does_not_arrive(add, provider, work, receiver):
    receiver.status = 500
    boss = MembershipFactory(provider=provider, role=Role.OWNER).user
    MembershipFactory(provider=provider, role=Role.MANAGER)
    row, _ = add()
    at, counts = NOW, []
    for _ in range(6):
        deliver_due(lambda at=at: at)
        found = list(OutboxMail.objects.filter(provider=provider, kind="webhook_fails"))
        counts.append(len(found))
        at += timedelta(hours=1)
    assert counts == [0, 0, 0, 1, 1, 1]
    with tenant_scope(provider):
        keeping.try_out(webhook=row, at=NOW)
        Delivery.objects.update(attempts=4, event="published")  # another one, on the same day
        for each in Delivery.objects.all():
            delivering._send(each, lambda: at)
    assert OutboxMail.objects.filter(provider=provider, kind="webhook_fails").count() == 1
    sent = outbox.preview(found[0])
    assert sent.to == [boss.email]
    assert "Our json" in sent.subject
    assert f"/webhooks/{row.pk}/" in sent.body
    assert "secret-token" not in sent.body


def test_nobody_is_mailed_about_a_test(add, provider, receiver):
    receiver.status = 500
    MembershipFactory(provider=provider, role=Role.OWNER)
    row, _ = add()
    with tenant_scope(provider):
        keeping.try_out(webhook=row, at=NOW)
    deliver_due()
    assert not OutboxMail.objects.filter(kind="webhook_fails").exists()


def test_it_arrives_when_the_receiver_is_back(add, provider, work, receiver):
    receiver.status = 503
    add()
    deliver_due()
    receiver.status = 204
    assert not deliver_due()
    assert deliver_due(lambda: NOW + timedelta(minutes=1))[DeliveryOutcome.SENT] == 1
    with tenant_scope(provider):
        row = Delivery.objects.get()
    assert (row.attempts, row.status, row.last_error) == (2, 204, "")
    first, second = (headers["webhook-id"] for _path, headers, _body in receiver.asked)
    assert first == second


def test_who_wants_nothing_more_is_not_asked_again(add, provider, work, receiver):
    receiver.status = 410
    add()
    deliver_due()
    with tenant_scope(provider):
        assert Delivery.objects.get().given_up_at == NOW


def test_one_that_fails_stops_only_itself_and_is_asked_once_a_round(add, provider, work, receiver):
    broken, _ = add(address="http://127.0.0.1:9/")
    add("slack")
    with tenant_scope(provider):
        keeping.try_out(webhook=broken, at=NOW)
        tell_crossings(provider, NOW)
    done = deliver_due()
    assert done[DeliveryOutcome.FAILED] == 1
    assert done[DeliveryOutcome.SENT] == len(receiver.asked) >= 2


def test_slow_receivers_of_one_provider_keep_nobody_else_waiting(add, provider, receiver, monkeypatch):
    """Each call lasts nine seconds: of ten messages two fit into the share, and the other provider's comes after."""
    south, seconds = ProviderFactory(slug="south"), [0]
    for whose, messages in ((provider, 10), (south, 1)):
        webhook, _secret = add(provider=whose, events=())
        with tenant_scope(whose):
            for _ in range(messages):
                keeping.try_out(webhook=webhook, at=NOW)

    def slowly(*_args):
        seconds[0] += 9
        return 200

    monkeypatch.setattr(delivering, "post", slowly)
    done = deliver_due(lambda: NOW + timedelta(seconds=seconds[0]))
    assert done[DeliveryOutcome.SENT] == 3
    with tenant_scope(south):
        assert Delivery.objects.get().sent_at is not None


def test_two_senders_send_it_once(add, provider, work, receiver):
    add()
    deliver_due()
    with tenant_scope(provider):
        Delivery.objects.update(sent_at=None)
        (row,) = Delivery.objects.all()
        assert delivering._claim(row, NOW)
        assert not delivering._claim(row, NOW)
        assert not deliver_due()
        row.refresh_from_db()
        assert delivering._claim(row, NOW + delivering.CLAIM)


def test_a_name_that_leads_into_the_house_later_is_not_called(add, provider, work, receiver, settings):
    add()
    settings.WEBHOOK_NETWORKS = ()
    assert deliver_due()[DeliveryOutcome.FAILED] == 1
    assert receiver.asked == []


def test_tick_tells_as_the_sender_does(add, work, receiver):
    add()
    out = StringIO()
    call_command("tick", stdout=out)
    assert "webhooks told." in out.getvalue()
    assert receiver.asked


def test_tick_names_what_could_not_be_told(add, work, settings):
    add()
    settings.WEBHOOK_NETWORKS = ()
    out = StringIO()
    call_command("tick", stdout=out)
    assert re.search(r"\d webhooks? could not be delivered; the page Webhooks says why", out.getvalue())


def test_the_address_and_the_secret_stand_nowhere_in_clear(add, provider, settings):
    row, secret = add()
    with tenant_scope(provider):
        row.refresh_from_db()
        stands = " ".join(str(bytes(v) if isinstance(v, memoryview) else v) for v in vars(row).values())
        trail = str(list(AuditEvent.objects.values_list("detail", "subject")))
    for text in (stands, trail):
        assert "secret-token" not in text
        assert secret not in text
    assert keeping.secrets_of(row).secret == secret
    settings.HOURTAB_LINK_KEY = "x" * 43 + "="
    assert keeping.secrets_of(row) is None


def test_what_was_sealed_with_another_key_is_told_and_not_sent(add, provider, work, receiver, settings):
    add()
    settings.HOURTAB_LINK_KEY = "x" * 43 + "="
    assert deliver_due()[DeliveryOutcome.FAILED] == 1
    with tenant_scope(provider):
        assert Delivery.objects.get().last_error == keeping.UNSEALED


def test_one_that_is_paused_is_told_later_and_one_that_is_removed_never(add, provider, work, receiver):
    row, _ = add()
    by = MembershipFactory(provider=provider, role=Role.OWNER).user
    with tenant_scope(provider):
        keeping.pause(webhook=row, by=by, at=NOW)
    deliver_due()
    assert receiver.asked == []
    with tenant_scope(provider):
        keeping.go_on(webhook=row, by=by, at=NOW)
    deliver_due()
    assert len(receiver.asked) == 1
    with tenant_scope(provider):
        keeping.remove(webhook=row, by=by, at=NOW)
        keeping.try_out(webhook=row, at=NOW)
        row.refresh_from_db()
        assert bytes(row.sealed) == b""
    deliver_due()
    assert len(receiver.asked) == 1


def test_a_provider_has_so_many_and_no_address_that_is_none(add, provider):
    with pytest.raises(CallError):
        add(address="ftp://msp.example/")
    for _ in range(keeping.MOST):
        add()
    with pytest.raises(keeping.TooManyError):
        add()
