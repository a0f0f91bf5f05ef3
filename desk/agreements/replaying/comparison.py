"""The two tables of the page, finished: all cycles added up, and cycle by cycle; a column a side."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from desk.agreements.replaying.sides import NOTHING, ReplaySide, amounts
from presentation.accounts import cycle_accounts
from presentation.days import span
from presentation.phrases import MINUS, column, money
from retainers.balance import CycleBalance, Figures
from retainers.hours import ZERO
from retainers.replay import Amounts

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


def summed_rows(sides: Sequence[ReplaySide]) -> tuple[ComparedRow, ...]:
    """The closed cycles added up; what no side has is left out."""
    sums = [side.sums for side in sides]
    of_all = _("%(over)d of %(all)d")
    over = tuple(of_all % {"over": each.cycles_over, "all": each.cycles} for each in sums)
    found = [
        ComparedRow(_("Cycles over"), over),
        _hours_row(_("Hours bought"), [each.bought for each in sums]),
        _hours_row(_("Hours used"), [each.used for each in sums]),
        _hours_row(_("Hours over"), [each.over for each in sums], "over"),
        _hours_row(_("of them on nobody’s bill"), [each.unbilled for each in sums]),
        _hours_row(_("Hours lapsed"), [each.lapsed for each in sums]),
        _hours_row(_("Hours left at the end"), [each.left for each in sums]),
        ComparedRow(_("Billed for hours over"), tuple(amounts(each.billed) for each in sums)),
    ]
    if any(each.fees for each in sums):
        found.append(ComparedRow(_("Fees"), tuple(amounts(each.fees) for each in sums)))
        found.append(ComparedRow(_("In all"), tuple(amounts(each.in_all) for each in sums), "sum"))
    if len(sides) > 1:
        found.append(ComparedRow(_("Against what was"), tuple(_differences(sides)), "sum"))
    return tuple(row for row in found if row is not None)


def _hours_row(label: str, figures: Sequence[Decimal], tone: str = "") -> ComparedRow | None:
    if not any(figures):
        return None
    return ComparedRow(label, tuple(column(figure) for figure in figures), tone)


def _differences(sides: Sequence[ReplaySide]) -> Iterator[str]:
    """What each side costs more or less: in all where every fee is known, else for hours over alone."""
    sums = [side.sums for side in sides]
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
    accounts = [{each.key: each for each in cycle_accounts(cycle)} for cycle in cycles]
    names = {key: each.name for side in reversed(accounts) for key, each in side.items()}
    for key in dict.fromkeys(key for side in accounts for key in side):
        figures = [figure(side[key].figures) if key in side else None for side in accounts]
        if always or any(figures):
            cells = tuple(NOTHING if each is None else column(each) for each in figures)
            pool = names[key] or _("all pools together")
            yield ComparedRow(f"{label} · {pool}" if len(names) > 1 else label, cells, tone)
