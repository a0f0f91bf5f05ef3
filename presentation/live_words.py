"""A live incident in words: how many people since when, about how much so far, and when the hours are gone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.dates import format_time
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from presentation.accounts import Account
from presentation.days import long_date
from presentation.phrases import counted_times, h, here, hours
from retainers.balance import CycleBalance, Work
from retainers.hours import ZERO
from retainers.pricing import draw_of

if TYPE_CHECKING:  # takes long to load, and the dashboard's words need none of it
    from presentation.facts import LiveIncident, Notice

FAR = timedelta(days=2)
MINUTES = Decimal(60)


@dataclass(frozen=True, slots=True)
class LiveWords:
    """`lead` in one sentence; `left` what it leaves; `worked_out` when; `runs` until it has ended."""

    title: str
    lead: str
    left: str
    worked_out: str
    runs: bool


def live_words(notice: "Notice", live: "LiveIncident", about: Account, cycle: CycleBalance) -> LiveWords:
    """What stands beside the number of the account that the incident draws on."""
    at = _clock(live.as_of)
    return LiveWords(
        title=title_of(live),
        lead=_settled(live) if live.settled else _so_far(live, cycle),
        left="" if live.settled else _left(notice.pending_hours or ZERO, live, about),
        worked_out=_("Calculated at %(time)s. This is an estimate: what counts is the next update.")
        % {"time": at}
        if live.ended is None
        else "",
        runs=live.ended is None,
    )


def title_of(live: "LiveIncident") -> str:
    """The state that it is in."""
    if live.settled:
        return _("Incident counted")
    if live.ended:
        return _("Incident over")
    return _("Incident in progress") if live.people else _("Incident paused")


def _so_far(live: "LiveIncident", cycle: CycleBalance) -> str:
    people = live.people or live.most
    words = {
        "people": ngettext("%(count)s person", "%(count)s people", people) % {"count": people},
        "since": _moment(live.since, live.as_of.date()),
        "until": _moment(live.ended, live.since.date()) if live.ended else "",
        "counted": _counted(live, cycle),
        "so_far": _h(live.estimate),
    }
    if live.ended:
        return _("%(people)s from %(since)s to %(until)s, %(counted)s: about %(so_far)s.") % words
    if live.people:
        return _("%(people)s since %(since)s, %(counted)s: about %(so_far)s so far.") % words
    return _("Since %(since)s, %(counted)s: about %(so_far)s so far; no one is working on it now.") % words


def _counted(live: "LiveIncident", cycle: CycleBalance) -> str:
    factor = draw_of(Work(cycle.starts, Decimal(1), categories=live.kinds), cycle.terms).factor
    return counted_times(factor or Decimal(1))


def _left(pending: Decimal, live: "LiveIncident", about: Account) -> str:
    left = about.remaining - about.overage - pending
    words = {"left": hours(max(left, ZERO)), "over": hours(-left)}
    if left < 0:
        return _("With it, 0 would be left, about %(over)s over.") % words
    if not live.people or not live.an_hour:
        return _("With it, about %(left)s would be left.") % words
    gone = live.as_of + timedelta(minutes=int((left + live.ahead) / live.an_hour * MINUTES))
    if gone - live.as_of > FAR:
        return _("With it, about %(left)s would be left.") % words
    words["gone"] = _moment(gone, live.as_of.date())
    return _("With it, about %(left)s would be left; over at about %(gone)s if it goes on.") % words


def _settled(live: "LiveIncident") -> str:
    words = {
        "day": long_date(live.since.date()),
        "estimate": _h(live.estimate),
        "fact": _h(live.counted or ZERO),
    }
    if live.counted is None:
        return _("From %(day)s: about %(estimate)s were estimated; the update has no such work.") % words
    return _("From %(day)s: %(fact)s are counted, about %(estimate)s were estimated.") % words


def _h(value: Decimal) -> str:
    """Hours with their unit, never torn apart."""
    return h(value).replace(" ", "\N{NO-BREAK SPACE}")


def _moment(at: datetime, today: date) -> str:
    return _clock(at) if at.date() == today else f"{long_date(at.date())}, {_clock(at)}"


def _clock(at: datetime) -> str:
    return format_time(at.time(), "short", locale=here())
