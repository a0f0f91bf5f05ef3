"""What a page behind a share link needs of the middlewares, and what not.

It knows no session, no account and no message: the middlewares of the desk let it by. Its forms are guarded by where
they were sent from (`portal.doors.from_this_page`). Headers that are the same for every answer are put together once.
"""

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.doors import PREFIX


class _OfTheDesk:
    """Mixed into a middleware that only staff need."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(PREFIX):
            answer: HttpResponseBase = self.get_response(request)  # type: ignore[attr-defined]  # the other base's
            return answer
        said: HttpResponseBase = super().__call__(request)  # type: ignore[misc]  # as above
        return said


class Sessions(_OfTheDesk, SessionMiddleware):
    pass


class Accounts(_OfTheDesk, AuthenticationMiddleware):
    pass


class Messages(_OfTheDesk, MessageMiddleware):
    pass


class ContentPolicy(CSPMiddleware):
    """The policy of an answer that has none of its own is put together once, where the settings know no exceptions."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._of_all = build_policy()
        tried = getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
        excepted = settings.CONTENT_SECURITY_POLICY.get("EXCLUDE_URL_PREFIXES")
        self._has_exceptions = settings.DEBUG or bool(tried or excepted)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        has_its_own = any(name.startswith("_csp_") for name in (*vars(response), *vars(request)))
        if has_its_own or self._has_exceptions:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._of_all)
        return response
