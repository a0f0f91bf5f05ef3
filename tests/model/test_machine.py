"""A month of a provider in any order of deeds, against the plain reference of `plain`.

After every deed: each number is the reference's, no entry counts twice, what a client reads is its own, and what
changes a closed cycle is marked. Hours of files add up (`House.bring`), and what is undone says what it said before.
"""

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from desk.dashboard.selectors import forget_all
from imports.publishing.publish import HinderedError
from imports.publishing.undo import NotUndoableError
from portal.kept_bodies import forget_all as forget_answers
from retainers.models import Adjustment, TopUp
from retainers.restating.writing import RestatingError
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import TopUp as TopUpTerms
from tests.acceptance import reference
from tests.acceptance.comparing import given_cycle, wanted_cycle
from tests.model import world
from tests.model.house import House
from tests.model.plain import LIFE, Plain

pytestmark = pytest.mark.django_db
SLUGS = sorted(world.NAMES)
slugs = st.sampled_from(SLUGS)
FIRST_DAY = datetime(2026, 2, 3, 12, tzinfo=UTC)
LAST_DAY = datetime(2026, 4, 20, 12, tzinfo=UTC)
EXPIRES = st.sampled_from(["never", "cycle", 1, "day"])
PERCENTS = (75, 90, 100)


class Provider(RuleBasedStateMachine):
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

    # The PSA

    @rule(entry=world.entries())
    def enter(self, entry):
        self.plain.made += 1
        row = world.named(self.plain.made, entry)
        self.plain.psa[row["id"]] = row

    @rule(which=st.integers(0, 30), entry=world.entries())
    def change(self, which, entry):
        if self.plain.psa:
            key = sorted(self.plain.psa)[which % len(self.plain.psa)]
            self.plain.psa[key] |= entry

    @rule(which=st.integers(0, 30))
    def delete(self, which):
        if self.plain.psa:
            del self.plain.psa[sorted(self.plain.psa)[which % len(self.plain.psa)]]

    # Files

    @rule(
        span=st.tuples(world.days, world.days).map(sorted),
        only=st.none() | st.none() | slugs,
        spoiled=st.booleans(),
        renamed=st.sampled_from([False, False, True]),
        pool=st.sampled_from(["", "", "", "scheduled"]),
        restate=st.booleans(),
    )
    def export(self, span, only, spoiled, renamed, pool, restate):
        """The PSA's file: partial, renamed (a name that no client has), with a row nobody can read, for one client."""
        span = (span[0], min(span[1], self.today))
        rows = [dict(row) for _, row in sorted(self.plain.psa.items()) if span[0] <= row["date"] <= span[1]]
        if pool:
            rows = [row for row in rows if self.plain.owner(row) and self.plain.pool(row) == pool]
        for row in rows:
            if renamed and row["company"] == "Acme":
                row["company"] = "Acme LLC"
        data = world.export(rows)
        if spoiled and rows:
            rows[0]["worked"], was = None, rows[0]["worked"]
            text = data.decode().splitlines(keepends=True)
            text[1] = text[1].replace(f",{was},", ",?,", 1)
            data = "".join(text).encode()
        said = {"only": only, "pools": (pool,) if pool else ()}
        self._bring(data, rows, span, said, restate=restate, tracker=False)

    @rule(
        span=st.tuples(world.days, world.days).map(sorted),
        lines=st.lists(world.tracked(), max_size=4),
        restate=st.booleans(),
    )
    def track(self, span, lines, restate):
        """A file of another program: it decides about its own lines alone."""
        span = (span[0], min(span[1], self.today))
        rows = [row for row in lines if span[0] <= row["date"] <= span[1]]
        self._bring(world.tracker_export(rows), rows, span, {}, restate=restate, tracker=True)

    def _bring(self, data, rows, span, said, *, restate, tracker):
        if span[0] > span[1]:
            return
        before = self._bodies()
        try:
            with self._marked(settled_only=True):
                result = self.house.bring(data, len(rows), span, restate=restate, **said)
        except HinderedError:
            result = None
        if result is None:  # somebody has to agree first, or nobody is left whom the file speaks for
            assert not restate or not any(self.plain.owner(row) for row in rows if row["worked"])
            assert self._bodies() == before
            return
        assert not (restate and result["held"])
        kept = self._bodies()
        for slug in result["held"]:
            assert kept[slug] == before[slug]
        number = result["import"]
        if tracker:
            held = [row for row in rows if self.plain.owner(row) in result["held"]]
            stay = Counter(
                {
                    line: count
                    for line, count in self.plain.lines.items()
                    if self.plain.owner(dict(line)) in result["held"]
                    and span[0] <= dict(line)["date"] <= span[1]
                }
            )
            kept_rows = [row for row in rows if row not in held]
            kept_rows += [dict(line) for line in stay.elements()]
            self.plain.track(number, kept_rows, span)
        else:
            self.plain.take(number, rows, span, held=result["held"], **said)
        self.before_newest = (number, self.at, before)

    @precondition(lambda self: self.plain.imports)
    @rule()
    def undo(self):
        brought = self.plain.imports[-1]
        number = brought.number
        try:
            with self._marked(settled_only=True):
                self.house.undo(number)
        except NotUndoableError:  # a file that changed nothing has nothing to take back
            assert not brought.put
            assert not brought.took
        self.plain.undo()
        if self.before_newest[:2] == (number, self.at):
            assert self._plain_bodies() == _without_marks(self.before_newest[2])
        self.before_newest = (0, None, {})

    before_newest = (0, None, {})

    # Names, words, agreements

    @rule(slug=slugs)
    def give(self, slug):
        """The company that belongs to one client becomes another's, with all that stands under its name."""
        self.plain.give("Acme West", slug)
        self._load()

    @rule(slug=slugs, name=st.sampled_from(["Limited", "& Partners"]))
    def rename(self, slug, name):
        client = self.plain.client(slug)
        if world.NAMES[slug] == client["name"]:
            client["psa_names"].append(client["name"])
            client["name"] = f"{client['name']} {name}"
            self._load()

    @rule(slug=slugs, seed=world.seeds, month=st.sampled_from([2, 3, 4, 5]))
    def renegotiate(self, slug, seed, month):
        first = LIFE.replace(month=month)
        terms = self.plain.retainer(slug)["terms"]
        if terms[-1]["from"] < first:
            terms.append(world.terms(world.Random(seed), first))
            self._load()

    @rule(seed=world.seeds)
    def rule_otherwise(self, seed):
        self.plain.file["rules"] = world.some_rules(seed)
        self._load()

    def _load(self):
        with self._marked():
            self.house.load(self.plain.document())
        self.before_newest = (0, None, {})

    @precondition(lambda self: self.plain.live)
    @rule(which=st.integers(0, 30))
    def word(self, which):
        """What a person writes stands on the client's page, and stays with its line."""
        key = sorted(self.plain.live)[which % len(self.plain.live)]
        text = f"Work number {key.removeprefix('E-')} was done"
        assert self.house.reword(key, text) == self.plain.owner(self.plain.live[key])
        self.plain.words[key] = text
        self.before_newest = (0, None, {})

    # Hours granted, approved, told

    @rule(slug=slugs, day=world.days, hours=st.sampled_from(["5", "0.01", "2.75"]), expires=EXPIRES)
    def top_up(self, slug, day, hours, expires):
        self._grant(slug, "top_ups", self._a_grant(slug, day, hours, expires))

    @rule(
        slug=slugs,
        day=world.days,
        hours=st.sampled_from(["3", "-1.50", "-4", "0.75"]),
        agreed=st.booleans(),
    )
    def adjust(self, slug, day, hours, agreed):
        grant = self._a_grant(slug, day, hours, None) | {"reason": "Goodwill"}
        self._grant(slug, "adjustments", grant, agreed=agreed)

    def _a_grant(self, slug, day, hours, expires):
        *_, (first, *_rest) = reference.cycles(self.plain.retainer(slug), day)
        pool = reference.terms_on(self.plain.retainer(slug), first)["pools"][0]["key"]
        found = {"date": day, "hours": hours, "pool": pool}
        if expires is not None:
            found["expires"] = day + timedelta(20) if expires == "day" else expires
        return found

    def _grant(self, slug, kind, grant, *, agreed=True):
        before = self._bodies()
        try:
            with self._marked():
                self.house.grant(slug, **{kind: [_terms(kind, grant)]}, agreed=agreed)
        except RestatingError:
            assert not agreed
            assert self._bodies() == before
            return
        self.plain.retainer(slug)[kind].append(grant)
        self.before_newest = (0, None, {})

    @rule(slug=slugs, kind=st.sampled_from(["top_ups", "adjustments"]), which=st.integers(0, 5))
    def take_back(self, slug, kind, which):
        grants = self.plain.retainer(slug)[kind]
        if grants:
            place = which % len(grants)
            with self._marked():
                self.house.take_back(slug, ROWS[kind], place)
            del grants[place]
            self.before_newest = (0, None, {})

    @rule(slug=slugs, which=st.integers(0, 5), hours=st.sampled_from(["1", "8"]))
    def correct(self, slug, which, hours):
        """The corrected one stands last, as any that is granted now."""
        grants = self.plain.retainer(slug)["top_ups"]
        if grants and grants[which % len(grants)]["hours"] != hours:
            becomes = grants[which % len(grants)] | {"hours": hours}
            with self._marked():
                self.house.correct(slug, TopUp, which % len(grants), _terms("top_ups", becomes))
            del grants[which % len(grants)]
            grants.append(becomes)
            self.before_newest = (0, None, {})

    @rule(slug=slugs, hours=st.sampled_from(["1.00", "4.50"]).map(Decimal))
    def approve(self, slug, hours):
        *_, (first, *_rest) = reference.cycles(self.plain.retainer(slug), self.today)
        self.house.approve(slug, first, hours)
        self.plain.approved[slug, first] = self.plain.approved.get((slug, first), Decimal(0)) + hours
        self.before_newest = (0, None, {})

    @rule()
    def tick(self):
        """What is reached is told once: a second tick says nothing."""
        self.house.tell()
        assert self.house.tell() == 0
        said = self.house.balances()
        for slug in SLUGS:
            if said[slug]["through"] is None:
                continue
            cycle = self.plain.balances(slug, self.today)[-1]
            told = self.house.told(slug, cycle["starts"])
            for account, figures in _accounts(self.plain.retainer(slug), cycle):
                for percent in _reached(figures):
                    assert (account, str(percent)) in told, (slug, account, percent, figures)

    @rule(slug=slugs, people=st.sampled_from([1, 3, 0, None]))
    def incident(self, slug, people):
        """A live incident is an estimate beside the balance: no figure of it, closed cycle or mark is another one."""
        before = self._bodies()
        running = self.house.incident(slug, people)
        assert self._bodies() == before
        page = self.house.get(self.links[slug][1])
        assert ('class="notice live"' in page.text) or not running
        self.before_newest = (0, None, {})

    @rule()
    def verify(self):
        """Whatever was done, nothing of it is a fault."""
        assert self.house.faults() == []

    # Links

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

    # Always true

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

    # How it is seen

    def _bodies(self):
        """What programs read of each client, but for the day and the words."""
        return {slug: {"cycles": said["cycles"]} for slug, said in self.house.balances().items()}

    def _plain_bodies(self):
        return _without_marks(self._bodies())

    @contextmanager
    def _marked(self, *, settled_only=False):
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


