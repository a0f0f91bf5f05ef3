"""What waits for a person, by kind: one page, the same in one line for the dashboard, and gathered once a request.

Previews, held clients, requests, mails, schedules, the installation's own work, and what imports left over.

One list, whoever asks: the page, the strip on the dashboard, the count in the navigation, the morning's mail. What
a file has left over is settled by a later file for all clients, or for that client alone: what is still wrong then
stands in it again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.functional import Promise, lazy
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.access import the_member, viewer, zone_of
from accounts.heartbeats import SILENT_AFTER, TICK
from accounts.models import Heartbeat, OutboxMail, Provider, Role
from accounts.worked_out import WorkedOut
from desk.apps import MORE_SOURCES
from desk.imports.left_over import LOOKED_BACK as FILES_BACK
from desk.imports.left_over import lately_published, left_over
from desk.imports.ordering import orders_in_words
from desk.imports.refused import REVOKED_FOR, refused_keys
from desk.imports.schedules import LOOKED_BACK as PUSHES_BACK
from desk.imports.schedules import not_pushed_lately, silent_schedules, waiting_imports
from imports import originals
from imports.models import Import
from portal.models import ClientRequest
from presentation import counts, days

MOST_MAILS = 50


@dataclass(frozen=True, slots=True)
class Thing:
    """`kind` is a key of `KINDS`; `mark` tells it from any other, for who was told already. `href` is made once it is
    printed, as `tick` would load every page's code for that. `for_owners`: nobody else can settle it.
    """

    kind: str
    mark: str
    text: str
    detail: str
    href: str | Promise
    for_owners: bool = False


Source = Callable[[Provider, datetime], Iterable[Thing]]


class Since(NamedTuple):
    """The provider's day, and from which days on files, pushes and refusals of revoked keys count."""

    today: date
    files: date
    pushes: date
    refused: date


# the rows of which there are any, if anything of a kind waits; of the provider with that key
Sign = Callable[[int, Since], QuerySet[Any, Any]]


def things_waiting(provider: Provider, at: datetime, known: Mapping[str, Any] | None = None) -> list[Thing]:
    """All of it, by kind, in the order of `KINDS`. `known`: what `signs` says."""
    known = known or signs(provider, at)
    sources = [*SOURCES, *MORE_SOURCES]
    found = (thing for kind, _sign, source in sources if known[kind] for thing in source(provider, at))
    return [*_work(provider, at, known["beat"]), *found]


def signs(provider: Provider, at: datetime, **more: QuerySet[Any, Any]) -> Mapping[str, Any]:
    """Of which kinds anything may wait, in one query: most of the time of few, and only those are read.

    `beat` is the moment of the periodic work's last run; `more`: what else the page wants to know of.
    """
    since = _since(_day(provider, at))
    return _signs(provider.pk, *since, **more).get() if more else next(OF_ALL_KINDS.rows(provider.pk, *since))


