"""The tickets of the current cycles by the hours they took, and one of them entry by entry."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import the_member, today_at, viewer
from desk.dashboard.selectors import client_cases
from desk.doors import open_retainer
from desk.incidents.page import incident_lines, incident_page, incidents_in

A_PAGE = 25


@require_safe
@viewer
def incidents(request: HttpRequest) -> HttpResponse:
    provider = the_member(request).provider
    today = today_at(provider)
    cases = client_cases(provider, today)
    slug, order = request.GET.get("client", ""), request.GET.get("sort", "")
    found = incidents_in([case for case in cases if slug in ("", case.slug)], order=order)
    rows = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": incident_lines(list(rows.object_list), today),
        "rows": rows,
        "clients": [(case.slug, case.name) for case in cases],
        "slug": slug,
        "order": order,
    }
    return render(request, "desk/incidents.html", context)


@require_safe
@viewer
def incident(request: HttpRequest, slug: str, key: str, mark: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    (case,) = client_cases(opened.member.provider, opened.today, opened.client)
    try:
        page = incident_page(opened.standing, case, key, mark)
    except LookupError as error:
        raise Http404 from error
    return render(request, "desk/incident.html", {"opened": opened, "page": page})
