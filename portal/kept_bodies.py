"""Answers of the token pages that were made before, by their ETag: asked again without a mark of what is known
already, the same answer is not made a second time.

An ETag names all that its answer shows, so what is kept can't be older than the data; where anything changes, another
one is asked for. A process keeps a few, and those that were not asked for longest go first.
"""

from collections import OrderedDict
from threading import Lock

from django.http import HttpResponse

MOST_BYTES = 8 * 1024 * 1024
LARGEST = 256 * 1024  # one log of years must not drive out a hundred pages

Kept = tuple[bytes, tuple[tuple[str, str], ...]]

_kept: OrderedDict[str, Kept] = OrderedDict()
_lock = Lock()


def take(etag: str) -> HttpResponse | None:
    """The answer again, a new object each time."""
    with _lock:
        found = _kept.get(etag)
        if found is None:
            return None
        _kept.move_to_end(etag)
    body, headers = found
    return HttpResponse(body, headers=dict(headers))


def keep(etag: str, answer: HttpResponse) -> None:
    """Keep an answer that has come out well, as it is before anybody adds headers of their own."""
    if answer.status_code != 200 or answer.cookies or len(answer.content) > LARGEST:
        return
    with _lock:
        _kept[etag] = answer.content, tuple(answer.items())
        _kept.move_to_end(etag)
        size = sum(len(body) for body, _headers in _kept.values())
        while size > MOST_BYTES:
            _etag, (body, _headers) = _kept.popitem(last=False)
            size -= len(body)


def forget_all() -> None:
    """Nothing is kept any more."""
    with _lock:
        _kept.clear()
