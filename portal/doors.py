"""The door of every address behind a share link: who may come in, and what everybody else is answered.

Nobody is told apart: a token that is wrong, malformed or revoked gets one and the same page. Where a client wants a
second step, no answer of the link is given before it.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from portal.access import Gone, Visit, open_link
from portal.misses import too_many_misses
from portal.page import contact_of
from portal.second_step import COOKIE, is_past, path_of, step_of
from portal.selectors import provider_facts

NO_STORE = {"Cache-Control": "no-store"}
FOR_PROGRAMS = (".json", ".csv", ".ics")
ASKS_FOR_A_CODE = "This link asks for a code that is mailed to its readers. Open it in a browser.\n"


def enter(request: HttpRequest, token: str) -> Visit | HttpResponse:
    """Whose pages the token opens for this browser, or the answer in their place."""
    visit = entered(request, token)
    if not isinstance(visit, Visit):
        return visit
    with tenant_scope(visit.provider):
        step = step_of(visit.client)
        if step is None or is_past(step, visit.link, request.COOKIES.get(COOKIE, "")):
            return visit
    if request.path_info.endswith(FOR_PROGRAMS):
        return HttpResponse(ASKS_FOR_A_CODE, status=403, content_type="text/plain", headers=NO_STORE)
    return HttpResponseRedirect(f"{path_of(token)}code/", status=303, headers=NO_STORE)


def entered(request: HttpRequest, token: str) -> Visit | HttpResponse:
    """The same before any second step: only its own page stands here."""
    visit = open_link(token)
    if visit is None:
        return not_found(request)
    return gone(visit.provider) if isinstance(visit, Gone) else visit


@csrf_exempt
def no_such_link(request: HttpRequest, anything: str) -> HttpResponse:
    """An address that lost its last slash in a mail leads to the one with it, whatever the token."""
    if not anything.endswith("/") and resolve(f"{request.path_info}/").url_name != "no_such_link":
        whole = request.get_full_path(force_append_slash=True)
        return HttpResponsePermanentRedirect(whole, preserve_request=True, headers=NO_STORE)
    return not_found(request)


@csrf_exempt
def not_found(request: HttpRequest, **anything: str) -> HttpResponse:
    """One and the same answer for a token that is wrong, malformed or revoked; who tries many has to wait."""
    answer = nothing_there()
    if too_many_misses(request):
        answer.status_code = HTTPStatus.TOO_MANY_REQUESTS
        answer.headers["Retry-After"] = "60"
    return answer


def nothing_there(home: str = "") -> HttpResponse:
    """`home`: the address of the page that a right link opens, where only the question after it is wrong."""
    body = render_to_string("portal/not_found.html", {"is_known": bool(home), "home": home})
    return HttpResponse(body, status=HTTPStatus.NOT_FOUND, headers=NO_STORE)


def gone(provider: Provider) -> HttpResponse:
    facts = provider_facts(provider)
    context = {"provider": facts.name, "brand": facts, "contact": contact_of(facts)}
    body = render_to_string("portal/gone.html", context)
    return HttpResponse(body, status=410, headers=NO_STORE)
