"""The agreement's sentences, read back as a client would, hold for the ledger whatever the terms are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from itertools import combinations, pairwise

from hypothesis import given, settings

from presentation.days import dated
from presentation.plain_terms import plain_terms, sentences
from retainers.balance import CycleBalance, Figures, Work
from retainers.cycles import Cycle, cycle_of
from retainers.ledger import balance
from retainers.pricing import draw_of
from retainers.terms import Adjustment, Agreement, Approval, Pool, Terms, TopUp
from tests.examples import examples
from tests.retainers.strategies import CATEGORIES, agreements, first_cycles

ZERO, ONE, TWO = Decimal(0), Decimal(1), Decimal(2)
START, MIDYEAR, AFTERWARDS = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)
NUMBER = r"[\d.,]+"
FACTORS = {"half": "0.5", "once": "1", "one and a half times": "1.5", "twice": "2", "× 1.25": "1.25"}
CALLED = {"after hours": "after_hours", "on site": "onsite"}
KNOWN = {
    "allowance": rf"(?P<caps>{NUMBER} hours?.*) (?P<rhythm>each month|each year|every \d+ months)"
    r"(?:, from the (?P<day>\d+)(?:st|nd|rd|th)(?P<shorter> \(in shorter months from the last day\))?)?\.",
    "block": r"Hours are bought in advance and used when needed; there is no monthly reset\.",
    "cut": r"A cycle cut short by (?P<reasons>.+) gets a share of its hours, by days\.",
    "own": r"Each part has hours of its own\.",
    "same": r"All parts draw on the same hours\.",
    "one": rf"They share one balance of (?P<whole>{NUMBER}) hours?: .+",
    "once": r"Every kind of work counts once\.",
    "multipliers": r"(?P<kinds>\w+ is counted .+?)\."
    r"(?: If several apply, (?P<several>the highest counts|they multiply)\.)?",
    "recorded": r"Rounding and multipliers are applied where the work is recorded; .+",
    "alone": r"If only the time worked is recorded, these rules apply:",
    "rounding": r"Each entry is (?P<rules>.+)\.",
    "travel": r"Travel (?P<travel>is not counted|is counted|counts like other work)\.",
    "lapses": r"Unused agreed hours lapse at the end of the cycle\.",
    "carries": rf"(?:Unused|Up to (?P<most>{NUMBER}) unused) agreed hours"
    r"(?P<each> in each part)? carry over.*\.",
    "past": r"(?:Past the (?:cap|block), .+|Hours past the cap .+|Hours past the block .+)\.",
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """The sentences by what they are about, and the terms alone in a plain half year of whole months."""

    by_name: dict[str, re.Match[str]]
    agreement: Agreement
    terms: Terms
    alone: Agreement = field(init=False)

    def __post_init__(self) -> None:
        terms = replace(self.terms, starts=START, months=None, anchor_day=None, anchor_month=None)
        ends = MIDYEAR if self.agreement.ends else None
        object.__setattr__(self, "alone", Agreement("alone", "Alone", START, (terms,), ends))

    def run(
        self,
        *adjustments: Adjustment,
        on: date = AFTERWARDS,
        top_ups: tuple[TopUp, ...] = (),
        approvals: tuple[Approval, ...] = (),
    ) -> tuple[CycleBalance, ...]:
        return balance(self.alone, (), top_ups, adjustments, on, approvals)

    def has(self, words: str) -> bool:
        return any(words in match.string for match in self.by_name.values())


def read(agreement: Agreement, terms: Terms) -> Said:
    """Each sentence is of one known kind: one that nobody holds against the ledger is none that may be said."""
    found: dict[str, re.Match[str]] = {}
    for sentence in sentences(agreement, terms):
        kinds = {name: match for name, what in KNOWN.items() if (match := re.fullmatch(what, sentence))}
        assert len(kinds) == 1, sentence
        assert not kinds.keys() & found.keys(), sentence
        found |= kinds
    return Said(found, agreement, terms)


def figure(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def accounts(cycle: CycleBalance) -> dict[str, Figures]:
    if cycle.sharing == "shared":
        return {"": cycle.total}
    return {pool.key: pool.account for pool in cycle.pools if pool.account}


def charge(day: date, hours: Decimal, pool: str) -> Adjustment:
    return Adjustment(day, -hours, pool)


def over_by_two(said: Said) -> Adjustment:
    """A charge in the first pool that takes two hours more than there are at the start."""
    first = said.terms.pools[0]
    shared = said.terms.sharing == "shared"
    given = sum((pool.hours for pool in said.terms.pools), ZERO) if shared else first.hours
    return charge(START, given + TWO, first.key)


every_agreement = settings(max_examples=examples(80), deadline=None)


def each_version(agreement: Agreement) -> Iterator[Said]:
    return (read(agreement, terms) for terms in agreement.terms)


def under(said: Said) -> list[Cycle]:
    """The first cycles and the last one, as far as they stand under the terms."""
    last = said.agreement.ends and cycle_of(said.agreement, said.agreement.ends)
    known = dict.fromkeys((*first_cycles(said.agreement), *([last] if last else [])))
    return [cycle for cycle in known if said.agreement.terms_on(cycle.starts) is said.terms]


@given(agreements())
@every_agreement
def test_the_hours_and_the_days_that_are_said_are_those_granted(agreement):
    for said in each_version(agreement):
        allowance = said.by_name.get("allowance")
        if allowance is None:
            assert not any(pool.hours for pool in said.terms.pools)
            continue
        named = re.findall(rf"({NUMBER}) hours?(?: of (\w+))?", allowance["caps"])
        caps = {key or said.terms.pools[0].key: figure(hours) for hours, key in named}
        cut = said.by_name["cut"]["reasons"] if "cut" in said.by_name else ""
        for cycle in under(said):
            missing = cycle.cut_by_start if "start" in cut else 0
            missing += cycle.cut_by_end if "end" in cut else 0
            missing += cycle.cut_by_change if "change" in cut else 0
            [*_, stands] = balance(agreement, (), (), (), cycle.starts)
            for pool in stands.pools:
                share = caps[pool.key] * (cycle.full_days - missing) / cycle.full_days
                assert pool.allocated == share.quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(agreements())
@every_agreement
def test_cycles_begin_when_the_sentence_says(agreement):
    for said in each_version(agreement):
        allowance = said.by_name.get("allowance")
        if allowance is None:
            continue
        months = {"each month": 1, "each year": 12}.get(allowance["rhythm"])
        months = months or int(re.sub(r"\D", "", allowance["rhythm"]))
        whole = [cycle for cycle in under(said) if not cycle.partial]
        for one, other in pairwise(whole):
            apart = (other.starts.year - one.starts.year) * 12 + other.starts.month - one.starts.month
            assert apart % months == 0
            assert apart == months or other.index > one.index + 1
        for cycle in whole if allowance["day"] else ():
            is_last_day = (cycle.starts + timedelta(days=1)).day == 1
            short = allowance["shorter"] and is_last_day and cycle.starts.day < int(allowance["day"])
            assert cycle.starts.day == int(allowance["day"]) or short


@given(agreements())
@every_agreement
def test_parts_share_their_hours_as_it_is_said(agreement):
    for said in each_version(agreement):
        first, *others = said.terms.pools
        if not others:
            assert not said.by_name.keys() & {"own", "same", "one"}
            continue
        bought = TopUp(START, Decimal(5), others[0].key)
        [cycle] = said.run(over_by_two(said), top_ups=(bought,), on=START)
        if "own" in said.by_name:
            its = accounts(cycle)
            assert its[first.key].overage == TWO
            assert its[others[0].key].remaining == others[0].hours + 5
        else:
            assert cycle.total.remaining == 3
            if "one" in said.by_name:
                assert cycle.total.allocated == figure(said.by_name["one"]["whole"])


def counted_by(said: Said, worked: Decimal, kinds: frozenset[str]) -> Decimal:
    """What the sentence about entries makes of some hours; without one they count as they are."""
    rules = said.by_name["rounding"]["rules"] if "rounding" in said.by_name else ""
    step = re.search(rf"rounded up to the next ({NUMBER}) h", rules)
    counted = worked
    if step:
        steps = (worked / figure(step[1])).to_integral_value(ROUND_CEILING)
        counted = steps * figure(step[1])
    least = rules.partition("counted as at least ")[2]
    named = re.findall(rf"({NUMBER}) h for (after hours|on site|\w+)", least)
    by_kind = {CALLED.get(kind, kind): figure(hours) for hours, kind in named}
    standard = re.match(rf"({NUMBER}) h(?! for)", least)
    mine = [hours for kind, hours in by_kind.items() if kind in kinds]
    assert len(mine) < 2 or "the largest, if there are several" in rules
    minimum = max(mine) if mine else figure(standard[1]) if standard else ZERO
    return max(counted, minimum).quantize(Decimal("0.01"), ROUND_HALF_UP)


def factor_by(said: Said, kinds: frozenset[str]) -> Decimal:
    """What the sentence about kinds makes of an hour; a kind that it doesn't name counts once."""
    found = said.by_name.get("multipliers")
    named = re.findall(r"(\w+) is counted (.+?)(?=, \w+ is | and \w+ is |$)", found["kinds"]) if found else ()
    factors = {name.lower(): Decimal(FACTORS[words]) for name, words in named}
    mine = [factors[kind] for kind in kinds if kind in factors]
    if len(mine) < 2:
        return mine[0] if mine else ONE
    assert found is not None
    return max(mine) if found["several"] == "the highest counts" else mine[0] * mine[1]


