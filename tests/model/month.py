"""A month of a provider beside its plain reference: how it begins, and how deeds on it are seen."""

from contextlib import contextmanager
from datetime import UTC, datetime

import time_machine
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from desk.dashboard.selectors import forget_all
from tests.model import world
from tests.model.house import House
from tests.model.plain import Plain

SLUGS = sorted(world.NAMES)
slugs = st.sampled_from(SLUGS)
FIRST_DAY = datetime(2026, 2, 3, 12, tzinfo=UTC)
LAST_DAY = datetime(2026, 4, 20, 12, tzinfo=UTC)


class Month(RuleBasedStateMachine):
    before_newest = (0, None, {})  # the newest import, when it was made, and what was said before

    @initialize(seed=world.seeds)
    def begin(self, seed):
        forget_all()
        self.clock = time_machine.travel(FIRST_DAY, tick=False)
        self.moved = self.clock.start()
        self.at = FIRST_DAY
        self.around = transaction.atomic()
        self.around.__enter__()
        self.plain = Plain(world.a_file(seed, "north"))
        self.house = House("north", self.plain.document())
        self.links = {slug: self.house.link(slug) for slug in SLUGS}
        self.ended = {}  # tokens that open nothing any more, with the answer that they get

    def teardown(self):
        if hasattr(self, "around"):
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)
            self.clock.stop()

    @property
    def today(self):
        return self.at.date()

    def bodies(self):
        """What programs read of each client, but for the day and the words."""
        return {slug: {"cycles": said["cycles"]} for slug, said in self.house.balances().items()}

    def plain_bodies(self):
        return without_marks(self.bodies())

    @contextmanager
    def marked(self, *, settled_only=False):
        """Around a deed: closed cycles that say something else are marked with the day, and no others."""
        before = self.house.balances()
        yield
        after = self.house.balances()
        for slug in SLUGS:
            now = {cycle["starts"]: cycle for cycle in after[slug]["cycles"]}
            for was in before[slug]["cycles"]:
                held = was["closed"] and (was["settled"] if settled_only else not was["provisional"])
                becomes = now[was["starts"]]
                marks = len(becomes["restated_on"]) - len(was["restated_on"])
                new = self.today.isoformat() in becomes["restated_on"]
                if held and _figures(was) != _figures(becomes):
                    assert new, (slug, was, becomes)
                if not held:
                    assert marks == 0


def _figures(cycle):
    names = ("pools", "total", "used_by_multiplier", "overage_amount")
    return {name: cycle[name] for name in names}


def without_marks(bodies):
    left_out = ("restated_on", "settled", "provisional")
    return {
        slug: [{k: v for k, v in cycle.items() if k not in left_out} for cycle in said["cycles"]]
        for slug, said in bodies.items()
    }
