"""What can be seen from inside: settings, database, folders, mails, backups. Each finding says what to do."""

import os
import shutil
import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

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
        yield f"{folder} can't be written: uploads are refused. Give it to the user that HourTab runs as."
    if shutil.disk_usage(_nearest(folder)).free < ROOM:
        yield f"Less than 1 GB is free where {folder} lies: make room."
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
        yield f"The mail server of EMAIL_URL does not take us: {error}."
