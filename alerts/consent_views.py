"""The pages behind a mail to a contact: agree to alerts, or leave them. Only their buttons do anything."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.tenancy import tenant_scope
from alerts import consents, telling
from alerts.models import Consent
from portal.doors import not_found
from portal.letterhead import contact_of
from portal.selectors import client_name, provider_facts
from retainers.gate.known import read_gate

HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def agree_to_alerts(request: HttpRequest, signed: str) -> HttpResponse:
    return _answer(request, signed, consents.AGREE, telling.agree, "alerts/agree.html")


@csrf_exempt  # a mail program's own button posts from nowhere (RFC 8058); leaving harms nobody
@require_http_methods(["GET", "HEAD", "POST"])
def leave_alerts(request: HttpRequest, signed: str) -> HttpResponse:
    return _answer(request, signed, consents.LEAVE, consents.leave, "alerts/leave.html")


def _answer(
    request: HttpRequest, signed: str, salt: str, act: Callable[..., None], template: str
) -> HttpResponse:
    consent: Consent | None = consents.find(signed, salt)
    if consent is None:
        return not_found(request)
    with tenant_scope(consent.provider):
        done = request.method == "POST"
        if done:
            act(consent, now())
        gate = read_gate(consent.provider)
        facts = provider_facts(consent.provider, gate)
        context = {
            "done": done,
            "client": client_name(consent.client, gate),
            "email": consent.email,
            "provider": facts.name,
            "brand": facts,
            "contact": contact_of(facts),
        }
        return HttpResponse(render_to_string(template, context), headers=HEADERS)
