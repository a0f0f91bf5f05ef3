"""What cycles become is reckoned on from what is kept of them: it is what the ledger makes of all entries."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainers.cycles import cycles_until
from retainers.kept.document import cycles_of, line_of, lines_of
from retainers.kept.handed import hand_on
from retainers.ledger import balance
from retainers.onward import IncidentsUntoldError, Moving, onward
from retainers.published_rows import Beside
from retainers.tally import read_tally
from retainers.terms import Multiplier, Pool
from tests.retainers.builders import agreement, terms, work
from tests.retainers.strategies import histories

NEW = 2**62


class Case:
    """A retainer with entries in its last cycles, so many, of which some go and others come."""

    def __init__(self, history, works, random, incidents, many):
        self.history, self.random = history, random
        self.granted = history.top_ups, history.adjustments, history.on, history.approvals
        self.starts = self.cycles([])[-many:][0].starts
        span = (history.on - self.starts).days + 2
        dated = [
            each._replace(day=self.starts + timedelta(days=random.randrange(span)), ref=number)
            for number, each in enumerate(works)
        ]
        some = random.randrange(len(dated) + 1)
        self.before, self.comes = dated[:some], [each._replace(ref=NEW + each.ref) for each in dated[some:]]
        self.goes = [each for each in self.before if random.random() < random.choice((0.1, 0.5))]
        again = [each for each in self.goes if random.random() < 0.9]
        hours = [Decimal(random.choice(("0", "0.3", "4"))) for _each in again]
        pairs = zip(again, hours, strict=True)
        self.comes += [each._replace(worked=its, ref=NEW + 999 + each.ref) for each, its in pairs]
        every = [*self.before, *self.comes]
        self.marks = {each.ref: random.choice(incidents) for each in every if random.random() < 0.9}
        self.bare = {each.ref for each in every if random.random() < 0.2}

    def cycles(self, works):
        return balance(self.history.agreement, works, *self.granted)

    def handed(self, works):
        refs = {each.ref for each in works}
        old = frozenset(ref for ref in refs & self.bare if ref < NEW)
        stood = Beside({ref: mark for ref, mark in self.marks.items() if ref in refs}, old)
        granted = [each.date for each in (*self.history.top_ups, *self.history.adjustments)]
        days = [*(each.day for each in works), *granted]
        since = min((each.day for each in (*self.goes, *self.comes)), default=date.max)
        new = frozenset(refs & self.bare - old)
        return hand_on(self.cycles(works), since, stood, new, self.history.on, 1, dated=days)

    def as_kept(self, works):
        """Closed cycles are kept without their entries."""
        *closed, newest = self.cycles(works)
        days = cycles_until(self.history.agreement, self.history.on)[:-1]
        return (*cycles_of(lines_of(closed), self.history.agreement, days), newest)

    def both(self):
        """What is handed on of all entries, and what is reckoned on, with the cycles that it is of."""
        going = {each.ref for each in self.goes}
        stays = [each for each in self.before if each.ref not in going]
        after = [*stays, *self.comes]
        return self.cycles(after), self.handed(after), self.reckoned(stays)

    def reckoned(self, stays):
        try:
            return self.onward(stays, is_whole=False)
        except IncidentsUntoldError:
            return self.onward(stays, is_whole=True)

    def onward(self, stays, *, is_whole):
        cycles, kept = self.as_kept(self.before), self.handed(self.before)
        moving = [each.ref for each in (*self.goes, *self.comes)]
        concerned = {self.marks.get(ref) for ref in moving} | {each.mark for each in kept.incidents.sums}
        mine = [each for each in stays if is_whole or self.marks.get(each.ref) in concerned - {None}]
        standing = SimpleNamespace(
            agreement=self.history.agreement, on=self.history.on, top_ups=self.history.top_ups,
            adjustments=self.history.adjustments, approvals=self.history.approvals, cycles=cycles,
            current=cycles[-1],
        )  # fmt: skip
        return onward(standing, kept, Moving(self.goes, self.comes, mine, self.marks, self.bare, is_whole))


def is_the_same(cycles, handed, found):
    assert [line_of(each) for each in found.cycles] == [line_of(each) for each in cycles]
    assert [replace(each, draws=()) for each in found.cycles] == [replace(each, draws=()) for each in cycles]
    its = found.handed
    assert its.lines == handed.lines
    assert (its.incidents, its.unworded, its.version) == (handed.incidents, handed.unworded, handed.version)
    assert read_tally(its.tally) == read_tally(handed.tally)
    assert its.on <= its.until <= handed.until


@given(histories(), st.randoms(use_true_random=False), st.integers(1, 6), st.integers(1, 3))
def test_what_any_cycles_become_is_what_their_entries_come_to(history, random, often, many):
    works = [each for each in history.works for _ in range(often)]
    begun = balance(history.agreement, [], [], [], history.on)
    if not begun or begun[-1].closed:
        return
    cycles, handed, found = Case(history, works, random, "abcdefgh", many).both()
    if found:
        is_the_same(cycles, handed, found)


AGREED = terms(
    increment=Decimal("0.25"),
    pools=(Pool("main", "Main", Decimal(20)), Pool("web", "Web", Decimal(5))),
    multipliers=(Multiplier("night", "Night", Decimal("1.5")),),
)


def some_history(random, sharing):
    works = [
        work(
            date(2026, 1, 1), random.choice(("0.1", "0.25", "1", "2.5")), pool=random.choice((None, "web")),
            exclusion=random.choice((None, None, None, "agreed")),
            categories=random.choice(("", "night")),
        )
        for _ in range(60)
    ]  # fmt: skip
    agreed = agreement(replace(AGREED, sharing=sharing))
    return SimpleNamespace(
        agreement=agreed, works=works, top_ups=[], adjustments=[], approvals=[], on=date(2026, 2, 12)
    )


@pytest.mark.parametrize("many", [1, 2])
@pytest.mark.parametrize("sharing", ["shared", "separate"])
def test_most_changes_are_reckoned_on_and_come_to_what_all_entries_come_to(sharing, many):
    answered = 0
    for seed in range(150):
        random = Random(seed)
        history, names = (
            some_history(random, sharing),
            [f"i{number}" for number in range(random.choice((2, 9, 40)))],
        )
        cycles, handed, found = Case(history, history.works, random, names, many).both()
        if found:
            is_the_same(cycles, handed, found)
            answered += 1

    assert answered == 150 if many == 1 else 75 < answered < 150


def of_incidents(hours, goes=(), comes=(), *, is_whole=False):
    """What becomes of a cycle with an entry for each incident, of which some go and others come (days and hours)."""
    works = [work(date(2026, 2, 3), each)._replace(ref=ref) for ref, each in enumerate(hours)]
    new = [work(day, each)._replace(ref=NEW + ref) for ref, (day, each) in enumerate(comes)]
    return of_works(works, [works[ref] for ref in goes], new, is_whole=is_whole)


def of_works(works, going, new, *, is_whole=False):
    marks = {each.ref: f"i{each.ref}" for each in (*works, *new)}
    cycles = balance(agreement(), works, [], [], ON)
    kept = hand_on(cycles, ON, Beside(marks, frozenset()), frozenset(), ON, 1, dated=[])
    top = {each.mark for each in kept.incidents.sums}
    stays = [each for each in works if each not in going and (is_whole or marks[each.ref] in top)]
    standing = SimpleNamespace(
        agreement=agreement(),
        on=ON,
        top_ups=[],
        adjustments=[],
        approvals=[],
        cycles=cycles,
        current=cycles[-1],
    )
    return onward(standing, kept, Moving(going, new, stays, marks, frozenset(), is_whole))


ON = date(2026, 2, 12)
CLOSED = date(2026, 1, 20)


def test_where_one_that_was_not_among_the_longest_may_be_now_all_of_the_cycle_is_looked_at():
    assert of_incidents(["5", "4", "3", "2"], goes=[3]).handed.incidents.count == 3
    for goes in ([0], [0, 1]):
        with pytest.raises(IncidentsUntoldError):
            of_incidents(["5", "4", "3", "2"], goes=goes)
    assert of_incidents(["5", "4", "3", "2"], goes=[0], comes=[(ON, "9")]).handed.incidents.count == 4

    found = of_incidents(["5", "4", "3", "2"], goes=[0], is_whole=True).handed.incidents
    assert [(each.mark, each.since) for each in found.sums] == [("i1", 9), ("i2", 5), ("i3", 2)]


def of_a_closed_cycle(*hours, goes, comes):
    """What is used in a cycle that is over, with entries of a day, of which some go and others come."""
    works = [work(CLOSED, each)._replace(ref=ref) for ref, each in enumerate(hours)]
    new = [work(CLOSED, each)._replace(ref=NEW + ref) for ref, each in enumerate(comes)]
    found = of_works(works, [works[ref] for ref in goes], new)
    return found and found.cycles[0].total.used


def test_what_comes_and_goes_in_a_closed_cycle_is_told_by_its_figures():
    assert of_a_closed_cycle("5", goes=[], comes=["1"]) == 6
    assert of_a_closed_cycle("5", "2", goes=[0], comes=["1"]) == 3
    assert of_a_closed_cycle("5", goes=[0], comes=["1"]) == 1


def test_where_nothing_may_be_left_of_a_closed_day_all_entries_are_read():
    assert of_a_closed_cycle("5", "2", goes=[0, 1], comes=["0"]) is None
    assert of_a_closed_cycle("5", "2", goes=[0, 1], comes=[]) is None


def test_where_a_closed_cycle_knows_nothing_of_what_goes_all_entries_are_read():
    was, becomes = (work(date(2026, 1, 21), "0")._replace(ref=ref) for ref in (7, NEW))
    assert of_works([work(CLOSED, "5")], [was], [becomes]) is None


def test_where_a_kind_goes_from_a_closed_cycle_all_entries_are_read():
    assert of_a_closed_cycle("5", "2", goes=[0], comes=[]) is None


def test_work_below_zero_in_a_closed_cycle_is_not_reckoned_on():
    assert of_a_closed_cycle("5", "-1", goes=[], comes=["1"]) is None
    assert of_a_closed_cycle("5", goes=[], comes=["-1"]) is None


def test_work_below_zero_is_not_reckoned_on():
    assert of_incidents(["5"], comes=[(ON, "-1")]) is None
    assert of_incidents(["5", "-1"], comes=[(ON, "1")]) is None
    assert of_incidents(["5", "-0.001"], comes=[(ON, "1")]) is None
