"""The two tables of the page, finished: all cycles added up, and cycle by cycle; a column a side."""

from collections import ChainMap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from operator import attrgetter

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.agreements.replaying.sides import NOTHING, ReplaySide, amounts
from presentation.accounts import Account, cycle_accounts
from presentation.days import span
from presentation.phrases import MINUS, column, money
from retainers.balance import CycleBalance, Figures
from retainers.hours import ZERO
from retainers.replay import Amounts, ReplaySums

Figure = Callable[[Figures], Decimal]


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A figure of every side, what was first; `tone` is of the row: "", "over" or "sum"."""

    label: str
    cells: tuple[str, ...]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ComparedCycle:
    name: str
    chips: tuple[str, ...]
    rows: tuple[ComparedRow, ...]


SUMMED_HOURS: tuple[tuple[str | Promise, Callable[[ReplaySums], Decimal], str], ...] = (
    (gettext_lazy("Hours bought"), attrgetter("bought"), ""),
    (gettext_lazy("Hours used"), attrgetter("used"), ""),
    (gettext_lazy("Hours over"), attrgetter("over"), "over"),
    (gettext_lazy("of them not billed"), attrgetter("unbilled"), ""),
    (gettext_lazy("Hours lapsed"), attrgetter("lapsed"), ""),
    (gettext_lazy("Hours left at the end"), attrgetter("left"), ""),
)


def summed_rows(sides: Sequence[ReplaySide]) -> tuple[ComparedRow, ...]:
    """The closed cycles added up; what no side has is left out."""
    return tuple(_summed([side.sums for side in sides]))


def _summed(sums: Sequence[ReplaySums]) -> Iterator[ComparedRow]:
    def row(label: str, cell: Callable[[ReplaySums], str], tone: str = "") -> ComparedRow:
        return ComparedRow(label, tuple(map(cell, sums)), tone)

    over = _("%(over)d of %(all)d")
    yield row(_("Cycles over"), lambda its: over % {"over": its.cycles_over, "all": its.cycles})
    for label, figure, tone in SUMMED_HOURS:
        figures = tuple(map(figure, sums))
        if any(figures):
            yield ComparedRow(str(label), tuple(map(column, figures)), tone)
    yield row(_("Billed for overage"), lambda its: amounts(its.billed))
    if any(each.fees for each in sums):
        yield row(_("Fees"), lambda its: amounts(its.fees))
        yield row(_("In all"), lambda its: amounts(its.in_all), "sum")
    if len(sums) > 1:
        yield ComparedRow(_("Compared with actual"), tuple(_differences(sums)), "sum")


def _differences(sums: Sequence[ReplaySums]) -> Iterator[str]:
    """What each side costs more or less: in all where every fee is known, else for hours over alone."""
    known = all(each.in_all is not None for each in sums)
    costs = [each.in_all if known else each.billed for each in sums]
    yield NOTHING
    for cost in costs[1:]:
        yield _difference(costs[0], cost)


def _difference(before: Amounts | None, after: Amounts | None) -> str:
    """Nothing can be said across currencies."""
    if not before or not after or len(before) > 1 or len(after) > 1 or before[0][0] != after[0][0]:
        return NOTHING
    more = after[0][1] - before[0][1]
    if not more:
        return _("the same")
    sign = "+" if more > 0 else MINUS
    return f"{sign}{money(abs(more), after[0][0])}"


def compared_cycles(
    sides: Sequence[ReplaySide], provisional: Callable[[CycleBalance], bool]
) -> tuple[ComparedCycle, ...]:
    """Every cycle, the oldest first: the same days on every side."""
    return tuple(
        ComparedCycle(
            span(was.starts, was.ends), tuple(_chips(was, provisional)), tuple(_rows((was, *others)))
        )
        for was, *others in zip(*(side.cycles for side in sides), strict=True)
    )


def _chips(cycle: CycleBalance, provisional: Callable[[CycleBalance], bool]) -> Iterator[str]:
    if not cycle.closed:
        yield _("runs: so far")
    elif provisional(cycle):
        yield _("provisional")


def _rows(cycles: Sequence[CycleBalance]) -> Iterator[ComparedRow]:
    yield from _measured(_("Bought"), cycles, lambda its: its.topped_up)
    yield from _measured(_("Used"), cycles, lambda its: its.used, always=True)
    yield from _measured(_("Over"), cycles, lambda its: its.overage, "over")
    yield from _measured(_("Lapsed"), cycles, lambda its: its.lapsed + (its.expired or ZERO))
    yield from _measured(_("Carried over"), cycles, lambda its: its.carried_out or ZERO)
    if any(cycle.overage_amount for cycle in cycles):
        billed = (money(cycle.overage_amount, cycle.terms.currency) for cycle in cycles)
        yield ComparedRow(_("Billed"), tuple(billed))


def _measured(
    label: str, cycles: Sequence[CycleBalance], figure: Figure, tone: str = "", *, always: bool = False
) -> Iterator[ComparedRow]:
    """A row for each account: separate pools are never added up; what is nowhere anything is left out."""
    sides = [_by_key(cycle) for cycle in cycles]
    accounts = ChainMap(*sides)  # each by its name on the first side that has it
    for key in dict.fromkeys(chain.from_iterable(sides)):
        figures = [figure(side[key].figures) if key in side else None for side in sides]
        if always or any(figures):
            named = f"{label} · {_pool(accounts[key])}" if len(accounts) > 1 else label
            yield ComparedRow(named, tuple(map(_cell, figures)), tone)


def _pool(account: Account) -> str:
    return account.name or _("all pools together")


def _by_key(cycle: CycleBalance) -> dict[str, Account]:
    return {each.key: each for each in cycle_accounts(cycle)}


def _cell(hours: Decimal | None) -> str:
    return NOTHING if hours is None else column(hours)
