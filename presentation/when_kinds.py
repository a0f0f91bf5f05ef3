"""When which kind of work applies, in plain sentences: the business hours, the holidays, and what the rules ask.

A rule that asks for anything but the clock and the calendar is told as what it is to a client: as work that was
recorded so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_time, get_timezone_name
from django.utils.translation import gettext as _

from accounts.models import Provider
from presentation.days import cadence, day_month
from presentation.phrases import here, listed
from presentation.terms_of_counting import counted_kinds
from retainers.agreements import rules_from_document
from retainers.models import Retainer
from retainers.rule_books import opening_times_of, rule_book_of
from retainers.terms import Agreement, BusinessHours, OpeningTimes, Rule, Terms, hours_on


@dataclass(frozen=True, slots=True)
class Clock:
    """What decides of a kind by the clock: the rules in their order, the business hours, and the zone."""

    rules: tuple[Rule, ...]
    times: OpeningTimes
    zone: str


def when_lines(clock: Clock | None, terms: Terms, today: date) -> tuple[str, ...]:
    """A sentence for each kind that some rule gives, after those on the business hours that they ask for."""
    if clock is None:
        return ()
    rules = [rule for rule in clock.rules if _holds_on(rule, today)]
    kinds = [(name, _when(category, rules)) for category, name in counted_kinds(terms)]
    said = [_("%(kind)s: %(when)s.") % {"kind": name, "when": listed(when)} for name, when in kinds if when]
    hours = hours_on(clock.times, today)
    asks = any(rule.asks_business_hours for rule in rules if rule.then.categories)
    return (*(_hours(hours, clock.zone, today) if hours and asks else ()), *said)


def _holds_on(rule: Rule, day: date) -> bool:
    return (rule.since is None or rule.since <= day) and (rule.until is None or day <= rule.until)


def _when(category: str, rules: Iterable[Rule]) -> list[str]:
    found = dict.fromkeys(_asked(rule) for rule in rules if category in rule.then.categories)
    last = _("work recorded as such")
    return [words for words in found if words != last] + [last] * (last in found)


def _asked(rule: Rule) -> str:
    if rule.texts or rule.billable is not None:
        return _("work recorded as such")
    match rule.after_hours, rule.weekdays, rule.holiday:
        case True, (), None:
            return _("work outside business hours")
        case False, (_first, *_others), None:
            return _("work on %(days)s") % {"days": cadence(rule.weekdays)}
        case False, (), True:
            return _("work on holidays")
    return _("work recorded as such")


def _hours(hours: BusinessHours, zone: str, today: date) -> tuple[str, ...]:
    words = {
        "days": cadence(hours.days),
        "start": _clock(hours.start),
        "end": _clock(hours.end),
        "zone": get_timezone_name(ZoneInfo(zone), locale=here()) or zone,
    }
    first = _("Business hours: %(days)s, %(start)s to %(end)s (%(zone)s).") % words
    return (first, *_holidays(hours.holidays, today), _edge(hours))


def _holidays(holidays: Sequence[date], today: date) -> tuple[str, ...]:
    coming = min((day for day in holidays if day >= today), default=None)
    if coming is None:
        return ()
    return (_("Holidays count as outside them; the next is %(day)s.") % {"day": day_month(coming, today)},)


def _edge(hours: BusinessHours) -> str:
    if hours.split == "boundary":
        return _("Work that crosses their start or end is split there.")
    return _("The start of the work decides.")


def _clock(at: time) -> str:
    return format_time(datetime.combine(date.min, at), "short", locale=here())


def clock_of(retainer: Retainer, agreement: Agreement, provider: Provider) -> Clock:
    """The agreement's own rules and hours first, then the provider's."""
    theirs = rules_from_document(rule_book_of(retainer) or [])
    times = agreement.business_hours or opening_times_of(provider)
    return Clock((*agreement.rules, *theirs), times, provider.timezone)
