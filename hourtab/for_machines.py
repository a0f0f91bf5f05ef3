"""Addresses that no person types: whether it is alive and ready, its icon, and whom to tell of a weakness."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.database import refused
from accounts.guards import missing


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, every migration is applied, every guard stands, and our role is bound by them."""
    try:
        executor = MigrationExecutor(connection)
        ready = not executor.migration_plan(executor.loader.graph.leaf_nodes()) and not missing(connection)
        ready = ready and not refused()
    except Error:
        ready = False
    return HttpResponse(
        "ok\n" if ready else "not ready\n", content_type="text/plain", status=200 if ready else 503
    )


MARK = "mark.svg"
A_DAY = 24 * 3600


@require_safe
@cache_control(public=True, max_age=A_DAY)
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_mark(), content_type="image/svg+xml")


@cache
def _mark() -> bytes:
    found = find(MARK)
    if not found:
        raise LookupError(f"static/{MARK} was not found. Run HourTab from its checkout.")
    return Path(found).read_bytes()


HOLDS_FOR = timedelta(days=90)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {now() + HOLDS_FOR:%Y-%m-%dT00:00:00Z}",
        f"Canonical: {settings.BASE_URL}{reverse('security_txt')}",
        "Preferred-Languages: en",
    )
    return HttpResponse("\n".join((*lines, "")), content_type="text/plain; charset=utf-8")
