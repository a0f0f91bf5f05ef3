"""What every answer carries and no setting of Django's covers, and what is refused before a view sees it.

Answers carry headers, and the language that they speak. A body is refused by its announced length before anything
of it is read or kept; without an announced length nothing is read at all. The two ways to hand in an export have a
limit of their own, and hold it while the bytes come in; so has the settings' logo. A preview of many clients is one
large form. A zero byte in an address or a form is refused too: no page has one, and PostgreSQL takes none.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from desk.imports.refused import note_refusal
from imports.reading.rows import MAX_FILE_BYTES
from portal.doors import not_found

CLIENT_PAGES = ("/b/", "/link-protection/", "/mails/agree/", "/mails/leave/")

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def add(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cache-Control", "no-store")  # else a cache in between may keep it
        if "Refresh" in response.headers:
            # without an address a page that was opened at one of its parts is only scrolled
            response.headers["Refresh"] += f"; url={request.get_full_path()}"
        return response

    return add


class ClientsLanguage(LocaleMiddleware):
    """Clients read their pages in the language of their browser; the desk is in the language of the house."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(CLIENT_PAGES):
            translation.activate(translation.get_language_from_request(request))
        else:
            translation.activate(settings.LANGUAGE_CODE)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """No address of ours has a language in it: an answer names its own, and that it varies with the browser's."""
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response


MEGABYTE = 1024 * 1024
PUSHES = "/api/imports"
MOST = {  # the file, and the form around it
    "/admin/imports/upload/": MAX_FILE_BYTES + MEGABYTE,
    PUSHES: MAX_FILE_BYTES + MEGABYTE,
    "/settings/": 2 * MEGABYTE,
}
PREVIEWS = "/admin/imports/"
TOO_LARGE = 413


def most_bytes(path: str) -> int:
    return MOST.get(path, 3 * MEGABYTE if path.startswith(PREVIEWS) else MEGABYTE)


def body_limit(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def limited(request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not announced.isdigit() or int(announced) > most_bytes(request.path_info):
            return _refusal(request)
        return get_response(request)

    return limited


def _refusal(request: HttpRequest) -> HttpResponse:
    path = request.path_info
    said = f"This is too large: at most {most_bytes(path) // MEGABYTE} MB are taken here. Nothing was kept."
    if path.startswith("/api/"):
        answer = JsonResponse({"error": said}, status=TOO_LARGE)
        if path == PUSHES:
            note_refusal(request, answer)
        return answer
    return HttpResponse(f"{said}\n", content_type="text/plain; charset=utf-8", status=TOO_LARGE)


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
        if _is_form(request, view) and any(
            ZERO in text for name, values in request.POST.lists() for text in (name, *values)
        ):
            raise SuspiciousOperation("a zero byte in the form")


def _is_form(request: HttpRequest, view: Callable[..., Any]) -> bool:
    is_file = request.content_type == MULTIPART or request.path_info.startswith(PROGRAMS)
    is_upload = is_file and getattr(view, "csrf_exempt", False)
    return request.method == "POST" and not is_upload
