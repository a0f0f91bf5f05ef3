"""Judged retainers, remembered by the process: a publication and a day say all that a case depends on.

Publications never change, so nothing here can grow stale; it only makes room. What is remembered is shown to
whoever may read the publication that names it, which the provider's own query has to find first.
"""

from collections import OrderedDict
from datetime import date
from threading import Lock

from desk.dashboard.status import RetainerCase

Key = tuple[int, date, str]  # the publication, the day, the provider's time zone
MOST = 20_000

_cases: OrderedDict[Key, RetainerCase] = OrderedDict()
_lock = Lock()


def recall(key: Key) -> RetainerCase | None:
    with _lock:
        if key in _cases:
            _cases.move_to_end(key)
        return _cases.get(key)


def remember(key: Key, case: RetainerCase) -> None:
    with _lock:
        _cases[key] = case
        while len(_cases) > MOST:
            _cases.popitem(last=False)


def forget_all() -> None:
    with _lock:
        _cases.clear()
