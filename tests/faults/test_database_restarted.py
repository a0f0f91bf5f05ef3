"""PostgreSQL itself stops as in a power cut, and starts again: what was committed is there, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.installation import WEEK, Installation, Site
from tests.faults.templates import Template, template
from tests.on_postgres import Server, a_server, make_roles

pytestmark = [pytest.mark.postgresql, pytest.mark.long]
LEFT = "40.0"


@dataclass
class House:
    server: Server
    made: Template
    installation: Installation


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server of this test's own, that writes as one does that may be cut."""
    folder = tmp_path_factory.mktemp("restarted")
    with a_server(fast=()) as server:
        make_roles(server.url)
        databases = {"default": {"ENGINE": "postgresql", "SERVER": server.url}}
        with template(folder, databases) as made:
            yield House(server, made, Installation(made.copy("of_1"), Path(folder), "of_1"))


def drop_off(site: Site, made: Template) -> int:
    key = f"Bearer {made.key}"
    said = {"Authorization": key, "Content_Type": "text/csv"}
    return site.ask("/api/imports?publish=1", WEEK.encode(), **said).status


def test_a_database_that_is_cut_and_started_again(house: House) -> None:
    """Before, meanwhile and after; in the middle of a publication too."""
    installation, made, server = house.installation, house.made, house.server
    with installation.serving("--threads", "2") as site:
        assert LEFT in site.ask(made.path).text
        server.stop(as_in_a_power_cut=True)
        told = site.ask(made.path)
        assert (told.status, told.headers["Retry-After"], LEFT in told.text) == (503, "30", False)
        assert drop_off(site, made) == 503
        assert (site.ask("/healthz").status, site.ask("/readyz").status) == (200, 503)
        server.start()
        assert LEFT in site.ask(made.path).text
        assert site.ask("/readyz").status == 200
    stop = installation.folder / "publishing"
    with installation.serving(PAUSE='INSERT INTO "retainers_entry"', PAUSE_SAYS=str(stop)) as site:
        with site.meanwhile(lambda: drop_off(site, made)) as answer:
            site.wait_for(stop)
            server.stop(as_in_a_power_cut=True)
            assert answer.result() == 503
        server.start()
        assert installation.used() == {"acme": "0.00", "beta": "0.00"}
        assert drop_off(site, made) == 200
    assert installation.used() == {"acme": "3.75", "beta": "4.50"}
    server.stop(as_in_a_power_cut=True)
    server.start()
    assert installation.used() == {"acme": "3.75", "beta": "4.50"}
