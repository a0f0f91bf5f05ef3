"""The statement that a client prints: what was stated, and never what the page says by now."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.tenancy import tenant_scope
from retainers.selectors import retainers_of, standings
from retainers.statements import issue
from tests.desk.acting import NOW, address, provider, publish, retainer  # noqa: F401

END = date(2026, 5, 31)


@pytest.fixture
def state(retainer):  # noqa: F811
    def state(at, reason=""):
        with tenant_scope(retainer.provider):
            (standing,) = standings(retainers_of(), on=NOW.date(), zone=ZoneInfo("UTC"))
            return issue(standing=standing, cycle_starts=date(2026, 5, 1), by=None, at=at, reason=reason)

    publish(retainer, date(2026, 5, 4), "2", at=datetime(2026, 6, 1, 9, tzinfo=UTC), through=END)
    return state


@pytest.fixture
def path(address):  # noqa: F811
    return f"{address}statement/2026-05-01/?retainer=support"


def test_nothing_is_there_before_it_was_issued(client, path, state):
    assert client.get(path).status_code == 404


def test_a_statement_says_its_figures_and_when_it_was_stated(client, path, state):
    state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    page = client.get(path).text
    for word in ("Statement for May 2026", "As first stated on 2 June 2026", "2.00", "8.00", "Acme Dental"):
        assert word in page
    assert "other figures today" not in page
    assert "Provisional" not in page


def test_what_is_published_later_leaves_it_and_is_said(client, path, state, retainer):  # noqa: F811
    state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    publish(retainer, date(2026, 5, 5), "1.25", at=NOW, through=END)
    page = client.get(path).text
    assert "other figures today" in page
    assert "3.25" not in page


def test_a_restatement_stands_beside_the_first_with_its_reason(client, path, state, retainer):  # noqa: F811
    state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    etag = client.get(path).headers["ETag"]
    publish(retainer, date(2026, 5, 5), "1.25", at=datetime(2026, 6, 3, tzinfo=UTC), through=END)
    state(datetime(2026, 6, 4, 9, tzinfo=UTC), "A visit was missing")
    again = client.get(path, headers={"If-None-Match": etag})
    assert "As restated on 4 June 2026: A visit was missing" in again.text
    assert "2.00" in again.text
    assert "3.25" in again.text
    assert "other figures today" not in again.text


def test_the_closed_cycles_page_leads_to_it(client, address, path, state):  # noqa: F811
    cycle = f"{address}?retainer=support&cycle=2026-05-01"
    before = client.get(cycle)
    assert "statement/" not in before.text
    state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    after = client.get(cycle, headers={"If-None-Match": before.headers["ETag"]})
    assert 'href="statement/2026-05-01/?retainer=support"' in after.text
    assert "statement/" not in client.get(address).text


@pytest.mark.parametrize("wrong", ["2026-04-01/", "2026-05-02/", "never/", "2026-05-01/?retainer=other"])
def test_another_day_or_retainer_has_none(client, address, state, wrong):  # noqa: F811
    state(datetime(2026, 6, 2, 9, tzinfo=UTC))
    assert client.get(f"{address}statement/{wrong}").status_code == 404


def test_an_unknown_token_has_none(client, state):
    assert client.get(f"/b/{'x' * 43}/statement/2026-05-01/").status_code == 404
