"""The mails about a request. To who asked, in the provider’s name and their language: that it has arrived, and what was
answered; these go to an address that somebody typed, so they hold nothing that was typed with it. To managers: what
was asked, and what was approved.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, override

from accounts import outbox
from accounts.models import Membership, OutboxMail, Provider, Role, User
from portal.models import ClientRequest
from portal.selectors import client_name, provider_name
from presentation.phrases import agreed_hours
from retainers.gate.known import read_gate
from retainers.hours import from_units
from retainers.models import Retainer

WHAT = {
    ClientRequest.Kind.TOP_UP: gettext_lazy("a top-up"),
    ClientRequest.Kind.OVERAGE: gettext_lazy("extra hours"),
    ClientRequest.Kind.PLANNED: gettext_lazy("planned work"),
    ClientRequest.Kind.QUESTION: gettext_lazy("a line of the log"),
}


def tell_received(request: ClientRequest) -> None:
    """A receipt, whoever's address it is."""
    language = get_language() or ""
    _post(request, "received", language)


def tell_answered(request: ClientRequest) -> None:
    """The manager's words, and the hours that were granted with them."""
    receipt = OutboxMail.objects.filter(key=_key("received", request)).first()
    language = receipt.context.get("language", "") if receipt else ""
    with override(language or None):
        granted = agreed_hours(from_units(request.top_up.hours_units)) if request.top_up else ""
    _post(request, "answered", language, words=request.answer or "", granted=granted)


def tell_managers(request: ClientRequest, retainer: Retainer, kind: str, said: Mapping[str, Any]) -> None:
    """One mail of that kind to everybody who can answer the request."""
    context = {"client": " ".join(retainer.client.name.split()), **said}
    for user in who_may_answer(request.provider):
        outbox.post(
            provider=request.provider,
            key=f"{kind}:{request.pk}:{user.email}",
            kind=kind,
            recipient=user.email,
            context=context,
        )


def who_may_answer(provider: Provider) -> list[User]:
    """The owners and managers of the provider."""
    rows = Membership.objects.filter(
        provider=provider, role__in=(Role.OWNER, Role.MANAGER), user__is_active=True
    )
    return [membership.user for membership in rows.select_related("user")]


def _key(kind: str, request: ClientRequest) -> str:
    return f"{kind}:{request.pk}"


def _post(request: ClientRequest, kind: str, language: str, **more: str) -> None:
    provider, client = request.provider, request.retainer.client
    gate = read_gate(provider)
    with override(language or None):
        context = {
            "provider": provider_name(provider, gate),
            "client": client_name(client, gate),
            "what": str(WHAT[ClientRequest.Kind(request.kind)]),
            "hours": "" if request.hours_units is None else agreed_hours(from_units(request.hours_units)),
            **more,
        }
    outbox.post(
        provider=provider,
        key=_key(kind, request),
        kind=kind,
        recipient=request.email,
        context=context,
        language=language,
    )
