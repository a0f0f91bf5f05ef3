"""One published entry: looked at, and changed once what the change does was in view."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import theirs, viewer
from desk.effect_lines import effect_lines
from desk.entries import change_entry, effect_of, entry_page, mark_of
from desk.entry_form import EntryForm
from desk.their_retainer import Opened, open_retainer
from retainers.models import Entry

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@viewer
def entry(request: HttpRequest, slug: str, key: str, origin: str) -> HttpResponse:
    """Viewers read; a manager's POST shows what it would do, and does what was shown."""
    opened = open_retainer(request, slug, key)
    live = Entry.objects.filter(retainer=opened.retainer, retired_in=None)
    found: Entry = theirs(live, origin=origin)
    agreement = opened.standing.agreement
    if request.method != "POST":
        return _page(request, opened, found, EntryForm(entry=found, agreement=agreement))
    if not opened.member.writes:
        raise PermissionDenied
    form = EntryForm(request.POST, entry=found, agreement=agreement)
    if not form.is_valid():
        return _page(request, opened, found, form, status=INVALID)
    choice = form.choice()
    mark = mark_of(opened, found, choice)
    if "save" not in request.POST or form.cleaned_data["checked"] != mark:
        change = effect_of(opened, found, choice)
        again = EntryForm({**_posted(request), "checked": mark}, entry=found, agreement=agreement)
        again.is_valid()
        return _page(
            request,
            opened,
            found,
            again,
            checked=True,
            effects=effect_lines(change),
            closed=bool(change.closed),
        )
    done = change_entry(
        provider=opened.member.provider,
        retainer=opened.retainer,
        entry=found,
        choice=choice,
        let=form.cleaned_data["let"],
        by=opened.member.user,
        at=timezone.now(),
    )
    if done.flagged:
        for hit in done.flagged[0].hits:
            form.add_error("wording", _("“%(text)s”: %(why)s") % {"text": hit.text, "why": hit.why})
        return _page(request, opened, found, form, status=INVALID)
    messages.success(request, _("Saved: the client’s page says so now."))
    return redirect("entry", slug, key, origin)


def _posted(request: HttpRequest) -> dict[str, Any]:
    return {**request.POST.dict(), "categories": request.POST.getlist("categories")}


def _page(
    request: HttpRequest, opened: Opened, found: Entry, form: EntryForm, status: int = 200, **shown: Any
) -> HttpResponse:
    context = {"opened": opened, "page": entry_page(opened, found), "form": form, **shown}
    return render(request, "desk/entry.html", context, status=status)
