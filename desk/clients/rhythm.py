"""The cadence that a client's own history proposes, where the agreement promises another one or none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from presentation.days import WORKDAYS, cadence
from presentation.facts import RetainerFacts
from retainers.models import Publication, Retainer
from retainers.terms import WEEKDAYS, Weekday

PARAMETER = "updates_on"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`words` say what came when; `query` opens the agreement's form with these days ticked."""

    words: str
    query: str


def rhythms(
    retainers: Iterable[Retainer], facts: Iterable[RetainerFacts], today: date, zone: ZoneInfo
) -> Mapping[str, Rhythm]:
    """What is proposed, by the retainer's key; nothing of those that run no more."""
    keys = {row.pk: row.key for row in retainers}
    came = _came(keys, today, zone)
    found = {}
    for each in facts:
        key = each.agreement.key
        days = usual_days(came[key], today)
        if days and set(days) != set(each.agreement.updates_on) and each.agreement.alive_on(today):
            found[key] = _rhythm(days)
    return found


def _came(keys: Mapping[int, str], today: date, zone: ZoneInfo) -> Mapping[str, list[date]]:
    """The days on which an import that still stands was published."""
    since = today - timedelta(weeks=WEEKS + 1)
    rows = Publication.objects.filter(
        retainer__in=keys, kind=Publication.Kind.IMPORT, made_at__date__gte=since, taken_back_by=None
    )
    found: dict[str, list[date]] = defaultdict(list)
    for pk, made_at in rows.order_by().values_list("retainer_id", "made_at"):
        found[keys[pk]].append(made_at.astimezone(zone).date())
    return found


def _rhythm(days: tuple[Weekday, ...]) -> Rhythm:
    said, every = (
        {"weeks": WEEKS, "days": cadence(days)},
        list(days) == WORKDAYS or len(days) == len(WEEKDAYS),
    )
    words = (
        _("In the last %(weeks)s weeks, updates came %(days)s.")
        if every
        else _("In the last %(weeks)s weeks, updates came on %(days)s.")
    )
    return Rhythm(words % said, f"{PARAMETER}={'.'.join(days)}")


def days_in(query: QueryDict) -> tuple[Weekday, ...]:
    """The days that an address proposes; nothing where it names none."""
    named = query.get(PARAMETER, "").split(".")
    return tuple(day for day in WEEKDAYS if day in named)


WEEKS = 8
FEWEST_WEEKS = 4
OFTEN = 75  # per cent of the weeks


def usual_days(updates: Iterable[date], today: date) -> tuple[Weekday, ...]:
    """The weekdays on which updates came in three of four weeks, of the eight weeks that end today; in their order.

    The weeks since the first of these updates are counted, and at least four. Nothing is usual that came less often.

    >>> mondays = [date(2026, 6, 1) - timedelta(weeks=back) for back in range(6)]
    >>> usual_days([*mondays, date(2026, 5, 27)], date(2026, 6, 3))
    ('mon',)
    >>> usual_days(mondays[:2], date(2026, 6, 3))
    ()
    """
    weeks: dict[Weekday, set[int]] = defaultdict(set)
    first = today - timedelta(weeks=WEEKS) + timedelta(days=1)
    names = tuple(WEEKDAYS)
    for day in updates:
        if first <= day <= today:
            weeks[names[day.weekday()]].add((today - day).days // 7)
    oldest = max((week for found in weeks.values() for week in found), default=0)
    wanted = max(oldest + 1, FEWEST_WEEKS) * OFTEN
    return tuple(name for name in names if len(weeks[name]) * 100 >= wanted)
