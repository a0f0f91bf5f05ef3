"""What is answered when something breaks: 503 while the database is away, else 500; in words of who is asking.

A client's page leads nowhere (its reader has no desk), a program gets JSON. Nothing here asks the database.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from hourtab.middleware import CLIENT_PAGES

RETRY_AFTER = "30"  # seconds
AWAY = "The database can't be reached at the moment. Nothing was changed; try again in a minute."
BROKEN = "Something went wrong on our side. It has been written down."


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles the exception, so that this can be looked at."""
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    response = _said(request, is_away)
    response.status_code = 503 if is_away else 500
    response.headers["Cache-Control"] = "no-store"
    if is_away:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def _said(request: HttpRequest, is_away: bool) -> HttpResponse:
    if request.path_info.startswith("/api/") or request.path_info.endswith(".json"):
        return JsonResponse({"error": AWAY if is_away else BROKEN})
    if request.path_info.startswith(CLIENT_PAGES):
        return HttpResponse(render_to_string("portal/away.html"))
    return HttpResponse(render_to_string("503.html" if is_away else "500.html"))
