"""Who sends slowly blocks nobody else, and is not waited for for ever."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from selectors import DefaultSelector
from socket import socket, socketpair

import pytest
from gunicorn.workers.gthread import TConn

from hourtab.bounded_worker import BoundedWorker
from tests.faults.installation import WEEK, Installation, Site
from tests.faults.templates import Template

HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
BODY = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nlogin="


@contextmanager
def slow_ones(site: Site, how_many: int, sent: bytes) -> Iterator[list[socket]]:
    """Connections on which the beginning of a request has been sent, and no more."""
    with ExitStack() as opened:
        found = [opened.enter_context(site.connection()) for _ in range(how_many)]
        for each in found:
            each.sendall(sent)
        yield found


@pytest.mark.parametrize("sent", [HEAD, pytest.param(BODY, marks=pytest.mark.long)])
def test_slow_clients_keep_nobody_else_waiting(
    installation: Installation, made: Template, sent: bytes
) -> None:
    with installation.serving("--threads", "4") as site, slow_ones(site, 3, sent):
        assert site.ask("/healthz").status == 200
        assert "Acme Dental" in site.ask(made.path).text


@pytest.mark.long
def test_more_slow_clients_than_threads_are_cut_off_after_a_while(installation: Installation) -> None:
    serving = installation.serving("--threads", "2", HEAD_SECONDS="0.5")
    with serving as site, slow_ones(site, 5, HEAD) as found:
        assert site.ask("/healthz").status == 200
        assert [each.recv(100) for each in found] == [b""] * 5


@pytest.mark.long
@pytest.mark.parametrize("size", [0, 40_000])
def test_a_server_that_is_slow_itself_cuts_nobody(
    installation: Installation, made: Template, size: int
) -> None:
    asked = {"PAUSE": 'FROM "accounts_apikey"', "PAUSE_SAYS": str(installation.folder / "asked")}
    headers = {"Authorization": f"Bearer {made.key}", "Content_Type": "text/csv"}
    with installation.serving("--threads", "2", BODY_SECONDS="0.2", **asked) as site:
        answer = site.ask("/api/imports?publish=1", WEEK.encode() + b"\n" * size, **headers)

    assert answer.status == 200


@pytest.fixture
def answered() -> Iterator[tuple[BoundedWorker, TConn, socket]]:
    """A worker that has just answered on a connection, whose other end is still open."""
    ours, theirs = socketpair()
    worker, done = object.__new__(BoundedWorker), Future[bool]()
    worker.poller, worker.nr_conns = DefaultSelector(), 1
    worker._until, worker._parting = {}, {}
    worker.pending_conns = deque()
    done.set_result(False)
    conn = TConn(None, ours, None, None)
    with worker.poller, ours, theirs:
        worker.finish_request(conn, done)
        yield worker, conn, theirs


def test_nobody_waits_for_who_keeps_a_connection_after_its_answer(
    answered: tuple[BoundedWorker, TConn, socket],
) -> None:
    worker, conn, theirs = answered

    assert theirs.recv(1) == b""
    assert (conn.sock.fileno() >= 0, worker.nr_conns) == (True, 1)
    theirs.sendall(b"more that nobody asked for")
    theirs.close()
    for _ in range(2):
        worker.wait_for_and_dispatch_events(0)
    assert (conn.sock.fileno(), worker.nr_conns) == (-1, 0)


def test_who_never_closes_is_left_after_a_while(answered: tuple[BoundedWorker, TConn, socket]) -> None:
    worker, conn, _theirs = answered
    worker.murder_pending()
    assert conn.sock.fileno() >= 0

    worker._parting[conn] = 0
    worker.murder_pending()

    assert (conn.sock.fileno(), worker.nr_conns) == (-1, 0)
