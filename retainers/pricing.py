"""What one entry draws: from the columns of the export, by the terms in force, to hundredths of an hour.

This is domain.md, "Hours of one entry", and nothing else. Which pool and categories an entry has, and into which parts
it is split, was decided when it was classified; which cycle it falls in and what covers it is for `ledger`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import prod
from typing import NamedTuple

from retainers.balance import Draw, Work
from retainers.hours import DRAWN_PLACES, WORKED_PLACES, ZERO, round_half_up, round_up_to, shared_out
from retainers.terms import STANDARD, TRAVEL, Agreement, HoursFrom, Terms

OUTSIDE = "outside the retainer"
NON_BILLABLE = "non-billable"
ONE = Decimal(1)
PRICED_BY = slice(1, Work._fields.index("ref"))  # all of an entry that isn't split but its day and mark

# The column that the terms name, then the ones that stand in for it, nearest first.
COLUMNS: dict[HoursFrom, tuple[HoursFrom, ...]] = {
    "worked": ("worked", "billable", "deducted"),
    "billable": ("billable", "worked", "deducted"),
    "deducted": ("deducted", "billable", "worked"),
}


class _Rate(NamedTuple):
    """What a set of categories means under the terms."""

    multipliers: tuple[str, ...]
    factor: Decimal
    minimum: Decimal


class _Source(NamedTuple):
    """Where an entry's hours come from; `final` where the PSA has rounded and multiplied already."""

    column: HoursFrom
    stands_in: bool
    figure: Decimal
    final: bool


def draw_of(work: Work, terms: Terms) -> Draw:
    """What `work` takes out of its pool under `terms`, not split (domain.md, "Hours of one entry").

    All hours are `Decimal`: `figure` as in the export, `counted` and `hours` at two places. ValueError if the
    entry has no hours in any column.

    >>> from retainers.terms import Multiplier, Pool
    >>> nights = (Multiplier("after_hours", "After hours", Decimal(2)),)
    >>> pools = (Pool("main", "Main", Decimal(8)),)
    >>> terms = Terms(date(2026, 1, 1), pools, increment=Decimal("0.25"), multipliers=nights)
    >>> work = Work(date(2026, 1, 5), worked=Decimal("0.6700"), categories=frozenset({"after_hours"}))
    >>> draw = draw_of(work, terms)
    >>> f"{draw.counted} h × {draw.factor} = {draw.hours} h"
    '0.75 h × 2 = 1.50 h'
    """
    (draw,) = draws_of([work._replace(parts=())], terms)
    return draw


def draws_of(works: Iterable[Work], terms: Terms) -> tuple[Draw, ...]:
    """What each entry of one cycle draws, in the order given: one draw an entry, one a part where it is split.

    Source: domain.md, "Hours of one entry".

    >>> from retainers.balance import Part
    >>> from retainers.terms import Multiplier, Pool
    >>> nights = (Multiplier("night", "Night", Decimal(2)),)
    >>> terms = Terms(date(2026, 1, 1), (Pool("main", "Main", Decimal(8)),), multipliers=nights)
    >>> parts = (Part(1800), Part(5400, categories=frozenset({"night"})))  # 16:30 to 17:00 to 18:30
    >>> [str(draw.hours) for draw in draws_of([Work(date(2026, 1, 6), Decimal(2), parts=parts)], terms)]
    ['0.50', '3.00']
    """
    return next(draws_of_each([works], terms))


def draws_of_each(every: Iterable[Iterable[Work]], terms: Terms) -> Iterator[tuple[Draw, ...]]:
    """The same of several rows of entries: what they have in common is priced once."""
    rates = _Rates(terms)
    for works in every:
        found: list[Draw] = []
        for work in works:
            found += (
                _draws(work, terms, rates, alive=True) if work.parts else (rates.draw_of(work, alive=True),)
            )
        yield tuple(found)


def draws_under(agreement: Agreement, work: Work) -> tuple[Draw, ...]:
    """What `work` draws on its own date, for an entry that may lie in no cycle.

    Source: domain.md, "Hours of one entry". Outside the retainer's life it has that reason and no hours,
    and stands under the nearest terms.

    >>> from retainers.terms import Pool
    >>> start = date(2026, 1, 1)
    >>> terms = Terms(start, (Pool("main", "Main", Decimal(8)),))
    >>> agreement = Agreement("support", "Support", start, (terms,))
    >>> draws_under(agreement, Work(date(2025, 12, 31), Decimal(1)))[0].reason
    'outside the retainer'
    """
    return Prices(agreement).draws_of(work)


class Prices:
    """`draws_under` one agreement for many entries: what a day and a kind of entry mean is worked out once."""

    def __init__(self, agreement: Agreement) -> None:
        self._agreement = agreement
        self._days: dict[date, tuple[Terms, _Rates, bool]] = {}
        self._rates: dict[int, _Rates] = {}

    def draws_of(self, work: Work) -> tuple[Draw, ...]:
        """What `work` draws on its own date; in the retainer's life or not."""
        terms, rates, alive = self._days.get(work.day) or self._look_up(work.day)
        return _draws(work, terms, rates, alive=alive)

    def terms_of(self, day: date) -> tuple[date, bool]:
        """Since when a day's terms hold, and whether it is in the retainer's life: what decides what a kind draws."""
        terms, _rates, alive = self._days.get(day) or self._look_up(day)
        return terms.starts, alive

    def _look_up(self, day: date) -> "tuple[Terms, _Rates, bool]":
        terms = self._agreement.terms_on(day)
        rates = self._rates.setdefault(id(terms), _Rates(terms))
        found = self._days[day] = terms, rates, self._agreement.alive_on(day)
        return found


