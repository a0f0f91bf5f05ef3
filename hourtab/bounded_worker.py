"""Gunicorn's worker with threads, in which nobody can keep a thread by sending or reading slowly.

A request has some seconds for its head and, by its announced length, some for its body; then the connection is
cut. What takes the server long itself is not cut: only what is still to arrive counts.
"""

import socket
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

HEAD_SECONDS = 10.0
BODY_SECONDS = 20.0
BYTES_A_SECOND = 32 * 1024  # the slowest line on which an export can be uploaded
STEP_SECONDS = 60.0  # for a piece of the answer to be taken


def seconds_for(length: int) -> float:
    """How long a body of so many bytes may take to arrive.

    >>> seconds_for(0), seconds_for(50 * 1024 * 1024)
    (20.0, 1620.0)
    """
    return BODY_SECONDS + length / BYTES_A_SECOND


class BoundedWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn is untyped
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._until: dict[Any, float] = {}  # connections that a thread waits for, and how long it may
        self._bodies: dict[Any, Any] = {}

    def handle(self, conn: Any) -> Any:
        """In a thread: read a request and answer it."""
        self._until[conn] = time.monotonic() + HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._until.pop(conn, None)
            self._bodies.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """In a thread, once the head of the request is read."""
        self._bodies[conn] = req.body.reader
        self._until[conn] = time.monotonic() + seconds_for(_missing(req.body.reader))
        conn.sock.settimeout(STEP_SECONDS)
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """In the main loop, every second: cut what should have arrived by now."""
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self._until.items()):
            if until < now and self._is_arriving(conn):
                self._until.pop(conn, None)
                _cut(conn)

    def _is_arriving(self, conn: Any) -> bool:
        reader = self._bodies.get(conn)
        return reader is None or _missing(reader) > 0


def _missing(reader: Any) -> int:
    """How many bytes of a body are still to come; none of one whose length nobody announced: it is not read."""
    return int(getattr(reader, "length", 0))


def _cut(conn: Any) -> None:
    """Wake the thread that waits: it sees that the client is gone."""
    try:
        conn.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
