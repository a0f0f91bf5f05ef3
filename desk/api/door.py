"""The door for programs: a key in the header, what it opens, and how often it may ask.

Every answer is JSON; one that refuses is `{"error": sentence}`. A foreign thing and a missing one look the same.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt

from accounts import keys
from accounts.actors import with_key
from accounts.models import ApiKey, Scope
from accounts.tenancy import tenant_scope
from portal.openings import waiting_briefly

Answer = Callable[..., HttpResponse]
TOO_OFTEN = f"This key has asked {keys.A_MINUTE} times in a minute. Try again in the next one."


class ApiRefusedError(Exception):
    """The request can't be answered; the sentences say why."""

    def __init__(self, *sentences: str, status: int = 400) -> None:
        super().__init__(*sentences)
        self.status = status


def behind_key(scope: Scope) -> Callable[[Answer], Answer]:
    """Open an answer to keys with that scope; it is given the key, and made in the scope of its provider."""

    def door(answer: Answer) -> Answer:
        @wraps(answer)
        def opened(request: HttpRequest, **named: Any) -> HttpResponse:
            key = _key_of(request)
            if key is None:
                refused = said({"error": "This needs a key: Authorization: Bearer ht_…"}, 401)
                refused.headers["WWW-Authenticate"] = 'Bearer realm="HourTab"'
                return refused
            with tenant_scope(key.provider), with_key(key):
                return _answered(request, key, scope, lambda: answer(request, key, **named))

        opened.scope = scope  # type: ignore[attr-defined]  # a mark on the answer, for the tests of access
        return opened

    return door


def _key_of(request: HttpRequest) -> ApiKey | None:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return keys.find(secret.strip()) if kind.casefold() == "bearer" else None


def _answered(
    request: HttpRequest, key: ApiKey, scope: Scope, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    wait = _seconds_to_wait(key)
    if wait:
        return told_to_wait(TOO_OFTEN, wait)
    if not key.may(scope):
        may = ", ".join(key.scopes) or "nothing"
        return said({"error": f"This needs a key with the scope “{scope}”. This one has: {may}."}, 403)
    try:
        return answer()
    except ApiRefusedError as error:
        return said({"error": " ".join(error.args)}, error.status)


def _seconds_to_wait(key: ApiKey) -> int:
    """Who counts waits 50 ms for SQLite's one writer, then lets go: no look waits for an import."""
    try:
        with waiting_briefly():
            return keys.seconds_to_wait(key, now())
    except OperationalError:
        return 0


def by_method(answers: Mapping[str, Answer]) -> Callable[..., HttpResponseBase]:
    """One address for several methods; HEAD is a GET without its body."""

    @csrf_exempt
    def view(request: HttpRequest, **named: Any) -> HttpResponse:
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in answers:
            allowed = ", ".join(sorted({*answers, *(["HEAD"] if "GET" in answers else [])}))
            refused = said({"error": f"This address answers {allowed}."}, 405)
            refused.headers["Allow"] = allowed
            return refused
        return answers[method](request, **named)

    return view


def said(document: Any, status: int = 200) -> HttpResponse:
    return _answer(written(document), status)


def written(document: Any) -> str:
    """As every answer is written."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _answer(text: str, status: int) -> HttpResponse:
    return HttpResponse(
        text, status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )


def told_to_wait(sentence: str, seconds: int) -> HttpResponse:
    answer = said({"error": sentence}, 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def looked_up(request: HttpRequest, text: str, further: str = "") -> HttpResponse:
    """What is read, under the name of what it says: asked again by that name (`If-None-Match`), it is a 304.

    `text`: the document, `written`. `further`: the address of the next page.
    """
    answer = _answer(text, 200)
    etag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    found = get_conditional_response(request, etag=etag, response=answer)
    shown = answer if found is None else found
    if not isinstance(shown, HttpResponse):
        return answer
    shown.headers["ETag"] = etag
    shown.headers["Cache-Control"] = "private, no-cache"
    if further:
        shown.headers["Link"] = f'<{further}>; rel="next"'
    return shown
