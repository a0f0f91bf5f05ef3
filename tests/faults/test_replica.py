"""A replica answers token pages while it is as new as the first database; behind, gone or wrong, nobody notices."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.faults.installation import WEEK, Installation, Site
from tests.faults.templates import Template, template
from tests.on_postgres import Server, a_replica, a_server, as_role, make_roles

pytestmark = pytest.mark.postgresql
FEBRUARY = "balance.json?cycle=2026-02-01"
OF_A_PAGE = 'FROM "retainers_entry"'  # a statement that is asked where an answer is made, and nowhere before


@dataclass
class House:
    server: Server
    replica: Server
    made: Template
    numbers: Iterator[int]

    def a_new_one(self, folder: Path) -> Installation:
        """With a database of its own, that the replica knows."""
        name = f"of_{next(self.numbers)}"
        url = self.made.copy(name)
        self.catch_up()
        more = {"REPLICA_DATABASE_URL": url.replace(str(self.server.folder), str(self.replica.folder))}
        return Installation(url, folder, name, more)

    def catch_up(self) -> None:
        """Until the replica knows all that the first database knows now."""
        with (
            psycopg.connect(self.server.url) as first,
            psycopg.connect(self.replica.url, autocommit=True) as other,
        ):
            now = first.execute("SELECT pg_current_wal_lsn()").fetchone()
            for _ in range(600):
                if other.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", now).fetchone() == (True,):
                    return
                time.sleep(0.1)
        raise AssertionError("The replica does not follow.")

    @contextmanager
    def left_behind(self) -> Iterator[None]:
        """The replica stays as it is now."""
        with psycopg.connect(self.replica.url, autocommit=True) as connection:
            connection.execute("SELECT pg_wal_replay_pause()")
            try:
                yield
            finally:
                connection.execute("SELECT pg_wal_replay_resume()")

    def answers(self) -> int:
        """How many the replica gave: it writes down what it is asked."""
        return (self.replica.folder / "log").read_text().count(OF_A_PAGE)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with a_server() as server:
        make_roles(server.url)
        databases = {"default": {"ENGINE": "postgresql", "SERVER": server.url}}
        with (
            template(tmp_path_factory.mktemp("replica"), databases) as made,
            a_replica(server, ("-c", "log_statement=all")) as replica,
        ):
            yield House(server, replica, made, count(1))


@pytest.fixture
def installation(house: House, tmp_path: Path) -> Installation:
    return house.a_new_one(tmp_path)


def used(site: Site, made: Template, more: str = "") -> str:
    answer = site.ask(f"{made.path}{FEBRUARY}{more}")
    assert answer.status == 200, answer.text
    return str(json.loads(answer.text)["retainers"][0]["cycle"]["total"]["used"])


def publish(site: Site, made: Template) -> None:
    said = {"Authorization": f"Bearer {made.key}", "Content_Type": "text/csv"}
    assert site.ask("/api/imports?publish=1", WEEK.encode(), **said).status == 200


def test_what_the_replica_answers_is_never_older_than_the_first_database(
    house: House, installation: Installation
) -> None:
    with installation.serving("--threads", "2") as site:
        assert used(site, house.made) == "0.00"
        assert (first := house.answers()) > 0
        with house.left_behind():
            publish(site, house.made)
            assert used(site, house.made) == "3.75"
            assert house.answers() == first
        house.catch_up()
        assert used(site, house.made, "&again=1") == "3.75"
        assert house.answers() > first


@pytest.mark.long
def test_a_link_that_is_taken_back_ends_though_the_replica_still_knows_it(
    house: House, installation: Installation
) -> None:
    with installation.serving("--threads", "2") as site, house.left_behind():
        installation.do("share_link", "revoke", "--provider", "north", "--client", "acme", "--all")
        assert site.ask(house.made.path).status == 404


@pytest.mark.long
def test_where_the_replica_is_gone_the_first_database_answers(
    house: House, installation: Installation
) -> None:
    with installation.serving("--threads", "2") as site:
        assert used(site, house.made) == "0.00"
        house.replica.stop(as_in_a_power_cut=True)
        publish(site, house.made)
        assert used(site, house.made) == "3.75"
        said = site.log.read_text()
        assert ("The replica failed" in said, house.made.path in said) == (True, False)
        house.replica.start()


@pytest.mark.long
def test_a_replica_whose_role_is_bound_by_no_policy_is_not_asked(
    house: House, installation: Installation
) -> None:
    installation.more["REPLICA_DATABASE_URL"] = as_role(installation.more["REPLICA_DATABASE_URL"], "postgres")
    with installation.serving("--threads", "2") as site:
        before = house.answers()
        assert used(site, house.made) == "0.00"
        assert "is a superuser" in site.log.read_text()
        assert house.answers() == before
