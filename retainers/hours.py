"""Hours as exact decimals: the one place where they are made, rounded and written.

Hours are `Decimal`. Worked hours have four places, everything drawn or granted has two. The database
holds them as integers (`to_units`), because only integers add up exactly on every engine.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import lru_cache

ZERO = Decimal(0)
WORKED_PLACES = 4
DRAWN_PLACES = 2
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(10))


def round_half_up(value: Decimal, places: int = DRAWN_PLACES) -> Decimal:
    """`value` at `places` decimals, ties away from zero (domain.md, "Hours of one entry").

    >>> round_half_up(Decimal("0.125")), round_half_up(Decimal("-0.125"))
    (Decimal('0.13'), Decimal('-0.13'))
    """
    return value.quantize(_STEPS[places], rounding=ROUND_HALF_UP)


def round_up_to(value: Decimal, increment: Decimal) -> Decimal:
    """The smallest multiple of `increment` that is not below `value` (both in hours, `value` >= 0).

    >>> round_up_to(Decimal("0.67"), Decimal("0.25"))
    Decimal('0.75')
    """
    return (value / increment).to_integral_value(rounding=ROUND_CEILING) * increment


def to_units(value: Decimal, places: int = DRAWN_PLACES) -> int:
    """Hours as a whole number of hundredths (`places=2`) or ten-thousandths (`places=4`).

    >>> to_units(Decimal("1.5")), to_units(Decimal("0.3333"), 4)
    (150, 3333)
    """
    return int(round_half_up(value, places).scaleb(places))


@lru_cache(maxsize=20_000)
def from_units(units: int, places: int = DRAWN_PLACES) -> Decimal:
    """The inverse of `to_units`.

    >>> from_units(150)
    Decimal('1.50')
    """
    return Decimal(units).scaleb(-places)


def write_hours(value: Decimal) -> str:
    """Hours (or money) with two decimals, never "-0.00": the form of every JSON answer.

    >>> write_hours(Decimal("6.5")), write_hours(Decimal("-0.001"))
    ('6.50', '0.00')
    """
    rounded = round_half_up(value)
    return f"{rounded if rounded else ZERO:.2f}"


def write_factor(value: Decimal) -> str:
    """A factor at its shortest: `2`, `1.5`.

    >>> write_factor(Decimal("2.00")), write_factor(Decimal("1.50"))
    ('2', '1.5')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_exact(value: Decimal) -> str:
    """A number in full, with at least two decimals.

    >>> write_exact(Decimal("12")), write_exact(Decimal("0.0833"))
    ('12.00', '0.0833')
    """
    rounded = round_half_up(value)
    return f"{rounded:f}" if rounded == value else write_factor(value)


def shared_out(hours: Decimal, seconds: Sequence[int], places: int) -> list[Decimal]:
    """`hours` by clock time, half up at `places`; the last part takes the rest ("Hours of one entry" 6).

    >>> [str(share) for share in shared_out(Decimal("1.00"), (1200, 1200, 1200), 2)]
    ['0.33', '0.33', '0.34']
    """
    whole = sum(seconds)
    shares = [round_half_up(hours * each / whole, places) for each in seconds[:-1]]
    return [*shares, hours - sum(shares, ZERO)]
