"""The approver's own page, opened from the mail: one request with its button, and what else waits for their word."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

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
from portal.asking import offer_in, offer_of, standings_of
from portal.doors import from_this_page, not_found
from portal.models import ClientRequest
from portal.page import contact_of
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
        others = confirming.others_waiting(found, now())
        is_too_late = found.confirmed_at is None and not confirming.may_be_confirmed(found, now())
        gate = read_gate(found.provider)
        facts = provider_facts(found.provider, gate)
        client = found.retainer.client
        context = {
            "made": found,
            "is_too_late": is_too_late,
            "name": asking.plain_name(gate.out(found.name, client.slug, _("Somebody"))),
            "text": gate.out(found.text, client.slug),
            "hours": hours_of(found),
            "offer": _offer(found, gate),
            "confirmed_on": _confirmed_on(found),
            "others": _others(others, gate),
            "client": client_name(client, gate),
            "provider": facts.name,
            "brand": facts,
            "contact": contact_of(facts),
            "balance_href": _balance(found),
        }
        page = render_to_string("portal/confirm.html", context)
        return HttpResponse(page, status=GONE if is_too_late else status, headers=HEADERS)


def _balance(made: ClientRequest) -> str:
    """The way to the page that it was asked on; "" where that link has ended or its key is gone."""
    token = unseal(made.link.sealed) if opens(made.link) else None
    return reverse("balance", args=[token]) if token else ""


def _offer(made: ClientRequest, gate: Gate) -> Offer | None:
    zone = zone_of(made.provider)
    hours = from_units(made.hours_units or 0)
    today = now().astimezone(zone).date()
    return offer_of(made.retainer, made.cycle_starts, hours, today=today, zone=zone, gate=gate)


def _confirmed(request: HttpRequest, made: ClientRequest) -> int:
    """Do what the button asks for, where the page itself sent it; the status of the answer."""
    if not from_this_page(request):
        return 403
    if asked := request.POST.get("other", ""):
        chosen = confirming.others_waiting(made, now(), only=asked)
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


def _others(waiting: Sequence[ClientRequest], gate: Gate) -> list[Other]:
    if not waiting:
        return []
    zone = zone_of(waiting[0].provider)
    today = now().astimezone(zone).date()
    keys = [each.retainer_id or 0 for each in waiting]
    standings = standings_of(keys, today=today, zone=zone, gate=gate)
    return [_other(each, standings.get(each.retainer_id or 0), zone) for each in waiting]


def _other(made: ClientRequest, standing: Standing | None, zone: ZoneInfo) -> Other:
    words = _("%(hours)s hours, asked for on %(day)s") % {
        "hours": hours_of(made),
        "day": dated(made.made_at.astimezone(zone).date()),
    }
    hours = from_units(made.hours_units or 0)
    return Other(made.pk, words, offer_in(standing, made.cycle_starts, hours) if standing else None)


def _confirmed_on(made: ClientRequest) -> str:
    if made.confirmed_at is None:
        return ""
    return dated(made.confirmed_at.astimezone(zone_of(made.provider)).date())
