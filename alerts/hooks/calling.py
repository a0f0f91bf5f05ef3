"""One POST to an address that somebody typed: to a public machine alone, and over soon, whatever that machine does.

The name is looked up once, and the machine that was looked at is the one that is called: another look could give
another answer. TLS goes by the name. No redirect is followed, no proxy asked, and after ten seconds in all the line is
cut, however slowly something drips. Of the answer its head alone is read: Python's reader of bodies takes a piece that
says it has -1 bytes for one without end, and keeps all of it.

A webhook reaches addresses of the internet, and no machine of the house that HourTab stands in. A name is judged by
what it was looked up to, whatever it looks like; an IPv6 address that carries an IPv4 one is judged by that one.
"""

import http.client
import re
import socket
import ssl
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from socket import getaddrinfo
from threading import Thread, Timer
from time import monotonic
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
COMPATIBLE = ip_network("::/96")
LAST_32 = 0xFFFFFFFF


def may_be_reached(text: str, allowed: Collection[Network] = ()) -> bool:
    """Whether that looked-up address is public, or in one of the networks that the installation allows.

    >>> [may_be_reached(each) for each in ("93.184.216.34", "10.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1")]
    [True, False, False, False]
    >>> may_be_reached("10.0.0.1", [ip_network("10.0.0.0/8")])
    True
    """
    address = ip_address(text.partition("%")[0])
    if any(address in network for network in allowed):
        return True
    carried = list(_carried(address))
    return all(_is_public(each) for each in carried) if carried else _is_public(address)


def _is_public(address: Address) -> bool:
    return address.is_global and not (
        address.is_multicast
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
        or address.is_reserved
        or (isinstance(address, IPv6Address) and address.is_site_local)
    )


def _carried(address: Address) -> Iterator[IPv4Address]:
    """The IPv4 address inside of an IPv6 one: mapped, 6to4, NAT64, compatible. (Teredo is never public.)"""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address in COMPATIBLE or any(address in network for network in NAT64):
        yield IPv4Address(int(address) & LAST_32)


MOST_SECONDS = 10.0  # from the look for the name to the last word
LONGEST_ADDRESS = 2000
ADDRESS = re.compile(rf"[!-~]{{0,{LONGEST_ADDRESS}}}")  # what an address is written in: ASCII without spaces
HTTPS_PORT, HTTP_PORT = 443, 80
TOO_LATE = "No complete answer within 10 seconds."
NOT_PUBLIC = "The address leads to a machine that isn’t on the public internet."


class CallError(Exception):
    """The call brought no answer; the sentence says why, and holds nothing of the address."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call goes: its parts as they are called, all of them checked."""

    host: str
    port: int
    path: str
    is_tls: bool


def place_of(address: str, allowed: Collection[Network] = ()) -> Place:
    """Raises `CallError` with what is wrong with the address. Without TLS only where own networks are allowed."""
    parts, port = _parts(address)
    ports = {"https": HTTPS_PORT, "http": HTTP_PORT} if allowed else {"https": HTTPS_PORT}
    if parts.scheme not in ports:
        raise CallError("The address must begin with https://.")
    if not parts.hostname or parts.username is not None or port == 0:
        raise CallError("The address must name a machine, without a user or password.")
    if not _may_be_meant(parts.hostname, allowed):
        raise CallError(NOT_PUBLIC)
    return Place(parts.hostname, port or ports[parts.scheme], _path(parts), parts.scheme == "https")


def _parts(address: str) -> tuple[SplitResult, int | None]:
    """Its parts, and the port if it names one."""
    if not ADDRESS.fullmatch(address):
        raise CallError("This isn’t an address: it contains characters that aren’t allowed.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise CallError("This isn’t an address.") from error
    return parts, port


def _may_be_meant(host: str, allowed: Collection[Network]) -> bool:
    """Whether a host as it is typed can be public at all; what a name leads to is looked at with each call."""
    try:
        return may_be_reached(host, allowed)
    except ValueError:
        return bool(allowed) or host.rstrip(".").rpartition(".")[2] != "localhost"


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def post(place: Place, body: bytes, headers: Mapping[str, str], allowed: Collection[Network] = ()) -> int:
    """The status that is answered. Raises `CallError`."""
    ends = monotonic() + MOST_SECONDS
    machines = _looked_up(place, ends)
    if not all(may_be_reached(each, allowed) for each in machines):
        raise CallError(NOT_PUBLIC)
    line = _Line(place, machines[0], ends)
    try:
        status = line.say(body, headers)
    except ssl.SSLError as error:
        raise CallError(f"No secure connection: {error.reason or error}"[:200]) from error
    except (OSError, http.client.HTTPException) as error:
        raise CallError(TOO_LATE if monotonic() >= ends else f"No answer: {error}"[:200]) from error
    finally:
        line.hang_up()
    if monotonic() >= ends:  # what was cut in its headers looks like an answer
        raise CallError(TOO_LATE)
    return status


def _looked_up(place: Place, ends: float) -> list[str]:
    """The addresses of the machine. The look itself can't be cut: it is left alone where it lasts too long."""
    found: list[str] = []

    def look() -> None:
        with suppress(OSError, UnicodeError):
            rows = getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(row[4][0]) for row in rows))

    looking = Thread(target=look, name="look-up", daemon=True)
    looking.start()
    looking.join(max(ends - monotonic(), 0))
    if not found:
        raise CallError("The address’s name can’t be found.")
    return found


class _Line(http.client.HTTPConnection):
    """A line to one machine, under the name by which it was looked up; it is cut when its time is over."""

    def __init__(self, place: Place, machine: str, ends: float) -> None:
        super().__init__(place.host, place.port, timeout=max(ends - monotonic(), 0.1))
        self._place, self._machine, self._ends = place, machine, ends
        self._hold: socket.socket | None = None
        self._watch = Timer(max(ends - monotonic(), 0), self._cut)
        self._watch.daemon = True

    def connect(self) -> None:
        bare = socket.create_connection((self._machine, self._place.port), timeout=self.timeout)
        self._hold = bare.dup()  # ends the line from outside, whatever is under way on it
        self._watch.start()
        self.sock = bare
        if self._place.is_tls:
            self.sock = ssl.create_default_context().wrap_socket(bare, server_hostname=self._place.host)

    def say(self, body: bytes, headers: Mapping[str, str]) -> int:
        default = HTTPS_PORT if self._place.is_tls else HTTP_PORT
        port = "" if self._place.port == default else f":{self._place.port}"
        host = f"[{self._place.host}]" if ":" in self._place.host else self._place.host
        self.request(
            "POST", self._place.path, body, {**headers, "Host": f"{host}{port}", "Connection": "close"}
        )
        return self.getresponse().status

    def hang_up(self) -> None:
        self._watch.cancel()
        self.close()
        if self._hold is not None:
            self._hold.close()

    def _cut(self) -> None:
        if self._hold is not None:
            with suppress(OSError):
                self._hold.shutdown(socket.SHUT_RDWR)
