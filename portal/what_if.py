"""Before you call: what some hours of some kind of work would do to the balance, priced by the ledger."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from presentation.accounts import Account, is_block
from presentation.facts import Asked, RetainerFacts
from presentation.phrases import hours, money, price, times
from presentation.plain_terms import category_name
from presentation.sentences import reset
from retainers.balance import CycleBalance, Work
from retainers.hours import ZERO, round_half_up
from retainers.pricing import draw_of
from retainers.terms import STANDARD, TRAVEL, Terms

MOST = Decimal(1000)
TYPED = re.compile(r"(?=[0-9.,])([0-9]{0,4})(?:[.,]([0-9]{1,4})|:([0-5][0-9]))?")
EXAMPLE = "1"  # worked out before anything was asked


@dataclass(frozen=True, slots=True)
class KindOption:
    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """`lead` is the result in one sentence; `more` what else to know before calling."""

    lead: str
    more: tuple[str, ...]
    over: bool


@dataclass(frozen=True, slots=True)
class WhatIf:
    hours: str
    kinds: tuple[KindOption, ...]
    pools: tuple[KindOption, ...]
    answer: Answer | None
    error: str


def what_if(facts: RetainerFacts, found: Sequence[Account], asked: Asked, today: date) -> WhatIf | None:
    """The form with its answer, an example until it is asked; None where no work can be done any more."""
    cycle = facts.shown
    if cycle is None or cycle.closed or not found:
        return None
    asked = asked if asked.chooses(facts.agreement) else Asked()
    kinds = _kinds(cycle.terms, asked.kind)
    account = next((each for each in found if each.key == asked.from_pool), found[0])
    typed = asked.hours[:20] or EXAMPLE
    amount = read_hours(typed)
    kind = next(kind.value for kind in kinds if kind.chosen)
    return WhatIf(
        hours=typed,
        kinds=kinds,
        pools=_pools(found, account),
        answer=None if amount is None else _answer(facts, cycle, account, amount, kind, today),
        error="" if amount is not None else _not_hours(typed),
    )


def _not_hours(typed: str) -> str:
    words = _("“%(typed)s” is not a number of hours up to 1000. Write it like 1.5 or 1:30.")
    return words % {"typed": typed}


def read_hours(typed: str) -> Decimal | None:
    """Hours as a person types them: `1.5`, `1,5`, `1:30`; None for what is no number above 0, up to 1000."""
    found = TYPED.fullmatch(typed)
    if found is None:
        return None
    whole, decimals, minutes = found.groups()
    value = Decimal(f"{whole or 0}.{decimals or 0}") + Decimal(minutes or 0) / 60
    return value if ZERO < value <= MOST else None


def _kinds(terms: Terms, asked: str) -> tuple[KindOption, ...]:
    """Ordinary work, then every category that is priced differently."""
    named = {each.category: f"{each.name} ({times(each.factor)})" for each in terms.multipliers}
    for category in terms.minimum:
        if category != STANDARD:
            named.setdefault(category, capfirst(category_name(category)))
    if terms.travel == "exclude":
        named.pop(TRAVEL, None)
    chosen = asked if asked in named else ""
    ordinary = KindOption("", _("Ordinary work"), chosen == "")
    return (ordinary, *(KindOption(key, name, key == chosen) for key, name in named.items()))


def _pools(found: Sequence[Account], chosen: Account) -> tuple[KindOption, ...]:
    if len(found) < 2:
        return ()
    return tuple(KindOption(each.key, each.name, each is chosen) for each in found)


def counted(terms: Terms, amount: Decimal, kind: str, today: date) -> Decimal:
    """What the ledger would draw for that work, done today and recorded as worked hours."""
    work = Work(day=today, worked=round_half_up(amount, 4), categories=frozenset({kind} if kind else ()))
    return draw_of(work, terms).hours


def _answer(
    facts: RetainerFacts, cycle: CycleBalance, account: Account, amount: Decimal, kind: str, today: date
) -> Answer:
    taken = counted(cycle.terms, amount, kind, today)
    left = account.remaining - account.overage - taken
    words = {"counted": hours(taken), "left": hours(max(left, ZERO)), "over": hours(-left)}
    if left >= 0:
        lead = _("Counts as %(counted)s hours: %(left)s would be left.") % words
    else:
        lead = _("Counts as %(counted)s hours: 0 would be left, %(over)s over.") % words
    more = (
        _price(cycle.terms, min(-left, taken) if left < 0 else ZERO),
        _with_pending(facts, left),
        _until_reset(facts, cycle, today),
    )
    return Answer(lead, tuple(line for line in more if line), left < 0)


def _price(terms: Terms, past: Decimal) -> str:
    """What going over costs: for these hours where they do, else what an hour would."""
    if terms.overage == "bill":
        rate = terms.overage_rate or ZERO
        words = {"past": hours(past), "rate": price(rate, terms.currency), "sum": ""}
        if not past:
            return _("Past the cap, an hour costs %(rate)s.") % words
        words["sum"] = money(past * rate, terms.currency)
        return _("The %(past)s hours past the cap cost %(sum)s, at %(rate)s an hour.") % words
    if not past:
        return ""
    if terms.overage == "decline":
        return _("The hours past the cap need your authorization first.")
    if is_block(terms):
        return _("The hours past the block are owed to the next one.")
    return _("The hours past the cap are taken from the next cycle's.")


def _with_pending(facts: RetainerFacts, left: Decimal) -> str:
    if facts.notice is None or facts.notice.pending_hours is None:
        return ""
    after = left - facts.notice.pending_hours
    words = {"pending": hours(facts.notice.pending_hours), "left": hours(after), "over": hours(-after)}
    if after >= 0:
        return _("With the %(pending)s hours not yet counted, about %(left)s would be left.") % words
    return _("With the %(pending)s hours not yet counted, it would be about %(over)s over.") % words


def _until_reset(facts: RetainerFacts, cycle: CycleBalance, today: date) -> str:
    label, day, away = reset(cycle, today, facts.renewed)
    return f"{label} {day}, {away}." if label else ""
