"""The month-end: what is to be invoiced, what was not counted and why, and what is still provisional.

It speaks of the cycles that end in one month. Amounts of different currencies are never added up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.models import Import
from imports.publishing.report import left_out_from_json
from imports.publishing.uncounted import UNKNOWN
from presentation.days import span
from presentation.phrases import h, hours, money, price
from retainers.balance import CycleBalance, Draw
from retainers.company_names import company_key
from retainers.hours import ZERO, round_half_up
from retainers.models import CompanyName, Statement
from retainers.pricing import OUTSIDE, draws_under
from retainers.selectors import Standing, retainers_of, standings
from retainers.terms import collapse

ONE_DAY = timedelta(days=1)
IMPORTS_LOOKED_AT = 500  # the newest: the rows that became no entry are told by the imports themselves


@dataclass(frozen=True, slots=True)
class MonthEndCycle:
    """One cycle that ends in the month, with what is past its cap. `kind` is the overage policy."""

    slug: str
    client: str
    key: str
    retainer: str
    name: str
    starts: str
    used: Decimal
    over: Decimal
    rate: Decimal | None
    amount: Decimal
    fee: Decimal | None
    currency: str
    kind: str
    closed: bool
    through: date | None
    provisional: bool
    stated: bool


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Hours of one client that are on nobody's bill, with the reason. `import_id`: the file that says so."""

    slug: str
    client: str
    where: str
    reason: str
    rows: int
    hours: Decimal
    import_id: int | None = None


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """`month` is its first day. `uncounted` comes by reason, most hours first."""

    month: date
    cycles: tuple[MonthEndCycle, ...]
    uncounted: tuple[Uncounted, ...]

    @property
    def billed(self) -> tuple[MonthEndCycle, ...]:
        return tuple(line for line in self.cycles if line.over and line.kind == "bill")

    @property
    def not_billed(self) -> tuple[MonthEndCycle, ...]:
        return tuple(line for line in self.cycles if line.over and line.kind != "bill")

    @property
    def provisional(self) -> tuple[MonthEndCycle, ...]:
        return tuple(line for line in self.cycles if line.provisional)

    @property
    def totals(self) -> dict[str, Decimal]:
        """What is to be invoiced for overage, by currency."""
        found: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for line in self.billed:
            found[line.currency] += line.amount
        return dict(sorted(found.items()))


def month_end(month: date, *, today: date, zone: ZoneInfo) -> MonthEnd:
    """The month that begins on that day, in a number of queries that does not grow with the clients."""
    found = standings(retainers_of(), on=today, zone=zone)
    last = _next_month(month) - ONE_DAY
    ending = [
        (standing, cycle) for standing in found for cycle in standing.cycles if month <= cycle.ends <= last
    ]
    stated = set(
        Statement.objects.filter(cycle_starts__lte=last, cycle_starts__gte=month - timedelta(days=400))
        .order_by()
        .values_list("retainer_id", "cycle_starts")
    )
    cycles = tuple(_cycle_line(standing, cycle, stated) for standing, cycle in ending)
    uncounted = [*_excluded(ending), *_outside(found, month, last), *_left_out(month)]
    return MonthEnd(
        month,
        tuple(sorted(cycles, key=lambda line: (collapse(line.client), line.retainer, line.starts))),
        tuple(sorted(uncounted, key=lambda each: (each.reason, -each.hours, collapse(each.client)))),
    )


def _next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _cycle_line(standing: Standing, cycle: CycleBalance, stated: set[tuple[int, date]]) -> MonthEndCycle:
    terms = cycle.terms
    return MonthEndCycle(
        slug=standing.retainer.client.slug,
        client=standing.retainer.client.name,
        key=standing.agreement.key,
        retainer=standing.agreement.name,
        name=span(cycle.starts, cycle.ends),
        starts=cycle.starts.isoformat(),
        used=cycle.total.used,
        over=cycle.total.overage,
        rate=terms.overage_rate,
        amount=cycle.overage_amount,
        fee=terms.fee,
        currency=terms.currency,
        kind=terms.overage,
        closed=cycle.closed,
        through=standing.freshness.through,
        provisional=standing.is_provisional(cycle),
        stated=(standing.retainer.pk, cycle.starts) in stated,
    )


def _excluded(ending: Iterable[tuple[Standing, CycleBalance]]) -> Iterator[Uncounted]:
    """Published entries that are not counted, by cycle and reason."""
    for standing, cycle in ending:
        sums: dict[str, tuple[int, Decimal]] = {}
        for draw in cycle.draws:
            if draw.reason is not None:
                rows, worked = sums.get(draw.reason, (0, ZERO))
                sums[draw.reason] = rows + 1, worked + _worked(draw)
        client = standing.retainer.client
        where = f"{standing.agreement.name}, {span(cycle.starts, cycle.ends)}"
        for reason, (rows, worked) in sums.items():
            yield Uncounted(client.slug, client.name, where, reason, rows, round_half_up(worked))


