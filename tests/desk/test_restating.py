"""Hours granted into a closed cycle, and an entry of a settled one: asked for by a tick, and marked."""

import re
from datetime import UTC, date, datetime

import pytest

from accounts.tenancy import tenant_scope
from retainers.models import Restatement, TopUp
from tests.desk.acting import HOME, publish
from tests.world import world  # noqa: F401

GRANT = {"kind": "top_up", "hours": "3", "date": "2026-05-10", "expires": "never", "note": "PO 4711"}


@pytest.fixture
def manager(as_role, retainer):
    publish(
        retainer, date(2026, 5, 4), "12", at=datetime(2026, 6, 1, 9, tzinfo=UTC), through=date(2026, 6, 1)
    )
    return as_role()


def sent_in(answer, *names):
    return {name: re.search(rf'name="{name}" value="([^"]*)"', answer.text)[1] for name in names}


def causes(provider):
    with tenant_scope(provider):
        return [(row.cause, row.cycle_starts) for row in Restatement.objects.all()]


def test_a_grant_dated_in_a_complete_cycle_is_asked_for_by_a_tick(manager, provider):
    shown = manager.post(f"{HOME}/grants/add/", {**GRANT, "check": "1"})
    assert "Acme Dental · IT support · May 2026: 0 left, 2.0 over → 1.0 left" in shown.text
    mark, tick = sent_in(shown, "checked"), sent_in(shown, "restate")
    unticked = manager.post(f"{HOME}/grants/add/", {**GRANT, **mark, "save": "1"})
    assert (unticked.status_code, causes(provider)) == (409, [])
    assert manager.post(f"{HOME}/grants/add/", {**GRANT, **mark, **tick, "save": "1"}).status_code == 302
    assert causes(provider) == [("grant", date(2026, 5, 1))]
    with tenant_scope(provider):
        address = f"{HOME}/grants/top_up/{TopUp.objects.get().pk}/take-back/"
    shown = manager.get(address)
    back = {"reason": "Typed twice", **sent_in(shown, "checked")}
    assert manager.post(address, back).status_code == 409
    assert manager.post(address, {**back, **sent_in(shown, "restate")}).status_code == 302
    assert len(causes(provider)) == 2


def test_a_correction_in_a_complete_cycle_is_asked_for_and_says_why(manager, provider):
    shown = manager.post(f"{HOME}/grants/add/", {**GRANT, "check": "1"})
    manager.post(
        f"{HOME}/grants/add/",
        {**GRANT, **sent_in(shown, "checked"), **sent_in(shown, "restate"), "save": "1"},
    )
    with tenant_scope(provider):
        address = f"{HOME}/grants/top_up/{TopUp.objects.get().pk}/correct/"
    six = {**GRANT, "hours": "6", "why": "The order says six"}
    shown = manager.post(address, {**six, "check": "1"})
    assert "May 2026: 1.0 left → 4.0 left" in shown.text
    form = {**six, **sent_in(shown, "checked"), "save": "1"}
    assert (manager.post(address, form).status_code, len(causes(provider))) == (409, 1)
    assert manager.post(address, {**form, **sent_in(shown, "restate")}).status_code == 302
    with tenant_scope(provider):
        assert Restatement.objects.latest("pk").reason == "The order says six"


def test_a_grant_of_the_running_cycle_asks_for_nothing(manager, provider):
    june = {**GRANT, "date": "2026-06-10"}
    shown = manager.post(f"{HOME}/grants/add/", {**june, "check": "1"})
    assert 'name="restate"' not in shown.text
    assert (
        manager.post(f"{HOME}/grants/add/", {**june, **sent_in(shown, "checked"), "save": "1"}).status_code
        == 302
    )
    assert causes(provider) == []


def reasons(provider):
    with tenant_scope(provider):
        return [row.reason for row in Restatement.objects.all()]


def test_a_form_gives_a_restatement_its_own_reason_which_the_client_reads(manager, provider, address, client):
    shown = manager.post(f"{HOME}/grants/add/", {**GRANT, "check": "1"})
    sent = {**GRANT, **sent_in(shown, "checked"), **sent_in(shown, "restate"), "save": "1"}
    why = {"restate_reason": "  The order of May   was found "}
    assert manager.post(f"{HOME}/grants/add/", {**sent, **why}).status_code == 302
    assert reasons(provider) == ["The order of May was found"]
    assert (
        "Restated on 22 June 2026: The order of May was found"
        in client.get(f"{address}?cycle=2026-05-01").text
    )


def test_a_reason_that_leaks_stops_the_form_and_stands_in_it_with_what_leaks(manager, provider):
    shown = manager.post(f"{HOME}/grants/add/", {**GRANT, "check": "1"})
    sent = {**GRANT, **sent_in(shown, "checked"), **sent_in(shown, "restate"), "save": "1"}
    again = manager.post(f"{HOME}/grants/add/", {**sent, "restate_reason": "see 10.20.30.40, root password"})
    assert (again.status_code, reasons(provider)) == (409, [])
    assert "the reason can’t be shown on the client’s page" in again.text
    assert 'value="see 10.20.30.40, root password"' in again.text


def test_a_deed_that_asks_for_its_reason_itself_asks_once(manager, provider):
    shown = manager.post(f"{HOME}/grants/add/", {**GRANT, "check": "1"})
    sent = {**GRANT, **sent_in(shown, "checked"), **sent_in(shown, "restate"), "save": "1"}
    manager.post(f"{HOME}/grants/add/", sent)
    with tenant_scope(provider):
        back = f"{HOME}/grants/top_up/{TopUp.objects.get().pk}/take-back/"
    assert 'name="restate"' in manager.get(back).text
    assert "restate_reason" not in manager.get(back).text
