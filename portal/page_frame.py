"""What stands around the agreements on a client's page: what it was asked, until when it opens, where it leads."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from portal.ics import days_of
from presentation.days import dated
from presentation.facts import Asked, RetainerFacts

ANNOUNCED = timedelta(days=30)  # before a link's last day


class Ways(TypedDict, total=False):
    """Where the page may lead: how links are protected, the dates as a calendar, how a phone keeps the page, mails."""

    protection_href: str
    calendar_href: str
    manifest_href: str
    tell_me_href: str


def open_ways(ways: Ways, chosen: Sequence[RetainerFacts], today: date) -> dict[str, Any]:
    """Where the page leads: to no calendar without a day in it, to no mails where nothing runs."""
    has_days = any(any(days_of(each, today)) for each in chosen)
    runs = any(_is_running(each) for each in chosen)
    return {
        "protection_href": ways.get("protection_href", ""),
        "calendar_href": ways.get("calendar_href", "") if has_days else "",
        "manifest_href": ways.get("manifest_href", ""),
        "tell_me_href": ways.get("tell_me_href", "") if runs else "",
    }


def _is_running(facts: RetainerFacts) -> bool:
    return facts.shown is not None and facts.is_current and not facts.shown.closed


def calendar_words(shown: Sequence[RetainerFacts]) -> str:
    """What the calendar holds: a prepaid block has no resets."""
    if shown and all(facts.is_block for facts in shown):
        return _("Update days and ends of hours as a calendar (.ics)")
    return _("Resets and update days as a calendar (.ics)")


def said_of_the_page(asked: Asked, earlier: str, closes_on: date | None, today: date) -> dict[str, Any]:
    """What its window is called, until when it opens, and which day it is of. `earlier`: the cycle looked back on."""
    return {
        "title": _title(_answers(asked), earlier),
        "closes": _closes(closes_on, today),
        "read_words": _("As of %(day)s") % {"day": dated(today)},
    }


def _title(answers: str, earlier: str) -> str:
    """`Before you call · Support hours, 1 – 30 September 2026`"""
    named = ", ".join(filter(None, (_("Support hours"), earlier)))
    return " · ".join(filter(None, (answers, named)))


def _answers(asked: Asked) -> str:
    """What the page was asked, for its title: without words or figures, which a title tells to whoever looks on."""
    if asked.hours or asked.people or asked.kinds or asked.from_pool:
        return _("Before you call")
    return _("Find in the work log") if asked.find else ""


def _closes(on: date | None, today: date) -> str:
    """The link's last day, announced a month before."""
    if on is None or on - today > ANNOUNCED:
        return ""
    words = _("This link opens until %(day)s. Keep what you need, or ask us for another one.")
    return words % {"day": dated(on)}
