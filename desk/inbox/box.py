"""A mailbox over IMAP: what lies in a folder, one message as bytes, and putting it away. Bounded in size and time.

Nothing is ever deleted: a message is moved to another folder of the same box, once its files are stored.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Timer
from time import mktime

from desk.inbox.box_address import BoxAddress

MOST_SECONDS = 180.0  # for all of it; what is left is taken by the next tick
FOR_A_WORD = 30.0  # seconds
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
DELIMITER = re.compile(rb'\([^)]*\) "(.)"')


class BoxError(Exception):
    """The mailbox said no, or something that can't be read; the sentence says to what."""


class Box:
    """An open mailbox; one folder of it is chosen at a time."""

    def __init__(self, line: imaplib.IMAP4) -> None:
        self._line = line
        self._delimiter = self._ask_delimiter()

    def inside(self, folder: str, name: str) -> str:
        return f"{folder}{self._delimiter}{name}"

    def choose(self, folder: str) -> bool:
        """Whether there is such a folder."""
        answer, _data = self._line.select(_quoted(folder))
        return answer == "OK"

    def make(self, folder: str) -> None:
        """Nothing, where it is there already."""
        self._line.create(_quoted(folder))

    def messages(self, most: int) -> list[str]:
        """The marks of the oldest messages of the chosen folder."""
        return self._found(most)

    def _found(self, most: int, *like: str) -> list[str]:
        (found,) = self._said("SEARCH", "UNDELETED", *like)
        marks = found.split() if isinstance(found, bytes) else []
        return [mark.decode("ascii") for mark in sorted(marks, key=int)[:most]]

    def reports(self, most: int) -> list[str]:
        """The same of what mail servers report: the box looks for them, whatever else lies there."""
        return self._found(most, "HEADER", "Content-Type", _quoted("multipart/report"))

    def about(self, mark: str) -> tuple[int, datetime]:
        """How large a message is, and when it came."""
        parts = self._said("FETCH", mark, "(RFC822.SIZE INTERNALDATE)")
        told = b" ".join(part for part in parts if isinstance(part, bytes))
        size, came = SIZE.search(told), imaplib.Internaldate2tuple(told)
        if size is None or came is None:
            raise BoxError(f"message {mark} has no size or no day")
        return int(size.group(1)), datetime.fromtimestamp(mktime(came)).astimezone()

    def whole(self, mark: str) -> bytes:
        for part in self._said("FETCH", mark, "(BODY.PEEK[])"):
            if isinstance(part, tuple) and isinstance(part[1], bytes):
                return part[1]
        raise BoxError(f"message {mark} came without its text")

    def put_away(self, mark: str, folder: str) -> None:
        """Move a message; a server that can't is told to copy it, and to take away the one that was copied."""
        if "MOVE" in self._line.capabilities:
            self._said("MOVE", mark, _quoted(folder))
            return
        self._said("COPY", mark, _quoted(folder))
        self._said("STORE", mark, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._line.capabilities:
            self._said("EXPUNGE", mark)

    def _ask_delimiter(self) -> str:
        _answer, data = self._line.list('""', '""')
        found = DELIMITER.match(data[0]) if data and isinstance(data[0], bytes) else None
        return found.group(1).decode("ascii") if found else "/"

    def _said(self, command: str, *words: str) -> list[bytes | tuple[bytes, bytes] | None]:
        answer, data = self._line.uid(command, *words)
        if answer != "OK":
            raise BoxError(f"the mailbox refused {command}")
        return list(data)


class _Line(imaplib.IMAP4):
    """A connection that is hung up on after `MOST_SECONDS`, whatever it is at: a greeting, a handshake, a mail."""

    def __init__(self, address: BoxAddress) -> None:
        self._is_tls = address.way == "imaps"
        self._watch = Timer(MOST_SECONDS, self._cut)
        self._watch.daemon = True
        super().__init__(address.host, address.port, timeout=FOR_A_WORD)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self.host, self.port), timeout)
        self._same = plain.dup()  # during a handshake nobody else holds the connection
        self._watch.start()
        if not self._is_tls:
            return plain
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except OSError:
            self._let_go()
            raise

    def shutdown(self) -> None:
        self._let_go()
        super().shutdown()

    def _let_go(self) -> None:
        self._watch.cancel()
        self._same.close()

    def _cut(self) -> None:
        with suppress(OSError):
            self._same.shutdown(socket.SHUT_RDWR)


@contextmanager
def opened(address: BoxAddress) -> Iterator[Box]:
    """Raises `OSError` and `imaplib.IMAP4.error` where nobody answers, or the password is wrong."""
    line = _Line(address)
    try:
        if address.way == "imap+tls":
            line.starttls(ssl.create_default_context())
        line.login(address.user, address.password)
        yield Box(line)
    finally:
        _leave(line)


def _leave(line: imaplib.IMAP4) -> None:
    """Say goodbye, or hang up on who doesn't hear it."""
    try:
        line.logout()
    except (OSError, imaplib.IMAP4.error):
        with suppress(OSError):
            line.shutdown()


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
