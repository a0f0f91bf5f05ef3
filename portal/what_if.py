"""Before you call: what some people's hours of some kinds of work would do to the balance, priced by the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.kinds import told_kinds
from portal.taken_from import drawn_by, pool_of
from portal.typed_hours import no_hours, read_hours
from presentation.accounts import Account, is_block
from presentation.facts import Asked, RetainerFacts
from presentation.headlines import account_of
from presentation.phrases import hours, money, price, times
from presentation.sentences import reset
from retainers.balance import CycleBalance, Draw, Work
from retainers.hours import ZERO, round_half_up, write_hours
from retainers.pricing import draw_of
from retainers.terms import Terms

MOST_PEOPLE = 50
EXAMPLE = "1"  # worked out before anything was asked


@dataclass(frozen=True, slots=True)
class KindOption:
    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """`lead` is the result in one sentence; `more` what else to know before calling.

    `taken` and `past` are what these hours would take and what would then be past the cap, as a form takes them.
    """

    lead: str
    more: tuple[str, ...]
    over: bool
    taken: str
    past: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The form as it was filled in. `kinds` are ticked, as many as apply; of `pools` one is chosen."""

    hours: str
    people: str
    kinds: tuple[KindOption, ...]
    pools: tuple[KindOption, ...]
    answer: Answer | None
    error: str


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked, read: so many people, each with that much work, and what one of them draws."""

    people: int
    each: Draw
    account: Account

    @property
    def taken(self) -> Decimal:
        return self.people * self.each.hours


def what_if(facts: RetainerFacts, found: Sequence[Account], asked: Asked, today: date) -> WhatIf | None:
    """The form with its answer, an example until it is asked; None where no work can be done any more."""
    cycle = facts.shown
    if cycle is None or cycle.closed or not found:
        return None
    if not asked.chooses(facts.agreement):
        asked = Asked()
    kinds = _kinds(facts, cycle.terms, asked.kinds)
    typed, number = _typed(asked)
    amount, people = read_hours(typed), _read_people(number)
    answer = None
    if amount is not None and people is not None:
        chosen = _chosen(kinds)
        account = _account(facts, cycle, found, asked.from_pool, chosen)
        each = counted(cycle.terms, amount, chosen, today)
        answer = _answer(facts, cycle, found, _Question(people, each, account), today)
    return WhatIf(
        hours=typed,
        people=number,
        kinds=kinds,
        pools=_pools(found, asked.from_pool),
        answer=answer,
        error=_wrong(typed, amount, people),
    )


def _typed(asked: Asked) -> tuple[str, str]:
    """Hours and people, in as many signs as the fields take."""
    return asked.hours[:20] or EXAMPLE, asked.people[:10] or "1"


def _chosen(kinds: Iterable[KindOption]) -> frozenset[str]:
    return frozenset(kind.value for kind in kinds if kind.chosen)


def _wrong(typed: str, amount: Decimal | None, people: int | None) -> str:
    if amount is None:
        return no_hours(typed)
    return (
        ""
        if people
        else _("How many people? Write a whole number from 1 to %(most)s.") % {"most": MOST_PEOPLE}
    )


def _read_people(typed: str) -> int | None:
    number = int(typed) if typed.isascii() and typed.isdigit() else 0
    return number if 1 <= number <= MOST_PEOPLE else None


def _kinds(facts: RetainerFacts, terms: Terms, asked: Sequence[str]) -> tuple[KindOption, ...]:
    """Every category that is priced differently; work with none of them ticked is ordinary."""
    multiplied = {each.category for each in terms.multipliers}
    return tuple(
        KindOption(
            each.category,
            f"{each.name} ({times(each.factor)})" if each.category in multiplied else each.name,
            each.category in asked,
        )
        for each in told_kinds(facts, terms)
    )


def _pools(found: Sequence[Account], asked: str) -> tuple[KindOption, ...]:
    """The pools to ask of, first of all the one that such work draws on; nothing where there is one account."""
    if len(found) < 2:
        return ()
    named = {"": _("as usual"), **{each.key: each.name for each in found}}
    return tuple(
        KindOption(key, name, key == (asked if asked in named else "")) for key, name in named.items()
    )


def _account(
    facts: RetainerFacts, cycle: CycleBalance, found: Sequence[Account], asked: str, kinds: frozenset[str]
) -> Account:
    """The account asked for by name, else that of the pool that such work draws on."""
    by_key = {each.key: each for each in found}
    return by_key.get(asked) or by_key.get(pool_of(facts, cycle.terms, kinds)) or found[0]


def counted(terms: Terms, amount: Decimal, kinds: frozenset[str], today: date) -> Draw:
    """What the ledger would draw for one person's work, done today in one piece and recorded as worked hours."""
    return draw_of(Work(day=today, worked=round_half_up(amount, 4), categories=kinds), terms)


