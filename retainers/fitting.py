"""The most work that still fits: how many hours of one kind of work can be done before an account is empty.

Pure, and nothing but `pricing` the other way round: what is said to fit here is drawn there.
"""

from collections.abc import Set as AbstractSet
from datetime import date
from decimal import ROUND_DOWN, Decimal

from retainers.balance import Work
from retainers.hours import DRAWN_PLACES, ZERO
from retainers.pricing import draw_of
from retainers.terms import Terms

SMALLEST = Decimal(1).scaleb(-DRAWN_PLACES)


def drawn_by(terms: Terms, kinds: AbstractSet[str], worked: Decimal) -> Decimal:
    """What `worked` hours of work of these categories draw, done in one piece and recorded as worked."""
    return draw_of(Work(day=date.min, worked=worked, categories=frozenset(kinds)), terms).hours


def largest_fitting(terms: Terms, kinds: AbstractSet[str], left: Decimal) -> Decimal | None:
    """The most hours in steps of the increment whose draw is not above `left` (hours, two places).

    0 where not even one step fits, for its minimum's sake or otherwise; None where such work draws nothing, so
    that any amount fits. Source: domain.md, "Hours of one entry".

    >>> from retainers.terms import Multiplier, Pool
    >>> nights = (Multiplier("night", "Night", Decimal(2)),)
    >>> pools = (Pool("main", "Main", Decimal(20)),)
    >>> terms = Terms(date(2026, 1, 1), pools, increment=Decimal("0.25"), multipliers=nights)
    >>> str(largest_fitting(terms, {"night"}, Decimal("10.75")))
    '5.25'
    """
    step = terms.increment or SMALLEST
    enough = step * (1 + int(1 / step))  # an hour or more, so that rounding of the draw can't hide it
    if not drawn_by(terms, kinds, enough):
        return None
    if left <= 0 or drawn_by(terms, kinds, step) > left:
        return ZERO
    fits, too_many = 1, 2
    while drawn_by(terms, kinds, too_many * step) <= left:
        fits, too_many = too_many, 2 * too_many
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if drawn_by(terms, kinds, middle * step) <= left:
            fits = middle
        else:
            too_many = middle
    return (fits * step).quantize(SMALLEST, rounding=ROUND_DOWN)
