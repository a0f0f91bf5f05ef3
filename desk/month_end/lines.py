"""The cycles that ended in a month: what each comes to, was stated, and is invoiced.

Everything is read in a number of queries that does not grow with the clients. Amounts of different currencies are never
added up.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from retainers.balance import CycleBalance
from retainers.hiding import hidden_pools
from retainers.hours import ZERO
from retainers.kept.reading import no_earlier_work
from retainers.models import InvoicedCycle, Statement
from retainers.restating.reading import restatements_of
from retainers.selectors import Standing, retainers_of, standings
from retainers.settling.acts import CycleKey
from retainers.settling.months import last_day
from retainers.stated import Document, figures
from retainers.terms import TopUp, collapse

LITTLE = Decimal("0.5")  # of the hours of a cycle
IN_A_ROW = 3  # cycles: one quiet month is none


@dataclass(frozen=True, slots=True)
class Figure:
    """What a cycle comes to: hours used, hours past the cap, and what is billed for these."""

    used: Decimal
    over: Decimal
    amount: Decimal

    @classmethod
    def of(cls, cycle: Document) -> "Figure":
        """From a cycle as it was written down."""
        total = figures(cycle)["total"]
        return cls(Decimal(total["used"]), Decimal(total["overage"]), Decimal(cycle["overage_amount"]))


@dataclass(frozen=True, slots=True)
class HiddenPool:
    """A pool that the client doesn't see: its name, and its hours within those of the line."""

    name: str
    used: Decimal
    over: Decimal


@dataclass(frozen=True, slots=True)
class Invoiced:
    """The mark of a cycle: its own key, when and by whom, and the figures of that moment."""

    pk: int
    at: datetime
    by: str
    fee: Decimal | None
    figure: Figure

    @property
    def amount(self) -> Decimal:
        """All that the invoice says."""
        return (self.fee or ZERO) + self.figure.amount


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One cycle that ended in the month. `kind` is the overage policy; `billed`, `declined` and `queued` are hours.

    `stated`: what the client was told of it last: its newest statement, else what stood before it was restated.
    """

    key: CycleKey
    slug: str
    client: str
    agreement_key: str
    agreement: str
    ends: date
    granted: Decimal
    fee: Decimal | None
    currency: str
    kind: str
    rate: Decimal | None
    now: Figure
    billed: Decimal
    declined: Decimal
    queued: Decimal
    bought: tuple[TopUp, ...]
    closed: bool
    through: date | None
    provisional: bool
    stated: Figure | None
    stated_times: int
    restated_times: int
    invoiced: Invoiced | None
    uses_little: bool
    hidden: tuple[HiddenPool, ...]

    @property
    def restated(self) -> bool:
        """It says something else now than the client was told."""
        return self.stated is not None and self.stated != self.now

    @property
    def may_be_stated(self) -> bool:
        return self.closed and not self.provisional and not self.stated_times

    @property
    def may_be_invoiced(self) -> bool:
        return self.closed and self.invoiced is None


@dataclass(frozen=True, slots=True)
class Told:
    """What is on record of the month's cycles: statements, restatements and marks, each oldest first."""

    statements: dict[CycleKey, list[Document]]
    restatements: dict[CycleKey, list[Document]]
    marks: dict[CycleKey, Invoiced]

    def stated(self, key: CycleKey) -> Figure | None:
        if key in self.statements:
            return Figure.of(self.statements[key][-1])
        return Figure.of(self.restatements[key][0]) if key in self.restatements else None


def month_standings(today: date, zone: ZoneInfo) -> list[Standing]:
    """Of all retainers, today; their closed cycles without the work in them."""
    return standings(retainers_of(), on=today, zone=zone, wanted=no_earlier_work)


def month_work(today: date, zone: ZoneInfo) -> list[Standing]:
    """The same with all work, also what lies in no cycle."""
    return standings(retainers_of(), on=today, zone=zone)


def ending_in(found: Iterable[Standing], month: date) -> list[tuple[Standing, CycleBalance]]:
    last = last_day(month)
    return [(each, cycle) for each in found for cycle in each.cycles if month <= cycle.ends <= last]


