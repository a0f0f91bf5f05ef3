"""The month's cycles as finished strings, fifty to a page, with what may be done to them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator

from desk.month_end.lines import Figure, HiddenPool, MonthLine, totals
from presentation import days
from presentation.counts import counted
from presentation.days import span
from presentation.phrases import h, money, price
from retainers.hours import ZERO
from retainers.settling.acts import seen_of
from retainers.terms import collapse

A_PAGE = 25
A_ZIP = 50  # statements in one archive: some seconds of work
SHOWN: dict[str, tuple[str, Callable[[MonthLine], bool]]] = {
    "": ("All", lambda line: True),
    "uninvoiced": ("Not invoiced", lambda line: line.may_be_invoiced),
    "unstated": ("No statement", lambda line: line.closed and not line.stated_times),
    "provisional": ("Provisional", lambda line: line.provisional),
    "restated": ("Restated", lambda line: line.restated or bool(line.restated_times)),
    "over": ("Over", lambda line: bool(line.now.over)),
}


@dataclass(frozen=True, slots=True)
class MonthQuestion:
    """What the address asks for: which lines, of whom, which page of them."""

    show: str = ""
    words: str = ""
    page: str = "1"

    def takes(self, line: MonthLine) -> bool:
        return SHOWN[self.show][1](line) and collapse(self.words) in collapse(line.client)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One cycle. `tick` is the value of its tick; `difference` is "" where it says what it was stated as."""

    tick: str
    slug: str
    client: str
    key: str
    agreement: str
    starts: str
    cycle: str
    chips: tuple[tuple[str, str], ...]
    fee: str
    used: str
    over: tuple[str, ...]
    bought: str
    stated: tuple[str, ...]
    is_stated: bool
    difference: tuple[str, ...]
    invoiced: tuple[str, ...]
    mark: int | None
    may_be_ticked: bool

    @property
    def bare(self) -> dict[str, str]:
        """The cells that say nothing: a phone leaves them out."""
        names = ("bought", "over", "difference", "invoiced")
        cells = (self.bought, self.over[0], self.difference, self.invoiced)
        return {name: "none" for name, said in zip(names, cells, strict=True) if not said or said == "–"}


@dataclass(frozen=True, slots=True)
class Tab:
    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class MonthEndPage:
    """`mark` names all lines of the month as they are in view; `unstated` and `uninvoiced` are what a button is for."""

    sums: tuple[tuple[str, str], ...]
    rows: tuple[MonthRow, ...]
    pages: Page[MonthLine]
    tabs: tuple[Tab, ...]
    currencies: tuple[str, ...]
    mark: str
    stated: int
    zips: tuple[tuple[int, str], ...]
    zips_words: str
    unstated: int
    uninvoiced: int
    provisional: int
    has_bought: bool

    @property
    def left_out_words(self) -> str:
        return self._of_provisional("provisional cycle is", "provisional cycles are", "left out.")

    @property
    def still_provisional_words(self) -> str:
        return self._of_provisional("of them is", "of them are", "still provisional.")

    @property
    def settled_later_words(self) -> str:
        return self._of_provisional(
            "provisional cycle is", "provisional cycles are", "settled as soon as all work is in."
        )

    def _of_provisional(self, one: str, several: str, what: str) -> str:
        return f"{counted(self.provisional, one, several)} {what}" if self.provisional else ""


def month_end_page(lines: Sequence[MonthLine], question: MonthQuestion, zone: ZoneInfo) -> MonthEndPage:
    chosen = list(filter(question.takes, lines))
    pages = Paginator(chosen, A_PAGE).get_page(question.page)
    stated = _count(lines, lambda line: bool(line.stated_times))
    return MonthEndPage(
        sums=tuple(_sums(lines)),
        rows=tuple(_row(line, zone) for line in pages),
        pages=pages,
        tabs=tuple(Tab(value, name, _count(lines, takes)) for value, (name, takes) in SHOWN.items()),
        currencies=_several({line.currency for line in lines}),
        mark=seen_of([line.key for line in lines]).mark,
        stated=stated,
        zips=tuple(_zips(stated)),
        zips_words=f"{stated} statements as PDF:" if stated > A_ZIP else "",
        unstated=_count(lines, lambda line: line.may_be_stated),
        uninvoiced=_count(lines, lambda line: line.may_be_invoiced),
        provisional=_count(lines, lambda line: line.provisional),
        has_bought=any(line.bought for line in lines),
    )


def _several(currencies: Collection[str]) -> tuple[str, ...]:
    """A file has one currency: those to choose from, none where there is no choice."""
    return tuple(sorted(currencies)) if len(currencies) > 1 else ()


def _count(lines: Sequence[MonthLine], takes: Callable[[MonthLine], bool]) -> int:
    return sum(map(takes, lines))


