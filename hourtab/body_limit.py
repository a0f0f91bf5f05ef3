"""How much a request may bring, refused by its announced length before anything of it is read or kept.

Without an announced length nothing is read at all. The two ways to hand in an export have a limit of their own,
and hold it while the bytes come in; so has the settings' logo. A preview of many clients is one large form.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from imports.reading.rows import MAX_FILE_BYTES

MEGABYTE = 1024 * 1024
MOST = {  # the file, and the form around it
    "/admin/imports/upload/": MAX_FILE_BYTES + MEGABYTE,
    "/api/imports": MAX_FILE_BYTES + MEGABYTE,
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
            return _refusal(request.path_info)
        return get_response(request)

    return limited


def _refusal(path: str) -> HttpResponse:
    said = f"This is too large: at most {most_bytes(path) // MEGABYTE} MB are taken here. Nothing was kept."
    if path.startswith("/api/"):
        return JsonResponse({"error": said}, status=TOO_LARGE)
    return HttpResponse(f"{said}\n", content_type="text/plain; charset=utf-8", status=TOO_LARGE)
