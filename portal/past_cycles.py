"""Cycle by cycle, a row each: how much of what there was to use was used, and what was past it, linked to its own page.

The twelve newest are in view; all others stand folded below, so that a long history stays short.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.request_links import address, cycle_address
from presentation.accounts import Account, cycle_accounts, is_block, life
from presentation.charts import Meter, meter, plain_meter
from presentation.days import short_span
from presentation.phrases import agreed, here, hours, money
from retainers.balance import CycleBalance
from retainers.coverage import is_provisional

SHOWN_CYCLES = 12
NOTHING = "\N{EN DASH}"


class HistoryCell(NamedTuple):
    """One account in one cycle; `meter` is None where the cycle's terms had no such pool, and in what is folded.

    `shares` are the pools that one balance is shared by, each with what it took.
    """

    words: str
    over: str
    meter: Meter | None
    shares: tuple[str, ...] = ()


class HistoryRow(NamedTuple):
    """`price` is what the hours past the cap cost in that cycle, "" where they cost nothing.

    `provisional`: the cycle is over, and not all of its work is in yet.
    """

    name: str
    price: str
    provisional: bool
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
    """`pools` head the columns, empty where there is one account. `older` are folded under `older_words`."""

    pools: tuple[str, ...] = ()
    rows: tuple[HistoryRow, ...] = ()
    older: tuple[HistoryRow, ...] = ()
    older_words: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the page shows one of those that are folded."""
        return any(row.chosen for row in self.older)


def history(cycles: Sequence[CycleBalance], shown: CycleBalance, key: str, through: date | None) -> History:
    """The cycles of the retainer with that key; the newest stands first, at the page itself. `through`: the day up to
    which the work is in; a cycle that closed after it is provisional (domain.md, "Coverage").

    Of a prepaid block those of before it was one: it knows no cycle itself.
    """
    told = tuple(reversed(_told(cycles, shown)))
    if not told:
        return History()
    found = {cycle.index: _by_key(cycle) for cycle in told}
    columns, most = _columns(found.values()), _most_used(found.values())
    pools = tuple(columns.values()) if len(columns) > 1 else ()
    rows = tuple(
        HistoryRow(
            name=short_span(cycle.starts, cycle.ends),
            price=_price(cycle),
            provisional=_is_provisional(cycle, through),
            href=address("", "") if cycle is cycles[-1] else cycle_address(key, cycle.starts),
            chosen=cycle.index == shown.index,
            cells=tuple(
                _cell(found[cycle.index].get(name), cycle, most, is_folded=at >= SHOWN_CYCLES)
                for name in columns
            ),
            pools=pools,
        )
        for at, cycle in enumerate(told)
    )
    return _folded(pools, rows)


def _columns(rows: Collection[dict[str, Account]]) -> dict[str, str]:
    """The name of every account by its key, the oldest cycle's first."""
    return {name: account.name for own in reversed(list(rows)) for name, account in own.items()}


def _most_used(rows: Collection[dict[str, Account]]) -> Decimal:
    return max(account.used for own in rows for account in own.values())


def _by_key(cycle: CycleBalance) -> dict[str, Account]:
    return {each.key: each for each in cycle_accounts(cycle)}


def _folded(pools: tuple[str, ...], rows: tuple[HistoryRow, ...]) -> History:
    """The newest rows in view, the older ones below."""
    older = rows[SHOWN_CYCLES:]
    count = len(older)
    words = ngettext("%(count)s earlier cycle", "%(count)s earlier cycles", count) % {"count": count}
    return History(pools, rows[:SHOWN_CYCLES], older, words if older else "")


def _is_provisional(cycle: CycleBalance, through: date | None) -> bool:
    return cycle.closed and is_provisional(cycle.ends, through)


def _price(cycle: CycleBalance) -> str:
    return money(cycle.overage_amount, cycle.terms.currency) if cycle.overage_amount else ""


def _told(cycles: Sequence[CycleBalance], shown: CycleBalance) -> Sequence[CycleBalance]:
    if not is_block(shown.terms):
        return cycles
    since = life(cycles, shown)[0].index
    return [cycle for cycle in cycles if cycle.index < since]


def _cell(account: Account | None, cycle: CycleBalance, most: Decimal, *, is_folded: bool) -> HistoryCell:
    if account is None:
        return HistoryCell(NOTHING, "", None)
    words, over = _words(account, cycle)
    return HistoryCell(words, over, None if is_folded else _meter(account, cycle, most), _shares(cycle))


def _words(account: Account, cycle: CycleBalance) -> tuple[str, str]:
    """What was used of what there was, and what was past it."""
    return _said(here(), account.used, account.granted, account.overage, is_block=is_block(cycle.terms))


@lru_cache(maxsize=8192)
def _said(
    language: str, used: Decimal, granted: Decimal, overage: Decimal, *, is_block: bool
) -> tuple[str, str]:
    """In the reader's language, which has that name: a long history says the same of many cycles."""
    if is_block:
        return _("%(used)s used") % {"used": hours(used, language)}, ""
    if overage:
        return agreed(granted), "+ " + _("%(over)s over") % {"over": hours(overage, language)}
    return _used_of(used, granted), ""


def _meter(account: Account, cycle: CycleBalance, most: Decimal) -> Meter:
    if is_block(cycle.terms):
        return plain_meter(account.used, most)
    return meter(account, "over" if account.overage else "", spoken=False)


def _used_of(used: Decimal, granted: Decimal) -> str:
    return _("%(used)s of %(granted)s") % {"used": hours(used), "granted": agreed(granted)}


def _shares(cycle: CycleBalance) -> tuple[str, ...]:
    """The pools of one shared balance: scheduled and reactive work stay told apart."""
    if is_block(cycle.terms) or cycle.sharing != "shared" or len(cycle.pools) < 2:
        return ()
    return tuple(f"{pool.name}: {_used_of(pool.used, pool.allocated)}" for pool in cycle.pools)
