"""The work log of a statement: the lines of its document by day, oldest first, with what each counted for.

Made from the document alone: the words, the names and the factors are those of the day on which it was issued.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from portal.log import Total
from portal.log_days import Day, Line, Told, by_incident, so_far, so_far_words
from portal.log_kinds import Kind, KindLine, kinds_of
from presentation.days import dated, long_date, short_date, weekday
from presentation.explanations import Phrases
from presentation.phrases import column, h, lower_first, times
from retainers.hours import ZERO

ONE = Decimal(1)
StatedLine = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StatedLog:
    """`name` says which statement's it is where there are two; `kinds` are empty where nothing was multiplied."""

    part: str
    name: str
    days: tuple[Day, ...]
    totals: tuple[Total, ...]
    kinds: tuple[Kind, ...]
    note: str


def stated_log(document: Mapping[str, Any], part: str, name: str) -> StatedLog:
    """The log of a whole document that may leave the house."""
    lines = sorted(document["log"], key=lambda line: line["date"])
    pools = document["pools"] if len(document["pools"]) > 1 else {}
    return StatedLog(
        part=part,
        name=name,
        days=tuple(_days(lines, pools)),
        totals=tuple(_totals(lines, pools)),
        kinds=kinds_of(_kind_line(line) for line in lines),
        note=_note(lines, Decimal(document["cycle"]["total"]["used"])),
    )


def covered_words(through: str | None) -> str:
    """How far the work was in, of a cycle whose last days weren't."""
    if not through:
        return _("None of its work had been recorded yet.")
    day = dated(date.fromisoformat(through))
    return _("It covers work through %(day)s; the last days weren’t in yet.") % {"day": day}


def _days(lines: Sequence[StatedLine], pools: Mapping[str, str]) -> list[Day]:
    """The lines of one ticket on one day stand as one, as on the balance page. Statements of before the marks were
    written down have each line by itself."""
    phrases, found = Phrases.here(), []
    taken = so_far((line.get("incident", ""), _hours(line, "hours")) for line in lines)
    told = zip(lines, taken, strict=True)
    for text, group in groupby(told, key=lambda each: each[0]["date"]):
        own, day = tuple(group), date.fromisoformat(text)
        shown = by_incident((_told(line, sum_, pools, phrases) for line, sum_ in own), is_open=False)
        words = _("On %(day)s") % {"day": long_date(day)} if len(shown) > 1 else ""
        total = column(_sum([line for line, _sum_ in own], "hours")) if words else ""
        found.append(Day(short_date(day), weekday(day), shown, words, total))
    return found


def _told(line: StatedLine, taken: Decimal | None, pools: Mapping[str, str], phrases: Phrases) -> Told:
    hours = _hours(line, "hours")
    said = Line(
        line["description"],
        _why(line, phrases),
        pools.get(line["pool"], ""),
        column(hours),
        so_far=so_far_words(taken),
    )
    marks = line.get("incident", ""), line.get("person", ""), line.get("entry", 0)
    return Told(said, hours, taken, *marks)


def _why(line: StatedLine, phrases: Phrases) -> str:
    """From the worked to the taken hours, as the balance page explains a line."""
    steps = _as_it_was(line, phrases) if line["factor"] is None else _counted(line, phrases)
    return phrases.correction % {"steps": steps} if _hours(line, "hours") < 0 else steps


def _as_it_was(line: StatedLine, phrases: Phrases) -> str:
    """Nothing was rounded or multiplied here: the export says what was taken."""
    counted, hours = _hours(line, "counted"), _hours(line, "hours")
    words = {"worked": h(counted), "taken": h(hours), "names": _names(line)}
    if words["names"]:
        return phrases.taken_under % words
    return (phrases.worked if counted == hours else phrases.taken) % words


def _counted(line: StatedLine, phrases: Phrases) -> str:
    worked, counted = _hours(line, "worked"), _hours(line, "counted")
    if worked != counted:
        start = _("%(worked)s worked, %(counted)s counted") % {"worked": h(worked), "counted": h(counted)}
    else:
        start = h(worked)
    if Decimal(line["factor"]) == ONE:
        return start if worked != counted else phrases.worked % {"worked": start}
    comma = "," if worked != counted else ""
    return f"{start}{comma} {_multiplied(line)} = {h(_hours(line, 'hours'))}"


def _multiplied(line: StatedLine) -> str:
    return f"{times(Decimal(line['factor']))} {_names(line)}".strip()


def _names(line: StatedLine) -> str:
    return ", ".join(lower_first(name) for name in line["multipliers"])


def _totals(lines: Sequence[StatedLine], pools: Mapping[str, str]) -> list[Total]:
    parts = {key: [line for line in lines if line["pool"] == key] for key in pools}
    found = [Total(pools[key], column(_sum(own, "hours")), is_sum=False) for key, own in parts.items() if own]
    whole = Total(_("Hours used"), column(_sum(lines, "hours")), is_sum=True)
    return [*(found if len(found) > 1 else ()), whole]


def _kind_line(line: StatedLine) -> KindLine:
    factor = None if line["factor"] is None else Decimal(line["factor"])
    worked, counted, taken = (_hours(line, name) for name in ("worked", "counted", "hours"))
    return KindLine(tuple(line["multipliers"]), factor, worked, counted, taken)


def _note(lines: Sequence[StatedLine], used: Decimal) -> str:
    """A statement of before the log was kept may have been counted by older rules: then both figures are said."""
    total = _sum(lines, "hours")
    if total == used:
        return ""
    return _(
        "This statement is older than its log: the lines were added later and come to %(total)s, "
        "while the statement says %(used)s."
    ) % {"total": h(total), "used": h(used)}


def _sum(lines: Sequence[StatedLine], name: str) -> Decimal:
    return sum((_hours(line, name) for line in lines), ZERO)


def _hours(line: StatedLine, name: str) -> Decimal:
    return Decimal(line[name])
