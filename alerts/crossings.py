"""Which thresholds an account has reached, and which of them are owed a mail. Pure.

A threshold is owed once for an account and the hours granted to it: more hours arm it again, the same or fewer
hours do not, whatever was taken back in between. Source: domain.md, "Alerts".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from presentation.accounts import Account, accounts, is_block
from retainers.balance import CycleBalance
from retainers.terms import Agreement, AlertTerms

DEFAULT_PERCENT = (75, 90, 100)
Told = Mapping[
    str, Decimal | None
]  # the most hours granted at which a threshold was told; None: whatever they are


@dataclass(frozen=True, slots=True)
class Reached:
    """`name` is how a threshold is remembered; `urgency` puts the one that leaves least last."""

    name: str
    percent: int | None
    hours_left: Decimal | None
    urgency: Decimal


@dataclass(frozen=True, slots=True)
class Occasion:
    """An account in a cycle that is looked at; `since` names the cycle, of a block its whole life."""

    cycle: CycleBalance
    account: Account
    since: date


def occasions(
    agreement: Agreement, cycles: Iterable[CycleBalance], settled: Iterable[date]
) -> tuple[Occasion, ...]:
    """What is looked at, oldest first: the cycle that runs, and those that are closed and not settled.

    `settled` are the first days of the closed cycles that are. A prepaid block knows no cycle: it is looked at
    as it stands today.
    """
    known, done = tuple(cycles), frozenset(settled)
    found: list[Occasion] = []
    for cycle in known:
        is_last = cycle is known[-1]
        if cycle.closed and (cycle.starts in done or (is_block(cycle.terms) and not is_last)):
            continue
        since = agreement.starts if is_block(cycle.terms) else cycle.starts
        found += [Occasion(cycle, account, since) for account in accounts(known, cycle)]
    return tuple(found)


def reached(account: Account, terms: AlertTerms | None) -> tuple[Reached, ...]:
    """The thresholds that the account has reached, the least urgent first.

    A per cent is reached when that share is gone of what was granted, or of what a block had in hand after its
    last purchase, equality included; hours left, when no more than those remain. Nothing is reached where
    nothing was granted and nothing taken.

    >>> from retainers.balance import Figures
    >>> zero = Decimal(0)
    >>> figures = Figures(Decimal(20), *[zero] * 6, Decimal(2), zero, None, None, None)
    >>> account = Account("", "", Decimal(20), Decimal(18), Decimal(18), Decimal(2), zero, figures)
    >>> [each.name for each in reached(account, None)]
    ['75', '90']
    >>> [each.name for each in reached(account, AlertTerms((80,), Decimal(2)))]
    ['80', 'hours:2']
    """
    if account.spent <= 0 and not account.overage:
        return ()
    percents = DEFAULT_PERCENT if terms is None else terms.percent
    found = [*_percents(account, percents)]
    if terms is not None and terms.hours_left is not None and account.remaining <= terms.hours_left:
        left = terms.hours_left
        found.append(Reached(f"hours:{left.normalize():f}", None, left, account.whole - left))
    return tuple(sorted(found, key=lambda each: each.urgency))


def _percents(account: Account, percents: Iterable[int]) -> Iterable[Reached]:
    is_bare = account.whole <= 0  # what was bought was owed already
    whole = Decimal(1) if is_bare else account.whole
    for percent in percents:
        if (is_bare and account.overage) or account.spent * 100 >= whole * percent:
            yield Reached(str(percent), percent, None, whole * percent / 100)


def owed(account: Account, terms: AlertTerms | None, told: Told) -> tuple[Reached, ...]:
    """Of what is reached, what was not told yet at as many hours granted, or more.

    >>> from retainers.balance import Figures
    >>> zero = Decimal(0)
    >>> figures = Figures(Decimal(20), *[zero] * 6, Decimal(2), zero, None, None, None)
    >>> account = Account("", "", Decimal(20), Decimal(18), Decimal(18), Decimal(2), zero, figures)
    >>> [each.name for each in owed(account, None, {"75": Decimal(20), "90": Decimal(10)})]
    ['90']
    """
    return tuple(each for each in reached(account, terms) if not _is_told(each, account, told))


def _is_told(each: Reached, account: Account, told: Told) -> bool:
    most = told.get(each.name, Decimal(-1))
    return most is None or most >= account.granted


def threshold(each: Reached, account: Account) -> str:
    """How a crossing is written down: the threshold, and the hours granted at which it was reached."""
    return f"{each.name}@{account.granted.normalize():f}"


def told_of(thresholds: Iterable[str]) -> Told:
    """What was written down of one account in one cycle; a threshold without hours was told for all of them.

    >>> told_of(["75@10", "75@12.5", "90"])
    {'75': Decimal('12.5'), '90': None}
    """
    told: dict[str, Decimal | None] = {}
    for written in thresholds:
        name, _at, granted = written.partition("@")
        before = told.get(name, Decimal(-1))
        told[name] = None if before is None or not granted else max(before, Decimal(granted))
    return told
