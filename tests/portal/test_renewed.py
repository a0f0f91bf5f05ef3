"""A renewal without a seam: the page leads with what runs, says how it goes on, and leaves nothing that has lapsed."""

from datetime import date

import pytest

from portal.templatetags.figures import kept_together
from tests.factories import load_agreements, publish_export, retainer_table
from tests.portal.conftest import EXPORT, agreements

NEW = {
    "key": "support_2026_07",
    "name": "IT support, second year",
    "starts": date(2026, 7, 1),
    "top_ups": [{"date": date(2026, 7, 1), "hours": "3.5", "pool": "support", "note": "Brought along"}],
}
JULY = "2026-07-05T12:00:00Z"


@pytest.fixture
def renewed(provider, tmp_path):
    def renewed(**claims):
        text = agreements(retainer_table("12", **NEW, **claims), ends=date(2026, 6, 30))
        load_agreements(tmp_path, text, "--restate")

    return renewed


def retainers(client, address, query=""):
    return client.get(f"{address}balance.json{query}").json()["retainers"]


def test_before_the_renewal_the_page_says_how_it_goes_on_and_not_that_it_ends(renewed, client, address):
    renewed()
    page = client.get(address).text
    assert "Renewed, goes on with 12 hours on <strong>1 July</strong>, in 9 days" in page
    assert kept_together("3.5 h move over.") in page
    assert "is renewed from 1 July 2026." in page
    assert "The agreement ends on" not in page
    assert [each["retainer"] for each in retainers(client, address)] == ["support"]


def test_it_says_so_in_german_too(renewed, client, address):
    renewed()
    page = client.get(address, headers={"accept-language": "de"}).text
    assert "Verlängert, geht mit 12 Stunden weiter am <strong>1. Juli</strong>" in page


def test_an_agreement_for_other_rows_of_the_psa_is_no_renewal(renewed, client, address):
    renewed(psa_agreements=["Projects"])
    page = client.get(address).text
    assert "The agreement ends on <strong>Tue 30 June</strong>" in page
    assert "Renewed" not in page


def test_afterwards_what_runs_leads_and_what_has_lapsed_is_not_left(renewed, client, address, time_machine):
    renewed()
    time_machine.move_to(JULY, tick=False)
    new, old = retainers(client, address)
    assert (new["retainer"], new["left"]) == ("support_2026_07", {"support": "15.50"})
    assert (old["retainer"], old["left"]) == ("support", {"support": "0.00"})
    page = client.get(address).text
    assert page.index("second year</bdi></h2>") < page.index("IT support</bdi></h2>")
    assert kept_together("16.5 h lapsed on 30 June 2026.") in page
    assert "Renewed: it goes on as “IT support, second year” since 1 July." in page
    assert '<strong class="big">16.5</strong>' not in page


def test_asking_for_one_agreement_brings_no_other_that_is_to_come_onto_the_page(renewed, client, address):
    renewed()
    for query in ("?retainer=support", "?retainer=support&hours=3", "?cycle=2026-05-01"):
        assert [each["retainer"] for each in retainers(client, address, query)] == ["support"]


def test_an_earlier_cycle_of_an_agreement_that_is_long_over_is_still_found(
    renewed, client, address, time_machine
):
    renewed()
    time_machine.move_to("2026-09-05T12:00:00Z", tick=False)
    assert [each["retainer"] for each in retainers(client, address)] == ["support_2026_07"]
    assert client.get(f"{address}?cycle=2026-05-01").status_code == 200
    assert client.get(f"{address}?cycle=2026-05-01&retainer=support").status_code == 200


def test_the_hours_of_a_closed_cycle_are_unused_and_not_left(renewed, client, address):
    renewed()
    page = client.get(f"{address}?cycle=2026-05-01").text
    assert "hours unused at the close" in page
    assert kept_together("20.0 h lapsed on 31 May 2026.") in page


def test_on_its_first_days_the_page_says_that_the_cycle_before_closed_over(
    provider, client, address, tmp_path, time_machine
):
    rows = "9,Acme Dental,2026-06-20,23,23,23,Yes,Mel Stone,T9,Outage,Remote,note\n"
    publish_export(tmp_path, EXPORT + rows, "--accept", "all")
    time_machine.move_to(JULY, tick=False)
    assert kept_together("June 2026 closed 6.5 h over.") in client.get(address).text
    time_machine.move_to("2026-07-11T12:00:00Z", tick=False)
    assert "June 2026 closed" not in client.get(address).text
