"""A month of a provider in any order of deeds, against the plain reference of `plain`.

After every deed: each number is the reference's, no entry counts twice, what a client reads is its own, and what
changes a closed cycle is marked. Hours of files add up (`House.bring`), and what is undone says what it said before.
"""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from portal.kept_bodies import forget_all as forget_answers
from tests.acceptance.comparing import given_cycle, wanted_cycle
from tests.model import world
from tests.model.agreed import Agreed
from tests.model.files import Files
from tests.model.month import LAST_DAY, SLUGS, slugs

pytestmark = pytest.mark.django_db


class Provider(Files, Agreed):
    @rule(slug=slugs, revoked=st.booleans())
    def end_link(self, slug, revoked):
        """A replaced link says so, a revoked one is as unknown as one that never was; the new one opens."""
        pk, token = self.links[slug]
        if revoked:
            self.house.revoke(pk)
            self.links[slug] = self.house.link(slug)
        else:
            self.links[slug] = self.house.replace(pk)
        self.ended[token] = 404 if revoked else 410
        for old, answer in list(self.ended.items())[-2:]:
            assert self.house.get(old, "balance.json").status_code == answer

    @rule(slug=slugs)
    def look(self, slug):
        """The page bears nothing internal and nobody else's name."""
        page = self.house.get(self.links[slug][1])
        assert page.status_code == 200
        text = page.content.decode()
        strangers = [name for key, name in world.NAMES.items() if key != slug]
        for word in (world.MARK, "Joan", "Ortizo", "Melvin", "Stoner", "Ravi", *strangers):
            assert word not in text

    @rule(days=st.sampled_from([1, 3, 9, 25]))
    def wait(self, days):
        if self.at + timedelta(days) <= LAST_DAY:
            self.at += timedelta(days)
            self.moved.move_to(self.at, tick=False)

    @invariant()
    def every_number_is_the_references(self):
        if not hasattr(self, "house"):
            return
        said = self.house.balances()
        for slug in SLUGS:
            for wanted, got in zip(self.plain.balances(slug, self.today), said[slug]["cycles"], strict=True):
                expected = wanted_cycle(wanted)
                assert given_cycle(got, expected) == expected, slug
                assert Decimal(got["approved"]) == wanted["approved"]

    @invariant()
    def figures_kept_are_those_that_the_entries_come_to(self):
        """What each deed changed is worked out anew, and nothing else; the pages below are read from it."""
        if hasattr(self, "house"):
            before = {slug: self.house.get(self.links[slug][1], "balance.json").json() for slug in SLUGS}
            self.house.keep_figures()
            forget_answers()
            for slug in SLUGS:
                assert self.house.get(self.links[slug][1], "balance.json").json() == before[slug], slug

    @invariant()
    def no_entry_counts_twice(self):
        if hasattr(self, "house"):
            assert sorted(self.house.standing_ids()) == sorted(self.plain.live)

    @invariant()
    def each_page_holds_its_own_lines(self):
        if not hasattr(self, "house"):
            return
        for slug in SLUGS:
            (page,) = self.house.get(self.links[slug][1], "balance.json").json()["retainers"]
            first, last = (datetime.fromisoformat(page["cycle"][edge]).date() for edge in ("starts", "ends"))
            lines = Counter((line["date"], line["hours"], line["pool"]) for line in page["log"])
            if "block" in page:  # a prepaid block is read over its life
                since = datetime.fromisoformat(page["block"]["since"]).date()
                assert lines == self.plain.log_since(slug, since, self.today), slug
            else:
                assert lines == self.plain.log(slug, first, min(last, self.today)), slug
            said = {line["description"] for line in page["log"]}
            mine = {
                self.plain.words[key]
                for key, row in self.plain.live.items()
                if key in self.plain.words and self.plain.owner(row) == slug
            }
            assert said <= {"Support work"} | mine, (slug, said)


QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def run(examples, steps):
    told = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=QUIET
    )
    run_state_machine_as_test(Provider, settings=told)


@pytest.mark.timeout(900)
def test_any_order_of_deeds_gives_what_the_plain_reference_says():
    run(3, 12)


@pytest.mark.long
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("_part", range(5))  # so that two cores share them
def test_many_orders_of_many_deeds_give_what_the_plain_reference_says(_part):
    run(10, 30)
