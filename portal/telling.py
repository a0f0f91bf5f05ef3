"""The mails to who asked: that it has arrived, and what was answered; in the provider's name, in their language.

They go to an address that somebody typed, so they hold nothing that was typed with it.
"""

from django.utils.translation import get_language, gettext_lazy, override

from accounts import outbox
from accounts.models import OutboxMail
from portal.models import ClientRequest
from portal.selectors import client_name, provider_name
from presentation.phrases import agreed_hours
from retainers.gate.known import read_gate
from retainers.hours import from_units

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
