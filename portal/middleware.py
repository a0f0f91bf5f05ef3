"""Headers of the token pages: kept out of search, out of caches, and without a cookie but the second step's own."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.second_step import COOKIE

PREFIX = "/b/"


class TokenPages:
    """Outermost of the middlewares that could set a cookie, so that it has the last word."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(PREFIX):
            for name in set(response.cookies) - {COOKIE}:
                del response.cookies[name]
            response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
            if not response.has_header("Cache-Control"):
                response.headers["Cache-Control"] = "no-store"
        return response
