"""What nothing in a file proves, as a choice on its page: each answer with a few rows as it would read them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imports.reading.code_pages import NAMES
from imports.reading.rows import ReadingOption

Words = str | Promise
MOST_READINGS = 4
_ASKS: dict[str, Words] = {
    "encoding": _("Which of these reads right?"),
    "date_order": _("Which days are meant?"),
    "clock": _("Which clock do the times use?"),
}
_ANSWERS: dict[str, Words] = {
    "mdy": _("month/day/year"),
    "dmy": _("day/month/year"),
    "ymd": _("year-month-day"),
    "12": _("12 hours, without AM and PM"),
    "24": _("24 hours"),
}


@dataclass(frozen=True, slots=True)
class WayOfReading:
    """One answer, and the rows as it reads them."""

    value: str
    name: Words
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """`option` is the form's field."""

    option: str
    asks: Words
    readings: tuple[WayOfReading, ...]


def choice_of(choice: ReadingOption | None) -> ReadingChoice | None:
    if choice is None:
        return None
    readings = (
        WayOfReading(
            value, NAMES.get(value) or _ANSWERS.get(value, value), tuple(" · ".join(row) for row in rows)
        )
        for value, rows in choice.readings[:MOST_READINGS]
    )
    return ReadingChoice(choice.option, _ASKS[choice.option], tuple(readings))
