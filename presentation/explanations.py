"""Why an entry counts what it counts, in one line that can be checked with pen and paper.

The arithmetic itself is the ledger's; this repeats its steps (domain.md, "Hours of one entry") in words:
worked, rounded or raised to a minimum, multiplied.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.utils.translation import gettext as _

from presentation.phrases import agreed, h, here, lower_first, times
from retainers.balance import Draw
from retainers.hours import round_half_up, round_up_to
from retainers.terms import Multiplier, Terms

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of an explanation in the reader's language, looked up once for a whole log."""

    correction: str
    worked: str
    taken: str
    taken_under: str
    taken_as: str
    rounded: str
    minimum: str
    worked_minimum: str
    part: str
    language: str

    @classmethod
    def here(cls) -> Self:
        return cls(
            correction=_("Correction: %(steps)s"),
            worked=_("%(worked)s worked"),
            taken=_("%(worked)s worked, %(taken)s taken"),
            taken_under=_("%(worked)s worked, %(names)s: %(taken)s taken"),
            taken_as=_("%(worked)s worked, taken as %(figure)s"),
            rounded=_("%(start)s rounded up to %(counted)s"),
            minimum=_("%(start)s, minimum %(counted)s"),
            worked_minimum=_("%(start)s worked, minimum %(counted)s"),
            part=_("%(part)s of %(whole)s"),
            language=here(),
        )

    def h(self, value: Decimal) -> str:
        """Hours with their unit."""
        return h(value, self.language)


def explain(draw: Draw, terms: Terms, phrases: Phrases) -> str:
    """The steps from worked to counted hours.

    `1.0 h × 2 after hours = 2.0 h`, `0.67 h rounded up to 0.75 h`, `0.2 h worked, minimum 0.25 h`,
    `1.0 h worked, after hours: 2.0 h taken`; of a part `0.5 h of 2.0 h, × 2 after hours = 1.0 h`.
    """
    text = (_taken_as_it_is if draw.factor is None else _counted)(draw, terms, phrases)
    return phrases.correction % {"steps": text} if draw.hours < 0 else text


def _borne(draw: Draw, terms: Terms) -> list[Multiplier]:
    """The multipliers that the entry bears, in the agreement's order."""
    if not draw.multipliers:
        return []
    return [each for each in terms.multipliers if each.category in draw.multipliers]


def _taken_as_it_is(draw: Draw, terms: Terms, phrases: Phrases) -> str:
    """Rounding and multipliers were applied before the export: what was worked, and what was taken."""
    names = ", ".join(lower_first(each.name) for each in _borne(draw, terms))
    words = {"worked": phrases.h(draw.counted), "taken": phrases.h(draw.hours), "names": names}
    if names:
        return phrases.taken_under % words
    return (phrases.worked if draw.counted == draw.hours else phrases.taken) % words


def _counted(draw: Draw, terms: Terms, phrases: Phrases) -> str:
    if draw.whole is None:
        start = _figure(draw, phrases)
        text = _rounded(start, draw, terms, phrases)
    else:
        start, text = "", phrases.part % {"part": phrases.h(draw.counted), "whole": phrases.h(draw.whole)}
    multiplied = _multiplied(draw, terms)
    if multiplied:
        comma = "," if text != start else ""
        return f"{text}{comma} {multiplied} = {phrases.h(draw.hours)}"
    if text == start and _is_worked(draw):
        return phrases.worked % {"worked": start}
    return text


def _is_worked(draw: Draw) -> bool:
    worked, figure = draw.work.worked, draw.figure
    return worked is not None and (worked == figure or round_half_up(worked) == round_half_up(figure))


def _figure(draw: Draw, phrases: Phrases) -> str:
    """The hours that the counting starts from; where they are not the worked ones, both."""
    if draw.work.worked is None or _is_worked(draw):
        return phrases.h(draw.figure)
    return phrases.taken_as % {"worked": phrases.h(draw.work.worked), "figure": phrases.h(draw.figure)}


def _rounded(start: str, draw: Draw, terms: Terms, phrases: Phrases) -> str:
    """The start and the step from it to the counted hours, if there is one."""
    figure, counted = abs(draw.figure), abs(draw.counted)
    if counted in (figure, round_half_up(figure)):
        return start
    raised = round_up_to(figure, terms.increment) if terms.increment else figure
    if counted == round_half_up(raised):
        return phrases.rounded % {"start": start, "counted": phrases.h(counted)}
    phrase = phrases.worked_minimum if _is_worked(draw) else phrases.minimum
    return phrase % {"start": start, "counted": f"{agreed(counted)} h"}


def _multiplied(draw: Draw, terms: Terms) -> str:
    """The factor with the names behind it: `× 2 after hours`; a product names every one."""
    factor = draw.factor
    if factor is None or factor == ONE:
        return ""
    borne = [each for each in _borne(draw, terms) if each.factor != ONE]
    if terms.stacking == "highest":
        borne = [each for each in borne if each.factor == factor][:1]
    steps = [f"{times(each.factor)} {lower_first(each.name)}" for each in borne]
    return " ".join(steps) or times(factor)
