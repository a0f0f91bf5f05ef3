"""What is left in each kind of work, and where nothing is left, what the next hour costs or counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.taken_from import drawn_by, is_out_of_sight, largest_fitting, pools_drawn_on
from presentation.accounts import Account
from presentation.facts import RetainerFacts
from presentation.phrases import counted_times, h, lower_first, price
from presentation.terms_of_counting import category_name
from retainers.hours import ZERO
from retainers.terms import STANDARD, TRAVEL, Terms

ONE = Decimal(1)
NOT_FROM_HERE = "–"


@dataclass(frozen=True, slots=True)
class KindOfWork:
    """A kind of work and a figure for each account: `3.25 h` `after hours (counted twice)`."""

    name: str
    times: str
    words: str
    figures: tuple[str, ...]
    pools: tuple[str, ...] = ()

    @property
    def by_pool(self) -> list[tuple[str, str]]:
        """The figures, each with its account's name, "" where there is one figure for all."""
        return list(zip(self.pools or ("",) * len(self.figures), self.figures, strict=True))


@dataclass(frozen=True, slots=True)
class Kinds:
    """`pools` are the accounts' names, empty where there is one figure for all."""

    title: str
    pools: tuple[str, ...]
    rows: tuple[KindOfWork, ...]


@dataclass(frozen=True, slots=True)
class Priced:
    """A category that counts otherwise than ordinary work; `factor` 1 where only its minimum differs."""

    category: str
    name: str
    factor: Decimal


def priced_kinds(terms: Terms) -> tuple[Priced, ...]:
    """The categories that make a difference: those with a multiplier, then those with a minimum alone."""
    found = {each.category: Priced(each.category, each.name, each.factor) for each in terms.multipliers}
    for category in terms.minimum:
        if category != STANDARD:
            found.setdefault(category, Priced(category, capfirst(category_name(category)), ONE))
    if terms.travel == "exclude":
        found.pop(TRAVEL, None)
    return tuple(found.values())


def told_kinds(facts: RetainerFacts, terms: Terms) -> tuple[Priced, ...]:
    """Those of which the client can be told what is left: they draw on what the client sees."""
    return tuple(
        each for each in priced_kinds(terms) if not is_out_of_sight(facts, frozenset({each.category}))
    )


def kinds(facts: RetainerFacts, found: Sequence[Account]) -> Kinds | None:
    """What is left in each kind of work; None in a closed cycle, and where all work counts alike."""
    cycle = facts.shown
    if cycle is None or cycle.closed:
        return None
    told = told_kinds(facts, cycle.terms)
    if not told:
        return None
    if not any(account.remaining for account in found):
        return _next_hour(cycle.terms, told)
    rows = (_left(facts, cycle.terms, found, each) for each in (Priced("", _("Ordinary work"), ONE), *told))
    return Kinds(
        title=_("What is left, in each kind of work"),
        pools=_names(found),
        rows=tuple(filter(None, rows)),
    )


def _names(found: Sequence[Account]) -> tuple[str, ...]:
    """The heads of the columns; one account needs none."""
    return tuple(account.name for account in found) if len(found) > 1 else ()


def _left(facts: RetainerFacts, terms: Terms, found: Sequence[Account], each: Priced) -> KindOfWork | None:
    """The most of such work that fits each account; None where it draws nothing, so that there is no most."""
    categories = frozenset({each.category} - {""})
    pools = pools_drawn_on(facts, terms, categories)
    most = {account.key: largest_fitting(terms, categories, account.remaining) for account in found}
    figures = []
    for account in found:
        fits = most[account.key]
        if fits is None:
            return None
        figures.append(_figure(fits, account, terms, each) if _may_be(account, pools) else NOT_FROM_HERE)
    return _kind(each, tuple(figures), tuple(account.name for account in found))


def _may_be(account: Account, pools: frozenset[str]) -> bool:
    return not account.key or not pools or account.key in pools


def _figure(fits: Decimal, account: Account, terms: Terms, each: Priced) -> str:
    """The amount; what an hour costs where the account is empty and more is billed."""
    if fits or account.remaining:
        return h(fits) if fits else _("none")
    if terms.overage != "bill":
        return _("none")
    return _("%(price)s an hour") % {"price": _price_of_an_hour(terms, each)}


def _kind(each: Priced, figures: tuple[str, ...], pools: tuple[str, ...] = ()) -> KindOfWork:
    times = counted_times(each.factor)
    return KindOfWork(each.name, times, f"{lower_first(each.name)} ({times})", figures, pools)


def _next_hour(terms: Terms, kinds_told: tuple[Priced, ...]) -> Kinds:
    """An hour of each kind, in money where overage is billed, else in counted hours."""
    rows = (Priced("", _("Ordinary work"), ONE), *kinds_told)
    if terms.overage == "bill":
        title = _("What the next hour costs")
        told = [_kind(each, (_price_of_an_hour(terms, each),)) for each in rows]
    else:
        title = _("What the next hour counts")
        told = [_kind(each, (h(_counts(terms, each)),)) for each in rows]
    return Kinds(title, (), tuple(told))


def _counts(terms: Terms, each: Priced) -> Decimal:
    """What an hour of such work takes, its minimum included."""
    return drawn_by(terms, frozenset({each.category} - {""}), ONE)


def _price_of_an_hour(terms: Terms, each: Priced) -> str:
    return price(_counts(terms, each) * (terms.overage_rate or ZERO), terms.currency)
