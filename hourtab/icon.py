"""The sign beside a bookmark: browsers ask for it at one address, whatever the page says."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

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
