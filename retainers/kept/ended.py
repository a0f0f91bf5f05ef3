"""Closed cycles as a month's end lists them, a line of text each, so that one month's are found without reading any
other. Pure.

They follow from the lines of `document`, the agreement and what was bought, and are kept beside them; cycles that were
worked out give the same values (`ended_of`).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from retainers.balance import CycleBalance, Figures
from retainers.coverage import Coverage, pools_of
from retainers.cycles import Cycle
from retainers.hiding import hidden_pools
from retainers.hours import ZERO
from retainers.kept.document import (
    Cells,
    Line,
    accounts_in,
    cells_of,
    compact,
    granted_lines,
    grants_of,
    hours_of,
)
from retainers.terms import Agreement, Overage, Terms, TopUp

LITTLE = Decimal("0.5")  # of the hours of a cycle
IN_A_ROW = 3  # cycles: one quiet month is none
ALLOCATED, USED, OVER = (Figures._fields.index(name) for name in ("allocated", "used", "overage"))


class Ended(NamedTuple):
    """A cycle. `bought`: the top-ups dated in it; `hidden`: the pools hidden from the client, with use and overage."""

    ends: date
    starts: date
    granted: Decimal
    used: Decimal
    over: Decimal
    amount: Decimal
    approved: Decimal
    fee: Decimal | None
    currency: str
    kind: Overage
    rate: Decimal | None
    uses_little: bool
    bought: tuple[TopUp, ...]
    hidden: tuple[tuple[str, Decimal, Decimal], ...]


def uses_little(used_and_granted: Sequence[tuple[Decimal, Decimal]]) -> bool:
    """Less than half of what the last cycle grants was drawn, and of each of the two before it."""
    last = used_and_granted[-IN_A_ROW:]
    return len(last) == IN_A_ROW and all(used < granted * LITTLE for used, granted in last)


def ended_of(
    agreement: Agreement, cycles: Sequence[CycleBalance], at: int, top_ups: Iterable[TopUp]
) -> Ended:
    """The cycle at that place of those that were worked out."""
    cycle = cycles[at]
    terms, hidden = cycle.terms, hidden_pools(agreement, cycle.starts)
    before = cycles[max(at + 1 - IN_A_ROW, 0) : at + 1]
    return Ended(
        ends=cycle.ends,
        starts=cycle.starts,
        granted=cycle.total.allocated,
        used=cycle.total.used,
        over=cycle.total.overage,
        amount=cycle.overage_amount,
        approved=cycle.approved,
        fee=terms.fee,
        currency=terms.currency,
        kind=terms.overage,
        rate=terms.overage_rate,
        uses_little=uses_little([(each.total.used, each.total.allocated) for each in before]),
        bought=tuple(each for each in top_ups if cycle.starts <= each.date <= cycle.ends),
        hidden=tuple(
            (pool.name, pool.account.used, pool.account.overage)
            for pool in cycle.pools
            if pool.key in hidden and pool.account is not None
        ),
    )


def text_of(
    agreement: Agreement,
    through: date | None,
    lines: Sequence[Line],
    days: Sequence[Cycle | CycleBalance],
    top_ups: Sequence[TopUp],
    known: Sequence[str] = (),
) -> str:
    """The agreement's name and the day covered through, then a line for each closed cycle, the oldest first.

    `lines` are those of `document`, `days` their cycles, `known` the first lines of this text, where they still hold.
    """
    head = compact([agreement.name, through.isoformat() if through else None])
    first = max(len(known) + 1 - IN_A_ROW, 0)
    said = list(map(cells_of, lines[first:]))
    totals = list(map(_total, said))
    agreed = _agreed_in(agreement)
    rest = [
        _line(
            agreed[agreement.terms_on(days[at].starts).starts],
            said[at - first],
            totals[max(at + 1 - first - IN_A_ROW, 0) : at + 1 - first],
            days[at],
            top_ups,
        )
        for at in range(len(known), len(lines))
    ]
    return "\n".join([head, *known, *rest])


def _agreed_in(agreement: Agreement) -> dict[date, tuple[Terms, frozenset[str]]]:
    """The terms, with the pools hidden from the client in their cycles, by their first day."""
    starts = {terms.starts for terms in agreement.terms}
    return {day: (agreement.terms_on(day), hidden_pools(agreement, day)) for day in starts}


def _line(
    agreed: tuple[Terms, frozenset[str]],
    cells: Cells,
    totals: Sequence[tuple[Decimal, Decimal, Decimal]],
    cycle: Cycle | CycleBalance,
    top_ups: Sequence[TopUp],
) -> str:
    """`totals`: those of the cycles up to this one, as many as count in a row."""
    terms, hidden = agreed
    granted, used, over = totals[-1]
    _starts, _total_cells, pools, _uses, approved, amount, *_rest = cells
    bought = [each for each in top_ups if cycle.starts <= each.date <= cycle.ends]
    said = [
        *(cycle.ends, cycle.starts, granted, used, over, amount, approved),
        *(terms.fee, terms.currency, terms.overage, terms.overage_rate),
        uses_little([(its_used, its_granted) for its_granted, its_used, _ in totals]),
        (granted_lines(bought, (), ()) or [[]])[0],
        [
            [terms.pool(key).name, account[USED], account[OVER]]
            for key, _granted, _used, _left, account in pools
            if key in hidden and account
        ],
    ]
    return compact(said)


def _total(cells: Cells) -> tuple[Decimal, Decimal, Decimal]:
    """Hours granted, used, and past the cap, of the whole cycle."""
    accounts = accounts_in(cells)
    granted, used, over = (
        sum([hours_of(account[place]) for account in accounts], ZERO) for place in (ALLOCATED, USED, OVER)
    )
    return granted, used, over


def lines_in(text: str) -> list[str]:
    return text.split("\n")[1:]


def ended_in(text: str, month: date) -> tuple[str, date | None, list[Ended]]:
    """The agreement's name, the day covered through, and the closed cycles that ended in that month."""
    name, through = _head(text.partition("\n")[0])
    found = [_ended(json.loads(line)) for line in _lines_that(text, f'\n["{month.isoformat()[:8]}')]
    return name, through, found


