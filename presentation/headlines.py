"""The number: what is left in each account, its meter, and what it means; and a notice beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from presentation.accounts import Account, is_block, spendable
from presentation.charts import Meter, even_pace, meter, plain_meter
from presentation.coverage import day_words
from presentation.days import dated
from presentation.live_words import LiveWords, live_words
from presentation.phrases import agreed, hours, money
from presentation.sentences import meaning, tone
from retainers.balance import CycleBalance
from retainers.hours import ZERO

if TYPE_CHECKING:  # takes long to load, and the dashboard's words need none of it
    from presentation.facts import Notice


@dataclass(frozen=True, slots=True)
class ShortNumber:
    """One account's number where there is little room: `left` `short`, or `left` left, `over` over."""

    name: str
    left: str
    short: str
    over: str
    used: str
    pace: str
    meter: Meter
    tone: str


@dataclass(frozen=True, slots=True)
class Number(ShortNumber):
    """The same ready to be read: `left` `unit` `of`, and what it means."""

    unit: str
    of: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """A pool that is followed inside one shared balance."""

    name: str
    words: str
    meter: Meter


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """`since` is the day on which it was put up, `would_remain` its hours and what they leave."""

    text: str
    since: str
    would_remain: str
    live: LiveWords | None = None

    @property
    def runs(self) -> bool:
        """Whether it tells of an incident that goes on."""
        return self.live is not None and self.live.runs


def short_numbers(
    found: Sequence[Account], cycle: CycleBalance, covered: date | None
) -> tuple[ShortNumber, ...]:
    named = len(found) > 1
    return tuple(ShortNumber(**_short(account, cycle, covered, named)) for account in found)


def numbers(
    found: Sequence[Account], cycle: CycleBalance, covered: date | None, today: date
) -> tuple[Number, ...]:
    over = [account for account in found if account.overage]
    amount = cycle.overage_amount if len(over) == 1 else None
    return tuple(_number(account, cycle, amount, covered, len(found) > 1) for account in found)


def _number(
    account: Account, cycle: CycleBalance, amount: Decimal | None, covered: date | None, named: bool
) -> Number:
    return Number(
        **_short(account, cycle, covered, named),
        unit=_unit(cycle),
        of=_of(account, cycle),
        meaning=meaning(account, cycle, amount) or _became(account, cycle),
    )


def _short(account: Account, cycle: CycleBalance, covered: date | None, named: bool) -> dict[str, Any]:
    mood, pace = tone(account, cycle), None
    if covered is not None and covered >= cycle.starts and not cycle.closed and not is_block(cycle.terms):
        pace = even_pace(account.granted, cycle, covered)
    return {
        "name": account.name if named else "",
        "left": hours(spendable(account, cycle)),
        "short": _("of %(granted)s left") % {"granted": agreed(account.granted)},
        "over": _("%(over)s over") % {"over": hours(account.overage)} if account.overage else "",
        "used": _used(account, cycle),
        "pace": _pace_words(account, pace),
        "meter": meter(account, mood, pace),
        "tone": mood,
    }


def _used(account: Account, cycle: CycleBalance) -> str:
    """What was taken, in its parts: work, and what else went out of the account."""
    parts, block = [used_words(account)], is_block(cycle.terms)
    others = (
        (gettext_noop("%(hours)s of it past the block"), account.past),
        (gettext_noop("%(hours)s owed from before"), ZERO if block else account.figures.queued_in),
        (gettext_noop("%(hours)s charged"), account.charged if block else account.figures.charged),
        (gettext_noop("%(hours)s lapsed"), account.lapsed),
    )
    parts += [_(words) % {"hours": hours(amount)} for words, amount in others if amount]
    return ", ".join(parts)


def used_words(account: Account) -> str:
    """The work; where corrections took off more than was worked, what they gave back: never a minus sign."""
    if account.used < 0:
        return _("0 used, %(hours)s given back by corrections") % {"hours": hours(-account.used)}
    return _("%(hours)s used") % {"hours": hours(account.used)}


def _pace_words(account: Account, pace: Decimal | None) -> str:
    if pace is None or account.overage:
        return ""
    return _("even pace would be %(pace)s") % {"pace": hours(pace)}


def _unit(cycle: CycleBalance) -> str:
    if _goes_on(cycle):
        return _("hours remaining")
    return _("hours unused at the close") if cycle.resets else _("hours remaining")


