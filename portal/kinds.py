"""What is left in each kind of work, and once nothing is left, what the next hour costs or counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext as _

from presentation.accounts import Account
from presentation.phrases import counted_times, h, lower_first, price
from retainers.balance import CycleBalance
from retainers.hours import ZERO
from retainers.terms import Terms

CENT = Decimal("0.01")
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class KindOfWork:
    """A kind of work and a figure for each account: `3.25 h` `after hours (counted twice)`."""

    name: str
    times: str
    words: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kinds:
    """`pools` are the accounts' names, empty where there is one figure for all."""

    title: str
    pools: tuple[str, ...]
    rows: tuple[KindOfWork, ...]


def kinds(found: Sequence[Account], cycle: CycleBalance) -> Kinds | None:
    """What is left in each kind of work; None in a closed cycle."""
    if cycle.closed:
        return None
    if not any(account.remaining for account in found):
        return _next_hour(cycle.terms)
    rows = (
        _kind(name, factor, tuple(_left(account, factor) for account in found))
        for name, factor in _factors(cycle.terms)
        if factor
    )
    return Kinds(
        title=_("What is left, in each kind of work"),
        pools=tuple(account.name for account in found) if len(found) > 1 else (),
        rows=tuple(rows),
    )


def _factors(terms: Terms) -> tuple[tuple[str, Decimal], ...]:
    return ((_("Ordinary work"), ONE), *((it.name, it.factor) for it in terms.multipliers))


def _kind(name: str, factor: Decimal, figures: tuple[str, ...]) -> KindOfWork:
    times = counted_times(factor)
    return KindOfWork(name, times, f"{lower_first(name)} ({times})", figures)


def _left(account: Account, factor: Decimal) -> str:
    """The hours left at that factor, cut at the hundredth: never more than can be had."""
    return h((account.remaining / factor).quantize(CENT, rounding=ROUND_DOWN))


def _next_hour(terms: Terms) -> Kinds:
    """An hour of each kind, in money where overage is billed, else in counted hours."""
    if terms.overage == "bill":
        title, rate = _("What the next hour costs"), terms.overage_rate or ZERO
        rows = [_kind(n, f, (price(rate * f, terms.currency),)) for n, f in _factors(terms)]
    else:
        title = _("What the next hour counts")
        rows = [_kind(n, f, (h(f),)) for n, f in _factors(terms)]
    return Kinds(title, (), tuple(rows))
