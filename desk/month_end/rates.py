"""Effective rate, for staff alone: a cycle's fee by the hours that were drawn in it, and who uses too little."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desk.month_end.lines import MonthLine
from presentation.days import span
from presentation.phrases import h, money
from retainers.hours import round_half_up
from retainers.kept.ended import IN_A_ROW

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class RateRow:
    """`rate` is "" where no hour was drawn, or nothing is paid by the cycle."""

    slug: str
    client: str
    key: str
    agreement: str
    starts: str
    cycle: str
    fee: str
    granted: str
    used: str
    share: str
    rate: str
    uses_little: bool


def effective_rate(line: MonthLine) -> Decimal | None:
    """The fee by the hours drawn; None without a fee or without hours."""
    if not line.fee or line.now.used <= 0:
        return None
    return round_half_up(line.fee / line.now.used)


def by_rate(lines: Sequence[MonthLine], *, little: bool) -> list[MonthLine]:
    """The least earned by an hour first, those without a rate last; `little`: only who uses too little."""
    chosen = [line for line in lines if line.uses_little or not little]
    return sorted(chosen, key=lambda line: (effective_rate(line) is None, effective_rate(line) or 0))


def rate_row(line: MonthLine) -> RateRow:
    rate = effective_rate(line)
    share = line.now.used * HUNDRED / line.granted if line.granted else None
    return RateRow(
        slug=line.slug,
        client=line.client,
        key=line.agreement_key,
        agreement=line.agreement,
        starts=line.key.starts.isoformat(),
        cycle=span(line.key.starts, line.ends),
        fee="–" if line.fee is None else money(line.fee, line.currency),
        granted=h(line.granted) if line.granted else "–",
        used=h(line.now.used),
        share="–" if share is None else f"{share:.0f} %",
        rate="" if rate is None else money(rate, line.currency),
        uses_little=line.uses_little,
    )


LITTLE_WORDS = f"Low use: less than half of the hours drawn, {IN_A_ROW} cycles in a row."
