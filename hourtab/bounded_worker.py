"""Gunicorn's worker with threads, in which nobody can keep a thread by sending or reading slowly.

A request has some seconds for its head and, by its announced length, some for its body; then the connection is
cut. What takes the server long itself is not cut: only what is still to arrive counts, and what has arrived and
isn't read yet waits for the server. Nobody waits for who keeps a connection after its answer.
"""

import select
import selectors
import socket
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

HEAD_SECONDS = 10.0
BODY_SECONDS = 20.0
BYTES_A_SECOND = 32 * 1024  # the slowest line on which an export can be uploaded
STEP_SECONDS = 60.0  # for a piece of the answer to be taken
PARTING_SECONDS = 2.0  # for the other side to close its end
PIECE = 64 * 1024


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
        self._parting: dict[Any, float] = {}  # answered connections whose other end is still open

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

    def finish_request(self, conn: Any, fs: Any) -> None:
        """In the main loop, once a thread is done. Closing waits for the other side: not here, where all wait."""
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
            return
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._take_the_rest, conn))
        except (OSError, ValueError, KeyError):  # it is closed already
            self.nr_conns -= 1
            conn.close()
        else:
            self._parting[conn] = time.monotonic() + PARTING_SECONDS

    def murder_pending(self) -> None:
        """In the main loop, every second: cut what should have arrived by now, close what was answered."""
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self._until.items()):
            if until < now and self._is_missing_something(conn):
                self._cut_or_wait(conn, now)
        for conn, until in list(self._parting.items()):
            if until < now:
                self._part(conn)

    def _is_missing_something(self, conn: Any) -> bool:
        reader = self._bodies.get(conn)
        return reader is None or _missing(reader) > 0

    def _cut_or_wait(self, conn: Any, now: float) -> None:
        """Who has sent what nobody has read yet waits for us."""
        if _has_come(conn.sock):
            self._until[conn] = now + BODY_SECONDS
        else:
            self._until.pop(conn, None)
            _cut(conn)

    def _take_the_rest(self, conn: Any, sock: Any) -> None:
        """What was sent and not read would make the kernel take the answer back: it is read, and thrown away."""
        try:
            rest = sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            rest = b""
        if not rest:
            self._part(conn)

    def _part(self, conn: Any) -> None:
        if self._parting.pop(conn, None) is not None:
            self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            conn.close()


def _missing(reader: Any) -> int:
    """How many bytes of a body are still to come; none of one whose length nobody announced: it is not read."""
    length = int(getattr(reader, "length", 0))
    return length - len(reader.unreader.buf.getvalue()) if length else 0


def _has_come(sock: Any) -> bool:
    """Whether something can be read, the end of the line included."""
    looking = select.poll()
    try:
        looking.register(sock, select.POLLIN)
    except (OSError, ValueError):
        return False
    return bool(looking.poll(0))


def _cut(conn: Any) -> None:
    """Wake the thread that waits: it sees that the client is gone."""
    try:
        conn.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
