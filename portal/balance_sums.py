"""How a number comes about: what came in, what went out, what is left, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from presentation.accounts import Account, accounts, is_block
from presentation.phrases import column, signed
from retainers.balance import CycleBalance, Figures
from retainers.hours import ZERO


@dataclass(frozen=True, slots=True)
class SumLine:
    """`kind` is "result" for what is left, "after" for what became of it, else ""."""

    words: str
    hours: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sum:
    name: str
    lines: tuple[SumLine, ...]


def sums(cycles: Sequence[CycleBalance], shown: CycleBalance) -> tuple[Sum, ...]:
    """A sum for each account; a prepaid block's over its whole life."""
    found = accounts(cycles, shown)
    lines = _block_lines if is_block(shown.terms) else _cycle_lines
    return tuple(
        Sum(
            account.name if len(found) > 1 else "",
            (*lines(account), _result(account, shown), *_close(account.figures, shown)),
        )
        for account in found
    )


def _cycle_lines(account: Account) -> list[SumLine]:
    figures = account.figures
    came = (
        (_("Carried over from before"), figures.carried_in),
        (_("Bought on top"), figures.topped_up),
        (_("Credited"), figures.credited),
    )
    return [
        SumLine(_("Hours of this cycle"), signed(figures.allocated), ""),
        *(SumLine(words, signed(hours), "") for words, hours in came if hours),
        *_less_if_any(_("Owed from before"), figures.queued_in),
        _used_line(figures.used),
        *_less_if_any(_("Charged"), figures.charged),
        *_less_if_any(_("Lapsed on its last day"), figures.lapsed),
    ]


def _used_line(used: Decimal) -> SumLine:
    """The work; less than none where corrections took off more than was worked."""
    words = _("Given back by corrections") if used < 0 else _("Used")
    return SumLine(words, signed(-used) if used else column(ZERO), "")


def _block_lines(account: Account) -> list[SumLine]:
    return [
        SumLine(_("Bought"), signed(account.granted - account.credited), ""),
        *([SumLine(_("Credited"), signed(account.credited), "")] if account.credited else []),
        SumLine(_("Used"), signed(-account.used), ""),
        *_less_if_any(_("Charged"), account.charged),
        *_less_if_any(_("Lapsed"), account.lapsed),
        *(
            [SumLine(_("Past the block, billed or declined"), signed(account.past), "")]
            if account.past
            else []
        ),
    ]


def _less_if_any(words: str, hours: Decimal) -> list[SumLine]:
    return [SumLine(words, signed(-hours), "")] if hours else []


def _result(account: Account, shown: CycleBalance) -> SumLine:
    if account.overage:
        return SumLine(_("Over"), column(account.overage), "result")
    words = _("Left at the close") if shown.closed and not is_block(shown.terms) else _("Remaining")
    return SumLine(words, column(account.remaining), "result")


def _close(figures: Figures, shown: CycleBalance) -> list[SumLine]:
    """What became of the rest, once the cycle is closed; a block's stays, but on the agreement's last day."""
    if is_block(shown.terms) and shown.resets:
        return []
    after = (
        (_("of it carried over"), figures.carried_out),
        (_("of it lapsed"), figures.expired),
        (_("taken from the next cycle"), figures.queued_out),
    )
    return [SumLine(words, column(hours or ZERO), "after") for words, hours in after if hours]