def _goes_on(cycle: CycleBalance) -> bool:
    """Whether its hours stay where they are: it runs, or is a block's, of which only the last one closes them."""
    return not cycle.closed or (is_block(cycle.terms) and cycle.resets is not None)


def _became(account: Account, cycle: CycleBalance) -> str:
    """What became of the hours that were unused when the cycle closed."""
    carried, lapsed = account.figures.carried_out, account.figures.expired
    if _goes_on(cycle) or not account.remaining:
        return ""
    words = {"carried": hours(carried or ZERO), "lapsed": hours(lapsed or ZERO), "day": dated(cycle.ends)}
    if not carried:
        return _("%(lapsed)s h lapsed on %(day)s.") % words
    if not lapsed:
        return _("%(carried)s h were carried over.") % words
    return _("%(carried)s h were carried over, %(lapsed)s h lapsed.") % words


def _of(account: Account, cycle: CycleBalance) -> str:
    granted = {"granted": agreed(account.granted)}
    if is_block(cycle.terms):
        return block_granted(account)
    return _("of %(granted)s") % granted if cycle.closed else _("this cycle, of %(granted)s") % granted


def block_granted(account: Account) -> str:
    """`of 10 bought + 2 credited`"""
    words = {"granted": agreed(account.granted - account.credited), "credited": agreed(account.credited)}
    if account.credited:
        return _("of %(granted)s bought + %(credited)s credited") % words
    return _("of %(granted)s bought") % words


def owed(found: Sequence[Account], cycle: CycleBalance) -> str:
    """The amount for the whole cycle where several accounts are over; one alone says it itself."""
    if len([account for account in found if account.overage]) < 2 or not cycle.overage_amount:
        return ""
    amount = {"amount": money(cycle.overage_amount, cycle.terms.currency)}
    if cycle.closed:
        return _("In total, hours past the cap came to %(amount)s.") % amount
    return _("In total, hours past the cap come to %(amount)s so far.") % amount


def tracked(cycle: CycleBalance) -> tuple[Tracked, ...]:
    """The pools inside a shared balance: their part of it, which may be exceeded while hours remain."""
    if cycle.sharing == "separate" or len(cycle.pools) < 2:
        return ()
    return tuple(_tracked(pool.name, max(pool.used, ZERO), pool.allocated) for pool in cycle.pools)


def _tracked(name: str, used: Decimal, allocated: Decimal) -> Tracked:
    words = _("%(used)s of %(cap)s used") % {"used": hours(used), "cap": agreed(allocated)}
    if used > allocated:
        past = {"words": words, "past": hours(used - allocated)}
        words = _("%(words)s, %(past)s past its part") % past
    return Tracked(name, words, plain_meter(used, allocated))


def notice_words(
    notice: "Notice | None", found: Sequence[Account], today: date, cycle: CycleBalance | None = None
) -> NoticeWords | None:
    """A manager's notice, since when it stands, and what would remain in its pool once its hours are counted too."""
    if notice is None or not found:
        return None
    if notice.live is not None and cycle is not None:
        live = live_words(notice, notice.live, account_of(notice, found), cycle)
        return NoticeWords(live.title, "", live.left, live)
    since = _("since %(day)s") % {"day": day_words(notice.day, today)} if notice.day else ""
    if notice.pending_hours is None:
        return NoticeWords(notice.text, since, "")
    pending = _pending(notice.pending_hours, account_of(notice, found), is_one_of_several=len(found) > 1)
    return NoticeWords(notice.text, since, pending)


def _pending(pending: Decimal, about: Account, *, is_one_of_several: bool) -> str:
    """What is not counted yet, and what would remain with it."""
    left = about.remaining - about.overage - pending
    words = {
        "pending": hours(pending),
        "pool": about.name,
        "left": hours(max(left, ZERO)),
        "over": hours(-left),
    }
    if is_one_of_several:
        start = _("About %(pending)s hours of %(pool)s are not yet counted.") % words
    else:
        start = _("About %(pending)s hours are not yet counted.") % words
    if left >= 0:
        rest = _("With them, about %(left)s hours would remain.") % words
    else:
        rest = _("With them, about 0 would be left, %(over)s over.") % words
    return f"{start} {rest}"


def account_of(notice: "Notice", found: Sequence[Account]) -> Account:
    """The account that a notice is about: its pool's, else the one that leads."""
    return next((each for each in found if each.key == notice.pool), found[0])
