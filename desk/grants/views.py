"""Hours granted beside the cap: who granted what and when, and a form for more."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import manager, viewer
from accounts.seen import StaleError
from desk.doors import OpenedRetainer, open_retainer
from desk.gate.found import Looked, look
from desk.grants.page import GrantForm, effects_of, grant_lines, mark_of, new_grant
from desk.since import StaleRefusal, refused, told_done
from retainers.granting import grant_hours
from retainers.seen import DoneError

INVALID = 422
STALE = 409


@require_safe
@viewer
def grants(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    return _page(request, opened, new_grant(opened))


@require_POST
@manager
def add_grant(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Show what the hours would change; save them once exactly that was shown."""
    opened = open_retainer(request, slug, key)
    form = GrantForm(request.POST, agreement=opened.standing.agreement)
    if not form.is_valid():
        return _page(request, opened, form, status=INVALID)
    looked = look(request, opened.client, [(_("Note or reason"), form.cleaned_data["note"])])
    if looked.found:
        return _page(request, opened, form, status=INVALID, looked=looked)
    if "save" not in request.POST:
        return _checked(request, opened, form, looked)
    try:
        with looked.letting_through():
            _grant(opened, form)
    except DoneError as done:
        messages.info(request, told_done(done.publication, opened.zone))
    except StaleError as stale:
        now = open_retainer(request, slug, key)
        return _checked(request, now, form, looked, refused(stale, now.zone))
    else:
        messages.success(request, _("Saved: the client’s page counts these hours now."))
    return redirect("grants", slug, key)


def _grant(opened: OpenedRetainer, form: GrantForm) -> None:
    grant_hours(
        retainer=opened.retainer,
        top_ups=form.top_ups(),
        adjustments=form.adjustments(),
        form=form.cleaned_data["checked"],
        by=opened.member.user,
        at=timezone.now(),
    )


def _checked(
    request: HttpRequest,
    opened: OpenedRetainer,
    form: GrantForm,
    looked: Looked,
    refusal: StaleRefusal | None = None,
) -> HttpResponse:
    marked = {**request.POST.dict(), "checked": mark_of(opened, form)}
    again = GrantForm(marked, agreement=opened.standing.agreement)
    again.is_valid()
    shown = {
        "checked": True,
        "effects": effects_of(opened, form),
        "refusal": refusal,
        "looked": looked,
    }
    return _page(request, opened, again, STALE if refusal else 200, **shown)


def _page(
    request: HttpRequest, opened: OpenedRetainer, form: GrantForm, status: int = 200, **shown: Any
) -> HttpResponse:
    context = {"opened": opened, "form": form, "lines": grant_lines(opened), **shown}
    return render(request, "desk/grants.html", context, status=status)
