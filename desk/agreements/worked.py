"""What a choice means, in a line that the ledger itself has worked out: "a 50-minute call counts 1.00 h"."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from desk.agreements.tried import Tried, account
from presentation.accounts import is_block
from presentation.days import dated
from presentation.phrases import agreed, column, h, listed, lower_first, money, price
from retainers.balance import CycleBalance
from retainers.cycles import Cycle, cycles_until
from retainers.ledger import balance
from retainers.terms import TRAVEL, Agreement

CALL, SHORT_CALL = Decimal(50) / 60, Decimal(10) / 60
HOUR = Decimal(1)
WORKED, BILLABLE, DEDUCTED = Decimal("1.2"), Decimal(1), Decimal("1.5")
PAST_THE_CAP = Decimal("2.5")
MORE = Decimal(3)
COMING = 3
LONGEST = 13  # cycles that an example looks ahead
MONTH = timedelta(days=31)


def call(case: Tried) -> str:
    """What a call takes, plain and as each kind of work."""
    terms = case.terms
    if terms.hours_from == "deducted":
        return _("A 50-minute call takes what the PSA deducted: nothing is rounded or multiplied here.")
    parts = [_("%(hours)s h") % {"hours": column(case.drawn(CALL))}]
    parts += [
        _("%(kind)s %(hours)s h")
        % {"kind": lower_first(each.name), "hours": column(case.drawn(CALL, frozenset({each.category})))}
        for each in terms.multipliers
    ]
    return _("A 50-minute call counts %(counts)s.") % {"counts": listed(parts)}


def calls(case: Tried) -> str:
    """What rounding and the minimum do to a short and a long call."""
    if case.terms.hours_from == "deducted":
        return _("Nothing is rounded: the PSA has done it.")
    figures = {"short": column(case.drawn(SHORT_CALL)), "long": column(case.drawn(CALL))}
    return _("A 10-minute call counts %(short)s h, a 50-minute one %(long)s h.") % figures


def columns(case: Tried) -> str:
    """What an entry takes whose three columns differ."""
    takes = case.drawn(WORKED, billable=BILLABLE, deducted=DEDUCTED)
    return _(
        "%(worked)s h worked, %(billable)s h billable, %(deducted)s h deducted by the PSA: %(takes)s h count."
    ) % {
        "worked": column(WORKED),
        "billable": column(BILLABLE),
        "deducted": column(DEDUCTED),
        "takes": column(takes),
    }


def non_billable(case: Tried) -> str:
    return _counts(_("A non-billable hour"), case.drawn(HOUR, is_billable=False))


def travel(case: Tried) -> str:
    return _counts(_("An hour of travel"), case.drawn(HOUR, frozenset({TRAVEL})))


def _counts(what: str, hours: Decimal) -> str:
    if not hours:
        return _("%(what)s is not counted.") % {"what": what}
    return _("%(what)s counts %(hours)s h.") % {"what": what, "hours": column(hours)}


def kinds(case: Tried) -> str:
    """What an hour of each kind of work takes."""
    if case.terms.hours_from == "deducted" or not case.terms.multipliers:
        return ""
    parts = [
        _("%(hours)s h %(kind)s")
        % {"kind": lower_first(each.name), "hours": column(case.drawn(HOUR, frozenset({each.category})))}
        for each in case.terms.multipliers
    ]
    return _("An hour of work counts %(counts)s.") % {"counts": listed(parts)}


def stacked(case: Tried) -> str:
    """What an hour takes that is of two kinds at once."""
    if case.terms.hours_from == "deducted" or len(case.terms.multipliers) < 2:
        return ""
    one, other = case.terms.multipliers[:2]
    takes = case.drawn(HOUR, frozenset({one.category, other.category}))
    figures = {"one": lower_first(one.name), "other": lower_first(other.name), "hours": column(takes)}
    return _("An hour that is both %(one)s and %(other)s counts %(hours)s h.") % figures


def close(case: Tried) -> str:
    """What becomes of the first account's hours when none of them is used."""
    if is_block(case.terms):
        return ""
    figures = account(case.cycles()[0])
    if not figures.allocated:
        return ""
    carried, lapsed = figures.carried_out or Decimal(0), figures.expired or Decimal(0)
    said = {"left": h(figures.allocated), "carried": h(carried), "lapsed": h(lapsed)}
    if not carried:
        return _("%(left)s left at the close: all of them lapse.") % said
    until = _lasting(case)
    if not lapsed:
        return _("%(left)s left at the close: all of them are carried over.") % said + until
    return _("%(left)s left at the close: %(carried)s are carried over, %(lapsed)s lapse.") % said + until


def _lasting(case: Tried) -> str:
    """Until when hours that are carried over can be used, where that is not for good."""
    rollover = case.terms.rollover
    if rollover is None or rollover.cycles is None or rollover.cycles >= LONGEST - 1:
        return ""
    held = [each for each in case.cycles(most=LONGEST) if _holds(each, case.first_day)]
    return " " + _("Hours from %(first)s last until %(day)s.") % {
        "first": dated(case.first_day),
        "day": dated(held[-1].ends),
    }


