"""What of a month counted for nobody, and why, to the last refused row: hours that are on no invoice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator

from desk.month_end.lines import ending_in
from imports.models import Import, NeverOurs
from imports.publishing.plan_marks import LeftOut
from imports.publishing.report import left_out_from_json
from imports.publishing.unknowns import UNCLAIMED, UNKNOWN
from imports.stages import claim_key
from presentation.days import span
from presentation.phrases import h
from retainers.balance import CycleBalance, Draw
from retainers.company_names import company_key
from retainers.hours import ZERO, round_half_up
from retainers.models import CompanyName
from retainers.pricing import OUTSIDE, draws_under
from retainers.selectors import Standing
from retainers.settling.months import last_day
from retainers.terms import collapse

A_PAGE = 50
IMPORTS_LOOKED_AT = 500  # the newest: the rows that became no entry are told by the imports themselves
REFUSED = "refused: could not be read"


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Hours of one client that are on nobody's bill, with the reason. `import_id`: the file that says so.

    `hours` None: the row's hours could not be read, or its file was published before they were kept.
    """

    slug: str
    client: str
    where: str
    reason: str
    rows: int
    hours: Decimal | None
    import_id: int | None = None


def uncounted(found: list[Standing], month: date) -> tuple[Uncounted, ...]:
    """By reason, most hours first."""
    told = [*_excluded(ending_in(found, month)), *_outside(found, month)]
    imports = Import.objects.filter(state=Import.State.PUBLISHED).order_by("-pk")
    newest = list(
        imports.values("pk", "format", "client_id", "through", "published_at", "result")[:IMPORTS_LOOKED_AT]
    )
    told += [*_left_out(newest, month, found), *_refused(newest, month)]
    return tuple(sorted(told, key=lambda each: (each.reason, -(each.hours or ZERO), collapse(each.client))))


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


def _outside(found: Iterable[Standing], month: date) -> Iterator[Uncounted]:
    """Published entries that lie in no cycle: dated before the retainer began, or after its end."""
    for standing in found:
        days = [
            work
            for work in standing.works
            if month <= work.day <= last_day(month) and not standing.agreement.alive_on(work.day)
        ]
        if days:
            draws = (draw for work in days for draw in draws_under(standing.agreement, work))
            worked = sum((draw.figure for draw in draws), ZERO)
            client, where = standing.retainer.client, standing.agreement.name
            yield Uncounted(client.slug, client.name, where, OUTSIDE, len(days), round_half_up(worked))


def _worked(draw: Draw) -> Decimal:
    return draw.figure if draw.work.worked is None else draw.work.worked


def _left_out(
    newest: Iterable[Mapping[str, Any]], month: date, found: Iterable[Standing]
) -> Iterator[Uncounted]:
    """Rows of published imports that became no entry, by the month of their work.

    A row comes again with every export of its period, so of each company and reason the file that says most
    counts; a company or an agreement that somebody has settled since is no longer unknown.
    """
    known = _known(found)
    most: dict[tuple[str, str, str], tuple[LeftOut, int]] = {}
    for each, pk in _told_of(newest, month):
        key = (each.client, each.company, each.reason)
        if _unknown_as(each) not in known and (key not in most or each.hours > most[key][0].hours):
            most[key] = each, pk
    names = {standing.retainer.client.slug: standing.retainer.client.name for standing in found}
    for each, pk in most.values():
        named = _named(each, names)
        yield Uncounted(each.client, named, f"import {pk}", each.reason, each.rows, each.hours, pk)


def _told_of(newest: Iterable[Mapping[str, Any]], month: date) -> Iterator[tuple[LeftOut, int]]:
    """What each import left out of the month, with the number of the import."""
    for source in newest:
        of_month = (each for each in left_out_from_json(source["result"]) if each.month == f"{month:%Y-%m}")
        yield from ((each, source["pk"]) for each in of_month)


def _named(each: LeftOut, names: Mapping[str, str]) -> str:
    """Whose rows they are, as far as they say: a company's, or an agreement's of a client."""
    if each.reason != UNCLAIMED:
        return each.company or "no company named"
    return f"{names.get(each.client, each.client)}: {each.company or 'no agreement named'}"


