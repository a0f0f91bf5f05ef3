"""Hours granted into a closed cycle, and an entry of a settled one: asked for by a tick, and marked."""

import re
from datetime import UTC, date, datetime

import pytest

from accounts.tenancy import tenant_scope
from retainers.models import Restatement, TopUp
from tests.desk.acting import HOME, as_role, provider, publish, retainer  # noqa: F401

GRANT = {"kind": "top_up", "hours": "3", "date": "2026-05-10", "expires": "never", "note": "PO 4711"}


@pytest.fixture
def manager(as_role, retainer):  # noqa: F811
    publish(
        retainer, date(2026, 5, 4), "12", at=datetime(2026, 6, 1, 9, tzinfo=UTC), through=date(2026, 6, 1)
    )
    return as_role()


def sent_in(answer, *names):
    return {name: re.search(rf'name="{name}" value="([^"]*)"', answer.text)[1] for name in names}


def causes(provider):  # noqa: F811
    with tenant_scope(provider):
        return [(row.cause, row.cycle_starts) for row in Restatement.objects.all()]


def test_a_grant_dated_in_a_complete_cycle_is_asked_for_by_a_tick(manager, provider):  # noqa: F811
    shown = manager.post(f"{HOME}/grants/add/", {**GRANT, "check": "1"})
    assert "Acme Dental · support · May 2026: 0 left, 2.0 over → 1.0 left" in shown.text
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


def test_a_correction_in_a_complete_cycle_is_asked_for_and_says_why(manager, provider):  # noqa: F811
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


def test_a_grant_of_the_running_cycle_asks_for_nothing(manager, provider):  # noqa: F811
    june = {**GRANT, "date": "2026-06-10"}
    shown = manager.post(f"{HOME}/grants/add/", {**june, "check": "1"})
    assert 'name="restate"' not in shown.text
    assert (
        manager.post(f"{HOME}/grants/add/", {**june, **sent_in(shown, "checked"), "save": "1"}).status_code
        == 302
    )
    assert causes(provider) == []
