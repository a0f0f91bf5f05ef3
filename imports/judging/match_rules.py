"""What a list of rules says about a row: matched by field, remembered by value, so that rules cost little.

Each rule is a bit. A field's value is looked at once, however many rows have it: it leaves the bits of the
rules that it does not rule out. Where a row belongs is for `classify`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from operator import attrgetter
from typing import Any

from imports.reading.rows import Beginning, Row
from retainers.agreements.patterns import matcher
from retainers.company_names import company_key
from retainers.terms import WEEKDAYS, Agreement, OpeningTimes, Rule, hours_on

Holds = Callable[[Any], bool]
Conditions = Callable[[Rule], list[tuple[str, Holds]]]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What the matching rules say together; `retainers` are the keys they name, in their order.

    `unjudged_time`: a rule on time might have matched, had the row a start time. A judge keeps each of its
    verdicts, so that the same one is the same object: verdicts are told apart by identity, which is fast.
    """

    pool: str | None = None
    categories: tuple[str, ...] = ()
    exclusion: str | None = None
    wording: str | None = None
    retainers: tuple[str, ...] = ()
    unjudged_time: bool = False

    def before(self, later: "Verdict") -> "Verdict":
        """This verdict with that of rules that come after: the first says, categories add up."""
        return Verdict(
            pool=self.pool if self.pool is not None else later.pool,
            categories=tuple(sorted({*self.categories, *later.categories})),
            exclusion=self.exclusion if self.exclusion is not None else later.exclusion,
            wording=self.wording if self.wording is not None else later.wording,
            retainers=self.retainers + later.retainers,
            unjudged_time=self.unjudged_time or later.unjudged_time,
        )


class Judge:
    """An ordered list of rules, ready to be asked about many rows (domain.md, "Rules").

    Without `business_hours` a rule on time or on holidays never matches. Raises `PatternError` for a pattern
    that no check would have let through. `asks_about`: the fields of a row that any rule looks at, but for the clock.
    """

    def __init__(self, rules: Sequence[Rule], business_hours: OpeningTimes) -> None:
        self._rules = rules
        self._all = (1 << len(rules)) - 1
        self._looks = self._looks_of(_row_conditions)
        self._days = self._looks_of(lambda rule: _day_conditions(rule, business_hours))
        self._timed = _bits(rules, lambda rule: rule.after_hours)
        self._is_after_hours = lru_cache(maxsize=None)(_after_hours_of(business_hours))
        self._verdicts: dict[tuple[int, bool], Verdict] = {}
        self.asks_the_clock = bool(self._days or self._timed)
        self.asks_about = frozenset(field for rule in rules for field, _holds in _row_conditions(rule))

    def verdict(self, row: Row, at: Beginning | None = None) -> Verdict:
        """What the rules say about `row`, or about the part of it that begins `at` that moment."""
        matching, unjudged_time = self._all, False
        for look, remains in self._looks:
            matching &= remains[look(row)]
        if self.asks_the_clock:
            matching, unjudged_time = self._timely(matching, at or Beginning(row.date, row.start))
        found = self._verdicts.get((matching, unjudged_time))
        if found is None:
            found = self._verdicts[matching, unjudged_time] = self._say(matching, unjudged_time)
        return found

    def _timely(self, matching: int, moment: Beginning) -> tuple[int, bool]:
        """Those of the matching rules that hold at that moment too, and whether one on time might have."""
        for look, remains in self._days:
            matching &= remains[look(moment)]
        if not matching & self._timed:
            return matching, False
        if moment.start is None or not self._is_after_hours(moment.date, moment.start):
            matching &= ~self._timed
        return matching, moment.start is None

    def _say(self, matching: int, unjudged_time: bool) -> Verdict:
        verdict = Verdict(unjudged_time=unjudged_time)
        for index, rule in enumerate(self._rules):
            if matching & 1 << index:
                then = rule.then
                named = () if then.retainer is None else (then.retainer,)
                said = Verdict(then.pool, then.categories, then.exclude, then.wording, named)
                verdict = verdict.before(said)
        return verdict

    def _looks_of(self, conditions_of: Conditions) -> "list[tuple[Callable[[Any], Any], _Remains]]":
        """For each field that rules ask about: how to look at it, and what a value of it leaves standing."""
        conditions: dict[str, list[tuple[int, Holds]]] = {}
        for index, rule in enumerate(self._rules):
            for field, holds in conditions_of(rule):
                conditions.setdefault(field, []).append((1 << index, holds))
        return [(attrgetter(field), _Remains(self._all, asked)) for field, asked in conditions.items()]


