"""Who sends slowly blocks nobody else, and is not waited for for ever."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from socket import socket

import pytest

from tests.faults.installation import Installation, Site, Template

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


@pytest.mark.parametrize("sent", [HEAD, BODY])
def test_slow_clients_keep_nobody_else_waiting(
    installation: Installation, made: Template, sent: bytes
) -> None:
    with installation.serving("--threads", "4") as site, slow_ones(site, 3, sent):
        assert site.ask("/healthz").status == 200
        assert "Acme Dental" in site.ask(made.path).text


def test_more_slow_clients_than_threads_are_cut_off_after_a_while(installation: Installation) -> None:
    serving = installation.serving("--threads", "2", HEAD_SECONDS="0.5")
    with serving as site, slow_ones(site, 5, HEAD) as found:
        assert site.ask("/healthz").status == 200
        assert [each.recv(100) for each in found] == [b""] * 5
