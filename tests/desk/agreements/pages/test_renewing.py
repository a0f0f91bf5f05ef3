"""Renewing an agreement in the browser: what lapses, what is brought along, and what begins."""

from datetime import UTC, date, datetime

from django.urls import reverse

from accounts.tenancy import tenant_scope
from portal import links
from retainers.models import (
    Adjustment,
    Client,
    TopUp,
)
from tests.desk.agreements.pages.conftest import SUPPORT, agreements, at_opening, renew, save, seen_in, stands
from tests.factories import load_agreements, pool_table


def test_a_renewal_ends_the_old_one_and_the_bookmark_goes_on_working(provider, manager, client, time_machine):
    with tenant_scope(provider):
        _, token = links.create(client=Client.objects.get(slug="acme"), by=None)
    renew(manager, **{"brought-support": "2.5"})
    old, new = stands(provider), stands(provider, "support_2026_12")
    assert (old.ends, new.starts, new.name) == (date(2026, 11, 30), date(2026, 12, 1), "IT support 2027")
    assert new.rules == old.rules
    with tenant_scope(provider):
        assert TopUp.objects.get().hours_units == 250
    time_machine.move_to(datetime(2026, 12, 3, 12, tzinfo=UTC), tick=False)
    page = client.get(f"/b/{token}/").content.decode()
    assert "IT support 2027" in page
    assert "12.5" in page


def looked_at(manager, **said):
    post = {"last_day": "2026-11-30", "name": "IT support 2027", "check": "1", **said}
    return manager.post(reverse("renew", args=["acme", "support"]), post).text


def test_a_renewal_says_what_lapses_what_is_brought_along_and_what_begins(provider, manager):
    page = looked_at(manager, **{"brought-support": "2.5"})
    assert "7.0 h left, 2.5 h moved, 4.5 h lapse on 30 November 2026." in page
    assert "Begins on 1 December 2026 with 10.0 h and 2.5 h moved over." in page
    assert "more are moved than are left" not in page
    assert "0.5 h more are moved than are left." in looked_at(manager, **{"brought-support": "7.5"})


def test_a_renewal_brings_each_pool_along_and_what_is_owed(provider, manager, tmp_path):
    two = [pool_table("support", "2", "Reactive"), pool_table("planned", "6")]
    load_agreements(tmp_path, agreements(overage="queue", pools=two), "--restate")
    said = {"brought-planned": "1", "owed-support": "2.5"}
    page = looked_at(manager, **said)
    assert "Reactive: 3.0 h owed, 2.5 h moved, 0.5 h still to be settled." in page
    assert "Planned: 6.0 h left, 1.0 h moved, 5.0 h lapse on 30 November 2026." in page
    assert "2.0 h of Reactive, 6.0 h of Planned and 1.0 h moved over, less 2.5 h owed." in page
    renew(manager, **said)
    with tenant_scope(provider):
        assert [(each.pool, each.hours_units) for each in TopUp.objects.all()] == [("planned", 100)]
        assert [(each.pool, each.hours_units) for each in Adjustment.objects.all()] == [("support", -250)]


def test_a_renewal_that_was_not_seen_is_only_shown(provider, manager):
    address = reverse("renew", args=["acme", "support"])
    manager.post(address, {"last_day": "2026-11-30", "name": "X", "save": "1"})
    assert stands(provider).ends is None


def test_an_agreement_cannot_end_before_it_began(manager):
    answer = manager.post(reverse("renew", args=["acme", "support"]), {"last_day": "2025-01-01", "name": "X"})
    assert answer.status_code == 422


def test_a_renewal_sent_twice_brings_the_hours_along_once(provider, manager):
    address = reverse("renew", args=["acme", "support"])
    post = {"last_day": "2026-11-30", "name": "IT support 2027", "brought-support": "2.5"}
    sent = {**post, "save": "1", "seen": seen_in(manager.post(address, {**post, "check": "1"}))}
    answers = [manager.post(address, sent) for _ in range(2)]
    assert {(each.status_code, each["Location"]) for each in answers} == {(302, "/clients/acme/")}
    with tenant_scope(provider):
        assert TopUp.objects.get().hours_units == 250


def test_a_renewal_says_what_was_published_since_it_was_checked(provider, manager, tmp_path):
    address = reverse("renew", args=["acme", "support"])
    post = {"last_day": "2026-11-30", "name": "IT support 2027"}
    sent = {**post, "save": "1", "seen": seen_in(manager.post(address, {**post, "check": "1"}))}
    save(manager, SUPPORT, at_opening(provider, manager, **{"terms-0-pools-0-hours": "12"}))
    answer = manager.post(address, sent)
    assert answer.status_code == 409
    assert "Agreement · 22 Nov 2026, 12:00" in answer.text
    assert stands(provider).ends is None
