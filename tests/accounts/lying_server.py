"""A mail server that lies, as real ones do: each way of it by its name."""

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

LIES = {
    "drops the line at once": "drop at connect",
    "drops the line after the greeting": "drop at EHLO",
    "drops the line after the recipient": "drop at RCPT",
    "drops the line after the mail": "drop at mail",
    "takes the mail with another word than 250": "354 at mail",
    "asks for the mail with 250": "250 at DATA",
    "wants no more of us now": "421 at MAIL",
    "says nonsense": "nonsense at MAIL",
    "says a number that is none": "999 at RCPT",
    "says a line without end": "endless at MAIL",
    "says one sign after the other": "trickle at MAIL",
    "goes on and on with one answer": "babble at EHLO",
    "says nothing any more": "silence at RCPT",
    "says nothing about the mail": "silence at mail",
}
TAKEN_ALL_THE_SAME = {
    "takes the mail, then closes": "drop at QUIT",
    "takes the mail, then says nonsense": "nonsense at QUIT",
    "takes the mail, then says nothing": "silence at QUIT",
    "takes the mail, then refuses": "550 at QUIT",
}


class Lying(StreamRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError, StopIteration):
            self.talk()

    def talk(self) -> None:
        self.say("connect", "220 ready")
        while line := self.rfile.readline():
            verb = line.decode().strip().upper().partition(" ")[0]
            if verb == "DATA":
                self.say("DATA", "354 go on")
                self.read_mail()
                self.say("mail", "250 taken", lambda: self.server.taken.append(1))
            else:
                self.say(verb, "250 ok" if verb != "QUIT" else "221 bye")

    def read_mail(self) -> None:
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            if line.lower().startswith(b"message-id:"):
                self.server.names.append(line.partition(b":")[2].strip().decode())

    def say(self, where: str, truth: str, done: Callable[[], None] = lambda: None) -> None:
        how, _, at = self.server.lie.partition(" at ")
        if at != where:
            done()
            self.wfile.write(f"{truth}\r\n".encode())
            return
        getattr(self, how, lambda: self.wfile.write(f"{how} lie\r\n".encode()))()

    def drop(self) -> None:
        raise StopIteration

    def nonsense(self) -> None:
        self.wfile.write(b"\xff\xfe what?\r\n")

    def endless(self) -> None:
        self.until_cut(b"2" * 4096, 0)

    def trickle(self) -> None:
        self.until_cut(b"2", 0.05)

    def babble(self) -> None:
        self.until_cut(b"250-and more\r\n", 0.01)

    def silence(self) -> None:
        self.until_cut(b"", 0.05)

    def until_cut(self, words: bytes, pause: float) -> None:
        while not self.server.over.is_set():
            self.wfile.write(words)
            time.sleep(pause)
        raise StopIteration


class LyingServer(ThreadingTCPServer):
    """`taken` has one for each mail that it really took, `names` the Message-IDs of what it read."""

    daemon_threads = True

    def __init__(self, lie: str) -> None:
        super().__init__(("127.0.0.1", 0), Lying)
        self.lie, self.over = lie, Event()
        self.taken: list[int] = []
        self.names: list[str] = []


@contextmanager
def lying_server(lie: str) -> Iterator[LyingServer]:
    with LyingServer(lie) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()
