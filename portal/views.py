"""The pages behind a share link: the balance page, its log as CSV and its figures as JSON.

Every answer of one is made here: who may see it is settled in `access`, what it says
in `answering`. No session, no cookie, no script; a reload that would say the same is a 304.
"""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts import replica
from accounts.tenancy import tenant_scope
from portal import kept_bodies
from portal.access import Visit, open_link
from portal.answering import by_link, calendar_answer, csv_answer, json_answer, page_answer
from portal.doors import enter, nothing_there
from portal.openings import note_opening
from presentation.facts import Asked
from retainers.settling.acts import settling_mark

ROOMS = ("portal", "presentation", "retainers", "leaks")
Answer = Callable[[HttpRequest, Visit, Asked], HttpResponse]


def behind_link(answer: Answer) -> Callable[..., HttpResponseBase]:
    """Turn a token into its client's answer, or into the page for links that open nothing (any more)."""

    @require_safe
    @wraps(answer)
    def view(request: HttpRequest, token: str) -> HttpResponseBase:
        visit = enter(request, token)
        if not isinstance(visit, Visit):
            return visit
        with tenant_scope(visit.provider):
            etag = _etag(request, visit)
            response = (
                _unchanged(request, etag)
                or kept_bodies.take(etag)
                or _made(request, token, answer, visit, etag)
            )
            note_opening(visit.link, request)
        if response.status_code in (200, 304):
            response.headers["ETag"] = etag
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    return view


CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")


def _unchanged(request: HttpRequest, etag: str) -> HttpResponseBase | None:
    """A 304 where the browser has the answer already; what browsers ask for is told at a glance."""
    asked = [request.META.get(name) for name in CONDITIONS]
    if not any(asked):
        return None
    if asked == [etag, None, None, None]:
        return HttpResponseNotModified()
    return get_conditional_response(request, etag=etag)


def _made(request: HttpRequest, token: str, answer: Answer, visit: Visit, etag: str) -> HttpResponse:
    """Made from the replica where that knows all that the ETag names, else from the first database."""
    if replica.may_be_asked():
        try:
            with replica.snapshot():
                there = open_link(token)
                if isinstance(there, Visit) and _etag(request, there) == etag:
                    return _answered(request, answer, there, etag)
        except replica.BROKEN as error:
            replica.forgive(error)
    return _answered(request, answer, visit, etag)


def _answered(request: HttpRequest, answer: Answer, visit: Visit, etag: str) -> HttpResponse:
    try:
        response = answer(request, visit, Asked.read(request.GET))
    except LookupError:
        return nothing_there("./" if request.GET else "")
    kept_bodies.keep(etag, response)
    return response


@behind_link
def balance(request: HttpRequest, visit: Visit, asked: Asked) -> HttpResponse:
    return page_answer(by_link(visit), asked)


@behind_link
def balance_as_json(request: HttpRequest, visit: Visit, asked: Asked) -> HttpResponse:
    return json_answer(by_link(visit), asked)


@behind_link
def log_as_csv(request: HttpRequest, visit: Visit, asked: Asked) -> HttpResponse:
    return csv_answer(by_link(visit), asked)


@behind_link
def dates_as_calendar(request: HttpRequest, visit: Visit, asked: Asked) -> HttpResponse:
    return calendar_answer(by_link(visit), asked)


def _etag(request: HttpRequest, visit: Visit) -> str:
    """Names all that the answer shows: everything that the link opens as the database has it (agreements,
    publications, names, looks, what the gate knows, requests, gate), what is asked of it, day, language, look."""
    said = (
        request.get_full_path(),
        visit.row.mark,
        visit.today,
        _settled(request, visit),
        _minute(visit),
        get_language(),
        _look(),
    )
    return f'"{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"'


def _minute(visit: Visit) -> str:
    """While an incident runs the page is another one with every minute."""
    return now().isoformat(timespec="minutes") if visit.row.runs else ""


def _settled(request: HttpRequest, visit: Visit) -> tuple[int, ...]:
    """What settles a cycle that the answer can be about (a statement, an invoice, a closed month): no publications."""
    if "cycle" in request.GET or "/statement/" in request.path or visit.row.tells_what_is_over:
        return settling_mark([row.pk for row in visit.retainers])
    return ()


@cache
def _look() -> str:
    """Changes with whatever makes the page, so that a new release is seen at once: its templates, its style
    sheet, the code that counts and words it, and the translations.
    """
    root: Path = settings.BASE_DIR
    parts = [("templates", "*.html"), ("static", "hourtab.css"), ("locale", "*.mo")]
    parts += [(room, "*.py") for room in ROOMS]
    files = [file for folder, name in parts for file in sorted((root / folder).rglob(name))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
