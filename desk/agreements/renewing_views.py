"""Renewing an agreement in the browser: what it would do is shown first, and only what stands there is saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import manager
from accounts.seen import StaleError
from desk.agreements.pages import agreement_page
from desk.agreements.renewing import Renewal, RenewForm, renewal
from desk.agreements.views import INVALID, STALE, leaks_in, save_judged
from desk.doors import OpenedRetainer, open_retainer
from desk.gate import Looked
from desk.since import StaleRefusal, refused, told_done
from retainers.restating.writing import RestatingError
from retainers.seen import made_on


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def renew(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """End the retainer on a day and go on with a new one on the next: the bookmark stays the same."""
    opened = open_retainer(request, slug, key)
    form = RenewForm(request.POST or None, standing=opened.standing, today=opened.today)
    shown: dict[str, Any] = {"opened": opened, "form": form, "accounts": form.accounts}
    if request.method != "POST" or not form.is_valid():
        return render(request, "agreements/renew.html", shown, status=INVALID if form.errors else 200)
    if "save" in request.POST:
        return _save(request, opened, form)
    found = renewal(opened, form.asked())
    return _renewal(request, opened, form, _looked(request, opened, found))


def _looked(request: HttpRequest, opened: OpenedRetainer, found: Renewal) -> Looked:
    return leaks_in(request, opened.client, found.judged.agreement, found.top_ups, found.charges)


def _save(request: HttpRequest, opened: OpenedRetainer, form: RenewForm) -> HttpResponse:
    done = made_on(request.POST.get("seen", ""), opened.client.retainers.all())
    if done is not None:
        messages.info(request, told_done(done, opened.zone))
        return redirect("client", opened.client.slug)
    found = renewal(opened, form.asked())
    looked = _looked(request, opened, found)
    if found.judged.errors or looked.found:
        return _renewal(request, opened, form, looked)
    try:
        with looked.letting_through():
            save_judged(request, opened.client, found.judged, [found.old], found.top_ups, found.charges)
    except RestatingError:
        return _renewal(request, opened, form, looked, unticked=True)
    except StaleError as stale:
        now = open_retainer(request, opened.client.slug, opened.retainer.key)
        return _renewal(request, now, form, looked, refused(stale, now.zone))
    messages.success(request, _("Renewed. The client’s links keep working."))
    return redirect("client", opened.client.slug)


def _renewal(
    request: HttpRequest,
    opened: OpenedRetainer,
    form: RenewForm,
    looked: Looked,
    refusal: StaleRefusal | None = None,
    *,
    unticked: bool = False,
) -> HttpResponse:
    """What renewing would do; renewed is only what stands here."""
    found = renewal(opened, form.asked())
    page = agreement_page(
        found.draft,
        found.judged,
        is_new=True,
        title="",
        today=opened.today,
        checked=True,
        unticked=unticked,
    )
    errors = [message for each in found.judged.errors.values() for message in each]
    shown = {"opened": opened, "form": form, "page": page, "errors": errors, "refusal": refusal}
    shown |= {"looked": looked, "lines": found.lines, "may_save": not errors and not looked.found}
    status = STALE if refusal or unticked else INVALID if errors or looked.found else 200
    return render(request, "agreements/renew.html", shown, status=status)
