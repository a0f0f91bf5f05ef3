"""Whether an installation is set up as it should be, and what to mend: from inside, and through its own proxy.

From inside: settings, database, folders, mails, backups. Through the proxy, what a visitor sees: TLS, redirects,
headers, and that the right server answers. Each finding says what to do.
"""

import http.client
import os
import shutil
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection, connections

from accounts import replica
from accounts.database import unbound
from accounts.guards import missing
from accounts.heartbeats import SILENT_AFTER, TICK, last_beat
from accounts.models import OutboxMail
from accounts.tenancy import all_tenants
from hourtab.backing_up.making import moment_of

WAITS_AT_MOST = timedelta(minutes=30)
BACKUP_AT_MOST = timedelta(hours=36)
ROOM = 1024**3


def findings(at: datetime) -> Iterator[str]:
    """Everything that is to be mended, in words."""
    yield from _settings()
    yield from _database()
    yield from _folders(at)
    yield from _mails(at)


def _settings() -> Iterator[str]:
    if settings.DEBUG:
        yield "DEBUG is on: set DEBUG=0 before anybody else can reach this."
    base = urlsplit(settings.BASE_URL)
    if not settings.DEBUG and base.scheme != "https":
        yield f"BASE_URL is {settings.BASE_URL}: links in mails must begin with https://."
    if base.hostname not in settings.ALLOWED_HOSTS and not settings.DEBUG:
        yield f"BASE_URL names {base.hostname}, which ALLOWED_HOSTS does not: its links lead nowhere."
    if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        yield "The static files are not collected: run “python manage.py collectstatic --noinput”."


def _database() -> Iterator[str]:
    names = sorted(missing(connection))
    if names:
        yield f"{len(names)} guards of the database are missing, {names[0]} first: run “python manage.py migrate”."
    yield from filter(None, [unbound()])
    if replica.REPLICA in connections.settings:
        yield from _replica()


def _replica() -> Iterator[str]:
    try:
        follows, found = replica.follows(), unbound(replica.REPLICA)
    except replica.BROKEN as error:
        yield f"REPLICA_DATABASE_URL can't be reached, so the first database answers everything: {error}."
        return
    if not follows:
        yield "REPLICA_DATABASE_URL names a database that follows no other: is it the first one?"
    if found:
        yield f"REPLICA_DATABASE_URL: {found}"


def _folders(at: datetime) -> Iterator[str]:
    folder: Path = settings.ORIGINALS_ROOT
    if not os.access(_nearest(folder), os.W_OK):
        yield f"{folder} can’t be written, so uploads are refused. Give it to the user HourTab runs as."
    if shutil.disk_usage(_nearest(folder)).free < ROOM:
        yield f"Less than 1 GB is free in {folder}: free some space."
    backups: Path = settings.BACKUPS_ROOT
    made = [found for path in backups.glob("*") if (found := moment_of(path))]
    if not made:
        yield f"There is no backup in {backups}: run “python manage.py backup” every day."
    elif at - max(made) > BACKUP_AT_MOST:
        yield f"The newest backup is of {max(made):%Y-%m-%d %H:%M} UTC: is “python manage.py backup” run every day?"


def _nearest(folder: Path) -> Path:
    """The folder, or the one in which it would be made."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _mails(at: datetime) -> Iterator[str]:
    with all_tenants("the outbox is looked at as a whole"):
        late = OutboxMail.objects.filter(next_try_at__lt=at - WAITS_AT_MOST)
        due = late.filter(sent_at=None, given_up_at=None).count()
    last = last_beat(TICK)
    if last is None or last < at - SILENT_AFTER:
        since = f"since {last:%Y-%m-%d %H:%M} UTC" if last else "yet"
        yield f"“python manage.py tick” was not run {since}: alerts and digests wait for it. Call it from cron."
    if due:
        yield f"{due} mails are overdue by half an hour: is “python manage.py send_mails” or “tick” running?"
    try:
        with get_connection():
            pass
    except (OSError, smtplib.SMTPException) as error:
        yield f"The mail server of EMAIL_URL refuses the connection: {error}."


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


def findings_outside(address: str, at: datetime) -> Iterator[str]:
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
        yield "HourTab mistakes https for http and redirects: let the proxy set X-Forwarded-Proto."
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
