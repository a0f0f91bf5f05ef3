"""Who is asking, where a proxy stands in between: the address that limits count by and logs name.

`X-Forwarded-For` is believed only of the proxies named in `TRUSTED_PROXIES`, read from its end: each proxy
adds the address that it saw, so the last one that is no proxy of ours is the client. What stands before that
anybody may have written.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Network = IPv4Network | IPv6Network
FROM_A_SOCKET = "127.0.0.1"  # a proxy that asks through a socket file has no address


def read_networks(words: Sequence[str], setting: str = "TRUSTED_PROXIES") -> tuple[Network, ...]:
    """Machines as a setting names them: addresses, or networks such as 172.16.0.0/12."""
    try:
        return tuple(ip_network(word.strip(), strict=False) for word in words if word.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"{setting}: {error}. Write 127.0.0.1 or 10.0.0.0/24.") from error


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The client's address: `peer`, or what trusted proxies say that they were asked by.

    >>> home = read_networks(["127.0.0.1"])
    >>> client_address("127.0.0.1", "10.9.9.9, 203.0.113.7", home)
    '203.0.113.7'
    >>> client_address("198.51.100.9", "203.0.113.7", home)
    '198.51.100.9'
    """
    found = peer or FROM_A_SOCKET
    for word in reversed(forwarded.split(",") if forwarded else []):
        if not _is_trusted(found, trusted):
            break
        named = _address(word)
        if not named:
            break
        found = named
    return found


def _address(word: str) -> str:
    """An address as it is compared; "" where it is none."""
    try:
        found = ip_address(word.strip())
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    plain = _address(address)
    return bool(plain) and any(ip_address(plain) in network for network in trusted)


def client_addresses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """From here on, and in the server's own log, the request comes from the client."""

    def addressed(request: HttpRequest) -> HttpResponseBase:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        peer = request.META.get("REMOTE_ADDR", "")
        request.META["REMOTE_ADDR"] = client_address(peer, forwarded, settings.TRUSTED_PROXIES)
        return get_response(request)

    return addressed
