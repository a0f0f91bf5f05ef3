"""A small IMAP server of our own: folders, messages, and how it behaves when it behaves badly."""

import re
import socketserver
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

CAME = "22-Jun-2026 11:00:00 +0000"


@dataclass
class MailBox:
    port: int = 0
    password: str = "pw"
    capabilities: str = "IMAP4rev1 MOVE UIDPLUS"
    folders: dict = field(default_factory=lambda: {"INBOX": {}})
    came: str = CAME
    said_size: int | None = None  # what it says of every message, whatever is true
    breaks_at: str = ""  # the word at which it hangs up
    silent: bool = False
    drips: bool = False  # begins to greet, letter by letter, and never ends
    is_over: Event = field(default_factory=Event)
    goes_silent_at: str = ""  # the word after which it says nothing more
    tls: ssl.SSLContext | None = None  # with which it answers STARTTLS
    clear: list = field(default_factory=list)  # words that came before anything was encrypted
    heard: list = field(default_factory=list)
    deleted: set = field(default_factory=set)  # marked so, not taken away yet
    last: int = 0

    def put(self, folder, mail):
        self.last += 1
        self.folders.setdefault(folder, {})[self.last] = mail
        return self.last

    def lies(self):
        return {folder: len(mails) for folder, mails in self.folders.items() if mails}


class Session(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True  # an answer of two lines would wait for the other end's word on the first

    def handle(self):
        self.chosen = None
        if self.box.silent:
            self.box.is_over.wait()  # without a look at what comes: under TLS that would be a handshake
            return
        if self.box.drips:
            self.drip()
            return
        self.say("* OK ready")
        while raw := self.rfile.readline():
            line = raw.decode("ascii", "replace").strip()
            tag, _, rest = line.partition(" ")
            word = rest.upper().removeprefix("UID ").split(" ")[0]
            self.box.heard.append(word)
            if not isinstance(self.connection, ssl.SSLSocket):
                self.box.clear.append(word)
            if self.box.goes_silent_at == word:
                self.rfile.read(1)  # until the other end hangs up
                return
            if self.box.breaks_at and word == self.box.breaks_at:
                return
            try:
                getattr(self, f"do_{word.lower()}", self.unknown)(tag, rest)
            except OSError:
                return
            if word == "LOGOUT":
                return

    def finish(self):
        super().finish()
        self.connection.close()  # after STARTTLS it is another one than the server knows of

    def drip(self):
        with suppress(OSError):
            while not self.box.is_over.wait(0.01):
                self.wfile.write(b"*")

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def unknown(self, tag, _rest):
        self.say(f"{tag} BAD what?")

    def done(self, tag):
        self.say(f"{tag} OK done")

    def do_capability(self, tag, _rest):
        self.say(f"* CAPABILITY {self.box.capabilities}")
        self.done(tag)

    def do_starttls(self, tag, _rest):
        self.say(f"{tag} OK now")
        if self.box.goes_silent_at == "HANDSHAKE":
            self.box.is_over.wait()
            return
        self.connection = self.box.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)

    def do_login(self, tag, rest):
        good = rest.split(" ")[-1].strip('"') == self.box.password
        self.say(f"{tag} OK in" if good else f"{tag} NO wrong")

    def do_logout(self, tag, _rest):
        self.say("* BYE")
        self.done(tag)

    def do_list(self, tag, _rest):
        self.say('* LIST (\\Noselect) "/" ""')
        self.done(tag)

    def names(self, rest):
        return re.findall(r'"([^"]*)"', rest)

    def do_create(self, tag, rest):
        (name,) = self.names(rest)
        there = name in self.box.folders
        self.box.folders.setdefault(name, {})
        self.say(f"{tag} NO it is there" if there else f"{tag} OK done")

    def do_select(self, tag, rest):
        (name,) = self.names(rest)
        if name not in self.box.folders:
            self.say(f"{tag} NO no such folder")
            return
        self.chosen = name
        self.say(f"* {len(self.box.folders[name])} EXISTS")
        self.done(tag)

    @property
    def mails(self):
        return self.box.folders[self.chosen]

    def do_search(self, tag, rest):
        hidden = self.box.deleted if "UNDELETED" in rest else ()
        found = (mark for mark, mail in self.mails.items() if mark not in hidden and self.is_like(mail, rest))
        self.say(f"* SEARCH {' '.join(map(str, found))}".strip())
        self.done(tag)

    def is_like(self, mail, rest):
        """Whether its headers have what `HEADER Content-Type "…"` asks for."""
        asked = re.search(r'HEADER Content-Type "([^"]+)"', rest)
        head = re.split(rb"\r?\n\r?\n", mail)[0].replace(b"\n ", b" ").replace(b"\n\t", b" ")
        said = re.search(rb"(?im)^content-type:(.*)$", head)
        return not asked or (said and asked[1].lower().encode() in said[1].lower())

    def do_fetch(self, tag, rest):
        mark = int(rest.split(" ")[2])
        mail = self.mails[mark]
        if "RFC822.SIZE" in rest:
            size = self.box.said_size or len(mail)
            self.say(f'* 1 FETCH (UID {mark} RFC822.SIZE {size} INTERNALDATE "{self.box.came}")')
        else:
            self.say(f"* 1 FETCH (UID {mark} BODY[] {{{len(mail)}}}")
            self.wfile.write(mail)
            self.say(")")
        self.done(tag)

    def do_move(self, tag, rest):
        mark, (name,) = int(rest.split(" ")[2]), self.names(rest)
        self.box.folders[name][mark] = self.mails.pop(mark)
        self.say("* 1 EXPUNGE")
        self.done(tag)

    def do_copy(self, tag, rest):
        mark, (name,) = int(rest.split(" ")[2]), self.names(rest)
        self.box.folders[name][mark] = self.mails[mark]
        self.done(tag)

    def do_store(self, tag, rest):
        self.box.deleted.add(int(rest.split(" ")[2]))
        self.done(tag)

    def do_expunge(self, tag, rest):
        self.mails.pop(int(rest.split(" ")[2]))
        self.done(tag)


@contextmanager
def imap_server(*, wrapped=False, **said):
    """`wrapped`: it is encrypted from the first word, else by STARTTLS, where it has `tls`."""
    box = MailBox(**said)
    handler = type("OfTheBox", (Session,), {"box": box})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    if wrapped:
        server.socket = box.tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    box.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        box.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
