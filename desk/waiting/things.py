"""Everything that waits for a person at the provider in scope, each with where it is settled.

One list, whoever asks: the page, the strip on the dashboard, the count in the navigation, the morning's mail.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from accounts.access import zone_of
from accounts.heartbeats import SILENT_AFTER, TICK, last_beat
from accounts.models import OutboxMail, Provider
from desk.imports.schedules import silent_schedules, waiting_imports
from desk.waiting.left_over import left_over
from imports import originals
from portal.models import ClientRequest
from presentation import days

MOST_MAILS = 50


@dataclass(frozen=True, slots=True)
class Thing:
    """`kind` is a key of `KINDS`; `mark` tells it from any other, for who was told already. `for_owners`: nobody else
    can settle it.
    """

    kind: str
    mark: str
    text: str
    detail: str
    href: str
    for_owners: bool = False


Source = Callable[[Provider, datetime], Iterable[Thing]]
MORE_SOURCES: list[Source] = []  # of rooms above this one, which add theirs when they start


def things_waiting(provider: Provider, at: datetime) -> list[Thing]:
    """All of it, by kind, in the order of `KINDS`."""
    today = at.astimezone(zone_of(provider)).date()
    return [
        *_work(provider, at),
        *_requests(provider, today),
        *_previews(provider),
        *_left_over(provider, today),
        *_silent(provider, today),
        *_mails(provider),
        *(thing for source in MORE_SOURCES for thing in source(provider, at)),
    ]


def _work(provider: Provider, at: datetime) -> Iterator[Thing]:
    """The periodic work, where it has stopped: without it no alert, reminder or digest is written."""
    last = last_beat(TICK)
    if last is None and (settings.DEBUG or provider.created_at > at - SILENT_AFTER):
        return  # nobody's own machine needs it; a new one may have had no time for it
    if last is not None and last > at - SILENT_AFTER:
        return
    zone = zone_of(provider)
    since = f"last run {days.moment(last, zone)}" if last else "never run"
    text = "Nobody runs “tick”: no alert, reminder or digest is written"
    yield Thing("work", f"tick:{last}", text, since, reverse("mails"))


def _requests(provider: Provider, today: date) -> Iterator[Thing]:
    """What clients asked for and nobody has answered; an approval waits for its confirmation."""
    zone = zone_of(provider)
    rows = ClientRequest.objects.filter(answered_at=None, confirmed_at=None).select_related(
        "retainer__client"
    )
    for row in rows.order_by("made_at", "pk"):
        text = f"{row.retainer.client.name}: {row.get_kind_display()}"
        when = days.moment(row.made_at, zone)
        href = f"{reverse('requests')}#request-{row.pk}"
        yield Thing("requests", f"request:{row.pk}", text, when, href)


def _previews(provider: Provider) -> Iterator[Thing]:
    zone = zone_of(provider)
    for row in waiting_imports():
        detail = days.moment(row.uploaded_at, zone)
        if row.uploaded_with:
            detail = f"pushed by “{row.uploaded_with.name}”, {detail}"
        if not originals.is_kept(row):
            detail = f"can’t be read, {detail}"
        yield Thing("previews", f"preview:{row.pk}", row.file_name, detail, reverse("import", args=[row.pk]))


def _left_over(provider: Provider, today: date) -> Iterator[Thing]:
    """Of published files: clients that were held back, and rows that count for nobody."""
    for each in left_over(today):
        kind = "held" if each.client else "rows"
        mark = f"{kind}:{each.source}:{each.client}"
        yield Thing(kind, mark, each.text, each.file_name, reverse("import", args=[each.source]))


def _silent(provider: Provider, today: date) -> Iterator[Thing]:
    for each in silent_schedules(provider, today):
        text = f"No file from “{each.name}”"
        detail = f"since {days.plain_day(each.last, today)}"
        yield Thing("silent", f"silent:{each.key}:{each.last}", text, detail, reverse("imports"))


def _mails(provider: Provider) -> Iterator[Thing]:
    """Mails that could not be sent: given up, or failed and tried again."""
    zone = zone_of(provider)
    rows = OutboxMail.objects.filter(provider=provider, sent_at=None)
    rows = rows.filter(~Q(given_up_at=None) | ~Q(last_error=""))
    for row in rows.order_by("-pk")[:MOST_MAILS]:
        words = "given up" if row.given_up_at else "failed, tried again"
        detail = f"{words}, {days.moment(row.created_at, zone)}"
        yield Thing("mails", f"mail:{row.pk}", row.recipient, detail, reverse("mail", args=[row.pk]))
