"""A live incident: started with one click, people changed, paused, gone on with, ended."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import manager
from desk.doors import OpenedRetainer, open_retainer
from desk.live.form import PeopleForm, StartForm, presets
from desk.live.page import standing_incident
from imports.publishing.source_rows import mark_of_ticket
from retainers.living import ChangedError, RunsError, begun, change_live, start_live

INVALID = 422
PAUSE, END, PEOPLE = "pause", "end", "people"


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def live_incident(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    preset = presets(opened, timezone.now())
    if request.method != "POST":
        return _page(request, opened, StartForm(opened, initial=preset))
    form = StartForm(opened, preset if request.POST.get("quick") else request.POST)
    if opened.standing.current is None or opened.standing.current.closed:
        messages.warning(request, _("The agreement does not run today: no incident was started."))
        return redirect("live_incident", slug, key)
    if not form.is_valid():
        return _page(request, opened, form, INVALID)
    _start(request, opened, form, str(preset["pool"]))
    return redirect("live_incident", slug, key)


def _start(request: HttpRequest, opened: OpenedRetainer, form: StartForm, pool: str) -> None:
    said, at = form.cleaned_data, timezone.now()
    ticket = " ".join(said["ticket"].split())
    mark = mark_of_ticket(opened.client.pk, ticket)
    live = begun(at, said["people"], frozenset(said.get("kinds", ())), ticket, mark)
    try:
        start_live(
            retainer=opened.retainer, live=live, pool=said.get("pool", pool), by=opened.member.user, at=at
        )
    except RunsError:
        messages.warning(request, _("An incident of this client runs already: nothing was started."))
    else:
        messages.success(request, _("Started: the client’s page shows it now."))


@require_POST
@manager
def change_live_incident(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    seen, do = request.POST.get("seen", ""), request.POST.get("do", "")
    people = _people(request, do)
    if not seen.isdecimal() or people == -1:
        messages.error(request, _("How many people? Write a whole number from 1 to 50."))
        return redirect("live_incident", slug, key)
    try:
        change_live(
            retainer=opened.retainer,
            seen=int(seen[:6]),
            people=people,
            by=opened.member.user,
            at=timezone.now(),
        )
    except ChangedError:
        messages.warning(request, _("It has been changed since this page was opened: look again."))
    else:
        messages.success(request, _("Done: the client’s page shows it now."))
    return redirect("live_incident", slug, key)


def _people(request: HttpRequest, do: str) -> int | None:
    """The people from now on: none while it pauses, None where it ends, -1 for what can't be read."""
    if do in (PAUSE, END):
        return 0 if do == PAUSE else None
    form = PeopleForm(request.POST)
    return int(form.cleaned_data["people"]) if do == PEOPLE and form.is_valid() else -1


def _page(request: HttpRequest, opened: OpenedRetainer, form: StartForm, status: int = 200) -> HttpResponse:
    context = {"opened": opened, "form": form, "standing": standing_incident(opened)}
    return render(request, "desk/live.html", context, status=status)
