"""The door of every address behind a share link: who may come in, and what everybody else is answered.

Tokens that open nothing are counted by the address that asks; who tries many is told to wait. A forged form is told by
where the browser says that it comes from. Answers are kept out of search and of caches, and bear no cookie but the
second step's own.

The count has a table of its own, a row for each address and minute, and nothing but time takes a row away. It is
exact whatever the number of processes. A right token is never counted and never refused: it can't be guessed, and a
whole office may stand behind one address. Like every counter of a client's page it waits 50 ms for a lock, then
lets go.
"""

import ipaddress
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils.crypto import salted_hmac
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from portal.access import Gone, Visit, open_link
from portal.letterhead import contact_of
from portal.models import Miss
from portal.openings import limit_waiting_for_rows, waiting_briefly
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
    page = "portal/no_such_cycle.html" if home else "portal/not_found.html"
    body = render_to_string(page, {"home": home})
    return HttpResponse(body, status=HTTPStatus.NOT_FOUND, headers=NO_STORE)


def gone(provider: Provider) -> HttpResponse:
    facts = provider_facts(provider)
    context = {"provider": facts.name, "brand": facts, "contact": contact_of(facts)}
    body = render_to_string("portal/gone.html", context)
    return HttpResponse(body, status=410, headers=NO_STORE)


def from_this_page(request: HttpRequest) -> bool:
    """Whether the browser says that the form was sent from this very site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.get_host()


A_MINUTE = 20
KEPT = timedelta(minutes=10)
NETWORK = 64  # bits: one home or one server has so much of IPv6


def too_many_misses(request: HttpRequest) -> bool:
    """Count one more miss of whoever asks; whether that is more than a minute allows."""
    minute = now().replace(second=0, microsecond=0)
    try:
        with waiting_briefly(), transaction.atomic():
            limit_waiting_for_rows()
            return _counted(mark_of(request.META.get("REMOTE_ADDR", "")), minute) > A_MINUTE
    except OperationalError:
        return False


def _counted(mark: str, minute: datetime) -> int:
    row = Miss.objects.filter(mark=mark, minute=minute)
    if not row.update(count=F("count") + 1):
        Miss.objects.filter(minute__lt=minute - KEPT).delete()
        try:
            with transaction.atomic():
                Miss.objects.create(mark=mark, minute=minute, count=1)
        except IntegrityError:  # another process was first
            row.update(count=F("count") + 1)
    return row.values_list("count", flat=True).get()


def mark_of(address: str) -> str:
    """What stands for an address in the table, where the address itself has no business."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return salted_hmac("hourtab.misses", address, algorithm="sha256").hexdigest()
    if read.version == 6:
        read = ipaddress.ip_network(f"{read}/{NETWORK}", strict=False).network_address
    return salted_hmac("hourtab.misses", str(read), algorithm="sha256").hexdigest()


PREFIX = "/b/"


class TokenPages:
    """Outermost of the middlewares that could set a cookie, so that it has the last word."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(PREFIX):
            for name in set(response.cookies) - {COOKIE}:
                del response.cookies[name]
            response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
            if not response.has_header("Cache-Control"):
                response.headers["Cache-Control"] = "no-store"
        return response
