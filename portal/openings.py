"""That a link was opened: when last and how often, and nothing else about whoever did.

A page never waits for it: at most 50 ms for the database's lock, else this opening is not counted. At most
once in ten minutes a link, and not for programs that look at links before people do, nor for calendars, which ask
again by themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.timezone import now

from portal.models import ShareLink

PAUSE = timedelta(minutes=10)
LOCK_MILLISECONDS = 50
PROGRAMS = (
    "bot",
    "preview",
    "crawl",
    "spider",
    "slack",
    "facebookexternalhit",
    "whatsapp",
    "telegram",
    "skype",
    "teams",
    "linkexpanding",
    "outlook-iossearch",
    "scanner",
    "proofpoint",
    "mimecast",
    "barracuda",
    "curl",
    "wget",
    "python-",
    "headlesschrome/link",
)


def note_opening(link: ShareLink, request: HttpRequest) -> None:
    """Count this opening, if a person made it and the database is free."""
    if not _by_a_person(request) or (link.last_opened_at and link.last_opened_at > now() - PAUSE):
        return
    try:
        with waiting_briefly(), transaction.atomic():
            limit_waiting_for_rows()
            _count(link)
    except OperationalError:
        return


@contextmanager
def waiting_briefly() -> Iterator[None]:
    """SQLite has one writer at a time: how long to wait for it is the connection's, and is put back."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        before = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {LOCK_MILLISECONDS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")


def limit_waiting_for_rows() -> None:
    """PostgreSQL waits for the link's own row only, and by itself forgets the limit with the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_MILLISECONDS}ms'")


def _count(link: ShareLink) -> None:
    due = Q(last_opened_at=None) | Q(last_opened_at__lte=now() - PAUSE)
    ShareLink.objects.filter(due, pk=link.pk).update(last_opened_at=now(), opened_count=F("opened_count") + 1)


def _by_a_person(request: HttpRequest) -> bool:
    agent = request.headers.get("User-Agent", "").casefold()
    is_prefetch = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    is_polled = request.path_info.endswith(".ics")
    return not is_polled and (
        request.method == "GET" and bool(agent) and not is_prefetch and not any(p in agent for p in PROGRAMS)
    )
