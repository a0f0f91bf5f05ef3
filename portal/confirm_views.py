"""The approver's own page, opened from the mail: one request with its button, and what else waits for their word."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import zone_of
from accounts.seal import unseal
from accounts.tenancy import tenant_scope
from portal import approval_by_mail as confirming
from portal import asking
from portal.access import opens
from portal.asking import offer_in, standings_of
from portal.doors import from_this_page, not_found
from portal.letterhead import contact_of
from portal.models import ClientRequest
from portal.request_views import GONE, HEADERS, hours_of
from portal.selectors import client_name, provider_facts
from presentation.approvals import Offer
from presentation.days import dated
from retainers.gate.known import Gate, read_gate
from retainers.hours import from_units
from retainers.selectors import Standing


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """The approver's own page, opened from the mail; only its button confirms."""
    found = confirming.find_to_confirm(secret, now())
    if found is None:
        return not_found(request)
    with tenant_scope(found.provider):
        status = _confirmed(request, found) if request.method == "POST" else 200
        found.refresh_from_db(fields=["confirmed_at"])
        waiting = confirming.still_waiting(found, now())
        gate = read_gate(found.provider)
        offers = _offers([found, *waiting.others], gate)
        facts = provider_facts(found.provider, gate)
        client = found.retainer.client
        context = {
            "name": asking.plain_name(gate.out(found.name, client.slug, _("Somebody"))),
            "text": gate.out(found.text, client.slug),
            "hours": hours_of(found),
            "offer": offers[0],
            "confirmed_on": _confirmed_on(found),
            "others": [_other(*each) for each in zip(waiting.others, offers[1:], strict=True)],
            "client": client_name(client, gate),
            "provider": facts.name,
            "brand": facts,
            "contact": contact_of(facts),
            "balance_href": _balance(found),
        }
        page = render_to_string(_template(found, is_too_late=waiting.is_too_late), context)
        return HttpResponse(page, status=GONE if waiting.is_too_late else status, headers=HEADERS)


def _template(made: ClientRequest, *, is_too_late: bool) -> str:
    if made.confirmed_at is not None:
        return "portal/confirmed.html"
    return "portal/confirm_too_late.html" if is_too_late else "portal/confirm.html"


def _balance(made: ClientRequest) -> str:
    """The way to the page that it was asked on; "" where that link has ended or its key is gone."""
    token = unseal(made.link.sealed) if opens(made.link) else None
    return reverse("balance", args=[token]) if token else ""


def _offers(asked: Sequence[ClientRequest], gate: Gate) -> list[Offer | None]:
    """What each of them would mean, each retainer read once; None where its cycle isn't there any more."""
    zone = zone_of(asked[0].provider)
    keys = [each.retainer_id or 0 for each in asked]
    standings = standings_of(keys, today=now().astimezone(zone).date(), zone=zone, gate=gate)
    return [_offer(each, standings.get(each.retainer_id or 0)) for each in asked]


def _offer(made: ClientRequest, standing: Standing | None) -> Offer | None:
    hours = from_units(made.hours_units or 0)
    return offer_in(standing, made.cycle_starts, hours) if standing else None


def _confirmed(request: HttpRequest, made: ClientRequest) -> int:
    """Do what the button asks for, where the page itself sent it; the status of the answer."""
    if not from_this_page(request):
        return 403
    if asked := request.POST.get("other", ""):
        chosen = confirming.waiting_too(made, now(), only=asked)
        if not chosen:
            return GONE
        (made,) = chosen
    try:
        confirming.confirm(request=made, at=now())
    except confirming.TooLateError:
        return GONE
    return 200


@dataclass(frozen=True, slots=True)
class Other:
    """Another request that waits for the same person's word."""

    key: int
    words: str
    offer: Offer | None


def _other(made: ClientRequest, offer: Offer | None) -> Other:
    day = dated(made.made_at.astimezone(zone_of(made.provider)).date())
    words = _("%(hours)s hours, asked for on %(day)s") % {"hours": hours_of(made), "day": day}
    return Other(made.pk, words, offer)


def _confirmed_on(made: ClientRequest) -> str:
    if made.confirmed_at is None:
        return ""
    return dated(made.confirmed_at.astimezone(zone_of(made.provider)).date())
