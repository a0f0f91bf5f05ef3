"""The cycles that ended in a month: what each comes to, was stated, and is invoiced.

Everything is read in a number of queries that does not grow with the clients. Amounts of different currencies are never
added up.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Case, F, Q, QuerySet, Value, When

from accounts.worked_out import WorkedOut
from retainers.balance import CycleBalance
from retainers.coverage import is_provisional
from retainers.hours import ZERO
from retainers.kept import edition
from retainers.kept.ended import Ended, are_over, ended_in, ended_of
from retainers.kept.reading import disagrees, ended_digest, no_earlier_work
from retainers.models import InvoicedCycle, Retainer, Statement
from retainers.restating.reading import restatements_of_cycles
from retainers.selectors import Standing, retainers_of, standings
from retainers.settling.acts import CycleKey
from retainers.settling.months import last_day
from retainers.stated import Document, figures
from retainers.terms import TopUp, collapse


class Figure(NamedTuple):
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


class MonthLine(NamedTuple):
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


class Listed(NamedTuple):
    """A cycle that ended in the month, and whose it is."""

    retainer: int
    slug: str
    client: str
    agreement_key: str
    agreement: str
    through: date | None
    cycle: Ended
    closed: bool = True


def lines_of_month(month: date, today: date, zone: ZoneInfo) -> tuple[MonthLine, ...]:
    """The lines of the month that begins on that day, as they are today. What isn't kept of them is worked out."""
    kept, rest = _kept(month, today, zone)
    rows = retainers_of().filter(pk__in=rest)
    found = standings(rows, on=today, zone=zone, wanted=no_earlier_work) if rest else []
    return _lines([*kept, *_worked_out(found, month)])


def month_lines(found: Iterable[Standing], month: date) -> tuple[MonthLine, ...]:
    """The same of these standings."""
    return _lines(list(_worked_out(found, month)))


def _lines(listed: Sequence[Listed]) -> tuple[MonthLine, ...]:
    """By client, agreement and cycle."""
    told = _told(listed)
    lines = (_line(each, told) for each in listed)
    return tuple(sorted(lines, key=lambda line: (collapse(line.client), line.agreement, line.key.starts)))


def _worked_out(found: Iterable[Standing], month: date) -> Iterator[Listed]:
    last = last_day(month)
    for each in found:
        client, agreement, through = each.retainer.client, each.agreement, each.freshness.through
        whose = each.retainer.pk, client.slug, client.name, each.retainer.key, agreement.name, through
        for at, cycle in enumerate(each.cycles):
            if month <= cycle.ends <= last:
                yield Listed(*whose, ended_of(agreement, each.cycles, at, each.top_ups), cycle.closed)


COLUMNS = (
    "pk",
    "client__slug",
    "client__name",
    "key",
    "publication_id",
    "kept__until",
    "kept__ended",
    "kept__ended_seal",
)


def _kept(month: date, today: date, zone: ZoneInfo) -> tuple[list[Listed], list[int]]:
    """The cycles that are kept for a month's end, and the agreements (keys) of which they aren't, or one still runs."""
    tomorrow = datetime.combine(today + timedelta(days=1), time(), tzinfo=zone)
    found = OF_A_MONTH.records(month, last_day(month), today, tomorrow, edition())
    listed: list[Listed] = []
    rest: list[int] = []
    for is_kept, pk, slug, client, key, head, last, text, seal in found.read_only():
        if not is_kept or not text or not are_over(text, today):
            rest.append(pk)
        elif seal != ended_digest(pk, head, last, text):
            disagrees(pk, "seal")
            rest.append(pk)
        else:
            name, through, cycles = ended_in(text, month)
            listed += [Listed(pk, slug, client, key, name, through, cycle) for cycle in cycles]
    return listed, rest


def _of_a_month(first: date, last: date, today: date, tomorrow: datetime, code: str) -> QuerySet[Any, Any]:
    """What is kept of each agreement. First whether it holds for that month: it is of what is published and seen now,
    has all cycles that have ended, and the one that runs doesn't end in that month.
    """
    runs_on = Q(kept__until__gte=today) & ~Q(kept__until__range=(first, last))
    of_now = Q(kept__publication=F("publication"), kept__code=code, publication__made_at__lt=tomorrow)
    holds = of_now & (Q(kept__until=None) | runs_on)
    said = Case(When(holds, then=Value(value=True)), default=Value(value=False))
    rows = Retainer.objects.filter(publication__isnull=False).order_by().annotate(holds=said)
    found: QuerySet[Any, Any] = rows.values_list("holds", *COLUMNS)
    return found


OF_A_MONTH = WorkedOut(_of_a_month)


def totals(lines: Iterable[MonthLine], amount_of: Callable[[MonthLine], Decimal]) -> dict[str, Decimal]:
    """What the lines come to, by currency; what comes to nothing is left out."""
    found: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        found[line.currency] += amount_of(line)
    return {currency: amount for currency, amount in sorted(found.items()) if amount}


def _told(listed: Iterable[Listed]) -> Told:
    """Of all agreements' cycles that began on the same days: what is of none that is listed is not looked for."""
    starts = {each.cycle.starts for each in listed}
    statements: dict[CycleKey, list[Document]] = defaultdict(list)
    issued = Statement.objects.filter(cycle_starts__in=starts).order_by("number")
    for pk, day, cycle in issued.values_list("retainer_id", "cycle_starts", "document__cycle"):
        statements[CycleKey(pk, day)].append(cycle)
    restatements = {
        CycleKey(pk, day): before
        for pk, by_cycle in restatements_of_cycles(starts).items()
        for day, acts in by_cycle.items()
        if (before := [act.before for act in acts if act.before])
    }
    live = InvoicedCycle.objects.select_related("made_by").filter(cycle_starts__in=starts, taken_back_at=None)
    marks = {CycleKey(row.retainer_id, row.cycle_starts): invoiced_mark(row) for row in live}
    return Told(dict(statements), restatements, marks)


def invoiced_mark(row: InvoicedCycle) -> Invoiced:
    fee = row.document["fee"]
    by = str(row.made_by) if row.made_by else ""
    return Invoiced(row.pk, row.made_at, by, fee and Decimal(fee), Figure.of(row.document["cycle"]))


def _line(listed: Listed, told: Told) -> MonthLine:
    cycle, key = listed.cycle, CycleKey(listed.retainer, listed.cycle.starts)
    billed = {"bill": cycle.over, "decline": min(cycle.over, cycle.approved), "queue": ZERO}
    return MonthLine(
        key=key,
        slug=listed.slug,
        client=listed.client,
        agreement_key=listed.agreement_key,
        agreement=listed.agreement,
        ends=cycle.ends,
        granted=cycle.granted,
        fee=cycle.fee,
        currency=cycle.currency,
        kind=cycle.kind,
        rate=cycle.rate,
        now=Figure(cycle.used, cycle.over, cycle.amount),
        billed=billed[cycle.kind],
        declined=cycle.over - billed["decline"] if cycle.kind == "decline" else ZERO,
        queued=cycle.over if cycle.kind == "queue" else ZERO,
        bought=cycle.bought,
        closed=listed.closed,
        through=listed.through,
        provisional=is_provisional(cycle.ends, listed.through),
        stated=told.stated(key),
        stated_times=len(told.statements.get(key, ())),
        restated_times=len(told.restatements.get(key, ())),
        invoiced=told.marks.get(key),
        uses_little=cycle.uses_little,
        hidden=tuple(HiddenPool(*pool) for pool in cycle.hidden),
    )
