"""A month's end: its cycles, what counted for nobody, what an hour earns; as pages and as a file for accounting."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import dateformat
from django.views.decorators.http import require_safe

from accounts.access import the_member, today_at, viewer, zone_of
from desk.month_end.lines import lines_of_month, month_work
from desk.month_end.page import A_PAGE, A_ZIP, SHOWN, MonthQuestion, month_end_page
from desk.month_end.rates import LITTLE_WORDS, by_rate, rate_row
from desk.month_end.sheet import invoice_csv
from desk.month_end.stated import statements_zip
from desk.month_end.uncounted import uncounted, uncounted_page
from presentation import days
from retainers.cycles import COUNTED_YEARS
from retainers.models import ClosedMonth
from retainers.settling import months

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MonthFace:
    """What all pages of a month have in common: its name, its neighbours, whether it is closed."""

    title: str
    month: str
    earlier: str
    later: str
    is_over: bool
    closed: str
    closed_mark: str

    @property
    def beside(self) -> list[tuple[str, str, str]]:
        """The months before and after: each with what its link says, and how it is related."""
        found = [(self.earlier, "Earlier", "prev"), (self.later, "Later", "next")]
        return [each for each in found if each[0]]

    @property
    def closed_words(self) -> str:
        return f"{self.closed} Any change to its complete cycles is a restatement." if self.closed else ""


def face(month: date, today: date, zone: ZoneInfo) -> MonthFace:
    earlier, later = (month - ONE_DAY).replace(day=1), months.last_day(month) + ONE_DAY
    closed, is_over = months.closed_month(month), months.last_day(month) < today
    return MonthFace(
        title=dateformat.format(month, "F Y"),
        month=f"{month:%Y-%m}",
        earlier=f"{earlier:%Y-%m}",
        later=f"{later:%Y-%m}" if later <= today else "",
        is_over=is_over,
        closed=_closed(closed, zone) if closed else "",
        closed_mark="" if closed or not is_over else months.seen_of(month).digest,
    )


def _closed(closed: ClosedMonth, zone: ZoneInfo) -> str:
    by = f" by {closed.made_by}" if closed.made_by else ""
    return f"Closed {days.moment(closed.made_at, zone)}{by}."


@dataclass(frozen=True, slots=True)
class AskedMonth:
    """A month of the provider in scope, by its first day, as it is looked at today."""

    month: date
    today: date
    zone: ZoneInfo


@require_safe
@viewer
def month_end(request: HttpRequest) -> HttpResponse:
    return month_end_answer(request, asked_month(request))


@require_safe
@viewer
def month_end_uncounted(request: HttpRequest) -> HttpResponse:
    """What counted for nobody, and why."""
    asked = asked_month(request)
    rows = uncounted(month_work(asked.today, asked.zone), asked.month)
    page = uncounted_page(rows, request.GET.get("reason", ""), request.GET.get("page", "1"))
    return _render(request, asked, "desk/month_uncounted.html", page=page)


@require_safe
@viewer
def month_end_rates(request: HttpRequest) -> HttpResponse:
    """Effective rate, and who uses too little."""
    asked = asked_month(request)
    lines = lines_of_month(asked.month, asked.today, asked.zone)
    little = request.GET.get("show") == "little"
    pages = Paginator(by_rate(lines, little=little), A_PAGE).get_page(request.GET.get("page"))
    told: dict[str, Any] = {
        "rows": [rate_row(line) for line in pages],
        "pages": pages,
        "little": little,
        "counts": (len(lines), sum(line.uses_little for line in lines)),
        "little_words": LITTLE_WORDS if little else "",
    }
    return _render(request, asked, "desk/month_rates.html", **told)


@require_safe
@viewer
def month_end_csv(request: HttpRequest) -> HttpResponse:
    asked = asked_month(request)
    lines = lines_of_month(asked.month, asked.today, asked.zone)
    currency = request.GET.get("currency", "")
    if currency not in {"", *(line.currency for line in lines)}:
        raise Http404
    text = "\ufeff" + invoice_csv(lines, currency)
    name = "-".join(filter(None, ("invoice-lines", f"{asked.month:%Y-%m}", currency)))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@viewer
def month_end_statements(request: HttpRequest) -> HttpResponse:
    """The statements of the month's cycles as PDFs in one archive, so many a part."""
    asked, provider = asked_month(request), the_member(request).provider
    lines = [line for line in lines_of_month(asked.month, asked.today, asked.zone) if line.stated_times]
    part = Paginator(lines, A_ZIP).get_page(request.GET.get("page"))
    if not lines:
        messages.info(request, f"No statement was made for a cycle that ended in {asked.month:%B %Y}.")
        return redirect(f"{reverse('month_end')}?month={asked.month:%Y-%m}")
    name = f"statements-{asked.month:%Y-%m}" + (f"-{part.number}" if part.has_other_pages() else "")
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.zip"',
        "Cache-Control": "private, no-store",
    }
    body = statements_zip(provider, [line.key for line in part], asked.today)
    return HttpResponse(body, content_type="application/zip", headers=headers)


def month_end_answer(request: HttpRequest, asked: AskedMonth, status: int = 200, **told: Any) -> HttpResponse:
    """The page of the month's cycles; `told` is what an act has to say."""
    lines = lines_of_month(asked.month, asked.today, asked.zone)
    show = request.GET.get("show", "")
    question = MonthQuestion(
        show=show if show in SHOWN else "",
        words=request.GET.get("q", "").strip(),
        page=request.GET.get("page", "1"),
    )
    page = month_end_page(lines, question, asked.zone)
    return _render(request, asked, "desk/month_end.html", status=status, page=page, question=question, **told)


def _render(
    request: HttpRequest, asked: AskedMonth, template: str, *, status: int = 200, **told: Any
) -> HttpResponse:
    context = {"face": face(asked.month, asked.today, asked.zone), **told}
    return render(request, template, context, status=status)


def asked_month(request: HttpRequest) -> AskedMonth:
    """The month of the address or the form, else the one before the provider's today."""
    provider = the_member(request).provider
    today = today_at(provider)
    text = request.POST.get("month") or request.GET.get("month", "")
    try:
        month = date.fromisoformat(f"{text}-01") if text else _last_month(today)
    except ValueError as error:
        raise Http404 from error
    if month.year not in COUNTED_YEARS:
        raise Http404
    return AskedMonth(month, today, zone_of(provider))


def _last_month(today: date) -> date:
    first = today.replace(day=1)
    return (
        first.replace(year=first.year - 1, month=12)
        if first.month == 1
        else first.replace(month=first.month - 1)
    )
