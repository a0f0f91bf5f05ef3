"""A live incident: begun with one click, people changed, paused, gone on with, ended.

Its forms offer the clock's own presets; its page shows the words that the client reads, and what a form must name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import manager, zone_of
from accounts.models import Provider
from desk.doors import OpenedRetainer, open_retainer
from imports.publishing.source_rows import mark_of_ticket
from portal.shown_notices import notice_of
from presentation.accounts import accounts
from presentation.headlines import NoticeWords, notice_words
from retainers.balance import CycleBalance
from retainers.cycles import ONE_DAY
from retainers.live import live_from_document
from retainers.living import MOST_PEOPLE, ChangedError, RunsError, begun, change_live, name_ticket, start_live
from retainers.models import Entry, Notice
from retainers.rule_books import opening_times_of
from retainers.selectors import Standing
from retainers.terms import WEEKDAYS, hours_on

AFTER_HOURS = "after_hours"
LONGEST_TICKET = 60


class StartForm(forms.Form):
    """People, kind of work and ticket; whose hours, where pools have hours of their own."""

    people = forms.IntegerField(label=gettext_lazy("People on it"), min_value=1, max_value=MOST_PEOPLE)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kind of work"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ticket = forms.CharField(
        label=gettext_lazy("Ticket number (optional)"),
        required=False,
        max_length=LONGEST_TICKET,
        help_text=gettext_lazy("For you alone: its entries settle the estimate with the next import."),
    )

    def __init__(self, opened: OpenedRetainer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = opened.standing.current
        kinds = [(each.category, each.name) for each in current.terms.multipliers] if current else []
        if kinds:
            self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]  # a choice field has them
        else:
            del self.fields["kinds"]
        if current is not None and current.sharing == "separate" and len(current.pools) > 1:
            pools = [(pool.key, pool.name) for pool in current.pools]
            self.fields["pool"] = forms.ChoiceField(label=gettext_lazy("Whose hours"), choices=pools)


class PeopleForm(forms.Form):
    """How many people are on it from now on."""

    people = forms.IntegerField(min_value=1, max_value=MOST_PEOPLE)


def presets(opened: OpenedRetainer, at: datetime) -> dict[str, Any]:
    """What one click begins with: one person, now, at the kind that the clock says, on the first pool's hours."""
    current = opened.standing.current
    pool = current.pools[0].key if current else ""
    kinds = kinds_now(opened.standing, opened.member.provider, at)
    return {"people": 1, "kinds": kinds, "ticket": "", "pool": pool}


def kinds_now(standing: Standing, provider: Provider, at: datetime) -> list[str]:
    """After hours, where the clock says so and such work counts otherwise."""
    current = standing.current
    return [AFTER_HOURS] if current and _is_after_hours(standing, current, provider, at) else []


def _is_after_hours(standing: Standing, current: CycleBalance, provider: Provider, at: datetime) -> bool:
    local = at.astimezone(zone_of(provider))
    times = standing.agreement.business_hours or opening_times_of(provider)
    hours = hours_on(times, local.date())
    if hours is None or all(each.category != AFTER_HOURS for each in current.terms.multipliers):
        return False
    is_working_day = WEEKDAYS[local.weekday()] in hours.days and local.date() not in hours.holidays
    return not is_working_day or not hours.start <= local.time() < hours.end


class TicketForm(forms.Form):
    """The ticket's number from now on, empty for none; `had` is the one that was in view."""

    ticket = forms.CharField(required=False, max_length=LONGEST_TICKET)
    had = forms.CharField(required=False, max_length=LONGEST_TICKET)


@dataclass(frozen=True, slots=True)
class StandingIncident:
    """`seen` is how often it was changed, `back` how many people were on it before it paused."""

    words: NoticeWords | None
    runs: bool
    people: int
    back: int
    seen: int
    ticket: str


