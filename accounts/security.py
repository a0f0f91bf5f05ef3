"""What concerns security, one line of JSON each, for whoever watches over an installation (docs/security-events.md).

A line says when (UTC), what, in which request, who, at which provider and from which address. It is written for
a machine: no text of a stranger can begin a line of its own, and the filter of every log cuts secrets out of it.
"""

import json
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.request_ids import request_id, request_in_hand

log = logging.getLogger("hourtab.security")

EVENTS: Mapping[str, str] = {
    "signed in": "somebody signed in; `how` names the steps",
    "sign-in failed": "a wrong password or an unknown address; `step` says “second” for a wrong code or passkey",
    "signed out": "somebody signed out",
    "limit reached": "too many attempts; `page` names it",
    "password changed": "by who knew it",
    "password set": "by a link from a mail, or for the first time",
    "second factor added": "`factor` is totp, webauthn or recovery_codes",
    "second factor removed": "by its person; `factor` as above",
    "second factors reset": "by the command line, for somebody who lost them; `reason` says why",
    "recovery codes made": "new ones: the old ones are of no use",
    "session ended": "`why`: idle, too old, ended by its person, or by a change of how they sign in",
    "refused": "a member asked for what their role does not open; `page` names it",
    "foreign row refused": "a row of another provider was about to be written: a fault of the program",
    "key refused": "a program came with a key that is wrong or revoked",
    "provider deleted": "everything of a provider is gone; `reason` says why",
    "invited": "a membership was offered; `subject` is the address",
    "invitation accepted": "it became a membership",
    "invitation withdrawn": "by an owner, or with the owner who had sent it",
    "role changed": "of a member, or their removal; `before`, `after`",
    "key created": "an API key was made",
    "key revoked": "by an owner, or with the owner who had made it",
    "link created": "a share link was made",
    "link copied": "its address was shown again",
    "link replaced": "the old address answers 410",
    "link revoked": "the address is unknown",
    "link code sent": "a link's second step: a code went to a contact, `person`",
    "link code not sent": "somebody asked for one with an address that isn't a contact's, or too often",
    "link code wrong": "a wrong code was typed; the fifth one ends it",
    "original downloaded": "an uploaded file left HourTab",
    "provider exported": "everything of a provider left HourTab",
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