def _holds(cycle: CycleBalance, granted: date) -> bool:
    return any(lot.granted == granted for _key, lots in cycle.lots for lot in lots)


def overage(case: Tried) -> str:
    """What becomes of work past the cap."""
    terms, over = case.terms, h(PAST_THE_CAP)
    if terms.overage == "queue":
        return _queued(case, over)
    if terms.overage == "bill" and terms.overage_rate is None:
        return _("%(over)s past the cap are billed at the rate entered below.") % {"over": over}
    if terms.overage == "bill":
        closed = _past_the_cap(case)[0]
        return _("%(over)s past the cap are billed at %(rate)s an hour: %(sum)s.") % _priced(closed, over)
    said = _("%(over)s past the cap are shown, not billed and not carried over.") % {"over": over}
    if terms.overage_rate is None:
        return said
    closed = _past_the_cap(case, approved=PAST_THE_CAP)[0]
    return said + " " + _("If the client approves them, they are billed: %(sum)s.") % _priced(closed, over)


def _past_the_cap(case: Tried, approved: Decimal | None = None) -> tuple[CycleBalance, CycleBalance]:
    return case.using(account(case.cycles()[0]).allocated + PAST_THE_CAP, approved=approved)


def _priced(closed: CycleBalance, over: str) -> dict[str, str]:
    terms = closed.terms
    rate = price(terms.overage_rate or Decimal(0), terms.currency)
    return {"over": over, "rate": rate, "sum": money(closed.overage_amount, terms.currency)}


def _queued(case: Tried, over: str) -> str:
    if is_block(case.terms):
        return _("%(over)s past the cap are taken from the next hours granted.") % {"over": over}
    figures = {"over": over, "left": h(account(_past_the_cap(case)[1]).remaining)}
    return _("%(over)s past the cap are taken from the next cycle: it begins with %(left)s.") % figures


def shared(case: Tried) -> str:
    """What the first pool's overrun does to the others."""
    terms = case.terms
    if len(terms.pools) < 2 or is_block(terms):
        return ""
    has = case.cycles()[0].pools[0].allocated
    closed, _next = case.using(has + MORE)
    said = {"used": h(has + MORE), "pool": terms.pools[0].name, "has": h(has)}
    if terms.sharing == "shared":
        left = closed.total.remaining
        how = _("%(hours)s left of the one balance") if left else _("%(hours)s over in all")
        said["result"] = how % {"hours": h(left or closed.total.overage)}
    else:
        other = closed.pools[1]
        said["result"] = _("%(over)s over, while %(other)s still has %(left)s") % {
            "over": h(account(closed).overage),
            "other": other.name,
            "left": h(other.remaining),
        }
    return _("%(used)s of %(pool)s, which has %(has)s: %(result)s.") % said


def cycles(agreement: Agreement) -> str:
    """The first days of the first cycles, and the part of the cap that a broken first one gets."""
    found = _coming(agreement)
    said = _("Cycles begin on %(days)s.") % {"days": listed([dated(cycle.starts) for cycle in found])}
    if not _is_broken(found[0]):
        return said
    broken = _("The first cycle is partial: %(part)s h of %(cap)s.") % _part(agreement, found[0])
    return f"{said} {broken}"


def broken(agreement: Agreement) -> str:
    """The part of the cap that the agreement's first and last cycle get, where they are no whole ones."""
    first = _coming(agreement)[0]
    said = []
    if _is_broken(first):
        said.append(_("The first cycle gets %(part)s h of %(cap)s.") % _part(agreement, first))
    last = cycles_until(agreement, agreement.ends)[-1] if agreement.ends else first
    if last.starts != first.starts and _is_broken(last):
        said.append(_("The last cycle gets %(part)s h of %(cap)s.") % _part(agreement, last))
    return " ".join(said)


def _coming(agreement: Agreement) -> tuple[Cycle, ...]:
    return tuple(cycles_until(agreement, agreement.starts + agreement.months * COMING * MONTH)[:COMING])


def _is_broken(cycle: Cycle) -> bool:
    return cycle.paid_days("daily") != cycle.full_days


def _part(agreement: Agreement, cycle: Cycle) -> dict[str, str]:
    of = balance(agreement, (), (), (), cycle.starts)[-1].pools[0]
    whole = agreement.terms_on(cycle.starts).pools[0].hours
    return {"part": column(of.allocated), "cap": agreed(whole)}


def coming_starts(agreement: Agreement, today: date) -> tuple[date, ...]:
    """The cycles that new terms may begin with: those that began lately and those to come, oldest first."""
    until = max(today, agreement.starts) + agreement.months * 12 * MONTH
    starts = [cycle.starts for cycle in cycles_until(agreement, until)]
    newest = agreement.terms[-1].starts
    return tuple(day for day in starts if day > newest and day >= today - agreement.months * 3 * MONTH)
