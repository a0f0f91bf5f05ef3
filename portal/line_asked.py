"""The line of the log that a question is about: named in the address by its day and place, told in the form's words.

Nothing but that stands in the address, and the words are those that the page shows: a line that there is not begins
an empty form.
"""

import re
from datetime import date

from django.utils.translation import gettext as _

from portal.access import Visit
from portal.answering import by_link
from portal.log_days import Placed, placed
from presentation.days import dated
from presentation.facts import Asked, RetainerFacts
from presentation.phrases import h

LINE = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,5})")


def words_about(visit: Visit, key: str, line: str) -> str:
    """What the form begins with, "" where there is no such line."""
    found = LINE.fullmatch(line)
    day = _day(found[1]) if found else None
    if found is None or day is None:
        return ""
    now = _facts(visit, Asked(retainer=key), key)
    facts = _facts(visit, _shows(now, day), key) if now else None
    lines = placed(facts.log) if facts else ()
    return next((_words(each) for each in lines if (each.day, each.place) == (day, int(found[2]))), "")


def _facts(visit: Visit, asked: Asked, key: str) -> RetainerFacts | None:
    return next((each for each in by_link(visit).facts(asked) if each.agreement.key == key), None)


def _shows(now: RetainerFacts, day: date) -> Asked:
    """The page that shows that day's lines: its cycle's, or of a prepaid block its year's where it is long."""
    key = now.agreement.key
    if now.is_block:
        return Asked(retainer=key, year=str(day.year) if day.year in now.years else "")
    starts = (each.starts.isoformat() for each in now.cycles if each.starts <= day <= each.ends)
    return Asked(retainer=key, cycle=next(starts, ""))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _words(line: Placed) -> str:
    entry = line.entry
    said = {"day": dated(line.day), "words": entry.description, "hours": h(entry.draw.hours)}
    return _("About %(day)s, “%(words)s”, %(hours)s: ") % said
