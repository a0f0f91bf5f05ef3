"""Statements of closed cycles, from the manager's side."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Role
from accounts.tenancy import tenant_scope
from retainers.models import Retainer, Statement
from retainers.selectors import standings
from retainers.statements import NothingToStateError, issue
from tests.desk.acting import HOME, NOW, publish
from tests.world import world  # noqa: F401

PATH = f"{HOME}/statements/"
MAY = {"cycle": "2026-05-01"}


@pytest.fixture
def whole_may(retainer):
    publish(
        retainer, date(2026, 5, 4), "2", at=datetime(2026, 6, 1, 9, tzinfo=UTC), through=date(2026, 5, 31)
    )


def may_as_it_is(client, **said):
    """What the page's form of May sends: its cycle, with the mark of what is in view."""
    page = client.get(PATH).text
    form = re.search(r'value="2026-05-01">\s*<input type="hidden" name="opened" value="([^"]*)"', page)
    return {**MAY, "opened": form.group(1), **said}


def stated(retainer):
    with tenant_scope(retainer.provider):
        return list(Statement.objects.order_by("number"))


def test_a_closed_cycle_is_stated(as_role, retainer, whole_may):
    client = as_role()
    assert client.post(f"{PATH}issue/", may_as_it_is(client)).status_code == 302
    (made,) = stated(retainer)
    assert made.document["cycle"]["total"]["used"] == "2.00"


def test_an_open_cycle_is_not_stated(as_role, retainer, whole_may):
    for cycle in ("2026-06-01", "2026-05-02", "never", ""):
        assert as_role().post(f"{PATH}issue/", {"cycle": cycle}).status_code == 422
    assert stated(retainer) == []


def test_the_same_figures_are_not_stated_twice(as_role, retainer, whole_may):
    client = as_role()
    client.post(f"{PATH}issue/", may_as_it_is(client))
    publish(retainer, date(2026, 6, 8), "1", at=NOW, through=date(2026, 6, 15))
    again = client.post(f"{PATH}issue/", {**MAY, "reason": "No change"}, follow=True)
    assert "nothing was issued twice" in again.text
    assert len(stated(retainer)) == 1


def test_changed_figures_are_stated_again_with_a_reason_only(as_role, retainer, whole_may):
    client = as_role()
    client.post(f"{PATH}issue/", may_as_it_is(client))
    publish(retainer, date(2026, 5, 5), "1", at=NOW, through=date(2026, 6, 15))
    assert "figures differ today" in client.get(PATH).text
    assert client.post(f"{PATH}issue/", may_as_it_is(client)).status_code == 422
    client.post(f"{PATH}issue/", may_as_it_is(client, reason="A visit was missing"))
    first, second = stated(retainer)
    assert (first.document["cycle"]["total"]["used"], second.reason) == ("2.00", "A visit was missing")


def test_a_viewer_reads_what_was_stated_and_issues_nothing(as_role, retainer, whole_may):
    manager = as_role()
    manager.post(f"{PATH}issue/", may_as_it_is(manager))
    client = as_role(Role.VIEWER)
    assert "issue/" not in client.get(PATH).text
    assert client.get("/clients/acme/view/statement/2026-05-01/?retainer=support").status_code == 200
    assert client.get("/clients/acme/view/statement/2026-04-01/").status_code == 404


def test_a_blank_reason_is_none(as_role, retainer, whole_may):
    client = as_role()
    client.post(f"{PATH}issue/", may_as_it_is(client))
    publish(retainer, date(2026, 5, 5), "1", at=NOW, through=date(2026, 6, 15))
    form = may_as_it_is(client)["opened"]
    with tenant_scope(retainer.provider):
        (standing,) = standings([Retainer.objects.get()], on=NOW.date(), zone=ZoneInfo("UTC"))
        with pytest.raises(NothingToStateError, match="needs a reason"):
            issue(standing=standing, cycle_starts=date(2026, 5, 1), form=form, by=None, at=NOW, reason=" \n ")
    assert client.post(f"{PATH}issue/", may_as_it_is(client, reason="  ")).status_code == 422
    assert len(stated(retainer)) == 1


def test_a_cycle_that_changed_since_the_page_was_opened_is_not_stated(as_role, retainer, whole_may):
    client = as_role()
    form = may_as_it_is(client)
    publish(retainer, date(2026, 5, 5), "1", at=NOW, through=date(2026, 6, 15))
    answer = client.post(f"{PATH}issue/", form)
    assert answer.status_code == 409
    assert "has changed since you opened the page" in answer.text
    assert stated(retainer) == []
    client.post(f"{PATH}issue/", may_as_it_is(client))
    assert len(stated(retainer)) == 1


@pytest.mark.parametrize("mark", ["", "cycle-1-2026-05-01:0000"])
def test_a_form_without_the_mark_of_what_was_in_view_states_nothing(as_role, retainer, whole_may, mark):
    assert as_role().post(f"{PATH}issue/", {**MAY, "opened": mark}).status_code == 409
    assert stated(retainer) == []


def test_a_restatement_sent_twice_is_one_and_keeps_its_reason(as_role, retainer, whole_may):
    client = as_role()
    client.post(f"{PATH}issue/", may_as_it_is(client))
    publish(retainer, date(2026, 5, 5), "1", at=NOW, through=date(2026, 6, 15))
    form = may_as_it_is(client, reason="A visit was missing")
    for _ in range(2):
        answer = client.post(f"{PATH}issue/", form)
        assert (answer.status_code, answer.url) == (302, PATH)
    assert [each.reason for each in stated(retainer)] == ["", "A visit was missing"]
