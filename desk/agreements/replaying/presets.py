"""Drafts that lie near at hand, each one click: some hours more or fewer, what is left, what goes past the cap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from desk.agreements.replaying.drafts import MOST, NONE, prefix_of
from presentation.phrases import agreed_hours, lower_first, price
from retainers.balance import CycleBalance
from retainers.hours import ZERO, write_exact
from retainers.terms import Overage, Pool, Terms

# From how many hours on, and how many more or fewer are then tried.
STEPS = (
    (Decimal(10), Decimal(5)),
    (Decimal(4), Decimal(2)),
    (Decimal(2), Decimal(1)),
)


@dataclass(frozen=True, slots=True)
class Preset:
    words: str
    address: str


def presets(query: QueryDict, terms: Terms, cycles: Sequence[CycleBalance]) -> tuple[Preset, ...]:
    """What one click would add to the drafts in view; nothing once there are three."""
    free = next((number for number in range(1, MOST + 1) if f"d{number}" not in query), None)
    if free is None:
        return ()
    return tuple(
        Preset(words, _address(query, free, said))
        for words, said in (
            *_hours(terms, cycles),
            *_leftover(terms),
            *_overage(terms),
            *_others(cycles, terms),
        )
    )


def without(query: QueryDict, number: int) -> str:
    """The address without that draft."""
    left = query.copy()
    for name in list(left):
        if name == f"d{number}" or name.startswith(prefix_of(number)):
            del left[name]
    return f"?{left.urlencode()}"


def _address(query: QueryDict, number: int, said: dict[str, str]) -> str:
    more = query.copy()
    more[f"d{number}"] = "1"
    for name, value in said.items():
        more[prefix_of(number) + name] = value
    return f"?{more.urlencode()}"


def _hours(terms: Terms, cycles: Sequence[CycleBalance]) -> Iterator[tuple[str, dict[str, str]]]:
    if terms.is_block:
        yield from _as_a_bank(terms, cycles)
        return
    for row, pool in enumerate(terms.pools):
        step = next((step for least, step in STEPS if pool.hours >= least), Decimal(1))
        more, fewer = _("%(hours)s more"), _("%(hours)s fewer")
        yield _of_pool(more, step, pool, terms), {f"pools-{row}-hours": write_exact(pool.hours + step)}
        if pool.hours > step:
            yield _of_pool(fewer, step, pool, terms), {f"pools-{row}-hours": write_exact(pool.hours - step)}


def _of_pool(words: str, step: Decimal, pool: Pool, terms: Terms) -> str:
    said = words % {"hours": agreed_hours(step)}
    if len(terms.pools) == 1:
        return said
    return _("%(hours)s of %(pool)s") % {"hours": said, "pool": lower_first(pool.name)}


def _as_a_bank(terms: Terms, cycles: Sequence[CycleBalance]) -> Iterator[tuple[str, dict[str, str]]]:
    """A prepaid block as so many hours a cycle: what was used in the mean, rounded up."""
    closed = [cycle.total.used for cycle in cycles if cycle.closed]
    if not closed or sum(closed) <= 0:
        return
    mean = (sum(closed, ZERO) / len(closed)).to_integral_value(ROUND_CEILING)
    said = {"pools-0-hours": write_exact(mean), "bought": NONE}
    yield _("%(hours)s each cycle instead of blocks") % {"hours": agreed_hours(mean)}, said


def _leftover(terms: Terms) -> Iterator[tuple[str, dict[str, str]]]:
    if terms.is_block:
        return
    if terms.rollover is None:
        yield _("Unused hours carry over"), {"rollover": "yes"}
        yield _("Unused hours carry over for one cycle"), {"rollover": "yes", "rollover_cycles": "1"}
    else:
        yield _("Unused hours lapse"), {"rollover": "", "rollover_hours": "", "rollover_cycles": ""}


def _overage(terms: Terms) -> Iterator[tuple[str, dict[str, str]]]:
    """The other ways with hours past the cap; billing needs a rate to begin with."""
    names: dict[Overage, str] = {
        "queue": _("Overage is taken from the next cycle"),
        "decline": _("Overage needs approval first"),
    }
    if terms.overage_rate is not None:
        rate = price(terms.overage_rate, terms.currency)
        names["bill"] = _("Overage is billed at %(rate)s") % {"rate": rate}
    for overage, words in names.items():
        if overage != terms.overage:
            yield words, {"overage": overage}


def _others(cycles: Sequence[CycleBalance], terms: Terms) -> Iterator[tuple[str, dict[str, str]]]:
    if any(cycle.total.topped_up for cycle in cycles) and not terms.is_block:
        yield _("Without the hours bought"), {"bought": NONE}
    yield _("Today’s terms, to change by hand"), {}
