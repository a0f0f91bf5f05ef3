"""Hours added to the cap, or taken off: who granted what and when, and a form for more."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import manager, viewer
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
    grant_form,
    grant_line,
    grant_lines,
    mark_of,
    new_grant,
)
from desk.grants.standing import done_before, find_approval, find_grant
from desk.restating import agreed_in
from desk.since import Attempt, told_done, try_saving
from retainers.approving import seen_of, withdraw
from retainers.granting import grant_hours, seen_taking_back, take_back
from retainers.models import Adjustment, Approval, TopUp
from retainers.restating.changes import Law
from retainers.restating.writing import Consent
from retainers.seen import made_on

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
        return _checked(request, Attempt(opened), form, looked)
    grant = looked.letting_through()(partial(_grant, opened, form, agreed_in(request)))
    failed = try_saving(request, opened, grant, said=_("Saved. The client’s page now counts these hours."))
    return _checked(request, failed, form, looked) if failed else redirect("grants", slug, key)


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def take_back_grant(request: HttpRequest, slug: str, key: str, kind: str, pk: int) -> HttpResponse:
    """Show what the page would say without a grant; take it back once that was in view."""
    opened = open_retainer(request, slug, key)
    grant = find_grant(opened, kind, pk)
    if answer := done_before(request, opened, grant):
        return answer
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _without(request, Attempt(opened), grant, form, INVALID if form.is_bound else 200)
    looked = look(request, opened.client, [("Why it is taken back", form.cleaned_data["reason"])])
    if looked.found:
        return _without(request, Attempt(opened), grant, form, INVALID, looked)
    take = looked.letting_through()(partial(_take_back, opened, grant, form, agreed_in(request)))
    said = "Taken back: the client’s page no longer counts these hours."
    failed = try_saving(request, opened, take, said=said)
    if failed:
        return _without(request, failed, grant, form, failed.status, looked)
    return redirect("grants", slug, key)


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def withdraw_approval(request: HttpRequest, slug: str, key: str, pk: int) -> HttpResponse:
    """Show what withdrawing an approval would change; withdraw it once that was in view."""
    opened = open_retainer(request, slug, key)
    approval = find_approval(opened, pk)
    if answer := done_before(request, opened, approval):
        return answer
    if request.method != "POST":
        return _about_to_withdraw(request, Attempt(opened), approval)
    withdrawing = partial(
        withdraw,
        approval=approval,
        form=request.POST.get("checked", ""),
        by=opened.member.user,
        at=timezone.now(),
        agreed=agreed_in(request),
    )
    failed = try_saving(request, opened, withdrawing, said="Withdrawn: the approval no longer counts.")
    return _about_to_withdraw(request, failed, approval) if failed else redirect("grants", slug, key)


def _about_to_withdraw(request: HttpRequest, attempt: Attempt, approval: Approval) -> HttpResponse:
    opened = attempt.opened
    context = {
        "opened": opened,
        "line": approval_line(approval, opened),
        "mark": seen_of(approval).mark,
        **attempt.shown(change_of_withdrawing(opened, approval), Law.SETTLED),
    }
    return render(request, "desk/approval_withdrawn.html", context, status=attempt.status)


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
    attempt: Attempt,
    grant: TopUp | Adjustment,
    form: TakeBackForm,
    status: int,
    looked: Looked | None = None,
) -> HttpResponse:
    opened = attempt.opened
    if grant.retired_in_id is not None:
        messages.info(request, "These hours have already been taken back.")
        return redirect("grants", opened.client.slug, opened.retainer.key)
    marked = {"checked": seen_taking_back(opened.retainer, grant).mark}
    typed = {"reason": form.data.get("reason", ""), **marked} if form.is_bound else None
    again = TakeBackForm(typed, initial=marked)
    again.is_valid()
    context = {
        "opened": opened,
        "form": again,
        "line": grant_line(grant, opened),
        "looked": looked,
        **attempt.shown(change_without(opened, grant)),
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


def _checked(request: HttpRequest, attempt: Attempt, form: GrantForm, looked: Looked) -> HttpResponse:
    opened = attempt.opened
    marked = {**request.POST.dict(), "checked": mark_of(opened, form)}
    again = grant_form(opened, marked)
    again.is_valid()
    shown = {"checked": True, "looked": looked, **attempt.shown(change_by(opened, form))}
    return _page(request, opened, again, attempt.status, **shown)


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
