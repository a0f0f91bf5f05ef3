"""A zero byte in an address or a form is refused at the door: no page has one, and PostgreSQL takes none."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from hourtab.middleware import CLIENT_PAGES
from portal.doors import not_found

ZERO = "\x00"
MULTIPART = "multipart/form-data"
PROGRAMS = "/api/"


class NoZeroBytes:
    """After the check of the form's token, which has read the form already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if ZERO in request.path_info:
            return self._nothing_there(request)
        if any(ZERO in text for name, values in request.GET.lists() for text in (name, *values)):
            raise SuspiciousOperation("a zero byte in the address")
        return self.get_response(request)

    @staticmethod
    def _nothing_there(request: HttpRequest) -> HttpResponseBase:
        """The 404 that any other wrong address gets there: a client's page tells nobody why."""
        if request.path_info.startswith(CLIENT_PAGES):
            return not_found(request)
        raise Http404

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *arguments: Any) -> None:
        """A file's own bytes are left alone, and so is an upload, which sets its limit before it reads anything;
        a program's is one whatever it says that it sends (curl calls every body a form).
        """
        is_file = request.content_type == MULTIPART or request.path_info.startswith(PROGRAMS)
        is_upload = is_file and getattr(view, "csrf_exempt", False)
        if not is_upload and any(
            ZERO in text for name, values in request.POST.lists() for text in (name, *values)
        ):
            raise SuspiciousOperation("a zero byte in the form")
