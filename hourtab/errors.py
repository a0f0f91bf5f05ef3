"""What is answered when something breaks: 503 while the database is away, 507 where the disk is full, else 500;
in words of who is asking; and what is not found or can't be read, for programs.

A client's page leads nowhere (its reader has no desk), a program gets JSON. Nothing here asks the database.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.views import defaults

from accounts import database
from hourtab.middleware import CLIENT_PAGES

PROGRAMS = "/api/"
RETRY_AFTER = "30"  # seconds


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong: for a program `said`, for staff the page `template`."""

    status: int
    said: str
    template: str
    passes: bool  # by itself, soon


BROKEN = Trouble(500, "Something went wrong on our side. The error was logged.", "500.html", passes=False)
FULL = Trouble(507, database.SAID, "507.html", passes=True)
AWAY = Trouble(
    503,
    "The database can’t be reached right now. Nothing was changed; try again in a minute.",
    "503.html",
    passes=True,
)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles the exception, so that this can be looked at."""
    trouble = _trouble(sys.exc_info()[1])
    response = _said(request, trouble)
    response.status_code = trouble.status
    response.headers["Cache-Control"] = "no-store"
    if trouble.passes:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What no page and no program sends (a zero byte, too many fields)."""
    if request.path_info.startswith(PROGRAMS):
        return JsonResponse({"error": "The request can’t be read."}, status=400)
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith(PROGRAMS):
        return JsonResponse({"error": "There is no such address."}, status=404)
    return defaults.page_not_found(request, exception)


def _trouble(error: BaseException | None) -> Trouble:
    if database.is_no_room(error):
        return FULL
    return AWAY if isinstance(error, OperationalError | InterfaceError) else BROKEN


def _said(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    if request.path_info.startswith(PROGRAMS) or request.path_info.endswith(".json"):
        return JsonResponse({"error": trouble.said})
    if request.path_info.startswith(CLIENT_PAGES):
        return HttpResponse(render_to_string("portal/away.html"))
    return HttpResponse(render_to_string(trouble.template))


NOT_ALLOWED = 405
FOR_PROGRAMS = ("/api/",)


def only_forms(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The same refusal, with a page to read in the place of the browser's own; nothing is done either way."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code != NOT_ALLOWED or not isinstance(response, HttpResponse):
            return response
        if request.method == "GET" and not request.path_info.startswith((*CLIENT_PAGES, *FOR_PROGRAMS)):
            response.headers["Content-Type"] = "text/html; charset=utf-8"
            response.content = render_to_string("405.html", request=request)
        return response

    return answer
