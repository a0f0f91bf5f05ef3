"""The page's dates as a calendar that programs subscribe to: resets, update days, what ends.

Whole days without a time zone, as the page names them. Nothing in it leads back to the page: a calendar is shared
more freely than a link. The figure is the page's own, in its words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from presentation.accounts import accounts
from presentation.days import long_date
from presentation.facts import RetainerFacts
from presentation.headlines import numbers
from presentation.phrases import h
from retainers.cycles import cycle_at, next_update
from retainers.endings import ending_soon
from retainers.terms import Weekday

COMING_RESETS = 12
ONE_DAY = timedelta(days=1)
MAKER = "-//HourTab//Support hours//EN"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day to remember; `repeats` are the weekdays on which it comes again, until the agreement's last day.

    `what` tells the entries of an agreement apart for as long as they stay the same thing.
    """

    what: str
    day: date
    title: str
    text: str = ""
    repeats: tuple[Weekday, ...] = ()
    until: date | None = None


def calendar(name: str, client: int, retainers: Sequence[RetainerFacts], today: date) -> bytes:
    """The file. `client` is the client's key in the database: it stands in no clear form in what comes out."""
    made = Calendar()
    title = _("Support hours") + f" · {name}"
    for key, value in (
        ("prodid", MAKER),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", title),
        ("name", title),
        ("x-published-ttl", "P1D"),
    ):
        made.add(key, value)
    for facts in retainers:
        for each in days_of(facts, today):
            made.add_component(_event(each, f"{client}|{facts.agreement.key}", today))
    body: bytes = made.to_ical()
    return body


def days_of(facts: RetainerFacts, today: date) -> Iterator[CalendarDay]:
    """What is to come of one agreement, from today on."""
    yield from _resets(facts, today)
    yield from _updates(facts, today)
    yield from _endings(facts, today)
    ends = facts.agreement.ends
    if ends is not None and ends >= today:
        title = _("Last day of the agreement: %(name)s") % {"name": facts.agreement.name}
        yield CalendarDay("end", ends, title)


def _resets(facts: RetainerFacts, today: date) -> Iterator[CalendarDay]:
    """The first reset says what is left until then; a prepaid block has none, nor has what becomes one."""
    shown = facts.shown
    if shown is None or shown.closed or shown.terms.is_block:
        return
    title = _("Support hours reset: %(name)s") % {"name": facts.agreement.name}
    text, cycle = left_until(facts, today), cycle_at(facts.agreement, shown.index)
    for number in range(1, COMING_RESETS + 1):
        if cycle is None or cycle.resets is None or facts.agreement.terms_on(cycle.resets).is_block:
            return
        yield CalendarDay(f"reset {cycle.resets}", cycle.resets, title, text)
        text, cycle = "", cycle_at(facts.agreement, shown.index + number)


def left_until(facts: RetainerFacts, today: date) -> str:
    """The number as it stands on the page, pool by pool, and how far it reaches."""
    if facts.shown is None:
        return ""
    found = numbers(accounts(facts.cycles, facts.shown), facts.shown, facts.through, today)
    lines = [
        f"{each.name}: " * bool(each.name) + f"{each.left} {each.unit}" + f", {each.over}" * bool(each.over)
        for each in found
    ]
    if facts.through:
        lines.append(_("Covers work through %(day)s") % {"day": long_date(facts.through)})
    return "\n".join(lines)


def _updates(facts: RetainerFacts, today: date) -> Iterator[CalendarDay]:
    agreement = facts.agreement
    coming = next_update(agreement.updates_on, max(today, agreement.starts) - ONE_DAY)
    if coming is None or (agreement.ends and coming > agreement.ends):
        return
    first = max(coming, facts.next_update) if facts.next_update else coming
    title = _("Update of the support hours: %(name)s") % {"name": agreement.name}
    yield CalendarDay("updates", first, title, "", agreement.updates_on, agreement.ends)


def _endings(facts: RetainerFacts, today: date) -> Iterator[CalendarDay]:
    for each in ending_soon(facts.cycles, facts.agreement, today):
        words = {"hours": h(each.hours), "name": facts.agreement.name}
        yield CalendarDay(f"hours {each.on}", each.on, _("Last day of %(hours)s: %(name)s") % words)


def _event(each: CalendarDay, whose: str, today: date) -> Event:
    event = Event()
    mark = salted_hmac("portal.ics", f"{whose}|{each.what}").hexdigest()[:32]
    event.add("uid", f"{mark}@hourtab")
    event.add("dtstamp", datetime.combine(today, time(), tzinfo=UTC))
    event.add("dtstart", each.day)
    event.add("dtend", each.day + ONE_DAY)
    event.add("summary", each.title, parameters={"language": get_language() or "en"})
    if each.text:
        event.add("description", each.text)
    if each.repeats:
        until = {"until": each.until} if each.until else {}
        event.add("rrule", {"freq": "weekly", "byday": [day[:2].upper() for day in each.repeats], **until})
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
