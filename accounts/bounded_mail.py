"""The way to the mail server, bounded as a whole: a server that trickles, or never ends an answer, holds nobody up.

A time-out alone is one for each piece that comes: a line without end, a sign every ten seconds, and a sender would
listen for ever.
"""

import contextlib
import smtplib
import socket
from threading import Timer
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

MOST_SECONDS = 120.0  # for a conversation, from the first look for the server to its last word


class _Bounded(smtplib.SMTP):
    _watch: Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # smtplib's own hook
        self._watch = Timer(MOST_SECONDS, self._cut, [found])
        self._watch.daemon = True
        self._watch.start()
        return found

    def _cut(self, first: socket.socket) -> None:
        """End it from outside: whoever waits for a word is told that there will be none."""
        with contextlib.suppress(OSError):
            (self.sock or first).shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        super().close()


class _BoundedSSL(_Bounded, smtplib.SMTP_SSL):
    """The same where the conversation is encrypted from its first word."""


class Backend(EmailBackend):
    @property
    def connection_class(self) -> Any:
        return _BoundedSSL if self.use_ssl else _Bounded
