"""What one entry draws: from the columns of the export, by the terms in force, to hundredths of an hour.

This is domain.md, "Hours of one entry", and nothing else. Which pool and categories an entry has was
decided when it was classified; which cycle it falls in and what covers it is the business of `ledger`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from retainers.balance import Draw, Work
from retainers.hours import ZERO, round_half_up, round_up_to
from retainers.terms import STANDARD, TRAVEL, Agreement, HoursFrom, Terms

OUTSIDE = "outside the retainer"
NON_BILLABLE = "non-billable"
ONE = Decimal(1)

# The column that the terms name, then the ones that stand in for it, nearest first.
COLUMNS: dict[HoursFrom, tuple[HoursFrom, ...]] = {
    "worked": ("worked", "billable", "deducted"),
    "billable": ("billable", "worked", "deducted"),
    "deducted": ("deducted", "billable", "worked"),
}


@dataclass(frozen=True, slots=True)
class _Rate:
    """What a set of categories means under the terms."""

    multipliers: tuple[str, ...]
    factor: Decimal
    minimum: Decimal


@dataclass(frozen=True, slots=True)
class _Source:
    """Where an entry's hours come from; `final` where the PSA has rounded and multiplied already."""

    column: HoursFrom
    stands_in: bool
    figure: Decimal
    final: bool


def draw_of(work: Work, terms: Terms, *, alive: bool = True) -> Draw:
    """What `work` takes out of its pool under `terms` (domain.md, "Hours of one entry").

    `alive`: whether the work date lies in the retainer's life. All hours are `Decimal`: `figure` as in
    the export, `counted` and `hours` at two places. ValueError if the entry has no hours in any column.

    >>> from datetime import date
    >>> from retainers.terms import Multiplier, Pool
    >>> nights = (Multiplier("after_hours", "After hours", Decimal(2)),)
    >>> pools = (Pool("main", "Main", Decimal(8)),)
    >>> terms = Terms(date(2026, 1, 1), pools, increment=Decimal("0.25"), multipliers=nights)
    >>> work = Work(date(2026, 1, 5), worked=Decimal("0.6700"), categories=frozenset({"after_hours"}))
    >>> draw = draw_of(work, terms)
    >>> f"{draw.counted} h × {draw.factor} = {draw.hours} h"
    '0.75 h × 2 = 1.50 h'
    """
    return _draw(work, terms, _rate_of(work.categories, terms), alive=alive)


def draws_of(works: Iterable[Work], terms: Terms) -> tuple[Draw, ...]:
    """`draw_of` each entry of one cycle, in the order given; looks each set of categories up once.

    >>> from datetime import date
    >>> from retainers.terms import Pool
    >>> terms = Terms(date(2026, 1, 1), (Pool("main", "Main", Decimal(8)),))
    >>> [str(draw.hours) for draw in draws_of([Work(date(2026, 1, 5), Decimal("0.3333"))], terms)]
    ['0.33']
    """
    rates: dict[frozenset[str], _Rate] = {}
    draws = []
    for work in works:
        rate = rates.get(work.categories)
        if rate is None:
            rate = rates[work.categories] = _rate_of(work.categories, terms)
        draws.append(_draw(work, terms, rate, alive=True))
    return tuple(draws)


def draw_under(agreement: Agreement, work: Work) -> Draw:
    """What `work` draws on its own date, for an entry that may lie in no cycle.

    Source: domain.md, "Hours of one entry". Outside the retainer's life it has that reason and no hours,
    and stands under the nearest terms.

    >>> from datetime import date
    >>> from retainers.terms import Pool
    >>> start = date(2026, 1, 1)
    >>> terms = Terms(start, (Pool("main", "Main", Decimal(8)),))
    >>> agreement = Agreement("support", "Support", start, (terms,))
    >>> draw_under(agreement, Work(date(2025, 12, 31), Decimal(1))).reason
    'outside the retainer'
    """
    return draw_of(work, agreement.terms_on(work.day), alive=agreement.alive_on(work.day))


def counted_hours(figure: Decimal, increment: Decimal | None, minimum: Decimal) -> Decimal:
    """`figure` rounded up, at least the minimum, at two places (domain.md, "Hours of one entry" 3).

    Zero stays zero; a negative figure is the mirror of the positive one.

    >>> counted_hours(Decimal("-0.3333"), Decimal("0.25"), Decimal(0))
    Decimal('-0.50')
    """
    if not figure:
        return ZERO
    hours = abs(figure)
    if increment:
        hours = round_up_to(hours, increment)
    return round_half_up(max(hours, minimum).copy_sign(figure))


def _draw(work: Work, terms: Terms, rate: _Rate, *, alive: bool) -> Draw:
    reason = _reason(work, terms, alive=alive)
    source = _source(work, terms)
    counted, hours = (ZERO, ZERO) if reason else _amounts(work, terms, rate, source)
    return Draw(
        work=work,
        pool=terms.pool(work.pool).key,
        reason=reason,
        column=source.column,
        stands_in=source.stands_in,
        figure=source.figure,
        counted=counted,
        factor=None if source.final else rate.factor,
        hours=hours,
        multipliers=rate.multipliers,
    )


def _reason(work: Work, terms: Terms, *, alive: bool) -> str | None:
    """Why the entry is not counted: the first reason that applies, None if it counts."""
    if not alive:
        return OUTSIDE
    if not work.is_billable and terms.non_billable == "exclude":
        return NON_BILLABLE
    if TRAVEL in work.categories and terms.travel == "exclude":
        return TRAVEL
    return work.exclusion


def _source(work: Work, terms: Terms) -> _Source:
    """The column that the entry's hours are read from ("Hours of one entry" 2)."""
    counts_anyway = not work.is_billable and terms.non_billable == "count"
    wanted: HoursFrom = "worked" if counts_anyway else terms.hours_from
    figures = {"worked": work.worked, "billable": work.billable, "deducted": work.deducted}
    for column in COLUMNS[wanted]:
        figure = figures[column]
        if figure is not None:
            final = column == "deducted" or (column, wanted) == ("billable", "deducted")
            return _Source(column, column != wanted, figure, final)
    raise ValueError(f"The entry of {work.day} has no hours: give worked, billable or deducted ones.")


def _amounts(work: Work, terms: Terms, rate: _Rate, source: _Source) -> tuple[Decimal, Decimal]:
    """The hours counted and the hours drawn ("Hours of one entry" 2 to 4)."""
    if source.final:
        drawn = round_half_up(source.figure)
        return drawn if work.worked is None else round_half_up(work.worked), drawn
    counted = counted_hours(source.figure, terms.increment, rate.minimum)
    return counted, round_half_up(counted * rate.factor)


def _rate_of(categories: frozenset[str], terms: Terms) -> _Rate:
    factors = {it.category: it.factor for it in terms.multipliers if it.category in categories}
    minimums = [hours for category, hours in terms.minimum.items() if category in categories]
    product = terms.stacking == "product"
    return _Rate(
        multipliers=tuple(sorted(factors)),
        factor=prod(factors.values(), start=ONE) if product else max(factors.values(), default=ONE),
        minimum=max(minimums, default=terms.minimum.get(STANDARD, ZERO)),
    )
