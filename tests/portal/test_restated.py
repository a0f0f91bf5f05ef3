"""A closed cycle that was restated says when, why, and what it said before: page, JSON and an earlier day."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.tenancy import tenant_scope
from presentation.restated import WHY
from retainers.granting import grant_hours, seen_of
from retainers.models import Restatement, Retainer
from retainers.terms import TopUp
from tests.desk.acting import publish
from tests.world import address, world  # noqa: F401

END = date(2026, 5, 31)
LATER = datetime(2026, 6, 20, 9, tzinfo=UTC)


@pytest.fixture
def restated(retainer):
    """May had two hours used of its cap; a top-up dated in it was granted on 20 June."""
    publish(retainer, date(2026, 5, 4), "2", at=datetime(2026, 6, 1, 9, tzinfo=UTC), through=END)
    with tenant_scope(retainer.provider):
        row = Retainer.objects.get(pk=retainer.pk)
        top_up = TopUp(date(2026, 5, 10), Decimal(3), note="PO 4711")
        form = seen_of(row, top_ups=[top_up]).mark
        grant_hours(retainer=row, top_ups=[top_up], form=form, by=None, at=LATER, agreed=True)


def test_the_cycles_page_says_when_it_was_restated_why_and_what_it_said_before(client, address, restated):  # noqa: F811
    page = " ".join(client.get(f"{address}?cycle=2026-05-01").text.split())
    assert "Restated on 20 June 2026: Hours granted were added, corrected or taken back." in page
    assert "Before: 2.0 used, " in page


def test_in_german_too(client, address, restated):  # noqa: F811
    page = client.get(f"{address}?cycle=2026-05-01", headers={"accept-language": "de"}).text
    assert "Neu ausgewiesen am 20. Juni 2026: Gewährte Stunden kamen hinzu" in page
    assert "Vorher: 2,0 verbraucht, noch " in " ".join(page.split())


def test_other_cycles_say_nothing_of_it(client, address, restated):  # noqa: F811
    assert "Restated on" not in client.get(address).text


def test_json_has_the_days_on_which_a_cycle_was_restated(client, address, restated):  # noqa: F811
    def days(query):
        said = client.get(f"{address}balance.json{query}").json()
        return said["retainers"][0]["cycle"]["restated_on"]

    assert (days("?cycle=2026-05-01"), days("")) == (["2026-06-20"], [])


def test_every_cause_has_its_words():
    assert set(WHY) == set(Restatement.Cause.values)