def are_over(text: str, on: date) -> bool:
    """Whether all of these cycles have ended by that day: kept under another time zone, the newest may run still."""
    _before, newline, newest = text.rpartition("\n")
    return not newline or newest < f'["{on.isoformat()}'


@lru_cache(maxsize=1_000)
def _head(line: str) -> tuple[str, date | None]:
    """Agreements of the same name that are covered through the same day begin alike."""
    name, through = json.loads(line)
    return name, date.fromisoformat(through) if through else None


def _lines_that(text: str, begin: str) -> Iterator[str]:
    at = text.find(begin)
    while at >= 0:
        yield text[at + 1 :].partition("\n")[0]
        at = text.find(begin, at + 1)


def _ended(line: Cells) -> Ended:
    ends, starts, granted, used, over, amount, approved, fee, currency, kind, rate, little, bought, hidden = (
        line
    )
    return Ended(
        date.fromisoformat(ends),
        date.fromisoformat(starts),
        Decimal(granted),
        Decimal(used),
        Decimal(over),
        Decimal(amount),
        Decimal(approved),
        None if fee is None else Decimal(fee),
        currency,
        kind,
        None if rate is None else Decimal(rate),
        little,
        tuple(grants_of([bought, []])[0]) if bought else (),
        tuple((name, Decimal(its_used), Decimal(its_over)) for name, its_used, its_over in hidden),
    )


def throughs(
    agreement: Agreement, covered: Coverage, first: date, last: date | None
) -> Iterator[date | None]:
    """The days covered through that are told from the first to the last day: others once the pools are others."""
    for day in (first, *(terms.starts for terms in agreement.terms)):
        if first <= day and (last is None or day <= last):
            yield covered.through(pools_of(agreement, day))