def hours_counted(draws: Iterable[Draw]) -> Decimal:
    """What is counted of the parts of an entry together, before any multiplier."""
    return sum((draw.counted for draw in draws), ZERO)


def hours_drawn(draws: Iterable[Draw]) -> Decimal:
    """What the parts of an entry draw together."""
    return sum((draw.hours for draw in draws), ZERO)


def reason_against(draws: Sequence[Draw]) -> str | None:
    """Why an entry is not counted, None if any part of it is."""
    return None if any(draw.reason is None for draw in draws) else draws[0].reason


@lru_cache(maxsize=1024)  # many entries have the same few hours
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


def _draws(work: Work, terms: Terms, rates: "_Rates", *, alive: bool) -> tuple[Draw, ...]:
    if not work.parts:
        return (rates.draw_of(work, alive=alive),)
    source = _source(work, terms)
    if source.final:
        return (_whole(work, terms, rates, alive=alive),)
    pieces = _pieces(work)
    reasons = [_reason(piece, terms, alive=alive) for piece in pieces]
    counting = [piece.categories for piece, reason in zip(pieces, reasons, strict=True) if reason is None]
    minimum = rates[frozenset[str]().union(*counting)].minimum
    counted = _counted(work, terms, source, minimum)
    shares = shared_out(counted, [part.seconds for part in work.parts], DRAWN_PLACES)
    return tuple(
        _draw(piece, terms, _source(piece, terms), rates[piece.categories], share, reason)._replace(
            whole=counted
        )
        for piece, share, reason in zip(pieces, shares, reasons, strict=True)
    )


def _whole(work: Work, terms: Terms, rates: "_Rates", *, alive: bool) -> Draw:
    """What an entry draws that isn't split."""
    source, rate = _source(work, terms), rates[work.categories]
    counted = _counted(work, terms, source, rate.minimum)
    return _draw(work, terms, source, rate, counted, _reason(work, terms, alive=alive))


def _pieces(work: Work) -> list[Work]:
    """The parts of an entry as entries of their own, each with its share of every figure."""
    seconds = [part.seconds for part in work.parts]

    def shares(figure: Decimal | None) -> Sequence[Decimal | None]:
        return [None] * len(seconds) if figure is None else shared_out(figure, seconds, WORKED_PLACES)

    figures = zip(shares(work.worked), shares(work.billable), shares(work.deducted), strict=True)
    return [
        work._replace(
            worked=worked,
            billable=billable,
            deducted=deducted,
            pool=part.pool,
            categories=part.categories,
            exclusion=part.exclusion,
            parts=(),
        )
        for part, (worked, billable, deducted) in zip(work.parts, figures, strict=True)
    ]


def _draw(
    work: Work, terms: Terms, source: _Source, rate: _Rate, counted: Decimal, reason: str | None
) -> Draw:
    drawn = round_half_up(source.figure if source.final else counted * rate.factor)
    return Draw(
        work=work,
        pool=terms.pool(work.pool).key,
        reason=reason,
        column=source.column,
        stands_in=source.stands_in,
        figure=source.figure,
        counted=ZERO if reason else counted,
        factor=None if source.final else rate.factor,
        hours=ZERO if reason else drawn,
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
    for column in COLUMNS[wanted]:
        figure: Decimal | None = getattr(work, column)
        if figure is not None:
            final = column == "deducted" or (column, wanted) == ("billable", "deducted")
            return _Source(column, column != wanted, figure, final)
    raise ValueError(f"The entry of {work.day} has no hours: give worked, billable or deducted ones.")


def _counted(work: Work, terms: Terms, source: _Source, minimum: Decimal) -> Decimal:
    """The hours counted ("Hours of one entry" 2 and 3); of final hours those worked."""
    if source.final:
        return round_half_up(source.figure if work.worked is None else work.worked)
    return counted_hours(source.figure, terms.increment, minimum)


class _Rates(dict[frozenset[str], _Rate]):
    """The rate of each set of categories under the terms, looked up once; and what entries alike draw."""

    def __init__(self, terms: Terms) -> None:
        super().__init__()
        self._terms = terms
        self._alike: dict[tuple[object, ...], Draw] = {}

    def __missing__(self, categories: frozenset[str]) -> _Rate:
        rate = self[categories] = _rate_of(categories, self._terms)
        return rate

    def draw_of(self, work: Work, *, alive: bool) -> Draw:
        """The draw of an entry that isn't split: that of another one with the same figures, if there was one."""
        said = work[PRICED_BY], alive
        known = self._alike.get(said)
        if known is None:
            known = self._alike[said] = _whole(work, self._terms, self, alive=alive)
            return known
        own: Decimal = getattr(work, known.column)  # equal, but with the places that this entry has
        return Draw(
            work, known.pool, known.reason, known.column, known.stands_in, own, known.counted, known.factor,
            known.hours, known.multipliers,
        )  # fmt: skip


def _rate_of(categories: frozenset[str], terms: Terms) -> _Rate:
    factors = {it.category: it.factor for it in terms.multipliers if it.category in categories}
    minimums = [hours for category, hours in terms.minimum.items() if category in categories]
    product = terms.stacking == "product"
    return _Rate(
        multipliers=tuple(sorted(factors)),
        factor=prod(factors.values(), start=ONE) if product else max(factors.values(), default=ONE),
        minimum=max(minimums, default=terms.minimum.get(STANDARD, ZERO)),
    )
