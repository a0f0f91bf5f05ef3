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

from imports.reading.rows import Row
from retainers.agreements.patterns import matcher
from retainers.terms import WEEKDAYS, BusinessHours, Rule

Holds = Callable[[Any], bool]


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

    Without `business_hours` a rule on time never matches. Raises `PatternError` for a pattern that no check
    would have let through.
    """

    def __init__(self, rules: Sequence[Rule], business_hours: BusinessHours | None) -> None:
        self._rules = rules
        self._all = (1 << len(rules)) - 1
        self._looks = [(attrgetter(field), remains) for field, remains in self._remains_by_field().items()]
        self._timed = _bits(rules, lambda rule: rule.after_hours)
        self._is_after_hours = lru_cache(maxsize=None)(_after_hours_of(business_hours))
        self._verdicts: dict[tuple[int, bool], Verdict] = {}

    def verdict(self, row: Row) -> Verdict:
        """What the rules say about `row`."""
        matching = self._all
        for look, remains in self._looks:
            matching &= remains[look(row)]
        unjudged_time = False
        if matching & self._timed:
            unjudged_time = row.start is None
            if row.start is None or not self._is_after_hours(row.date, row.start):
                matching &= ~self._timed
        found = self._verdicts.get((matching, unjudged_time))
        if found is None:
            found = self._verdicts[matching, unjudged_time] = self._say(matching, unjudged_time)
        return found

    def _say(self, matching: int, unjudged_time: bool) -> Verdict:
        verdict = Verdict(unjudged_time=unjudged_time)
        for index, rule in enumerate(self._rules):
            if matching & 1 << index:
                then = rule.then
                named = () if then.retainer is None else (then.retainer,)
                said = Verdict(then.pool, then.categories, then.exclude, then.wording, named)
                verdict = verdict.before(said)
        return verdict

    def _remains_by_field(self) -> "dict[str, _Remains]":
        conditions: dict[str, list[tuple[int, Holds]]] = {}
        for index, rule in enumerate(self._rules):
            for field, holds in _conditions(rule):
                conditions.setdefault(field, []).append((1 << index, holds))
        return {field: _Remains(self._all, asked) for field, asked in conditions.items()}


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


def _conditions(rule: Rule) -> list[tuple[str, Holds]]:
    conditions: list[tuple[str, Holds]] = [(text.field, matcher(text)) for text in rule.texts]
    if rule.billable is not None:
        wanted = rule.billable
        conditions.append(("is_billable", lambda is_billable: is_billable is wanted))
    if rule.weekdays:
        weekdays = rule.weekdays
        conditions.append(("date", lambda day: WEEKDAYS[day.weekday()] in weekdays))
    return conditions


def _bits(rules: Sequence[Rule], wanted: Callable[[Rule], bool]) -> int:
    return sum(1 << index for index, rule in enumerate(rules) if wanted(rule))


def _after_hours_of(hours: BusinessHours | None) -> Callable[[date, time], bool]:
    if hours is None:
        return lambda day, start: False
    open_days, holidays, opens, closes = (
        frozenset(hours.days),
        frozenset(hours.holidays),
        hours.start,
        hours.end,
    )

    def is_after_hours(day: date, start: time) -> bool:
        is_open_day = WEEKDAYS[day.weekday()] in open_days and day not in holidays
        return not (is_open_day and opens <= start < closes)

    return is_after_hours
