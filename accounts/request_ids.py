"""The request in hand, for whatever is written down about it: its number, and who asks from where.

The number stands in the answer (`X-Request-ID`) and in every security event that the request gave rise to.
"""

import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"
_in_hand: ContextVar[HttpRequest | None] = ContextVar("hourtab_request", default=None)
_number: ContextVar[str] = ContextVar("hourtab_request_id", default="")


def request_in_hand() -> HttpRequest | None:
    return _in_hand.get()


def request_id() -> str:
    """Empty where no request is answered: on the command line."""
    return _number.get()


def numbered(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A middleware: the number is ours, whatever the request says."""

    def number(request: HttpRequest) -> HttpResponseBase:
        in_hand, numbered_as = _in_hand.set(request), _number.set(secrets.token_hex(8))
        try:
            response = get_response(request)
            response.headers[HEADER] = request_id()
            return response
        finally:
            _in_hand.reset(in_hand)
            _number.reset(numbered_as)

    return number
