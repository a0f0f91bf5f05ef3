"""Statements of closed cycles, from the manager's side."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Role
from accounts.tenancy import tenant_scope
from retainers.models import Retainer, Statement
from retainers.selectors import standings
from retainers.statements import NothingToStateError, issue
from tests.desk.acting import HOME, NOW, as_role, provider, publish, retainer  # noqa: F401

PATH = f"{HOME}/statements/"
MAY = {"cycle": "2026-05-01"}


@pytest.fixture
def whole_may(retainer):  # noqa: F811
    publish(
        retainer, date(2026, 5, 4), "2", at=datetime(2026, 6, 1, 9, tzinfo=UTC), through=date(2026, 5, 31)
    )


def stated(retainer):  # noqa: F811
    with tenant_scope(retainer.provider):
        return list(Statement.objects.order_by("number"))


def test_a_closed_cycle_is_stated(as_role, retainer, whole_may):  # noqa: F811
    assert as_role().post(f"{PATH}issue/", MAY).status_code == 302
    (made,) = stated(retainer)
    assert made.document["cycle"]["total"]["used"] == "2.00"


def test_an_open_cycle_is_not_stated(as_role, retainer, whole_may):  # noqa: F811
    for cycle in ("2026-06-01", "2026-05-02", "never", ""):
        assert as_role().post(f"{PATH}issue/", {"cycle": cycle}).status_code == 422
    assert stated(retainer) == []


def test_the_same_figures_are_not_stated_twice(as_role, retainer, whole_may):  # noqa: F811
    client = as_role()
    client.post(f"{PATH}issue/", MAY)
    publish(retainer, date(2026, 6, 8), "1", at=NOW, through=date(2026, 6, 15))
    assert client.post(f"{PATH}issue/", {**MAY, "reason": "No change"}).status_code == 422
    assert len(stated(retainer)) == 1


def test_changed_figures_are_stated_again_with_a_reason_only(as_role, retainer, whole_may):  # noqa: F811
    client = as_role()
    client.post(f"{PATH}issue/", MAY)
    publish(retainer, date(2026, 5, 5), "1", at=NOW, through=date(2026, 6, 15))
    assert "figures differ today" in client.get(PATH).text
    assert client.post(f"{PATH}issue/", MAY).status_code == 422
    client.post(f"{PATH}issue/", {**MAY, "reason": "A visit was missing"})
    first, second = stated(retainer)
    assert (first.document["cycle"]["total"]["used"], second.reason) == ("2.00", "A visit was missing")


def test_a_viewer_reads_what_was_stated_and_issues_nothing(as_role, retainer, whole_may):  # noqa: F811
    as_role().post(f"{PATH}issue/", MAY)
    client = as_role(Role.VIEWER)
    assert "issue/" not in client.get(PATH).text
    assert client.get("/clients/acme/view/statement/2026-05-01/?retainer=support").status_code == 200
    assert client.get("/clients/acme/view/statement/2026-04-01/").status_code == 404


def test_a_blank_reason_is_none(as_role, retainer, whole_may):  # noqa: F811
    client = as_role()
    client.post(f"{PATH}issue/", MAY)
    publish(retainer, date(2026, 5, 5), "1", at=NOW, through=date(2026, 6, 15))
    with tenant_scope(retainer.provider):
        (standing,) = standings([Retainer.objects.get()], on=NOW.date(), zone=ZoneInfo("UTC"))
        with pytest.raises(NothingToStateError, match="needs its reason"):
            issue(standing=standing, cycle_starts=date(2026, 5, 1), by=None, at=NOW, reason=" \n ")
    assert client.post(f"{PATH}issue/", {**MAY, "reason": "  "}).status_code == 422
    assert len(stated(retainer)) == 1
