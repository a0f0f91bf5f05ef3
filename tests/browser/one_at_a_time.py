"""The live server answers one request after another, and a test's own statements wait until it has.

On SQLite in memory all threads of the live server share the test's connection. There a query that calls a function
of Python waits for the interpreter, while a thread that holds the interpreter waits for the connection: for ever.
A test ends when all is answered that its pages asked for: else the database would be emptied in the middle of it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
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


class Answering:
    """Connections that the live server has accepted and not yet closed."""

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._changed = threading.Condition()

    def accept(self, accepted: Callable[..., None]) -> Callable[..., None]:
        def process_request(server: Any, request: Any, address: Any) -> None:
            with self._changed:
                self._open.add(id(request))
            accepted(server, request, address)

        return process_request

    def answer(self, answered: Callable[..., None]) -> Callable[..., None]:
        def process_request_thread(server: Any, request: Any, address: Any) -> None:
            try:
                answered(server, request, address)
            finally:
                with self._changed:
                    self._open.discard(id(request))
                    self._changed.notify_all()

        return process_request_thread

    def end(self, host: str) -> None:
        """Wait until all is answered that was sent before; connections are accepted in the order in which they came."""
        with closing(HTTPConnection(host)) as last:
            last.request("GET", "/static/hourtab.css", headers={"Connection": "close"})
            last.getresponse().read()
        with self._changed:
            assert self._changed.wait_for(lambda: not self._open, timeout=30), "a request wasn't answered"


ANSWERING = Answering()
ASKING = ("execute", "executemany", "fetchone", "fetchmany", "fetchall", "__next__")
OneStatement = type("OneStatement", (base.SQLiteCursorWrapper,), {name: _waiting(name) for name in ASKING})


@contextmanager
def one_at_a_time() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        server = basehttp.ThreadedWSGIServer
        patched.setattr(basehttp, "ServerHandler", OneRequest)
        patched.setattr(server, "process_request", ANSWERING.accept(server.process_request))
        patched.setattr(server, "process_request_thread", ANSWERING.answer(server.process_request_thread))
        patched.setattr(base, "SQLiteCursorWrapper", OneStatement)
        yield
