"""The work log of a cycle: what is shown of it, and totals that add up.

Shown are date, client-facing words, counted hours with their explanation, and the pool: nothing else of an
entry gets this far. Entries that are not counted stay out. The lines themselves are made in `log_days`, a long
log is folded in `log_folds`, and searched by `log_search`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.log_days import Day, Placed, Telling, days, placed, sum_of
from portal.log_folds import Fold, folds
from portal.log_kinds import Kind, kinds_in
from portal.log_search import Filter, Search, search
from portal.request_links import (
    address,
    line_address,
    offered_kinds,
    query,
    questions_address,
    statement_address,
)
from presentation.days import dated, short_date, span
from presentation.explanations import Phrases
from presentation.facts import Asked, LogEntry, RetainerFacts
from presentation.phrases import column
from presentation.sentences import period
from presentation.uncharged import Uncharged
from retainers.balance import CycleBalance
from retainers.hours import ZERO


@dataclass(frozen=True, slots=True)
class UnchargedLine:
    day: str
    hours: str


@dataclass(frozen=True, slots=True)
class UnchargedReason:
    """Why hours were not charged, how many, and on which days."""

    name: str
    count: str
    hours: str
    lines: tuple[UnchargedLine, ...]


def uncharged_reasons(found: Sequence[Uncharged]) -> tuple[UnchargedReason, ...]:
    """By reason, in the order in which they first occur."""
    by_reason: dict[str, list[Uncharged]] = {}
    for each in found:
        by_reason.setdefault(each.reason, []).append(each)
    return tuple(_reason(name, own) for name, own in by_reason.items())


def _reason(name: str, own: Sequence[Uncharged]) -> UnchargedReason:
    total: Decimal = sum((each.hours for each in own), ZERO)
    return UnchargedReason(
        name=name,
        count=ngettext("%(count)s entry", "%(count)s entries", len(own)) % {"count": len(own)},
        hours=column(total),
        lines=tuple(UnchargedLine(short_date(each.day), column(each.hours)) for each in own),
    )


MANY_FOUND = 70  # lines: what is found is shown as it stands, unless it is long itself


@dataclass(frozen=True, slots=True)
class Total:
    name: str
    hours: str
    is_sum: bool


@dataclass(frozen=True, slots=True)
class PoolChoice:
    """One way to look at the log: all of it, one pool, one year."""

    name: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class StatementLink:
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Log:
    """`part` is the id of its section, at which the links of the filter land.

    `folds` stand instead of `days` where the lines are many.
    `years` are to choose from where a block's life is long; `uncharged` is what was worked and not counted;
    `kinds` are its sums by multiplier, empty where nothing was multiplied or something is looked for;
    `taken_back` says which lines of a settled cycle are gone.
    """

    part: str
    count: str
    days: tuple[Day, ...]
    folds: tuple[Fold, ...]
    search: Search | None
    totals: tuple[Total, ...]
    choices: tuple[PoolChoice, ...]
    empty: str
    csv_href: str
    taken_back: tuple[str, ...] = ()
    statements: tuple[StatementLink, ...] = ()
    years: tuple[PoolChoice, ...] = ()
    uncharged: tuple[UnchargedReason, ...] = ()
    kinds: tuple[Kind, ...] = ()


def pool_names(run: Sequence[CycleBalance]) -> dict[str, str]:
    """The pools of the shown cycles by key, each under its newest name."""
    return {pool.key: pool.name for cycle in run for pool in cycle.pools}


def taken_back(counts: Sequence[tuple[date, int]]) -> tuple[str, ...]:
    """A sentence for each day on which lines were taken back."""
    return tuple(
        ngettext(
            "%(count)d line was taken back on %(day)s.", "%(count)d lines were taken back on %(day)s.", count
        )
        % {"count": count, "day": dated(on)}
        for on, count in counts
    )


def work_log(facts: RetainerFacts, shown: CycleBalance, asked: Asked, *, several: bool) -> Log:
    """The log of the shown cycle, narrowed to what is asked for; `several`: the page shows other agreements too."""
    part, names = f"log-{facts.agreement.key}", pool_names(facts.run)
    wanted = filter_of(facts, asked)
    entries = placed(facts.log)
    found = wanted.chosen(entries, shown.terms)
    is_searched = bool(wanted.words)
    telling = _telling(facts, shown, {} if wanted.pool else names, entries, is_searched=is_searched)
    folded = _folded(found, telling)
    kept = {"pool": wanted.pool, "find": wanted.words, "year": _year(facts)}
    return Log(
        part=part,
        count=_count_words(found, _year(facts) or period(facts, shown)),
        days=() if folded else days(found, telling),
        folds=folded,
        search=_search(facts, wanted, found, len(entries), several=several),
        totals=totals(found, names, is_searched=is_searched),
        choices=_choices(facts, names, wanted, part, several=several),
        years=_years(facts, wanted, part, several=several),
        empty="" if found else _empty(facts, wanted),
        csv_href=address("log.csv", query(facts, several, **kept)),
        taken_back=taken_back(facts.taken_back),
        statements=_statements(facts),
        uncharged=uncharged_reasons(facts.uncharged),
        kinds=() if is_searched else kinds_in([each.entry for each in found], shown.terms),
    )


def _telling(
    facts: RetainerFacts,
    shown: CycleBalance,
    names: Mapping[str, str],
    entries: Sequence[Placed],
    *,
    is_searched: bool,
) -> Telling:
    """`names` are those of the pools, of which a line says its own where there are several."""
    newest = entries[0].day if entries else None
    pools = names if len(names) > 1 else {}
    return Telling(shown.terms, Phrases.here(), pools, is_searched, newest, _asking(facts))


def _folded(found: Sequence[Placed], telling: Telling) -> tuple[Fold, ...]:
    """What is found stands open, unless it is long itself."""
    return () if telling.is_open and len(found) <= MANY_FOUND else folds(found, telling)


def filter_of(facts: RetainerFacts, asked: Asked) -> Filter:
    """What the address asks of this retainer's log."""
    if not asked.chooses(facts.agreement):
        return Filter()
    return Filter(asked.pool if asked.pool in pool_names(facts.run) else "", asked.find)


