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
from accounts.seen import StaleError
from desk.doors import OpenedRetainer, open_retainer
from desk.entries.form import EntryForm
from desk.entries.page import effect_of, entry_page
from desk.restating import agreed_in, restating_part
from desk.since import StaleRefusal, refused, told_done
from imports.publishing.entry_change import change_entry, seen_of
from imports.wording.reword import Reworded
from presentation.effect_lines import effect_lines
from retainers.models import Entry
from retainers.restating.changes import Law, foreseen
from retainers.restating.writing import Consent, RestatingError
from retainers.seen import DoneError

INVALID = 422
STALE = 409


@require_http_methods(["GET", "HEAD", "POST"])
@viewer
def entry(request: HttpRequest, slug: str, key: str, origin: str) -> HttpResponse:
    """Viewers read; a manager's POST shows what it would do, and does what was shown."""
    opened = open_retainer(request, slug, key)
    found = _live(opened, origin)
    if request.method != "POST":
        return _page(request, opened, found, EntryForm(entry=found, agreement=opened.standing.agreement))
    if not opened.member.writes:
        raise PermissionDenied
    form = EntryForm(request.POST, entry=found, agreement=opened.standing.agreement)
    if not form.is_valid():
        return _page(request, opened, found, form, status=INVALID)
    if "save" not in request.POST:
        return _checked(request, opened, form)
    return _saved(request, opened, form)


def _live(opened: OpenedRetainer, origin: str) -> Entry:
    found: Entry = theirs(Entry.objects.filter(retainer=opened.retainer, retired_in=None), origin=origin)
    return found


def _saved(request: HttpRequest, opened: OpenedRetainer, form: EntryForm) -> HttpResponse:
    slug, key, origin = opened.client.slug, opened.retainer.key, str(form.entry.origin)
    try:
        done = _change(opened, form, agreed_in(request))
    except RestatingError:
        return _checked(request, opened, form, unticked=True)
    except DoneError as twice:
        messages.info(request, told_done(twice.publication, opened.zone))
        return redirect("entry", slug, key, origin)
    except StaleError as stale:
        now = open_retainer(request, slug, key)
        again = EntryForm(_posted(request), entry=_live(now, origin), agreement=now.standing.agreement)
        again.is_valid()
        return _checked(request, now, again, refused(stale, now.zone))
    if done.flagged:
        for hit in done.flagged[0].hits:
            form.add_error("wording", _("“%(text)s”: %(why)s") % {"text": hit.text, "why": hit.why})
        return _page(request, opened, form.entry, form, status=INVALID)
    messages.success(request, _("Saved: the client’s page says so now."))
    return redirect("entry", slug, key, origin)


def _change(opened: OpenedRetainer, form: EntryForm, agreed: Consent) -> Reworded:
    return change_entry(
        provider=opened.member.provider,
        retainer=opened.retainer,
        entry=form.entry,
        choice=form.choice(),
        let=form.cleaned_data["let"],
        form=form.cleaned_data["checked"],
        by=opened.member.user,
        at=timezone.now(),
        agreed=agreed,
    )


def _checked(
    request: HttpRequest,
    opened: OpenedRetainer,
    form: EntryForm,
    refusal: StaleRefusal | None = None,
    *,
    unticked: bool = False,
) -> HttpResponse:
    """What the choice would do; saved is only what stands here."""
    change = effect_of(opened, form.entry, form.choice())
    mark = seen_of(opened.retainer, form.entry, form.choice()).mark
    again = EntryForm({**_posted(request), "checked": mark}, entry=form.entry, agreement=form.agreement)
    again.is_valid()
    shown = {
        "checked": True,
        "effects": effect_lines(change),
        "closed": bool(change.closed),
        "refusal": refusal,
        "restating": restating_part(
            foreseen(opened.member.provider, [change], Law.SETTLED), missing=unticked
        ),
    }
    return _page(request, opened, form.entry, again, STALE if refusal or unticked else 200, **shown)


def _posted(request: HttpRequest) -> dict[str, Any]:
    return {**request.POST.dict(), "categories": request.POST.getlist("categories")}


def _page(
    request: HttpRequest,
    opened: OpenedRetainer,
    found: Entry,
    form: EntryForm,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    context = {"opened": opened, "page": entry_page(opened, found), "form": form, **shown}
    return render(request, "desk/entry.html", context, status=status)