def _outside(found: Iterable[Standing], first: date, last: date) -> Iterator[Uncounted]:
    """Published entries that lie in no cycle: dated before the retainer began, or after its end."""
    for standing in found:
        days = [
            work
            for work in standing.works
            if first <= work.day <= last and not standing.agreement.alive_on(work.day)
        ]
        if days:
            draws = (draw for work in days for draw in draws_under(standing.agreement, work))
            worked = sum((draw.figure for draw in draws), ZERO)
            client, where = standing.retainer.client, standing.agreement.name
            yield Uncounted(client.slug, client.name, where, OUTSIDE, len(days), round_half_up(worked))


def _worked(draw: Draw) -> Decimal:
    return draw.figure if draw.work.worked is None else draw.work.worked


def _left_out(month: date) -> Iterator[Uncounted]:
    """Rows of published imports that became no entry, by the month of their work.

    A row comes again with every export of its period, so of each company and reason the file that says most
    counts; a company that has become a client since is no longer unknown.
    """
    known = set(CompanyName.objects.order_by().values_list("key", flat=True))
    said: dict[tuple[str, str, str], tuple[int, Decimal, int]] = {}
    imports = Import.objects.filter(state=Import.State.PUBLISHED).order_by("-pk")
    for pk, result in imports.values_list("pk", "result")[:IMPORTS_LOOKED_AT]:
        for each in left_out_from_json(result):
            if each.month != f"{month:%Y-%m}" or (
                each.reason == UNKNOWN and company_key(each.company) in known
            ):
                continue
            key = (each.client, each.company, each.reason)
            if key not in said or each.hours > said[key][1]:
                said[key] = each.rows, each.hours, pk
    for (slug, company, reason), (rows, worked, pk) in said.items():
        where = _("import %(number)s") % {"number": pk}
        yield Uncounted(slug, company or _("no company named"), where, reason, rows, worked, pk)


@dataclass(frozen=True, slots=True)
class MonthEndRow:
    """A line of a table as finished strings: who, where it leads, which cycle, and the figures."""

    slug: str
    client: str
    detail: str
    cycle: str
    figures: tuple[str, ...]
    chips: tuple[str, ...] = ()
    href_key: str = ""
    starts: str = ""
    import_id: int | None = None


@dataclass(frozen=True, slots=True)
class MonthEndPage:
    title: str
    earlier: str
    later: str
    said: str
    totals: tuple[str, ...]
    billed: tuple[MonthEndRow, ...]
    not_billed: tuple[MonthEndRow, ...]
    uncounted: tuple[tuple[str, str, tuple[MonthEndRow, ...]], ...]
    provisional: tuple[MonthEndRow, ...]


def month_end_page(found: MonthEnd, today: date) -> MonthEndPage:
    earlier, later = (found.month - ONE_DAY).replace(day=1), _next_month(found.month)
    return MonthEndPage(
        title=dateformat.format(found.month, "F Y"),
        earlier=f"{earlier:%Y-%m}",
        later=f"{later:%Y-%m}" if later <= today else "",
        said=ngettext(
            "%(count)d cycle ends in this month.", "%(count)d cycles end in this month.", len(found.cycles)
        )
        % {"count": len(found.cycles)},
        totals=tuple(money(amount, currency) for currency, amount in found.totals.items()),
        billed=tuple(_billed(line) for line in found.billed),
        not_billed=tuple(_not_billed(line) for line in found.not_billed),
        uncounted=tuple(_by_reason(found.uncounted)),
        provisional=tuple(_provisional(line) for line in found.provisional),
    )


def _row(line: MonthEndCycle, figures: Sequence[str], chips: Sequence[str] = ()) -> MonthEndRow:
    return MonthEndRow(
        line.slug, line.client, line.retainer, line.name, tuple(figures), tuple(chips), line.key, line.starts
    )


def _billed(line: MonthEndCycle) -> MonthEndRow:
    rate = price(line.rate or ZERO, line.currency)
    return _row(line, (h(line.over), rate, money(line.amount, line.currency)), _chips(line))


def _chips(line: MonthEndCycle) -> list[str]:
    known = (
        (line.provisional, _("provisional")),
        (not line.closed, _("still running")),
        (line.stated, _("stated")),
    )
    return [words for holds, words in known if holds]


def _not_billed(line: MonthEndCycle) -> MonthEndRow:
    why = _("owed to the next cycle") if line.kind == "queue" else _("declined: to be talked about")
    return _row(line, (h(line.over), why), _chips(line))


def _provisional(line: MonthEndCycle) -> MonthEndRow:
    if line.through is None:
        why = _("nothing has been imported yet")
    else:
        why = _("covered through %(day)s") % {"day": dateformat.format(line.through, "D j M")}
    return _row(line, (why,))


def _by_reason(uncounted: Sequence[Uncounted]) -> Iterator[tuple[str, str, tuple[MonthEndRow, ...]]]:
    by_reason: dict[str, list[Uncounted]] = defaultdict(list)
    for each in uncounted:
        by_reason[each.reason].append(each)
    for reason, lines in by_reason.items():
        rows = tuple(
            MonthEndRow(
                each.slug,
                each.client,
                each.where,
                "",
                (h(each.hours), str(each.rows)),
                (),
                "",
                "",
                each.import_id,
            )
            for each in lines
        )
        yield reason, hours(sum((each.hours for each in lines), ZERO)), rows
