"""The last cycles, a row each: how much of what there was to use was used, linked to its own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.page_links import address, cycle_address
from presentation.accounts import Account, cycle_accounts, is_block, life
from presentation.charts import Meter, meter, plain_meter
from presentation.days import short_span
from presentation.phrases import agreed, hours
from retainers.balance import CycleBalance

SHOWN_CYCLES = 12
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class HistoryCell:
    """One account in one cycle; `meter` is None where the cycle's terms had no such pool."""

    words: str
    over: str
    meter: Meter | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    name: str
    href: str
    chosen: bool
    cells: tuple[HistoryCell, ...]
    pools: tuple[str, ...] = ()

    @property
    def by_pool(self) -> list[tuple[str, HistoryCell]]:
        """The cells, each with its column's name, "" where there is one column."""
        return list(zip(self.pools or ("",) * len(self.cells), self.cells, strict=True))


@dataclass(frozen=True, slots=True)
class History:
    """`pools` head the columns, empty where there is one account."""

    pools: tuple[str, ...]
    rows: tuple[HistoryRow, ...]


def history(cycles: Sequence[CycleBalance], shown: CycleBalance, key: str) -> History:
    """The twelve newest cycles of the retainer with that key; the newest stands first, at the page itself.

    Of a prepaid block those of before it was one: it knows no cycle itself.
    """
    last = _told(cycles, shown)[-SHOWN_CYCLES:]
    if not last:
        return History((), ())
    found = {cycle.index: {each.key: each for each in cycle_accounts(cycle)} for cycle in last}
    columns = {key: account.name for own in found.values() for key, account in own.items()}
    most = max(account.used for own in found.values() for account in own.values())
    pools = tuple(columns.values()) if len(columns) > 1 else ()
    rows = (
        HistoryRow(
            name=short_span(cycle.starts, cycle.ends),
            href=address("", "") if cycle is cycles[-1] else cycle_address(key, cycle.starts),
            chosen=cycle.index == shown.index,
            cells=tuple(_cell(found[cycle.index].get(key), cycle, most) for key in columns),
            pools=pools,
        )
        for cycle in reversed(last)
    )
    return History(pools, tuple(rows))


def _told(cycles: Sequence[CycleBalance], shown: CycleBalance) -> Sequence[CycleBalance]:
    if not is_block(shown.terms):
        return cycles
    since = life(cycles, shown)[0].index
    return [cycle for cycle in cycles if cycle.index < since]


def _cell(account: Account | None, cycle: CycleBalance, most: Decimal) -> HistoryCell:
    if account is None:
        return HistoryCell(NOTHING, "", None)
    if is_block(cycle.terms):
        words = _("%(used)s used") % {"used": hours(account.used)}
        return HistoryCell(words, "", plain_meter(account.used, most))
    if account.overage:
        over = _("%(over)s over") % {"over": hours(account.overage)}
        return HistoryCell(agreed(account.granted), f"+ {over}", meter(account, "over", spoken=False))
    figures = {"taken": hours(account.taken), "granted": agreed(account.granted)}
    return HistoryCell(_("%(taken)s of %(granted)s") % figures, "", meter(account, "", spoken=False))
