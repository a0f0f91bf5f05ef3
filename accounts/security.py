"""What concerns security, one line of JSON each, for whoever watches over an installation (docs/security-events.md).

A line says when (UTC), what, in which request, who, at which provider and from which address. It is written for
a machine: no text of a stranger can begin a line of its own, and the filter of every log cuts secrets out of it.
A request's number also stands in its answer (`X-Request-ID`).
"""

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

log = logging.getLogger("hourtab.security")

EVENTS: Mapping[str, str] = {
    "signed in": "somebody signed in; `how` lists the steps",
    "sign-in failed": "a wrong password or an unknown address; `step` says “second” for a wrong code or passkey",
    "signed out": "somebody signed out",
    "limit reached": "too many attempts; `page` says where",
    "password changed": "by somebody who knew the old one",
    "password set": "with a link from a mail, or for the first time",
    "second factor added": "`factor` is totp, webauthn or recovery_codes",
    "second factor removed": "by the person themselves; `factor` as above",
    "second factors reset": "on the command line, for somebody who lost them; `reason` says why",
    "recovery codes made": "new codes were made; the old ones no longer work",
    "session ended": "`why`: idle, too old, ended by the person, or by a change of how they sign in",
    "refused": "a member asked for a page their role may not open; `page` says which",
    "foreign row refused": "a row of another provider was about to be written: a bug in HourTab",
    "key refused": "a program used a wrong or revoked key",
    "provider deleted": "a provider and everything it owned was deleted; `reason` says why",
    "invited": "somebody was invited to be a member; `subject` is the address",
    "invitation accepted": "the invited person became a member",
    "invitation withdrawn": "by an owner, or because whoever sent it is no longer one",
    "role changed": "a member's role was changed, or the member removed; `before`, `after`",
    "key created": "an API key was created",
    "key revoked": "by an owner, or because whoever created it is no longer one",
    "link created": "a share link was created",
    "link copied": "its address was shown again",
    "link replaced": "the old address now answers 410",
    "link revoked": "the address now answers 404",
    "link code sent": "a link's second step: a code was mailed to a contact, `person`",
    "link code not sent": "somebody asked for one with an address that isn't a contact's, or too often",
    "link code wrong": "a wrong code was typed; the fifth makes the code invalid",
    "original downloaded": "an uploaded file was downloaded",
    "kept figures refused": "stored figures of an agreement didn't match its entries and weren't used; `why` says how",
    "provider exported": "everything a provider owns was exported",
}


def note(event: str, **detail: Any) -> None:
    """Write one of `EVENTS`. `person` and `provider` are taken from the request where they are not given."""
    if event not in EVENTS:
        raise LookupError(f"“{event}” isn’t a security event yet: give it words in EVENTS")
    line = dict(  # a detail of the same name as one of these is a fault of the caller
        at=timezone.now().isoformat(timespec="milliseconds"),
        event=event,
        request=request_id(),
        **{**_who_asks(), **detail},
    )
    log.info(json.dumps({name: value for name, value in line.items() if value not in ("", None)}))


def watched(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A middleware: every answer “too many” is an event, whoever counted."""

    def watch(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            note("limit reached", page=request.resolver_match.view_name if request.resolver_match else "")
        return response

    return watch


def _who_asks() -> dict[str, str]:
    """What the request has told already: nothing is asked of a session that it has not opened."""
    request = request_in_hand()
    if request is None:
        return {}
    person = getattr(request, "_cached_user", None)
    member = getattr(request, "_member", None)
    return {
        "address": request.META.get("REMOTE_ADDR", ""),
        "person": getattr(person, "email", ""),
        "provider": member.provider.slug if member else "",
    }


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