def _asking(facts: RetainerFacts) -> Callable[[Placed], str] | None:
    """The address of a question about a line, where questions are taken and the agreement runs."""
    is_asked = offered_kinds(facts.agreement) and facts.cycles and not facts.cycles[-1].closed
    return partial(line_address, questions_address(facts.agreement.key)) if is_asked else None


def chosen_entries(facts: RetainerFacts, shown: CycleBalance, asked: Asked) -> tuple[LogEntry, ...]:
    """The entries that the address asks for, in the order in which they were drawn."""
    found = filter_of(facts, asked).chosen(placed(facts.log), shown.terms)
    return tuple(each.entry for each in sorted(found, key=lambda each: (each.day, each.place)))


def _empty(facts: RetainerFacts, wanted: Filter) -> str:
    if wanted.words:
        return _("Nothing found.")
    return (
        _("No work has been recorded yet.")
        if facts.is_block
        else _("No work has been recorded for this cycle yet.")
    )


def _year(facts: RetainerFacts) -> str:
    """The chosen year of a long life; "" for all that is shown."""
    return str(facts.year or "")


def _years(facts: RetainerFacts, wanted: Filter, part: str, *, several: bool) -> tuple[PoolChoice, ...]:
    return tuple(
        PoolChoice(
            str(year),
            address("", query(facts, several, pool=wanted.pool, find=wanted.words, year=str(year)), part),
            year == facts.year,
        )
        for year in facts.years
    )


def _statements(facts: RetainerFacts) -> tuple[StatementLink, ...]:
    """What was stated of the shown cycle, of a prepaid block of each month of its life, the newest first."""
    return tuple(
        StatementLink(
            _("Statement for %(cycle)s") % {"cycle": span(cycle.starts, cycle.ends)}
            if facts.is_block
            else _("Statement"),
            statement_address(facts.agreement.key, cycle.starts),
        )
        for cycle in reversed(facts.stated)
    )


def _search(
    facts: RetainerFacts, wanted: Filter, found: Sequence[Placed], of: int, *, several: bool
) -> Search | None:
    earlier = facts.shown if not facts.is_current else None
    kept = {
        "retainer": facts.agreement.key if several or earlier else "",
        "cycle": earlier.starts.isoformat() if earlier else "",
        "pool": wanted.pool,
        "year": _year(facts),
    }
    clear = address(
        "", query(facts, several, pool=wanted.pool, year=_year(facts)), f"log-{facts.agreement.key}"
    )
    return search(wanted, found, of, kept, clear)


def _choices(
    facts: RetainerFacts, names: Mapping[str, str], wanted: Filter, part: str, *, several: bool
) -> tuple[PoolChoice, ...]:
    if len(names) < 2:
        return ()
    kept = {"find": wanted.words, "year": _year(facts)}
    return tuple(
        PoolChoice(name, address("", query(facts, several, pool=key, **kept), part), key == wanted.pool)
        for key, name in {"": _("All work"), **names}.items()
    )


def totals(
    entries: Sequence[Placed], names: Mapping[str, str], *, is_searched: bool = False
) -> tuple[Total, ...]:
    """What the lines add up to: a sum for each pool that has work, and all of it together; nothing without a line."""
    if not entries:
        return ()
    words = _("Hours of what was found") if is_searched else _("Hours used")
    whole = Total(words, column(sum_of(entries)), is_sum=True)
    by_pool = {key: [each for each in entries if each.entry.draw.pool == key] for key in names}
    with_work = {key: own for key, own in by_pool.items() if own}
    if len(with_work) < 2:
        return (whole,)
    parts = (Total(names[key], column(sum_of(own)), is_sum=False) for key, own in with_work.items())
    return (*parts, whole)


def _count_words(entries: Sequence[Placed], period: str) -> str:
    count = ngettext("%(count)s entry", "%(count)s entries", len(entries)) % {"count": len(entries)}
    return f"{period} · {count}"