def month_lines(found: Iterable[Standing], month: date) -> tuple[MonthLine, ...]:
    """The lines of the month that begins on that day, by client, agreement and cycle."""
    ending = ending_in(found, month)
    told = _told(ending)
    lines = (_line(standing, cycle, told) for standing, cycle in ending)
    return tuple(sorted(lines, key=lambda line: (collapse(line.client), line.agreement, line.key.starts)))


def totals(lines: Iterable[MonthLine], amount_of: Callable[[MonthLine], Decimal]) -> dict[str, Decimal]:
    """What the lines come to, by currency; what comes to nothing is left out."""
    found: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        found[line.currency] += amount_of(line)
    return {currency: amount for currency, amount in sorted(found.items()) if amount}


def _told(ending: Iterable[tuple[Standing, CycleBalance]]) -> Told:
    rows = {standing.retainer.pk: standing.retainer for standing, _cycle in ending}
    starts = {cycle.starts for _standing, cycle in ending}
    statements: dict[CycleKey, list[Document]] = defaultdict(list)
    issued = Statement.objects.filter(retainer__in=rows, cycle_starts__in=starts).order_by("number")
    for pk, day, cycle in issued.values_list("retainer_id", "cycle_starts", "document__cycle"):
        statements[CycleKey(pk, day)].append(cycle)
    restatements = {
        CycleKey(pk, day): before
        for pk, by_cycle in restatements_of(rows.values()).items()
        for day, acts in by_cycle.items()
        if (before := [act.before for act in acts if act.before])
    }
    live = InvoicedCycle.objects.select_related("made_by").filter(
        retainer__in=rows, cycle_starts__in=starts, taken_back_at=None
    )
    marks = {CycleKey(row.retainer_id, row.cycle_starts): invoiced_mark(row) for row in live}
    return Told(dict(statements), restatements, marks)


def invoiced_mark(row: InvoicedCycle) -> Invoiced:
    fee = row.document["fee"]
    by = str(row.made_by) if row.made_by else ""
    return Invoiced(row.pk, row.made_at, by, fee and Decimal(fee), Figure.of(row.document["cycle"]))


def _line(standing: Standing, cycle: CycleBalance, told: Told) -> MonthLine:
    terms, total, key = cycle.terms, cycle.total, CycleKey(standing.retainer.pk, cycle.starts)
    billed = {"bill": total.overage, "decline": min(total.overage, cycle.approved), "queue": ZERO}
    return MonthLine(
        key=key,
        slug=standing.retainer.client.slug,
        client=standing.retainer.client.name,
        agreement_key=standing.agreement.key,
        agreement=standing.agreement.name,
        ends=cycle.ends,
        granted=total.allocated,
        fee=terms.fee,
        currency=terms.currency,
        kind=terms.overage,
        rate=terms.overage_rate,
        now=Figure(total.used, total.overage, cycle.overage_amount),
        billed=billed[terms.overage],
        declined=total.overage - billed["decline"] if terms.overage == "decline" else ZERO,
        queued=total.overage if terms.overage == "queue" else ZERO,
        bought=tuple(each for each in standing.top_ups if cycle.starts <= each.date <= cycle.ends),
        closed=cycle.closed,
        through=standing.freshness.through,
        provisional=standing.is_provisional(cycle),
        stated=told.stated(key),
        stated_times=len(told.statements.get(key, ())),
        restated_times=len(told.restatements.get(key, ())),
        invoiced=told.marks.get(key),
        uses_little=_uses_little(standing, cycle),
        hidden=tuple(_hidden(standing, cycle)),
    )


def _hidden(standing: Standing, cycle: CycleBalance) -> Iterable[HiddenPool]:
    keys = hidden_pools(standing.agreement, cycle.starts)
    for pool in cycle.pools:
        if pool.key in keys and pool.account is not None:
            yield HiddenPool(pool.name, pool.account.used, pool.account.overage)


def _uses_little(standing: Standing, cycle: CycleBalance) -> bool:
    """Less than half of what the cycle grants was drawn, and of each of the two before it."""
    last = [each for each in standing.cycles if each.ends <= cycle.ends][-IN_A_ROW:]
    return len(last) == IN_A_ROW and all(each.total.used < each.total.allocated * LITTLE for each in last)
