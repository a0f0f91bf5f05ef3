"""Hours granted beside the cap: who granted what and when, and a form for more."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import manager, viewer
from desk.grants import GrantForm, effects_of, grant_lines, new_grant
from desk.their_retainer import Opened, open_retainer
from retainers.granting import grant_hours

INVALID = 422


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
    if "save" not in request.POST or form.cleaned_data["checked"] != form.mark():
        return _checked(request, opened, form)
    grant_hours(
        retainer=opened.retainer,
        top_ups=form.top_ups(),
        adjustments=form.adjustments(),
        by=opened.member.user,
        at=timezone.now(),
    )
    messages.success(request, _("Saved: the client’s page counts these hours now."))
    return redirect("grants", slug, key)


def _checked(request: HttpRequest, opened: Opened, form: GrantForm) -> HttpResponse:
    again = GrantForm({**request.POST.dict(), "checked": form.mark()}, agreement=opened.standing.agreement)
    again.is_valid()
    return _page(request, opened, again, checked=True, effects=effects_of(opened, form))


def _page(
    request: HttpRequest, opened: Opened, form: GrantForm, status: int = 200, **shown: Any
) -> HttpResponse:
    context = {"opened": opened, "form": form, "lines": grant_lines(opened), **shown}
    return render(request, "desk/grants.html", context, status=status)
