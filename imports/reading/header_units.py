"""The unit that a column's header says its hours are in."""

import re

from imports.reading.formats.table import Unit

_HEADER_WORDS = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])")


_UNIT_WORDS = {
    Unit.QUARTERS: {
        "quarter", "quarters", "viertelstunde", "viertelstunden", "quart", "quarts", "cuarto", "cuartos", "kwartier",
        "kwartieren",
    },
    Unit.MILLISECONDS: {"ms", "millis", "milliseconds", "millisekunden"},
    Unit.MINUTES: {"min", "mins", "minute", "minutes", "minuten", "minutos", "minuut"},
    Unit.SECONDS: {"sec", "secs", "second", "seconds", "sekunden", "secondes", "segundos", "seconden"},
    Unit.HOURS: {
        "h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "decimal", "heure", "heures", "hora",
        "horas", "uur", "uren", "gesamtstunden", "arbeitsstunden",
    },
    Unit.DAYS: {"days", "tage", "jours", "días", "dagen", "manntage", "personentage"},
}  # fmt: skip


def stated_unit(header: str) -> Unit | None:
    """The unit that a header names.

    >>> stated_unit("Time Taken (mins)"), stated_unit("hours_actual"), stated_unit("Duration")
    (<Unit.MINUTES: 'minutes'>, <Unit.HOURS: 'hours'>, None)
    >>> stated_unit("Quarter hours")
    <Unit.QUARTERS: 'quarter hours'>
    """
    words = {word.lower() for word in _HEADER_WORDS.findall(header[:200])}
    for unit, names in _UNIT_WORDS.items():
        if words & names:
            return unit
    return None
