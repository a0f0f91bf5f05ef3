"""What waits for a person, by kind: one page, the same in one line for the dashboard, and gathered once a request."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.access import the_member, viewer
from accounts.models import Role
from desk.waiting.things import Thing, things_waiting
from imports.reading.how_many import how_many

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
            words=how_many(len(found), one, several),
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