def _known(found: Iterable[Standing]) -> set[str]:
    """What is no longer unknown: clients' companies and agreements, and what is never ours."""
    claimed = {
        claim_key(standing.retainer.client.slug, name)
        for standing in found
        for name in standing.agreement.psa_agreements
    }
    keys = (
        CompanyName.objects.values_list("key", flat=True),
        NeverOurs.objects.values_list("key", flat=True),
    )
    return claimed.union(*keys)


def _unknown_as(each: LeftOut) -> str:
    """By what a company or an agreement that was unknown then would be known by now; "" for other reasons."""
    if each.reason == UNCLAIMED:
        return claim_key(each.client, each.company)
    return company_key(each.company) if each.reason == UNKNOWN else ""


def _refused(newest: Iterable[Mapping[str, Any]], month: date) -> Iterator[Uncounted]:
    """Rows that could not be read, of files whose days touch the month.

    A refused row often has no day of its own, so its file's days are taken. Where a newer file of the same kind
    speaks for all these days, what it says counts: the row was mended, or stands refused there.
    """
    spoken: list[tuple[str, int | None, date, date]] = []
    for source in newest:
        first, last = _days(source)
        kind = source["format"], source["client_id"]
        if any(each[:2] == kind and each[2] <= first and last <= each[3] for each in spoken):
            continue
        spoken.append((*kind, first, last))
        if first <= last_day(month) and last >= month:
            yield from _refused_rows(source["pk"], source["result"].get("problems", ()))


def _days(source: Mapping[str, Any]) -> tuple[date, date]:
    """The first and the last day of a file; where it was published before it said so, of the month of its last."""
    last = source["through"] or source["published_at"].date()
    starts = source["result"].get("starts")
    return (date.fromisoformat(starts) if starts else last.replace(day=1)), last


def _refused_rows(pk: int, problems: Iterable[Mapping[str, Any]]) -> Iterator[Uncounted]:
    alike = Counter(
        (each["problem"], each.get("value") or "", each["line"], each.get("hours")) for each in problems
    )
    for (problem, value, line, hours), rows in alike.items():
        place = f"import {pk}, line {line}" if line else f"import {pk}"
        said = f"“{value}”: {problem}" if value else problem
        worked = Decimal(hours) if hours else None
        yield Uncounted("", said, place, REFUSED, rows, worked, pk)


@dataclass(frozen=True, slots=True)
class ReasonTab:
    """A reason with all that counted for nobody because of it."""

    reason: str
    rows: int
    hours: str


@dataclass(frozen=True, slots=True)
class UncountedRow:
    slug: str
    client: str
    where: str
    reason: str
    rows: int
    hours: str
    import_id: int | None


@dataclass(frozen=True, slots=True)
class UncountedPage:
    tabs: tuple[ReasonTab, ...]
    reason: str
    rows: tuple[UncountedRow, ...]
    pages: Page[Uncounted]
    count: int
    hours: str


def uncounted_page(found: Sequence[Uncounted], reason: str, number: str) -> UncountedPage:
    """Fifty rows of the reason asked for, or of all."""
    reasons = list(dict.fromkeys(each.reason for each in found))
    reason = reason if reason in reasons else ""
    pages = Paginator([each for each in found if reason in ("", each.reason)], A_PAGE).get_page(number)
    every = _tab("", found)
    return UncountedPage(
        tabs=tuple(_tab(name, [each for each in found if each.reason == name]) for name in reasons),
        reason=reason,
        rows=tuple(_row(each) for each in pages),
        pages=pages,
        count=every.rows,
        hours=every.hours,
    )


def _tab(reason: str, rows: Sequence[Uncounted]) -> ReasonTab:
    return ReasonTab(
        reason, sum(each.rows for each in rows), h(sum((each.hours or ZERO for each in rows), ZERO))
    )


def _row(each: Uncounted) -> UncountedRow:
    hours = "not known" if each.hours is None else h(each.hours)
    return UncountedRow(each.slug, each.client, each.where, each.reason, each.rows, hours, each.import_id)
