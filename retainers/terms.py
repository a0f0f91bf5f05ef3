"""What was agreed: the words of an agreement as immutable values, shared by ledger, files and pages.

Nothing here computes; `cycles` turns anchors into dates, `ledger` turns terms and entries into balances,
`agreements` reads and writes these values as TOML and JSON. Hours and money are `Decimal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Literal

HoursFrom = Literal["worked", "billable", "deducted"]
Policy = Literal["exclude", "count"]
Stacking = Literal["highest", "product"]
Proration = Literal["daily", "start", "end", "full"]
Sharing = Literal["separate", "shared"]
Overage = Literal["bill", "queue", "decline"]
Months = Literal[1, 3, 6, 12]
Split = Literal["start", "boundary"]
# an int n >= 1: at the end of the n-th cycle after its own; a date: its last day
Expiry = Literal["never", "cycle"] | int | date
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
RequestKind = Literal["top_up", "overage", "planned"]

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STANDARD = "standard"  # the key of the minimum for entries none of whose categories has one
REQUEST_KINDS: tuple[RequestKind, ...] = ("top_up", "overage", "planned")
TRAVEL = "travel"  # the category that the travel policy is about
NEUTRAL_TEXT = "Support work"


@dataclass(frozen=True, slots=True)
class Pool:
    """An allocation of hours: `hours` a full cycle, two places, never below zero. A `hidden` one no client sees."""

    key: str
    name: str
    hours: Decimal
    neutral_text: str = NEUTRAL_TEXT
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Multiplier:
    category: str
    name: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Words:
    """What terms say in one language: names of pools, fallback texts (by pool), names of multipliers (by category)."""

    scope: str = ""
    pools: Mapping[str, str] = field(default_factory=dict)
    multipliers: Mapping[str, str] = field(default_factory=dict)
    neutral_texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rollover:
    """`hours`: the most that may be carried (None: all). `cycles`: how long it lives (None: for ever).

    With neither, everything carries for ever.
    """

    hours: Decimal | None = None
    cycles: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of what was agreed, in force from `starts`, a cycle's first day. `words` are by language code.

    A later version that names `months`, `anchor_day` or `anchor_month` changes the cycle on that day.
    """

    starts: date
    pools: tuple[Pool, ...]
    fee: Decimal | None = None
    currency: str = "USD"
    scope: str = ""
    hours_from: HoursFrom = "billable"
    non_billable: Policy = "exclude"
    travel: Policy = "exclude"
    increment: Decimal | None = None
    minimum: Mapping[str, Decimal] = field(default_factory=dict)
    stacking: Stacking = "highest"
    proration: Proration = "daily"
    sharing: Sharing = "separate"
    overage: Overage = "decline"
    overage_rate: Decimal | None = None
    rollover: Rollover | None = None
    multipliers: tuple[Multiplier, ...] = ()
    words: Mapping[str, Words] = field(default_factory=dict)
    months: Months | None = None  # None, as in the two below: as in the version before
    anchor_day: int | None = None
    anchor_month: int | None = None

    @property
    def is_block(self) -> bool:
        """Whether the hours are prepaid: there are only caps of 0 (domain.md, "Balance of a cycle")."""
        return not any(pool.hours for pool in self.pools)

    @property
    def changes_cycle(self) -> bool:
        return (self.months, self.anchor_day, self.anchor_month) != (None, None, None)

    def pool(self, key: str | None) -> Pool:
        """The pool of that key, else the first one (domain.md, "Cycles")."""
        for pool in self.pools:
            if pool.key == key:
                return pool
        return self.pools[0]


