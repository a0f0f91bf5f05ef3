"""How fresh a number is: how long ago its last day was, and what the last update did to its lines."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from presentation.coverage import day_words
from retainers.terms import WEEKDAYS, Weekday

if TYPE_CHECKING:  # takes long to load, and the dashboard's words need none of it
    from presentation.facts import RetainerFacts, Since

OLD_WITHOUT_CADENCE = 35  # days
IN_WEEKS = 14  # days from which an age is told in weeks, then in months
IN_MONTHS = 60


def age_words(facts: "RetainerFacts", today: date) -> str:
    """`5 weeks ago` where the promised update has not come, or nothing was promised and much time has passed."""
    if facts.through is None:
        return ""
    days = (today - facts.through).days
    if days < 1 or not (facts.late or (not facts.agreement.updates_on and days >= OLD_WITHOUT_CADENCE)):
        return ""
    return ago(days)


def ago(days: int) -> str:
    """An age in its largest whole unit."""
    if days < IN_WEEKS:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    if days < IN_MONTHS:
        return ngettext("%(count)s week ago", "%(count)s weeks ago", days // 7) % {"count": days // 7}
    return ngettext("%(count)s month ago", "%(count)s months ago", days // 30) % {"count": days // 30}


def updates_missed(facts: "RetainerFacts", today: date) -> int:
    """The promised days since the last update that have passed; 0 while the next one is not late."""
    if facts.next_update is None or not facts.late:
        return 0
    return updates_between(facts.agreement.updates_on, facts.next_update - timedelta(days=1), today)


def updates_between(updates_on: Sequence[Weekday], after: date, today: date) -> int:
    """How many promised weekdays lie after the one day and before the other.

    >>> updates_between(("mon", "thu"), date(2026, 11, 8), date(2026, 11, 17))
    3
    """
    days = (after + timedelta(days=n) for n in range(1, (today - after).days))
    return sum(WEEKDAYS[day.weekday()] in updates_on for day in days)


def of_since(since: "Since | None", today: date) -> Iterator[str]:
    """Since Mon 9 November: 2 lines changed, 1 new."""
    if since is None:
        return
    yield _("Since %(day)s: %(changes)s.") % {
        "day": day_words(since.on, today),
        "changes": ", ".join(_parts(since)),
    }


def _parts(since: "Since") -> Iterator[str]:
    if since.changed:
        yield ngettext("%(count)d line changed", "%(count)d lines changed", since.changed) % {
            "count": since.changed
        }
    if since.new:
        yield ngettext("%(count)d new line", "%(count)d new lines", since.new) % {"count": since.new}
    if since.gone:
        yield ngettext("%(count)d line taken back", "%(count)d lines taken back", since.gone) % {
            "count": since.gone
        }
