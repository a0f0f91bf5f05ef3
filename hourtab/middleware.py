"""What every answer carries and no setting of Django's covers: headers, and the language that it speaks."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

CLIENT_PAGES = ("/b/", "/link-protection/", "/mails/agree/", "/mails/leave/")

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def add(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cache-Control", "no-store")  # else a cache in between may keep it
        return response

    return add


class ClientsLanguage(LocaleMiddleware):
    """Clients read their pages in the language of their browser; the desk is in the language of the house."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(CLIENT_PAGES):
            super().process_request(request)
        else:
            translation.activate(settings.LANGUAGE_CODE)