@dataclass(frozen=True, slots=True)
class TopUp:
    """Hours bought on top of the cap. `pool` None: the only pool, or the shared account.

    `key` is the provider's own mark, under which the top-up can be corrected; "" without one.
    """

    date: date
    hours: Decimal
    pool: str | None = None
    expires: Expiry = "never"
    note: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A signed correction: a credit above zero, a charge below. `key` is as a top-up's.

    `expires` None: with its cycle, on a prepaid block never.
    """

    date: date
    hours: Decimal
    pool: str | None = None
    expires: Expiry | None = None
    reason: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Hours past the cap that the client has agreed to for one cycle, named by its first day.

    `by`: who confirmed it, `on` which day; `ref` is the caller's key of it.
    """

    cycle: date
    hours: Decimal
    by: str = ""
    on: date | None = None
    ref: int = 0


@dataclass(frozen=True, slots=True)
class AlertTerms:
    """When a mail is due: at these shares of what was granted (per cent), and at so many hours left."""

    percent: tuple[int, ...] = ()
    hours_left: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TextCondition:
    """Holds when the row's `field` equals one of `texts` (`*` is any run), or `matches` finds something."""

    field: str  # one of `agreements.rules.TEXT_FIELDS`
    texts: tuple[str, ...] = ()
    matches: str | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    pool: str | None = None
    categories: tuple[str, ...] = ()
    exclude: str | None = None
    wording: str | None = None
    retainer: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """All conditions must hold; `after_hours` stands for `time = "after_hours"`.

    It is judged for entries dated from `since` to `until`, both included; None: without that end.
    """

    name: str
    then: Effects
    texts: tuple[TextCondition, ...] = ()
    billable: bool | None = None
    weekdays: tuple[Weekday, ...] = ()
    after_hours: bool = False
    holiday: bool | None = None
    since: date | None = None
    until: date | None = None

    @property
    def asks_business_hours(self) -> bool:
        return self.after_hours or self.holiday is not None


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """Local opening times; `start` is inside, `end` is not. `since` None: from the beginning.

    `split` says whether an entry's start decides for all of it, or whether it is cut at the boundary.
    """

    days: tuple[Weekday, ...]
    start: time
    end: time
    holidays: tuple[date, ...] = ()
    split: Split = "start"
    since: date | None = None


OpeningTimes = tuple[BusinessHours, ...]  # by the day from which they hold, oldest first


def hours_on(times: OpeningTimes, day: date) -> BusinessHours | None:
    """The business hours that hold on `day`; None where there are none.

    >>> early = BusinessHours(("mon",), time(8), time(17))
    >>> late = BusinessHours(("mon",), time(9), time(18), since=date(2026, 7, 1))
    >>> hours_on((early, late), date(2026, 6, 30)).start, hours_on((early, late), date(2026, 7, 1)).start
    (datetime.time(8, 0), datetime.time(9, 0))
    """
    found = None
    for hours in times:
        if hours.since is None or hours.since <= day:
            found = hours
    return found


@dataclass(frozen=True, slots=True)
class Agreement:
    """A retainer's agreement in one version: its cycle, its dated terms and its own rules."""

    key: str
    name: str
    starts: date
    terms: tuple[Terms, ...]
    ends: date | None = None
    anchor_day: int | None = None  # None: the day of `starts`
    anchor_month: int | None = None  # None: the month of `starts`
    months: Months = 1
    updates_on: tuple[Weekday, ...] = ()
    psa_agreements: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    business_hours: OpeningTimes = ()  # its own, where they differ from the provider's
    requests: tuple[RequestKind, ...] = REQUEST_KINDS  # what the client may ask for on the page
    alerts: AlertTerms | None = None  # None: at 75, 90 and 100 per cent
    incident_alert_hours: Decimal | None = None  # an incident that takes so many hours is an alert

    def alive_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def terms_on(self, day: date) -> Terms:
        """The terms in force on `day`; the first ones before `starts`."""
        found = self.terms[0]
        for terms in self.terms:
            if terms.starts <= day:
                found = terms
        return found


def collapse(text: str) -> str:
    """Names and texts as they are compared: white space collapsed, case ignored."""
    return " ".join(text.split()).casefold()