def some_kinds() -> list[frozenset[str]]:
    return [frozenset(some) for size in range(3) for some in combinations((*CATEGORIES, "remote"), size)]


@given(agreements())
@every_agreement
def test_work_counts_as_it_is_said(agreement):
    for said in each_version(agreement):
        travel = said.by_name["travel"]["travel"]
        for kinds in some_kinds():
            for worked in (Decimal("0.01"), Decimal("0.3333"), Decimal("1.1"), Decimal("2.5")):
                draw = draw_of(Work(START, worked, categories=kinds), said.terms)
                if "travel" in kinds and travel == "is not counted":
                    assert draw.hours == 0
                    continue
                counted = counted_by(said, worked, kinds)
                assert draw.counted == counted
                drawn = counted * factor_by(said, kinds)
                assert draw.hours == drawn.quantize(Decimal("0.01"), ROUND_HALF_UP)
        if travel == "counts like other work":
            ordinary = draw_of(Work(START, Decimal("0.1")), said.terms)
            travelled = draw_of(Work(START, Decimal("0.1"), categories=frozenset({"travel"})), said.terms)
            assert travelled.hours == ordinary.hours


@given(agreements())
@every_agreement
def test_hours_that_were_priced_elsewhere_are_taken_only_where_it_is_said(agreement):
    for said in each_version(agreement):
        work = Work(
            START, Decimal("0.3"), deducted=Decimal("2.37"), categories=frozenset({"onsite", "after_hours"})
        )
        draw = draw_of(work, said.terms)
        assert (draw.factor is None) == ("recorded" in said.by_name)
        if "recorded" in said.by_name:
            assert draw.hours == Decimal("2.37")


