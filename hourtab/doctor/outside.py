"""What a visitor sees who comes through the proxy: TLS, redirects, headers, and that the right server answers."""

import http.client
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import SplitResult, urlsplit

SECONDS = 10
CERTIFICATE_AT_LEAST = timedelta(days=10)
OK, NOT_FOUND = 200, 404
MOVED = frozenset({301, 302, 307, 308})
NOBODYS = "/b/" + "x" * 43 + "/"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    valid_until: datetime | None = None


def findings(address: str, at: datetime) -> Iterator[str]:
    """What is to be mended about the address at which people reach this installation."""
    site = urlsplit(address)
    if site.scheme not in ("http", "https") or not site.hostname:
        yield f"{address} isn't an address: write https://hours.example.com."
        return
    try:
        yield from _answers(site, at)
    except ssl.SSLError as error:
        yield f"{address}: its certificate is not trusted ({error.reason})."
    except (OSError, http.client.HTTPException) as error:
        yield f"{address} does not answer: {error}."


def _answers(site: SplitResult, at: datetime) -> Iterator[str]:
    ready = ask(site, "/readyz")
    if ready.status != OK:
        yield f"/readyz answers {ready.status}: the proxy reaches no HourTab that is ready."
    if ready.valid_until and ready.valid_until - at < CERTIFICATE_AT_LEAST:
        yield f"The certificate ends on {ready.valid_until:%Y-%m-%d}: it should have been renewed."
    page = ask(site, NOBODYS)
    if page.status in MOVED:
        yield "HourTab takes https for http and redirects: let the proxy set X-Forwarded-Proto."
    elif page.status != NOT_FOUND:
        yield f"An unknown link is answered with {page.status} instead of 404: does ALLOWED_HOSTS name this host?"
    elif "no-store" not in page.headers.get("cache-control", ""):
        yield "The proxy changes Cache-Control: pages of clients could be kept by caches."
    yield from _bound_to_https(site, page)


def _bound_to_https(site: SplitResult, page: Answer) -> Iterator[str]:
    if site.scheme != "https":
        yield f"{site.geturl()} is not https: links and passwords can be read on the way."
        return
    if page.status == NOT_FOUND and "strict-transport-security" not in page.headers:
        yield "Strict-Transport-Security does not arrive: let the proxy pass it on."
    plain = site._replace(scheme="http", netloc=site.hostname or "")
    try:
        status = ask(plain, "/").status
    except (OSError, http.client.HTTPException):
        return  # nothing listens there
    if status not in MOVED:
        yield f"{plain.geturl()} is answered with {status}: let the proxy redirect it to https."


def ask(site: SplitResult, path: str) -> Answer:
    """One request, whose redirects are not followed."""
    kind = http.client.HTTPSConnection if site.scheme == "https" else http.client.HTTPConnection
    connection = kind(site.hostname or "", site.port, timeout=SECONDS)
    try:
        connection.request("GET", path)
        until = _valid_until(connection)
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, until)
    finally:
        connection.close()


def _valid_until(connection: http.client.HTTPConnection) -> datetime | None:
    if not isinstance(connection.sock, ssl.SSLSocket):
        return None
    certificate = connection.sock.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
