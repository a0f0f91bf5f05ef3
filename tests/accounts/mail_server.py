"""A mail server for tests: it takes mails, refuses some recipients, and cuts the line at others."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


class Conversation(StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 ready")
        recipient = ""
        for line in self.rfile:
            verb = line.decode().strip()
            if verb.upper().startswith("RCPT"):
                recipient = verb.partition("<")[2].rstrip(">")
                self.say("550 no such user" if recipient.startswith("refused") else "250 ok")
            elif verb.upper() == "DATA":
                self.say("354 go on")
                self.read_mail()
                if recipient.startswith("cut"):
                    return
                self.server.taken.append(recipient)
                self.say("250 taken")
            elif verb.upper() == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def read_mail(self) -> None:
        while (line := self.rfile.readline()) != b".\r\n":
            if line.lower().startswith(b"message-id:"):
                self.server.names.append(line.partition(b":")[2].strip().decode())


class MailServer(ThreadingTCPServer):
    """`taken`: the recipients of the mails that it took; `names`: the Message-IDs of those that came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[str] = []
        self.names: list[str] = []


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()