def _answer(
    facts: RetainerFacts, cycle: CycleBalance, found: Sequence[Account], question: _Question, today: date
) -> Answer:
    account, taken = question.account, question.taken
    pending = pending_in(facts, found, account)
    left = account.remaining - account.overage - pending - taken
    past = min(-left, taken) if left < 0 else ZERO
    more = (
        _with_pending(pending, is_live=facts.notice is not None and facts.notice.live is not None),
        _price(cycle, question.each, past, -left),
        _until_reset(facts, cycle, today),
    )
    lead = _lead(question, left, account.name if len(found) > 1 else "")
    told = tuple(line for line in more if line)
    return Answer(lead, told, left < 0, write_hours(taken), write_hours(max(-left, ZERO)))


def _lead(question: _Question, left: Decimal, pool: str) -> str:
    words = {
        "counted": hours(question.taken),
        "each": hours(question.each.hours),
        "people": str(question.people),
        "pool": pool,
        "left": hours(max(left, ZERO)),
        "over": hours(-left),
    }
    pattern = _("Counts as %(counted)s hours of %(pool)s") if pool else _("Counts as %(counted)s hours")
    took = pattern % words
    if question.people > 1:
        took += " " + _("(%(people)s people, %(each)s h each)") % words
    became = _("%(left)s would be left.") if left >= 0 else _("0 would be left, %(over)s over.")
    return f"{took}: {became % words}"


def pending_in(facts: RetainerFacts, found: Sequence[Account], account: Account) -> Decimal:
    """The hours of a notice that are not yet counted, where they are this account's."""
    notice = facts.notice
    if notice is None or notice.pending_hours is None or account_of(notice, found) is not account:
        return ZERO
    return notice.pending_hours


def _with_pending(pending: Decimal, *, is_live: bool) -> str:
    words = {"pending": hours(pending)}
    if pending and is_live:
        return _("This includes about %(pending)s hours of the incident that aren’t counted yet.") % words
    return (
        _("This includes the %(pending)s hours in the notice that aren’t counted yet.") % words
        if pending
        else ""
    )


def _price(cycle: CycleBalance, each: Draw, past: Decimal, over: Decimal) -> str:
    """What going over costs: for these hours where they do, else what an hour of such work would."""
    terms = cycle.terms
    if terms.overage == "bill":
        return _billed(terms, each, past)
    if not past:
        return ""
    if terms.overage == "decline":
        return _to_approve(cycle, past, over)
    if is_block(terms):
        return _("The hours past the block are owed to the next one.")
    if cycle.resets is None:
        return _("The hours past the cap are still to be settled, as no cycle follows.")
    return _("The hours past the cap are taken from the next cycle's.")


def _billed(terms: Terms, each: Draw, past: Decimal) -> str:
    rate, counts = terms.overage_rate or ZERO, drawn_by(terms, each.work.categories, Decimal(1))
    words = {
        "past": hours(past),
        "rate": price(rate, terms.currency),
        "sum": money(past * rate, terms.currency),
        "own": price(rate * counts, terms.currency),
    }
    if past:
        return _("The %(past)s hours past the cap cost %(sum)s, at %(rate)s for each hour counted.") % words
    if counts == 1:
        return _("Past the cap, an hour costs %(rate)s.") % words
    return _("Past the cap, an hour of such work costs %(own)s.") % words


def _to_approve(cycle: CycleBalance, past: Decimal, over: Decimal) -> str:
    """How many of the hours past the cap somebody still has to agree to."""
    missing = min(past, max(over - cycle.approved, ZERO))
    words = {"missing": hours(missing), "rate": price(cycle.terms.overage_rate or ZERO, cycle.terms.currency)}
    if not missing and cycle.terms.overage_rate is None:
        return _("The hours past the cap are approved.")
    if not missing:
        return _("The hours past the cap are approved; each costs %(rate)s.") % words
    if missing < past:
        return _("%(missing)s of the hours past the cap need your authorization first.") % words
    if cycle.terms.overage_rate is None:
        return _("The hours past the cap need your authorization first.")
    return _("The hours past the cap need your authorization first; each costs %(rate)s.") % words


def _until_reset(facts: RetainerFacts, cycle: CycleBalance, today: date) -> str:
    label, day, away = reset(cycle, today, facts.renewed)
    return f"{label} {day}, {away}." if label else ""
