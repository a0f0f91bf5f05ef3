"""“Tell me when”: the form behind a client's link, and the two pages behind its mails. Only their buttons act."""

import re
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.tenancy import tenant_scope
from alerts import watches
from alerts.consent_views import HEADERS
from alerts.watch_words import names_of
from portal.access import Visit
from portal.doors import enter, from_this_page, not_found
from portal.letterhead import contact_of
from portal.selectors import client_name, page_facts, provider_facts
from portal.tell_me_form import TITLE, Choices, WatchForm
from presentation.accounts import accounts
from presentation.facts import Asked
from retainers.gate.known import read_gate
from retainers.models import Client

MARK = re.compile(r"[A-Za-z0-9_-]{22}")
TOO_MANY = gettext_lazy(
    "Too many mails have been requested from this link. This one was not sent: please try again "
    "tomorrow. What you wrote is still here."
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def tell_me(request: HttpRequest, token: str) -> HttpResponse:
    """The form behind a link."""
    visit = enter(request, token)
    if not isinstance(visit, Visit):
        return visit
    with tenant_scope(visit.provider):
        known = _accounts(visit)
        if not known:
            return not_found(request)
        if request.method != "POST" and MARK.fullmatch(request.GET.get("sent", "")):
            return _page("alerts/tell_me_sent.html", visit.client, {"back": "../"})
        return _asked(request, visit, known)


def _accounts(visit: Visit) -> dict[str, str]:
    """What can be watched: each account of an agreement that runs."""
    try:
        facts = page_facts(visit.provider, visit.retainers, visit.today, Asked(), gate=visit.gate)
    except LookupError:
        return {}
    return {
        f"{each.agreement.key}|{key}": name
        for each in facts
        if each.shown is not None and each.is_current and not each.shown.closed
        for key, name in names_of(accounts(each.cycles, each.shown), each.agreement.name).items()
    }


def _asked(request: HttpRequest, visit: Visit, known: Choices) -> HttpResponse:
    begin = {"about": next(iter(known)), "when": "share 25"}
    form = WatchForm(known, request.POST if request.method == "POST" else None, initial=begin)
    sent = request.POST.get("mark", "")
    mark, status = sent if MARK.fullmatch(sent) else secrets.token_urlsafe(16), 200
    if request.method == "POST":
        if not from_this_page(request):
            status = 403
            form.add_error(None, _("This form was sent from another page. Please send it from here."))
        elif form.is_valid():
            if _written_down(visit, form, mark):
                return HttpResponseRedirect(f"{request.path}?sent={mark}", status=303, headers=HEADERS)
            status = 429
            form.add_error(None, TOO_MANY)
    context = {"form": form, "mark": mark, "title": TITLE, "back": "../"}
    return _page("alerts/tell_me.html", visit.client, context, status)


def _written_down(visit: Visit, form: WatchForm, mark: str) -> bool:
    """False where the link has asked too often."""
    key, _bar, account = form.cleaned_data["about"].partition("|")
    (row,) = [each for each in visit.retainers if each.key == key]
    when, amount = form.chosen()
    wish = watches.Wish(row, account, when, amount, form.cleaned_data["email"], mark)
    try:
        watches.ask(link=visit.link, wish=wish, at=now())
    except watches.TooManyError:
        return False
    return True


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_watch(request: HttpRequest, signed: str) -> HttpResponse:
    """The page behind the question: its button lets what was asked for begin."""
    watch = watches.find(signed, watches.CONFIRM)
    if watch is None:
        return not_found(request)
    with tenant_scope(watch.provider):
        asked = request.method == "POST"
        wishes = watches.wishes_of(watches.waiting_with(watch), watch.provider)
        done = asked and watches.confirm(watch, now())
        is_over = not done and not watches.stands(watch)
        context = {"done": done, "is_over": is_over, "wishes": wishes, "email": watch.email}
        return _page("alerts/tell_me_confirm.html", watch.link.client, context, 410 if is_over else 200)


@csrf_exempt  # a mail program's own button posts from nowhere (RFC 8058); ending it harms nobody
@require_http_methods(["GET", "HEAD", "POST"])
def stop_watch(request: HttpRequest, signed: str) -> HttpResponse:
    """The page behind every such mail: one click ends it, another all that go to the address."""
    watch = watches.find(signed, watches.STOP)
    if watch is None:
        return not_found(request)
    with tenant_scope(watch.provider):
        alike = watches.all_of(watch)
        done = request.method == "POST"
        if done:
            watches.stop(alike if "all" in request.POST else [watch], now())
        others = [each for each in alike if each.pk != watch.pk and each.ended_at is None]
        context = {
            "done": done,
            "wish": watches.wishes_of([watch], watch.provider)[0],
            "several": bool(others),
            "email": watch.email,
        }
        return _page("alerts/tell_me_stop.html", watch.link.client, context)


def _page(template: str, client: Client, context: dict[str, Any], status: int = 200) -> HttpResponse:
    gate = read_gate(client.provider)
    facts = provider_facts(client.provider, gate)
    around = {
        "provider": facts.name,
        "brand": facts,
        "contact": contact_of(facts),
        "client": client_name(client, gate),
    }
    return HttpResponse(render_to_string(template, {**around, **context}), status=status, headers=HEADERS)
