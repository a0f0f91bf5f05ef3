"""Which thresholds an account has reached: per cents of what was granted, or hours left. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from presentation.accounts import Account
from retainers.terms import AlertTerms

DEFAULT_PERCENT = (75, 90, 100)


@dataclass(frozen=True, slots=True)
class Reached:
    """`name` is how a threshold is remembered; `urgency` puts the one that leaves least last."""

    name: str
    percent: int | None
    hours_left: Decimal | None
    urgency: Decimal


def reached(account: Account, terms: AlertTerms | None) -> tuple[Reached, ...]:
    """The thresholds that the account has reached, the least urgent first.

    A per cent is reached when that share of what was granted is taken, equality included; hours left, when
    no more than those remain. Nothing is reached where nothing was granted and nothing taken.

    >>> from retainers.balance import Figures
    >>> zero = Decimal(0)
    >>> figures = Figures(Decimal(20), *[zero] * 6, Decimal(2), zero, None, None, None)
    >>> account = Account("", "", Decimal(20), Decimal(18), Decimal(18), Decimal(2), zero, figures)
    >>> [each.name for each in reached(account, None)]
    ['75', '90']
    >>> [each.name for each in reached(account, AlertTerms((80,), Decimal(2)))]
    ['80', 'hours:2']
    """
    if account.taken <= 0:
        return ()
    percents = DEFAULT_PERCENT if terms is None else terms.percent
    found = [*_percents(account, percents)]
    if terms is not None and terms.hours_left is not None and account.remaining <= terms.hours_left:
        left = terms.hours_left
        found.append(Reached(f"hours:{left.normalize():f}", None, left, account.granted - left))
    return tuple(sorted(found, key=lambda each: each.urgency))


def _percents(account: Account, percents: Iterable[int]) -> Iterable[Reached]:
    for percent in percents:
        if account.taken * 100 >= account.granted * percent:
            yield Reached(str(percent), percent, None, account.granted * percent / 100)
