"""A receiver of our own: it keeps what it is sent, and answers as it is told to, quickly, slowly or not at all."""

import datetime
import json
import socket
import ssl
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Receiver:
    port: int = 0
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes = b"ok"
    drips: float = 0  # seconds before each sign of the answer
    goes_on: bool = False  # with a piece of the answer that says it has -1 bytes
    asked: list = field(default_factory=list)
    names: list = field(default_factory=list)  # that TLS was asked for


def handler_of(receiver):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.asked.append((self.path, dict(self.headers), body))
            try:
                if receiver.drips:
                    for sign in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000:
                        self.wfile.write(bytes([sign]))
                        self.wfile.flush()
                        time.sleep(receiver.drips)
                if receiver.goes_on:
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
                    while True:
                        self.wfile.write(b"x" * 1000)
                        time.sleep(0.02)
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(receiver.body)))
                self.end_headers()
                self.wfile.write(receiver.body)
            except OSError:
                return

        def log_message(self, *_):
            return

    return Handler


@contextmanager
def receiving(tls=None, **said):
    """A receiver on a port of its own; `tls`: the pem of its certificate and key."""
    receiver = Receiver(**said)
    server = HTTPServer(("127.0.0.1", 0), handler_of(receiver))
    receiver.port = server.server_address[1]
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        context.sni_callback = lambda _sock, name, _context: receiver.names.append(name)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def silent():
    """A port that takes a call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def certificate(path, name):
    """A certificate for that name, trusted by whoever is given it, with its key, as one pem file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=3650))
        .not_valid_after(now + datetime.timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([_named(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


def _named(name):
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def told(receiver):
    """The documents that it was sent."""
    return [json.loads(body) for _path, _headers, body in receiver.asked]
