"""A mail of the outbox as the list shows it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import OutboxMail
from alerts.models import Consent, Watch
from alerts.watch_words import watch_words
from presentation import counts, days
from retainers.gate.known import Gate


@dataclass(frozen=True, slots=True)
class MailLine:
    pk: int
    what: str
    client: str
    recipient: str
    written: str
    state: str
    tone: str
    trouble: str
    waits: bool
    may_be_set_aside: bool


def kind_name(kind: str) -> str:
    names = {
        "alert": _("Alert"),
        "client_alert": _("Alert to a contact"),
        "consent": _("Consent request to a contact"),
        "watch_asked": "Confirmation request to a reader",
        "watch_told": "Mail to a reader",
        "incident": _("Long incident"),
        "due": _("Updates due today"),
        "waiting": "What waits",
        "digest": _("Weekly digest"),
        "push_waits": _("Pushed file that waits"),
        "push_silent": _("Schedule that fell silent"),
        "webhook_fails": _("Webhook that can’t be reached"),
        "approval": _("Confirmation of extra hours"),
        "approved": "Extra hours confirmed",
        "request": _("Request of a client"),
        "statement": "Statement",
        "received": "Receipt for a request",
        "answered": "Answer to a request",
        "welcome": "Link to a balance page",
        "link_code": "Code for a balance page",
        "invitation": _("Invitation"),
        "new_password": "New password",
        "sign_in_change": "Change of a sign-in",
        "account": "About a sign-in",
    }
    return names.get(kind, kind)


def mail_line(mail: OutboxMail, zone: ZoneInfo) -> MailLine:
    state, tone = _state(mail, zone)
    return MailLine(
        pk=mail.pk,
        what=kind_name(mail.kind),
        client=str(mail.context.get("client") or ""),
        recipient=mail.recipient,
        written=days.moment(mail.created_at, zone),
        state=state,
        tone=tone,
        trouble=mail.last_error if mail.sent_at is None else "",
        waits=mail.sent_at is None,
        may_be_set_aside=mail.sent_at is None and mail.set_aside_at is None,
    )


def _state(mail: OutboxMail, zone: ZoneInfo) -> tuple[str, str]:
    if mail.sent_at is not None:
        return _("sent %(when)s") % {"when": days.moment(mail.sent_at, zone)}, ""
    if mail.set_aside_at is not None:
        return f"set aside {days.moment(mail.set_aside_at, zone)}", ""
    if mail.returned_at is not None:
        return f"came back {days.moment(mail.returned_at, zone)}", "red"
    if mail.given_up_at is not None:
        return _("given up %(when)s, tried %(count)s") % {
            "when": days.moment(mail.given_up_at, zone),
            "count": counts.times(mail.attempts),
        }, "red"
    if mail.last_error:
        return _("failed %(count)s, next try %(when)s") % {
            "count": counts.times(mail.attempts),
            "when": days.moment(mail.next_try_at, zone),
        }, "red"
    return _("waits"), "amber"


@dataclass(frozen=True, slots=True)
class ConsentLine:
    slug: str
    client: str
    email: str
    state: str


def consent_line(consent: Consent, zone: ZoneInfo) -> ConsentLine:
    """What a contact has said to the question whether alerts may be mailed."""
    known = (
        (consent.unsubscribed_at, _("left %(when)s")),
        (consent.confirmed_at, _("agreed %(when)s")),
        (consent.asked_at, _("asked %(when)s, no answer yet")),
    )
    at, said = next((at, said) for at, said in known if at)
    client = consent.client
    return ConsentLine(client.slug, client.name, consent.email, said % {"when": days.moment(at, zone)})


@dataclass(frozen=True, slots=True)
class WatchLine:
    pk: int
    slug: str
    client: str
    email: str
    wish: str
    state: str
    ends: bool


def watch_line(watch: Watch, zone: ZoneInfo, gate: Gate) -> WatchLine:
    """What a reader has asked to be told, and whether they have confirmed it."""
    known = (
        (watch.ended_at, "ended %(when)s"),
        (watch.confirmed_at, "confirmed %(when)s"),
        (watch.asked_at, "asked %(when)s, not confirmed"),
    )
    at, said = next((at, said) for at, said in known if at)
    client = watch.link.client
    return WatchLine(
        pk=watch.pk,
        slug=client.slug,
        client=client.name,
        email=watch.email,
        wish=watch_words(watch, gate),
        state=said % {"when": days.moment(at, zone)},
        ends=watch.ended_at is None,
    )
