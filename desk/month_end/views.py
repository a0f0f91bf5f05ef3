"""What a month comes to, as a page and as a file for the invoice."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import the_member, today_at, viewer, zone_of
from desk.month_end.page import MonthEnd, month_end, month_end_page
from desk.month_end.sheet import overage_csv
from retainers.cycles import COUNTED_YEARS


@require_safe
@viewer
def month_end_view(request: HttpRequest) -> HttpResponse:
    found, today = _asked(request)
    context = {"page": month_end_page(found, today), "month": f"{found.month:%Y-%m}"}
    return render(request, "desk/month_end.html", context)


@require_safe
@viewer
def month_end_csv(request: HttpRequest) -> HttpResponse:
    found, _ = _asked(request)
    response = HttpResponse("\ufeff" + overage_csv(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="overage-{found.month:%Y-%m}.csv"'
    return response


def _asked(request: HttpRequest) -> tuple[MonthEnd, date]:
    """The month of the address, else the one before the provider's today."""
    provider = the_member(request).provider
    today = today_at(provider)
    text = request.GET.get("month", "")
    try:
        month = date.fromisoformat(f"{text}-01") if text else _last_month(today)
    except ValueError as error:
        raise Http404 from error
    if month.year not in COUNTED_YEARS:
        raise Http404
    return month_end(month, today=today, zone=zone_of(provider)), today


def _last_month(today: date) -> date:
    first = today.replace(day=1)
    return (
        first.replace(year=first.year - 1, month=12)
        if first.month == 1
        else first.replace(month=first.month - 1)
    )