def standing_incident(opened: OpenedRetainer) -> StandingIncident | None:
    """The incident that runs, or the one that ended last and nothing took the place of."""
    row = Notice.objects.filter(retainer=opened.retainer, retired_in=None, live__isnull=False).first()
    if row is None:
        return None
    live, cycle = live_from_document(row.live), opened.standing.current
    found = accounts(opened.standing.cycles, cycle) if cycle else ()
    first = live.started.astimezone(opened.zone).date() - ONE_DAY  # an entry may go on past midnight
    marks = Entry.objects.filter(retainer=opened.retainer, retired_in=None, day__gte=first).in_bulk()
    facts = notice_of(row, opened.standing, marks, opened.zone, now())
    return StandingIncident(
        words=notice_words(facts, found, opened.today, cycle),
        runs=row.running,
        people=live.people,
        back=next((step.people for step in reversed(live.steps) if step.people), 1),
        seen=live.number,
        ticket=live.ticket,
    )


INVALID = 422
PAUSE, END, PEOPLE = "pause", "end", "people"


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def live_incident(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    preset = presets(opened, now())
    if request.method != "POST":
        return _page(request, opened, StartForm(opened, initial=preset))
    form = StartForm(opened, preset if request.POST.get("quick") else request.POST)
    if opened.standing.current is None or opened.standing.current.closed:
        messages.warning(request, _("The agreement isn’t active today, so no incident was started."))
        return redirect("live_incident", slug, key)
    if not form.is_valid():
        return _page(request, opened, form, INVALID)
    _start(request, opened, form, str(preset["pool"]))
    return redirect("live_incident", slug, key)


def _start(request: HttpRequest, opened: OpenedRetainer, form: StartForm, pool: str) -> None:
    said, at = form.cleaned_data, now()
    ticket = " ".join(said["ticket"].split())
    mark = mark_of_ticket(opened.client.pk, ticket)
    live = begun(at, said["people"], frozenset(said.get("kinds", ())), ticket, mark)
    try:
        start_live(
            retainer=opened.retainer, live=live, pool=said.get("pool", pool), by=opened.member.user, at=at
        )
    except RunsError:
        messages.warning(request, _("This client already has an incident running; nothing was started."))
    else:
        messages.success(request, _("Started. The client’s page shows it now."))


@require_POST
@manager
def change_live_incident(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    seen, do = request.POST.get("seen", ""), request.POST.get("do", "")
    people = _people(request, do)
    if not seen.isdecimal() or people == -1:
        messages.error(request, _("How many people? Write a whole number from 1 to 50."))
        return redirect("live_incident", slug, key)
    _change(
        request,
        _("Done. The client’s page shows it now."),
        partial(
            change_live,
            retainer=opened.retainer,
            seen=int(seen[:6]),
            people=people,
            by=opened.member.user,
            at=now(),
        ),
    )
    return redirect("live_incident", slug, key)


@require_POST
@manager
def name_live_ticket(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened, form = open_retainer(request, slug, key), TicketForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A ticket number has at most 60 characters."))
        return redirect("live_incident", slug, key)
    ticket = " ".join(form.cleaned_data["ticket"].split())
    _change(
        request,
        _("Done. Entries of that ticket settle the estimate with the next import."),
        partial(
            name_ticket,
            retainer=opened.retainer,
            had=form.cleaned_data["had"],
            ticket=ticket,
            mark=mark_of_ticket(opened.client.pk, ticket),
            by=opened.member.user,
            at=now(),
        ),
    )
    return redirect("live_incident", slug, key)


def _change(request: HttpRequest, done: str, deed: Callable[[], object]) -> None:
    """Do it, and say so, or that the incident isn't any more as the form showed it."""
    try:
        deed()
    except ChangedError:
        messages.warning(request, _("It has changed since you opened this page. Please check again."))
    else:
        messages.success(request, done)


def _people(request: HttpRequest, do: str) -> int | None:
    """The people from now on: none while it pauses, None where it ends, -1 for what can't be read."""
    if do in (PAUSE, END):
        return 0 if do == PAUSE else None
    form = PeopleForm(request.POST)
    return int(form.cleaned_data["people"]) if do == PEOPLE and form.is_valid() else -1


def _page(request: HttpRequest, opened: OpenedRetainer, form: StartForm, status: int = 200) -> HttpResponse:
    context = {"opened": opened, "form": form, "standing": standing_incident(opened)}
    return render(request, "desk/live.html", context, status=status)
