"""A request with an `Idempotency-Key` is done once a day and key; sent again, it gets the answer that it got.

What was refused before anything was done is forgotten, so that it can be mended and sent under the same mark.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from accounts.models import ApiKey
from desk.api.door import ApiRefusedError
from desk.api.parameters import Parameter
from desk.models import AnsweredRequest

KEPT = timedelta(days=1)
GIVEN_UP = timedelta(minutes=10)  # who began so long ago is not at it any more
LONGEST = 200
UNREADABLE = 422  # the file is stored
HEADER = Parameter(
    "Idempotency-Key",
    "A key of your own: the same request with it is carried out once within a day and gets the same answer.",
    {"type": "string", "maxLength": LONGEST},
    where="header",
)


def answered_once(
    request: HttpRequest, key: ApiKey, body: bytes, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer, or the one that the same request got before. `body` is what it says beside its address."""
    mark = request.headers.get("Idempotency-Key", "").strip()
    if not mark:
        return answer()
    if len(mark) > LONGEST or not mark.isprintable():
        raise ApiRefusedError(f"An Idempotency-Key has at most {LONGEST} printable characters.")
    asked = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + body).hexdigest()
    row = _claimed(key, mark, asked, now())
    if row.status is not None:
        again = HttpResponse(row.body, status=row.status, content_type="application/json")
        again.headers["Idempotent-Replayed"] = "true"
        again.headers["Cache-Control"] = "no-store"
        return again
    return _noted(row, answer)


def _claimed(key: ApiKey, mark: str, asked: str, at: datetime) -> AnsweredRequest:
    """The row under that mark: this request's own, or one that is answered. Raises `ApiRefusedError`."""
    AnsweredRequest.objects.filter(api_key=key, begun_at__lt=at - KEPT).delete()
    row: AnsweredRequest
    row, is_new = AnsweredRequest.objects.get_or_create(
        api_key=key, mark=mark, defaults={"asked": asked, "begun_at": at}
    )
    if row.asked != asked:
        raise ApiRefusedError("This Idempotency-Key was already used for another request.", status=409)
    if is_new or row.status is not None:
        return row
    mine = AnsweredRequest.objects.filter(pk=row.pk, begun_at=row.begun_at, status=None)
    if row.begun_at > at - GIVEN_UP or not mine.update(begun_at=at):
        raise ApiRefusedError(
            "This request is already being answered. Ask again in a few seconds.", status=409
        )
    return row


def _noted(row: AnsweredRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    mine, is_done = AnsweredRequest.objects.filter(pk=row.pk), False
    try:
        response = answer()
        is_done = response.status_code < 300 or response.status_code == UNREADABLE
    finally:
        if not is_done:
            mine.delete()
    if is_done:
        mine.update(status=response.status_code, body=response.content.decode())
    return response
