"""Hours by hand in the browser: from the form to the preview that every file has."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import manager, the_member, theirs, today_at, zone_of
from desk.by_hand.form import HandForm, day_of
from imports.by_hand import store_by_hand
from retainers.closings import open_since
from retainers.models import Client
from retainers.selectors import retainers_of, standings

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def by_hand(request: HttpRequest, slug: str) -> HttpResponse:
    """Type or paste entries; what comes of them is looked at before anything is published."""
    client: Client = theirs(Client.objects.all(), slug=slug)
    if request.method != "POST":
        return _page(request, client, HandForm.empty(*_uncovered(request, client)))
    form = HandForm.read(request.POST)
    if form.errors():
        return _page(request, client, form, INVALID)
    source = store_by_hand(
        rows=form.rows(),
        client=client,
        sent=form.sent,
        starts=day_of(form.starts),
        through=day_of(form.through),
        by=the_member(request).user,
        at=timezone.now(),
    )
    return redirect("import", pk=source.pk)


def _uncovered(request: HttpRequest, client: Client) -> tuple[date | None, date]:
    """The days that nothing speaks for yet: from after the last covered one, or the open cycle's first, to today."""
    provider = the_member(request).provider
    today, rows = today_at(provider), list(retainers_of([client.slug]))
    covered = [each.freshness.through for each in standings(rows, on=today, zone=zone_of(provider))]
    known = [day for day in covered if day]
    if known:
        return min(max(known) + timedelta(days=1), today), today
    return min(open_since(rows, today, provider).values(), default=None), today


def _page(request: HttpRequest, client: Client, form: HandForm, status: int = 200) -> HttpResponse:
    shown = {"client": client, "form": form, "errors": form.errors() if status == INVALID else ()}
    return render(request, "imports/by_hand.html", shown, status=status)
