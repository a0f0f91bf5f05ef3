"""The live server answers one request after another, and a test's own statements wait until it has.

On SQLite in memory all threads of the live server share the test's connection. There a query that calls a function
of Python waits for the interpreter, while a thread that holds the interpreter waits for the connection: for ever.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.servers import basehttp
from django.db.backends.sqlite3 import base

ALONE = threading.RLock()


class OneRequest(basehttp.ServerHandler):
    """From the first look at the address to the close of the answer, which asks the database, too.

    Wrapping the application is not enough: the handlers of static and of uploaded files around it answer by themselves.
    """

    def run(self, application: Any) -> None:
        with ALONE:
            super().run(application)


def _waiting(name: str) -> Callable[..., Any]:
    ask = getattr(base.SQLiteCursorWrapper, name)

    def wait(*given: Any) -> Any:
        with ALONE:
            return ask(*given)

    return wait


ASKING = ("execute", "executemany", "fetchone", "fetchmany", "fetchall", "__next__")
OneStatement = type("OneStatement", (base.SQLiteCursorWrapper,), {name: _waiting(name) for name in ASKING})


@contextmanager
def one_at_a_time() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(basehttp, "ServerHandler", OneRequest)
        patched.setattr(base, "SQLiteCursorWrapper", OneStatement)
        yield
