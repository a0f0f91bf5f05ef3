"""What waits for a person, by kind: one page, the same in one line for the dashboard, and gathered once a request.

Previews, held clients, requests, mails, schedules, the installation's own work, and what imports left over.

One list, whoever asks: the page, the strip on the dashboard, the count in the navigation, the morning's mail. What
a file has left over is settled by a later file for all clients, or for that client alone: what is still wrong then
stands in it again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.access import the_member, viewer, zone_of
from accounts.heartbeats import SILENT_AFTER, TICK, last_beat
from accounts.models import OutboxMail, Provider, Role
from desk.imports.schedules import silent_schedules, waiting_imports
from imports import originals
from imports.models import Import
from portal.models import ClientRequest
from presentation import counts, days
from retainers.models import Client

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


KINDS = {  # by kind: its heading; what one is called, and several
    "work": ("The installation", "job that has stopped", "jobs that have stopped"),
    "requests": ("Clients ask", "request", "requests"),
    "previews": ("Files in preview", "file in preview", "files in preview"),
    "held": ("Held back", "client held back", "clients held back"),
    "rows": (
        "Rows not counted for any client",
        "file with rows not counted for any client",
        "files with rows not counted for any client",
    ),
    "silent": ("Schedules that fell silent", "silent schedule", "silent schedules"),
    "mails": ("Mails that did not go out", "mail not sent", "mails not sent"),
    "webhooks": ("Webhooks that don’t answer", "webhook not answering", "webhooks not answering"),
}


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    kind: str
    title: str
    words: str
    href: str
    things: tuple[Thing, ...]


def groups_of(things: Sequence[Thing]) -> tuple[WaitingGroup, ...]:
    """The kinds of which anything waits."""
    return tuple(
        WaitingGroup(
            kind=kind,
            title=title,
            words=counts.counted(len(found), one, several),
            href=f"{reverse('waiting')}#{kind}",
            things=found,
        )
        for kind, (title, one, several) in KINDS.items()
        if (found := tuple(thing for thing in things if thing.kind == kind))
    )


def counted(things: Sequence[Thing]) -> str:
    """How much waits, in words: "3 previews, 1 request"."""
    return ", ".join(group.words for group in groups_of(things)) or "Nothing waits."


KEPT = "hourtab_waiting"


def things_of(request: HttpRequest) -> list[Thing]:
    """Everything that waits at the member's provider."""
    found: list[Thing] | None = getattr(request, KEPT, None)
    if found is None:
        member = the_member(request)
        things = things_waiting(member.provider, now())
        found = [thing for thing in things if member.role == Role.OWNER or not thing.for_owners]
        setattr(request, KEPT, found)
    return found


@require_safe
@viewer
def waiting(request: HttpRequest) -> HttpResponse:
    return render(request, "waiting/list.html", {"groups": groups_of(things_of(request))})


LOOKED_BACK = timedelta(days=35)  # a cycle, and some days
MOST_FILES = 60


@dataclass(frozen=True, slots=True)
class LeftOver:
    """`client` is the slug of who was held back, "" for rows."""

    source: int
    file_name: str
    client: str
    text: str


def left_over(today: date) -> list[LeftOver]:
    """The newest file for all clients, and what was for one client since."""
    rows = Import.objects.filter(
        state=Import.State.PUBLISHED, published_at__date__gte=today - LOOKED_BACK
    ).order_by("-pk")
    columns = rows.values(
        "pk",
        "file_name",
        "client__slug",
        "result__held",
        "result__entries",
        "result__unknown_companies",
    )
    files = list(_standing(columns[:MOST_FILES]))
    held = {slug for file in files for slug in (*_held(file), *_unclaimed(file))}
    names = dict(Client.objects.filter(slug__in=held).values_list("slug", "name")) if held else {}
    return [each for file in files for each in _of_file(file, names)]


def _standing(newest_first: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The files that no later one stands in for."""
    seen: set[str] = set()
    for file in newest_first:
        slug = file["client__slug"]
        if slug and slug in seen:
            continue
        yield {**file, "settled": frozenset(seen)}
        if not slug:
            return
        seen.add(slug)


def _held(file: dict[str, Any]) -> list[str]:
    return [slug for slug in file["result__held"] or () if slug not in file["settled"]]


def _of_file(file: dict[str, Any], names: dict[str, str]) -> Iterator[LeftOver]:
    for slug in _held(file):
        if slug in names:
            text = f"{names[slug]} is held back"
            yield LeftOver(file["pk"], file["file_name"], slug, text)
    unclaimed = _unclaimed(file)
    for slug, rows in unclaimed.items():
        if slug in names:
            words = counts.counted(rows, "row waits", "rows wait")
            text = f"{names[slug]}: {words} because no agreement of this client lists its name"
            yield LeftOver(file["pk"], file["file_name"], slug, text)
    words = _rows(file["result__entries"] or {}, sum(unclaimed.values()))
    if words:
        yield LeftOver(file["pk"], file["file_name"], "", words)


def _unclaimed(file: dict[str, Any]) -> dict[str, int]:
    """How many rows of each client wait as none of its agreements names theirs."""
    counts: Counter[str] = Counter()
    for each in file["result__unknown_companies"] or ():
        if each.get("client") and each["client"] not in file["settled"]:
            counts[each["client"]] += each["rows"]
    return counts


def _rows(entries: dict[str, int], unclaimed: int) -> str:
    refused, unknown = entries.get("refused", 0), entries.get("unknown", 0) - unclaimed
    parts = []
    if refused:
        parts.append(counts.counted(refused, "row was refused", "rows were refused"))
    if unknown > 0:
        parts.append(counts.counted(unknown, "row names no client of yours", "rows name no client of yours"))
    return ", ".join(parts)