class Taker:
    """A retainer that can take rows; `judge` knows its own rules, None where it has none.

    `later` knows the provider's by the retainer's own business hours, None where those are the provider's. `cuts`:
    whether any rule that these two know asks what the clock says.
    """

    __slots__ = ("agreement", "cuts", "hours", "judge", "key", "later", "names")

    def __init__(self, agreement: Agreement, rules: Sequence[Rule], business_hours: OpeningTimes) -> None:
        self.key = agreement.key
        self.agreement = agreement
        self.names = frozenset(company_key(name) for name in agreement.psa_agreements)
        self.hours = agreement.business_hours or business_hours
        self.judge = Judge(agreement.rules, self.hours) if agreement.rules else None
        self.later = Judge(rules, self.hours) if agreement.business_hours else None
        self.cuts = any(judge.asks_the_clock for judge in (self.later, self.judge) if judge is not None)

    def days_from(self, day: date) -> int:
        """How far `day` lies outside the retainer's life, 0 inside."""
        starts, ends = self.agreement.starts, self.agreement.ends
        if day < starts:
            return (starts - day).days
        return 0 if ends is None else max(0, (day - ends).days)


def nearest(takers: Sequence[Taker], day: date) -> Taker | None:
    """The one alive on that day, else the nearest: the ledger then finds the row outside its life."""
    if len(takers) <= 1:
        return takers[0] if takers else None
    return min(takers, key=lambda taker: taker.days_from(day))


class _Remains(dict[Any, int]):
    """The rules that a field's value leaves standing, found once for each value."""

    def __init__(self, everything: int, conditions: Sequence[tuple[int, Holds]]) -> None:
        super().__init__()
        self._everything = everything
        self._conditions = conditions

    def __missing__(self, value: Any) -> int:
        remains = self._everything
        for bit, holds in self._conditions:
            if not holds(value):
                remains &= ~bit
        self[value] = remains
        return remains


def _row_conditions(rule: Rule) -> list[tuple[str, Holds]]:
    """What a rule asks of the whole entry: its columns, and its own date."""
    conditions: list[tuple[str, Holds]] = [(text.field, matcher(text)) for text in rule.texts]
    if rule.billable is not None:
        wanted = rule.billable
        conditions.append(("is_billable", lambda is_billable: is_billable is wanted))
    if rule.since is not None or rule.until is not None:
        first, last = rule.since or date.min, rule.until or date.max
        conditions.append(("date", lambda day: first <= day <= last))
    return conditions


def _day_conditions(rule: Rule, business_hours: OpeningTimes) -> list[tuple[str, Holds]]:
    """What a rule asks of the day of a moment: each part of an entry has its own."""
    conditions: list[tuple[str, Holds]] = []
    if rule.weekdays:
        weekdays = rule.weekdays
        conditions.append(("date", lambda day: WEEKDAYS[day.weekday()] in weekdays))
    if rule.holiday is not None:
        wanted = rule.holiday
        conditions.append(("date", lambda day: is_holiday(business_hours, day) is wanted))
    return conditions


def _bits(rules: Sequence[Rule], wanted: Callable[[Rule], bool]) -> int:
    return sum(1 << index for index, rule in enumerate(rules) if wanted(rule))


def is_holiday(business_hours: OpeningTimes, day: date) -> bool | None:
    """Whether the day is one of the holidays; None where there are no business hours to say so."""
    hours = hours_on(business_hours, day)
    return None if hours is None else day in hours.holidays


def _after_hours_of(business_hours: OpeningTimes) -> Callable[[date, time], bool]:
    def is_after_hours(day: date, start: time) -> bool:
        hours = hours_on(business_hours, day)
        if hours is None:
            return False
        is_open_day = WEEKDAYS[day.weekday()] in hours.days and day not in hours.holidays
        return not (is_open_day and hours.start <= start < hours.end)

    return is_after_hours
