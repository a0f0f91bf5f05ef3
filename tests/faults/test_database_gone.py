"""The database goes away and comes back: no number meanwhile, nothing half, and it recovers by itself."""

from collections.abc import Iterator

import pytest

from tests.faults.installation import WEEK, Installation, Site
from tests.faults.templates import Template

LEFT = "40.0"  # the client's hours


@pytest.fixture
def site(installation: Installation) -> Iterator[Site]:
    with installation.serving("--threads", "2", CONN_MAX_AGE="0") as found:
        yield found


def drop_off(site: Site, made: Template) -> int:
    key = f"Bearer {made.key}"
    return site.ask(
        "/api/imports?publish=1", WEEK.encode(), Authorization=key, Content_Type="text/csv"
    ).status


def test_a_client_is_told_to_come_back_and_the_page_is_there_again(
    installation: Installation, made: Template, site: Site
) -> None:
    assert LEFT in site.ask(made.path).text
    with made.away(installation.name):
        told = site.ask(made.path)
        assert (told.status, told.headers["Retry-After"]) == (503, "30")
        assert "your link still works" in told.text
        assert LEFT not in told.text
        assert "Die Störung liegt bei uns" in site.ask(made.path, Accept_Language="de").text
        assert site.ask(made.path + "balance.json").status == 503
        assert drop_off(site, made) == 503
        assert (site.ask("/healthz").status, site.ask("/readyz").status) == (200, 503)
    assert LEFT in site.ask(made.path).text
    assert site.ask("/readyz").status == 200
    assert drop_off(site, made) == 200
    assert installation.used() == {"acme": "3.75", "beta": "4.50"}


@pytest.mark.postgresql
def test_a_database_cut_in_the_middle_of_publishing_publishes_nothing(
    installation: Installation, made: Template
) -> None:
    stop = installation.folder / "publishing"
    with installation.serving(PAUSE='INSERT INTO "retainers_entry"', PAUSE_SAYS=str(stop)) as site:
        with site.meanwhile(lambda: drop_off(site, made)) as answer:
            site.wait_for(stop)
            with made.away(installation.name):
                assert answer.result() == 503
        assert installation.used() == {"acme": "0.00", "beta": "0.00"}
        assert drop_off(site, made) == 200
    assert installation.used() == {"acme": "3.75", "beta": "4.50"}