def _zips(stated: int) -> Iterator[tuple[int, str]]:
    """The archives that the month's statements fill: the number of each, and what stands in it."""
    if 0 < stated <= A_ZIP:
        yield 1, f"{counted(stated, 'statement')} as PDF"
        return
    for number, first in enumerate(range(1, stated + 1, A_ZIP), start=1):
        yield number, f"{first}–{min(first + A_ZIP - 1, stated)}"


def _sums(lines: Sequence[MonthLine]) -> list[tuple[str, str]]:
    fees = totals(lines, lambda line: line.fee or ZERO)
    over = totals(lines, lambda line: line.now.amount)
    invoiced = totals(lines, lambda line: line.invoiced.amount if line.invoiced else ZERO)
    found = [("Fees", _moneys(fees)), ("Overage to invoice", _moneys(over)), ("Invoiced", _moneys(invoiced))]
    found += [("Top-ups sold", _hours([top_up.hours for line in lines for top_up in line.bought]))]
    found += [("Declined", _hours([line.declined for line in lines]))]
    found += [("Queued", _hours([line.queued for line in lines]))]
    return [(name, said) for name, said in found if said]


def _moneys(amounts: dict[str, Decimal]) -> str:
    return " + ".join(money(amount, currency) for currency, amount in amounts.items())


def _hours(parts: list[Decimal]) -> str:
    total = sum(parts, ZERO)
    return h(total) if total else ""


def _row(line: MonthLine, zone: ZoneInfo) -> MonthRow:
    starts = line.key.starts.isoformat()
    return MonthRow(
        tick=line.key.name,
        slug=line.slug,
        client=line.client,
        key=line.agreement_key,
        agreement=line.agreement,
        starts=starts,
        cycle=span(line.key.starts, line.ends),
        chips=tuple(_chips(line)),
        fee="–" if line.fee is None else money(line.fee, line.currency),
        used=h(line.now.used),
        over=_over(line),
        bought=_hours([top_up.hours for top_up in line.bought]) or "–",
        stated=_stated(line),
        is_stated=bool(line.stated_times),
        difference=_difference(line.stated, line.now, line.currency) if line.stated else (),
        invoiced=_invoiced(line, zone),
        mark=line.invoiced.pk if line.invoiced else None,
        may_be_ticked=line.may_be_invoiced or (line.closed and not line.stated_times),
    )


def _chips(line: MonthLine) -> list[tuple[str, str]]:
    reach = f"covered through {days.short_date(line.through)}" if line.through else "nothing imported"
    known = (
        (line.provisional, "amber", f"provisional: {reach}"),
        (line.restated, "amber", "restated"),
        (line.uses_little, "plain", "low use"),
    )
    return [(tone, words) for holds, tone, words in known if holds] + [
        ("amber" if pool.over else "plain", _hidden_words(pool)) for pool in line.hidden
    ]


def _hidden_words(pool: HiddenPool) -> str:
    over = f", {h(pool.over)} over" if pool.over else ""
    return f"of it {h(pool.used)}{over} in {pool.name}, hidden from the client"


def _over(line: MonthLine) -> tuple[str, ...]:
    """Hours past the cap, and what becomes of them."""
    if not line.now.over:
        return ("–",)
    said = [h(line.now.over)]
    if line.billed and line.rate is not None:
        said.append(f"{money(line.now.amount, line.currency)} at {price(line.rate, line.currency)}")
    if line.declined:
        said.append(f"{h(line.declined)} declined")
    if line.queued:
        said.append("queued to the next cycle")
    return tuple(said)


def _stated(line: MonthLine) -> tuple[str, ...]:
    if line.stated is None:
        return ("no statement",)
    amount = [money(line.stated.amount, line.currency)] if line.stated.amount or line.now.amount else []
    return (h(line.stated.used), *amount, *([] if line.stated_times else ["no statement"]))


def _difference(was: Figure, now: Figure, currency: str) -> tuple[str, ...]:
    """What a cycle says more or less than it did; empty where nothing differs."""
    found = []
    if now.used != was.used:
        found.append(f"{_sign(now.used - was.used)}{h(abs(now.used - was.used))}")
    if now.over != was.over:
        found.append(f"{_sign(now.over - was.over)}{h(abs(now.over - was.over))} over")
    if now.amount != was.amount:
        found.append(f"{_sign(now.amount - was.amount)}{money(abs(now.amount - was.amount), currency)}")
    return tuple(found)


def _sign(value: Decimal) -> str:
    return "+" if value > 0 else "−"


def _invoiced(line: MonthLine, zone: ZoneInfo) -> tuple[str, ...]:
    """The figure of the mark, whatever the cycle says since, when and by whom."""
    mark = line.invoiced
    if mark is None:
        return ()
    since = mark.figure.amount != line.now.amount
    more = _difference(mark.figure, line.now, line.currency)[-1:] if since else ()
    by = f", {mark.by}" if mark.by else ""
    when = f"{days.moment(mark.at, zone)}{by}"
    return (money(mark.amount, line.currency), when, *(f"since then {each}" for each in more))