def _signs(provider: int, *days: date, **more: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    rows = {kind: sign(provider, Since(*days)) for kind, sign, _source in (*SOURCES, *MORE_SOURCES)}
    asked = {kind: Exists(each) for kind, each in (rows | more).items()}
    beat = Heartbeat.objects.filter(what=TICK).values("at")[:1]
    return Provider.objects.filter(pk=provider).values(beat=Subquery(beat), **asked)


OF_ALL_KINDS = WorkedOut(_signs)


def _since(today: date) -> Since:
    return Since(today, today - FILES_BACK, today - PUSHES_BACK, today - REVOKED_FOR)


def _day(provider: Provider, at: datetime) -> date:
    return at.astimezone(zone_of(provider)).date()


def _open_requests(*_of: object) -> QuerySet[ClientRequest]:
    rows: QuerySet[ClientRequest] = ClientRequest.objects.filter(answered_at=None, confirmed_at=None)
    return rows


def _in_preview(*_of: object) -> QuerySet[Import]:
    rows: QuerySet[Import] = Import.objects.filter(state=Import.State.UPLOADED)
    return rows


def _unsent(provider: int, *_of: object) -> QuerySet[OutboxMail]:
    rows = OutboxMail.objects.filter(provider=provider, sent_at=None, set_aside_at=None)
    return rows.filter(~Q(given_up_at=None) | ~Q(last_error=""))


def _work(provider: Provider, at: datetime, last: datetime | None) -> Iterator[Thing]:
    """The periodic work, where it has stopped: without it no alert, reminder or digest is written."""
    if last is None and (settings.DEBUG or provider.created_at > at - SILENT_AFTER):
        return  # nobody's own machine needs it; a new one may have had no time for it
    if last is not None and last > at - SILENT_AFTER:
        return
    zone = zone_of(provider)
    since = f"last run {days.moment(last, zone)}" if last else "never run"
    text = "“tick” isn’t running: no alerts, reminders or digests are written"
    yield Thing("work", f"tick:{last}", text, since, reverse_lazy("mails"))


def _requests(provider: Provider, _at: datetime) -> Iterator[Thing]:
    """What clients asked for and nobody has answered; an approval waits for its confirmation."""
    zone = zone_of(provider)
    rows = list(_open_requests().select_related("retainer__client").order_by("made_at", "pk"))
    for newer, row in zip(reversed(range(len(rows))), rows, strict=True):
        text = f"{row.retainer.client.name}: {row.get_kind_display()}"
        when = days.moment(row.made_at, zone)
        yield Thing("requests", f"request:{row.pk}", text, when, ADDRESS_OF(row, newer))


def _address_of(row: ClientRequest, newer: int) -> str:
    """The page of requests is loaded for that alone: `tick` has no use for all that it shows."""
    from desk.requests import open_address

    return open_address(row, newer)


ADDRESS_OF = lazy(_address_of, str)


def _previews(provider: Provider, _at: datetime) -> Iterator[Thing]:
    zone, ordered = zone_of(provider), orders_in_words()
    for row in waiting_imports():
        detail = days.moment(row.uploaded_at, zone)
        if row.uploaded_with:
            detail = f"pushed by “{row.uploaded_with.name}”, {detail}"
        if row.pk in ordered:
            detail = f"{ordered[row.pk]}, {detail}"
        elif originals.is_unreadable(row):
            detail = f"can’t be read, {detail}"
        if row.client:
            detail = f"{row.client.name}, {detail}"
        href = reverse_lazy("import", args=[row.pk])
        yield Thing("previews", f"preview:{row.pk}", row.file_name, detail, href)


def _left_over(provider: Provider, at: datetime) -> Iterator[Thing]:
    """Of published files: clients that were held back, and rows that count for nobody."""
    for each in left_over(_day(provider, at)):
        kind = "held" if each.client else "rows"
        mark = f"{kind}:{each.source}:{each.client}"
        href = reverse_lazy("import", args=[each.source])
        yield Thing(kind, mark, each.text, each.file_name, href)


def _silent(provider: Provider, at: datetime) -> Iterator[Thing]:
    today = _day(provider, at)
    for each in silent_schedules(provider, today):
        text = f"No file from “{each.name}”"
        detail = f"since {days.plain_day(each.last, today)}"
        yield Thing("silent", f"silent:{each.key}:{each.last}", text, detail, reverse_lazy("imports"))


def _refused(provider: Provider, at: datetime) -> Iterator[Thing]:
    """Schedules whose last file was not taken: nothing of it is stored."""
    zone = zone_of(provider)
    for key in refused_keys(_since(_day(provider, at)).refused):
        last = key.refused_at or at
        times = counts.counted(key.refused, "time", "times")
        detail = f"{key.refused_why.rstrip('.')} · {times} that day, last {days.moment(last, zone)}"
        text = f"A push by “{key.name}” was refused: nothing of it is stored"
        mark = f"refused:{key.pk}:{last.astimezone(zone).date()}"
        yield Thing("refused", mark, text, detail, reverse_lazy("imports"))


def _mails(provider: Provider, at: datetime) -> Iterator[Thing]:
    """Mails that nobody got: they came back, were given up, or failed and are tried again."""
    zone = zone_of(provider)
    for row in _unsent(provider.pk).order_by("-pk")[:MOST_MAILS]:
        words = "given up" if row.given_up_at else "failed, tried again"
        words = "came back" if row.returned_at else words
        detail = f"{words}, {days.moment(row.returned_at or row.created_at, zone)}"
        href = reverse_lazy("mail", args=[row.pk])
        yield Thing("mails", f"mail:{row.pk}", row.recipient, detail, href)


SOURCES: tuple[tuple[str, Sign, Source], ...] = (
    ("requests", _open_requests, _requests),
    ("previews", _in_preview, _previews),
    ("rows", lambda _provider, since: lately_published(since.files), _left_over),
    ("silent", lambda _provider, since: not_pushed_lately(since.pushes, since.today), _silent),
    ("refused", lambda _provider, since: refused_keys(since.refused), _refused),
    ("mails", _unsent, _mails),
)

KINDS = {  # by kind: its heading; what one is called, and several
    "work": ("The installation", "job that has stopped", "jobs that have stopped"),
    "requests": ("Clients ask", "request", "requests"),
    "previews": ("Files in preview", "file in preview", "files in preview"),
    "held": ("Held back", "client held back", "clients held back"),
    "rows": (
        "Rows not counted for any client",
        "file with rows not counted",
        "files with rows not counted",
    ),
    "silent": ("Schedules that fell silent", "silent schedule", "silent schedules"),
    "refused": ("Pushes that were refused", "refused push", "refused pushes"),
    "mails": ("Mails that did not arrive", "undelivered mail", "undelivered mails"),
    "webhooks": ("Webhooks that don’t answer", "failing webhook", "failing webhooks"),
}


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    kind: str
    title: str
    words: str
    href: str | Promise
    things: tuple[Thing, ...]


def groups_of(things: Sequence[Thing]) -> tuple[WaitingGroup, ...]:
    """The kinds of which anything waits."""
    return tuple(
        WaitingGroup(
            kind=kind,
            title=title,
            words=counts.counted(len(found), one, several),
            href=found[0].href if len(found) == 1 else f"{reverse('waiting')}#{kind}",
            things=found,
        )
        for kind, (title, one, several) in KINDS.items()
        if (found := tuple(thing for thing in things if thing.kind == kind))
    )


def counted(things: Sequence[Thing]) -> str:
    """How much waits, in words: "3 previews, 1 request"."""
    return ", ".join(group.words for group in groups_of(things)) or "Nothing waits."


KEPT, SIGNS = "hourtab_waiting", "hourtab_signs"


def signs_of(request: HttpRequest, **more: QuerySet[Any, Any]) -> Mapping[str, Any]:
    """What there is at the member's provider, asked once a request; `more`: what the page wants to know besides."""
    found: Mapping[str, Any] | None = getattr(request, SIGNS, None)
    if found is None:
        found = signs(the_member(request).provider, now(), **more)
        setattr(request, SIGNS, found)
    return found


def things_of(request: HttpRequest) -> list[Thing]:
    """Everything that waits at the member's provider."""
    found: list[Thing] | None = getattr(request, KEPT, None)
    if found is None:
        member = the_member(request)
        things = things_waiting(member.provider, now(), signs_of(request))
        found = [thing for thing in things if member.role == Role.OWNER or not thing.for_owners]
        setattr(request, KEPT, found)
    return found


@require_safe
@viewer
def waiting(request: HttpRequest) -> HttpResponse:
    return render(request, "waiting/list.html", {"groups": groups_of(things_of(request))})
