"""Hours added to the cap, or taken off: who granted what and when, and a form for more."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import manager, theirs, viewer
from accounts.seen import StaleError
from desk.doors import OpenedRetainer, open_retainer
from desk.gate import Looked, look
from desk.grants.page import (
    GrantForm,
    TakeBackForm,
    approval_line,
    approval_lines,
    change_by,
    change_of_withdrawing,
    change_without,
    find_grant,
    grant_form,
    grant_line,
    grant_lines,
    mark_of,
    new_grant,
)
from desk.restating import agreed_in, shown_effects
from desk.since import StaleRefusal, refused, told_done
from retainers.approving import seen_of, withdraw
from retainers.granting import grant_hours, seen_taking_back, take_back
from retainers.models import Adjustment, Approval, TopUp
from retainers.restating.changes import Law
from retainers.restating.writing import Consent, RestatingError
from retainers.seen import DoneError, made_on

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
    made = made_on(request.POST.get("checked", ""), [opened.retainer])
    if made is not None:
        messages.info(request, told_done(made, opened.zone))
        return redirect("grants", slug, key)
    form = grant_form(opened, request.POST)
    if not form.is_valid():
        return _page(request, opened, form, status=INVALID)
    looked = look(request, opened.client, [(_("Note or reason"), form.cleaned_data["note"])])
    if looked.found:
        return _page(request, opened, form, status=INVALID, looked=looked)
    if "save" not in request.POST:
        return _checked(request, opened, form, looked)
    try:
        with looked.letting_through():
            _grant(opened, form, agreed_in(request))
    except RestatingError:
        return _checked(request, opened, form, looked, unticked=True)
    except DoneError as done:
        messages.info(request, told_done(done.publication, opened.zone))
    except StaleError as stale:
        now = open_retainer(request, slug, key)
        return _checked(request, now, form, looked, refused(stale, now.zone))
    else:
        messages.success(request, _("Saved: the client’s page counts these hours now."))
    return redirect("grants", slug, key)


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def take_back_grant(request: HttpRequest, slug: str, key: str, kind: str, pk: int) -> HttpResponse:
    """Show what the page would say without a grant; take it back once that was in view."""
    opened = open_retainer(request, slug, key)
    grant = find_grant(opened, kind, pk)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _without(request, opened, grant, form, INVALID if form.is_bound else 200)
    looked = look(request, opened.client, [("Why it is taken back", form.cleaned_data["reason"])])
    if looked.found:
        return _without(request, opened, grant, form, INVALID, looked=looked)
    try:
        with looked.letting_through():
            _take_back(opened, grant, form, agreed_in(request))
    except RestatingError:
        return _without(request, opened, grant, form, STALE, looked=looked, unticked=True)
    except DoneError as done:
        messages.info(request, told_done(done.publication, opened.zone))
    except StaleError as stale:
        now = open_retainer(request, slug, key)
        return _without(request, now, grant, form, STALE, refused(stale, now.zone), looked)
    else:
        messages.success(request, "Taken back: the client’s page no longer counts these hours.")
    return redirect("grants", slug, key)


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def withdraw_approval(request: HttpRequest, slug: str, key: str, pk: int) -> HttpResponse:
    """Show what withdrawing an approval would change; withdraw it once that was in view."""
    opened = open_retainer(request, slug, key)
    rows = Approval.objects.select_related("retainer").filter(retainer=opened.retainer)
    approval: Approval = theirs(rows, pk=pk)
    if request.method != "POST":
        return _about_to_withdraw(request, opened, approval)
    try:
        withdraw(
            approval=approval,
            form=request.POST.get("checked", ""),
            by=opened.member.user,
            at=timezone.now(),
            agreed=agreed_in(request),
        )
    except RestatingError:
        return _about_to_withdraw(request, opened, approval, unticked=True)
    except DoneError as done:
        messages.info(request, told_done(done.publication, opened.zone))
    except StaleError as stale:
        return _about_to_withdraw(request, opened, approval, refused(stale, opened.zone))
    else:
        messages.success(request, "Withdrawn: the approval no longer counts.")
    return redirect("grants", slug, key)


def _about_to_withdraw(
    request: HttpRequest,
    opened: OpenedRetainer,
    approval: Approval,
    refusal: StaleRefusal | None = None,
    *,
    unticked: bool = False,
) -> HttpResponse:
    change = change_of_withdrawing(opened, approval)
    context = {
        "opened": opened,
        "line": approval_line(approval, opened),
        "mark": seen_of(approval).mark,
        "refusal": refusal,
        **shown_effects(opened, change, Law.SETTLED, unticked=unticked),
    }
    status = STALE if refusal or unticked else 200
    return render(request, "desk/approval_withdrawn.html", context, status=status)


def _take_back(
    opened: OpenedRetainer, grant: TopUp | Adjustment, form: TakeBackForm, agreed: Consent
) -> None:
    take_back(
        grant=grant,
        reason=form.cleaned_data["reason"],
        form=form.cleaned_data["checked"],
        by=opened.member.user,
        at=timezone.now(),
        agreed=agreed,
    )


def _without(
    request: HttpRequest,
    opened: OpenedRetainer,
    grant: TopUp | Adjustment,
    form: TakeBackForm,
    status: int,
    refusal: StaleRefusal | None = None,
    looked: Looked | None = None,
    *,
    unticked: bool = False,
) -> HttpResponse:
    if grant.retired_in_id is not None:
        messages.info(request, "These hours are taken back already.")
        return redirect("grants", opened.client.slug, opened.retainer.key)
    marked = {"checked": seen_taking_back(opened.retainer, grant).mark}
    typed = {"reason": form.data.get("reason", ""), **marked} if form.is_bound else None
    again = TakeBackForm(typed, initial=marked)
    again.is_valid()
    context = {
        "opened": opened,
        "form": again,
        "line": grant_line(grant, opened),
        "refusal": refusal,
        "looked": looked,
        **shown_effects(opened, change_without(opened, grant), unticked=unticked),
    }
    return render(request, "desk/grant_taken_back.html", context, status=status)


def _grant(opened: OpenedRetainer, form: GrantForm, agreed: Consent) -> None:
    grant_hours(
        retainer=opened.retainer,
        top_ups=form.top_ups(),
        adjustments=form.adjustments(),
        form=form.cleaned_data["checked"],
        by=opened.member.user,
        at=timezone.now(),
        agreed=agreed,
    )


def _checked(
    request: HttpRequest,
    opened: OpenedRetainer,
    form: GrantForm,
    looked: Looked,
    refusal: StaleRefusal | None = None,
    *,
    unticked: bool = False,
) -> HttpResponse:
    marked = {**request.POST.dict(), "checked": mark_of(opened, form)}
    again = grant_form(opened, marked)
    again.is_valid()
    shown = {
        "checked": True,
        "refusal": refusal,
        "looked": looked,
        **shown_effects(opened, change_by(opened, form), unticked=unticked),
    }
    return _page(request, opened, again, STALE if refusal or unticked else 200, **shown)


def _page(
    request: HttpRequest, opened: OpenedRetainer, form: GrantForm, status: int = 200, **shown: Any
) -> HttpResponse:
    context = {
        "opened": opened,
        "form": form,
        "lines": grant_lines(opened),
        "approvals": approval_lines(opened),
        **shown,
    }
    return render(request, "desk/grants.html", context, status=status)
