"""A badge as a picture and as a line that named sites may frame: no link in either, no cookie, no script."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.tenancy import tenant_scope
from portal.access import BadgeVisit, open_badge
from portal.badge_words import BadgeWords, badge_words
from portal.doors import not_found
from portal.selectors import page_facts
from presentation.facts import Asked

A_MINUTE = "private, max-age=60"


@require_safe
def badge_picture(request: HttpRequest, token: str) -> HttpResponse:
    visit = open_badge(token)
    if visit is None:
        return not_found(request)
    body = render_to_string("portal/badge.svg", {"badge": _words(visit)})
    headers = {"Cache-Control": A_MINUTE, "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(body, content_type="image/svg+xml; charset=utf-8", headers=headers)


@require_safe
def badge_line(request: HttpRequest, token: str) -> HttpResponseBase:
    visit = open_badge(token)
    if visit is None:
        return not_found(request)
    body = render_to_string("portal/badge.html", {"badge": _words(visit)})
    response = HttpResponse(body, headers={"Cache-Control": A_MINUTE})
    if not visit.badge.sites:
        return response
    response.xframe_options_exempt = True  # Django's own mark: the sites stand in the policy below
    framed = csp_replace({"frame-ancestors": list(visit.badge.sites)})(lambda _request: response)
    return framed(request)


def _words(visit: BadgeVisit) -> BadgeWords:
    with tenant_scope(visit.provider):
        try:
            facts = page_facts(visit.provider, visit.retainers, visit.today, Asked(), gate=visit.gate)
        except LookupError:
            facts = ()
        return badge_words(facts, visit.today)
