"""Which of a client's retainers a page shows, in which order, and of which of their cycles it tells the work."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import takewhile

from presentation.accounts import accounts
from presentation.facts import Asked
from retainers.cycles import Cycle
from retainers.hours import ZERO
from retainers.models import Retainer
from retainers.renewals import is_long_over
from retainers.selectors import Standing
from retainers.terms import Agreement


def told_of(
    retainer: Retainer,
    agreement: Agreement,
    cycles: Sequence[Cycle],
    *,
    asked: Asked,
    since: Mapping[int, date],
) -> list[Cycle]:
    """The cycles of which the page tells the work: the shown one, of a block its life, and those of a live incident."""
    known = [cycle for cycle in cycles if cycle.starts.isoformat() == asked.cycle]
    shown = known[0] if known and asked.chooses(agreement) else cycles[-1]
    its_life = [shown]
    if agreement.terms_on(shown.starts).is_block:
        before = reversed([each for each in cycles if each.index <= shown.index])
        its_life = list(takewhile(lambda each: agreement.terms_on(each.starts).is_block, before))
    first = since.get(retainer.pk, date.max)
    return [*its_life, *(cycle for cycle in cycles if cycle.ends >= first)]


def chosen(found: list[Standing], today: date, asked: Asked) -> list[Standing]:
    """The retainers of today, what needs attention first, and the one that was asked for by name.

    What is over or to come lends no hours to today: it is shown where nothing else is, or where it is named.
    An earlier cycle that none of today's retainers has is looked for in all.
    """
    shown = _of_today(found, today)
    if asked.retainer:
        shown += [each for each in found if each.agreement.key == asked.retainer and each not in shown]
    elif asked.cycle and not any(_has(each, asked.cycle) for each in shown):
        shown = found
    return sorted(shown, key=_attention)


def _of_today(found: list[Standing], today: date) -> list[Standing]:
    """The retainers that a client has now, or ended lately; those to come only where none of them runs."""
    now = [each for each in found if each.cycles and not is_long_over(each.agreement.ends, today)]
    if any(each.current and not each.current.closed for each in now):
        return now
    return [*now, *(each for each in found if not each.cycles)] or found[-1:]


def _has(standing: Standing, starts: str) -> bool:
    return any(cycle.starts.isoformat() == starts for cycle in standing.cycles)


def _attention(standing: Standing) -> tuple[int, Decimal, str]:
    """What runs stands first, the smallest share left leading; then what is to come, then what has ended."""
    cycle = standing.current
    if cycle is None or cycle.closed:
        return (1 if cycle is None else 2, ZERO, standing.agreement.key)
    return (0, min(each.share for each in accounts(standing.cycles, cycle)), standing.agreement.key)