ROWS = {"top_ups": TopUp, "adjustments": Adjustment}


def _terms(kind, grant):
    said = grant | {"hours": Decimal(grant["hours"])}
    return TopUpTerms(**said) if kind == "top_ups" else AdjustmentTerms(**said)


def _figures(cycle):
    names = ("pools", "total", "used_by_multiplier", "overage_amount")
    return {name: cycle[name] for name in names}


def _without_marks(bodies):
    left_out = ("restated_on", "settled", "provisional")
    return {
        slug: [{k: v for k, v in cycle.items() if k not in left_out} for cycle in said["cycles"]]
        for slug, said in bodies.items()
    }


def _accounts(retainer, cycle):
    """(account, figures) of what is told by per cent of what was granted in the cycle; blocks have another measure."""
    terms = reference.terms_on(retainer, cycle["starts"])
    if reference.is_block(terms):
        return []
    if terms.get("sharing", "separate") == "shared":
        return [("", cycle["total"])]
    return [(pool["pool"], pool) for pool in cycle["pools"]]


def _reached(figures):
    granted = sum(figures[name] for name in ("carried_in", "allocated", "topped_up", "credited"))
    spent = granted - figures["remaining"] + figures["overage"]
    if spent <= 0 or granted <= 0:
        return []
    return [percent for percent in PERCENTS if spent * 100 >= granted * percent]


QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def run(examples, steps):
    told = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=QUIET
    )
    run_state_machine_as_test(Provider, settings=told)


@pytest.mark.timeout(900)
def test_any_order_of_deeds_gives_what_the_plain_reference_says():
    run(5, 15)


@pytest.mark.long
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("_part", range(5))  # so that two cores share them
def test_many_orders_of_many_deeds_give_what_the_plain_reference_says(_part):
    run(10, 30)