@given(agreements())
@every_agreement
def test_hours_left_are_carried_as_it_is_said(agreement):
    for said in each_version(agreement):
        carries = said.by_name.get("carries")
        if carries is None:
            assert "lapses" in said.by_name or "block" in said.by_name
            assert all(cycle.total.carried_in == 0 for cycle in said.run())
            continue
        most = figure(carries["most"]) if carries["most"] else None
        lives = re.search(r"for (?:at most )?(\d+) cycles?", carries.string)
        assert (carries["each"] is not None) == (most is not None and len(accounts(said.run()[0])) > 1)
        for number, cycle in enumerate(said.run()[:6]):
            for its in accounts(cycle).values():
                grown = its.allocated * (min(number, int(lives[1])) if lives else number)
                assert its.carried_in == (grown if most is None else min(grown, most))
        if "rest lapses" in carries.string:
            assert most is not None


@given(agreements())
@every_agreement
def test_what_goes_past_the_cap_has_the_end_that_is_said(agreement):
    for said in each_version(agreement):
        words = said.by_name["past"].string
        january, february = said.run(over_by_two(said), on=date(2026, 2, 1))
        cost = re.search(r"costs \$([\d.,]+)\.", words)
        agreed = said.run(over_by_two(said), on=START, approvals=(Approval(START, ONE),))[0].overage_amount
        if "each hour counted costs" in words and cost:
            assert january.overage_amount == TWO * figure(cost[1])
        elif "authorize costs" in words and cost:
            assert (january.overage_amount, agreed) == (0, figure(cost[1]))
        else:
            assert (january.overage_amount, agreed) == (0, 0)
        is_queued = "next" in words
        assert february.total.queued_in == (TWO if is_queued else 0)
        if "still to be settled" in words:
            *_, last = said.run(charge(MIDYEAR, Decimal(1000), said.terms.pools[0].key))
            assert last.resets is None
            assert last.total.queued_out == last.total.overage > 0
        elif is_queued:
            assert said.run()[-1].resets is not None


