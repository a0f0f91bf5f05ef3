"""All clients of the provider, the ones to act on first; the same as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import the_member, today_at, viewer, zone_of
from desk.dashboard.page import dashboard_page
from desk.dashboard.query import DashboardQuery, chosen
from desk.dashboard.saved_views import view_tabs
from desk.dashboard.selectors import client_cases, company_names
from desk.dashboard.sheet import clients_csv
from desk.waiting.asked_once import things_of
from desk.waiting.page import groups_of


@require_safe
@viewer
def dashboard(request: HttpRequest) -> HttpResponse:
    member = the_member(request)
    provider = member.provider
    today = today_at(provider)
    question = DashboardQuery.read(request.GET)
    page = dashboard_page(
        client_cases(provider, today),
        question,
        today=today,
        zone=zone_of(provider),
        names=company_names() if question.words else {},
        views=view_tabs(member, question),
        provider=provider,
    )
    return render(request, "desk/dashboard.html", {"page": page, "waiting": groups_of(things_of(request))})


@require_safe
@viewer
def dashboard_csv(request: HttpRequest) -> HttpResponse:
    provider = the_member(request).provider
    today = today_at(provider)
    question = DashboardQuery.read(request.GET)
    names = company_names() if question.words else {}
    found = chosen(client_cases(provider, today), question, names)
    response = HttpResponse(
        "\ufeff" + clients_csv(found, zone_of(provider)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="clients-{today}.csv"'
    return response