@given(agreements())
@every_agreement
def test_what_is_left_at_the_end_lapses_where_it_is_said(agreement):
    ends = plain_terms(agreement, agreement.terms[-1], agreement.starts).ends
    assert bool(ends) == (agreement.ends is not None)
    if agreement.ends is not None:
        assert "what is left then lapses" in ends
        bought = TopUp(agreement.starts, Decimal(50), agreement.terms[0].pools[0].key)
        *_, last = balance(agreement, (), (bought,), (), agreement.ends + timedelta(days=1))
        assert last.total.carried_out == 0


GROUPS = {"block": "allowance", "own": "sharing", "same": "sharing", "one": "sharing", "once": "kinds",
          "multipliers": "kinds", "carries": "rollover", "lapses": "rollover"}  # fmt: skip
GONE = "No longer: "


def by_group(texts: Iterable[str]) -> dict[str, str]:
    """Sentences by what they are about; of short cycles each version speaks for itself."""
    found = {name: text for text in texts for name, what in KNOWN.items() if re.fullmatch(what, text)}
    return {GROUPS.get(name, name): text for name, text in found.items() if name != "cut"}


@given(agreements())
@every_agreement
def test_what_is_announced_makes_the_sentences_of_today_those_of_then(agreement):
    announced = dict(plain_terms(agreement, agreement.terms[0], agreement.starts).coming)
    for before, later in pairwise(agreement.terms):
        told = announced.get(f"From {dated(later.starts)}", ())
        standing = by_group(sentences(agreement, before))
        for gone in by_group(text.removeprefix(GONE) for text in told if text.startswith(GONE)):
            del standing[gone]
        standing |= by_group(text for text in told if not text.startswith(GONE))
        assert standing == by_group(sentences(agreement, later))


def test_a_clause_that_ends_is_announced_and_a_change_without_words_is_not():
    then = date(2027, 1, 1)
    terms = Terms(START, (Pool("main", "Support", Decimal(20)),), increment=Decimal("0.25"), scope="Backups.")
    plain = replace(terms, starts=then, increment=None, scope="")
    for later, told in (
        (replace(terms, starts=then, fee=Decimal(9)), ()),
        (
            plain,
            (
                (
                    "From 1 January 2027",
                    (
                        "No longer: Each entry is rounded up to the next 0.25 h.",
                        "No longer: Covered by the fixed fee, without hours: Backups.",
                    ),
                ),
            ),
        ),
    ):
        agreement = Agreement("a", "A", START, (terms, later))
        assert plain_terms(agreement, terms, START).coming == told
