"""The trail: one line for everything that someone did, written in the same transaction as the deed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import security
from accounts.actors import COMMAND_LINE, Actor, actor_of
from accounts.models import ActorKind, AuditEvent, EventClient, User

BATCH = 500
ACTIONS: Mapping[str, str] = {
    "adjustment taken back": gettext_noop("Adjustment taken back"),
    "adjustment": gettext_noop("Adjustment"),
    "agreements loaded": gettext_noop("Agreement or client saved"),
    "alerts agreed to": gettext_noop("Alerts agreed to"),
    "alerts left": gettext_noop("Alerts stopped by the contact"),
    "mails asked for": gettext_noop("Mails asked for by a reader"),
    "mails asked for ended": gettext_noop("Mails to a reader ended"),
    "answer taken back": gettext_noop("Answer about files taken back"),
    "approval withdrawn": gettext_noop("Approval of extra hours withdrawn"),
    "business hours changed": gettext_noop("Business hours changed"),
    "clients merged": gettext_noop("Clients merged"),
    "agreement never counted": gettext_noop("Agreement in the PSA never counted"),
    "company asked about again": gettext_noop("Company asked about again"),
    "company mapped": gettext_noop("Company mapped"),
    "company names dropped": gettext_noop("Company names removed"),
    "company never ours": gettext_noop("Company never a client"),
    "cycle invoiced": gettext_noop("Cycle marked as invoiced"),
    "cycle restated": gettext_noop("Closed cycle restated"),
    "entry changed": gettext_noop("Entry changed"),
    "file given to a client": gettext_noop("File assigned to one client, or to all"),
    "import published": gettext_noop("Import published"),
    "publication ordered": gettext_noop("Publication of a large import requested"),
    "publication not made": gettext_noop("Publication of a large import failed"),
    "order withdrawn": gettext_noop("Publication cancelled"),
    "import undone": gettext_noop("Import undone"),
    "invitation accepted": gettext_noop("Invitation accepted"),
    "invitation withdrawn": gettext_noop("Invitation withdrawn"),
    "invoice mark taken back": gettext_noop("Mark as invoiced taken back"),
    "invited": gettext_noop("Invited"),
    "key created": gettext_noop("API key created"),
    "key revoked": gettext_noop("API key revoked"),
    "lines moved": gettext_noop("Lines moved with their company’s name"),
    "badge made": gettext_noop("Badge created"),
    "badge revoked": gettext_noop("Badge revoked"),
    "badge sites changed": gettext_noop("Sites of a badge changed"),
    "incident changed": gettext_noop("Incident changed"),
    "incident ended": gettext_noop("Incident ended"),
    "incident started": gettext_noop("Incident started"),
    "link copied": gettext_noop("Link copied"),
    "link created": gettext_noop("Link created"),
    "link replaced": gettext_noop("Link replaced"),
    "link revoked": gettext_noop("Link revoked"),
    "link sent": gettext_noop("Link sent by mail"),
    "link opened with a code": gettext_noop("Link opened with a code"),
    "mail set aside": gettext_noop("Mail set aside"),
    "mapping renamed": gettext_noop("Column mapping renamed"),
    "mapping saved": gettext_noop("Column mapping saved"),
    "mapping taken back": gettext_noop("Column mapping taken back"),
    "month closed": gettext_noop("Month closed"),
    "month opened again": gettext_noop("Month opened again"),
    "no work said": gettext_noop("Days marked as without work"),
    "notice ended": gettext_noop("Notice taken down"),
    "notice posted": gettext_noop("Notice posted"),
    "original downloaded": gettext_noop("Original downloaded"),
    "overage approved": gettext_noop("Overage approved"),
    "preview discarded": gettext_noop("Preview discarded"),
    "preview opened again": gettext_noop("Preview opened again"),
    "provider brought in": gettext_noop("All data imported"),
    "provider exported": gettext_noop("All data exported"),
    "provider set up": gettext_noop("Provider set up"),
    "remembered words corrected": gettext_noop("Remembered words corrected"),
    "remembered words forgotten": gettext_noop("Remembered words forgotten"),
    "request answered": gettext_noop("Request answered"),
    "role changed": gettext_noop("Role changed"),
    "rule added": gettext_noop("Rule added"),
    "rule changed": gettext_noop("Rule changed"),
    "rule deleted": gettext_noop("Rule deleted"),
    "rule moved": gettext_noop("Rule moved"),
    "second step of links asked for": gettext_noop("Links ask for a code by mail"),
    "second step of links no longer asked for": gettext_noop("Links no longer ask for a code"),
    "settings changed": gettext_noop("Settings changed"),
    "statement issued": gettext_noop("Statement issued"),
    "text allowed": gettext_noop("Text allowed despite the leak check"),
    "text no longer let through": gettext_noop("Text no longer allowed"),
    "top-up taken back": gettext_noop("Top-up taken back"),
    "top-up": gettext_noop("Top-up"),
    "uploaded": gettext_noop("Export uploaded"),
    "statements mailed": gettext_noop("Statements mailed"),
    "webhook added": gettext_noop("Webhook added"),
    "webhook paused": gettext_noop("Webhook paused"),
    "webhook removed": gettext_noop("Webhook removed"),
    "webhook resumed": gettext_noop("Webhook resumed"),
    "webhook secret renewed": gettext_noop("Webhook’s secret renewed"),
    "webhook told again": gettext_noop("Webhook message sent again"),
    "worded": gettext_noop("Worded"),
    "words let through": gettext_noop("Words allowed once"),
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One thing that was done, as the trail takes it: `about` are clients, by their slugs."""

    by: User | Actor | None
    action: str
    subject: str = ""
    about: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def clients(self) -> Iterable[str]:
        """Each client that it is about, once: those that the detail names too."""
        named = (*self.detail.get("clients", ()), *filter(None, [self.detail.get("client")]))
        return dict.fromkeys((*self.about, *named))

    def event(self) -> AuditEvent:
        if self.action not in ACTIONS:
            raise LookupError(f"“{self.action}” has no words yet: give it some in ACTIONS")
        actor = actor_of(self.by)
        reason = {"command_reason": actor.reason} if actor.reason else {}
        return AuditEvent(
            actor=actor.name[:254],
            actor_kind=actor.kind,
            member=actor.member,
            key=actor.key,
            action=self.action,
            subject=self.subject[:200],
            detail={**self.detail, **reason},
        )


def record(
    by: User | Actor | None, action: str, subject: str = "", *, about: Iterable[str] = (), **detail: Any
) -> None:
    """Write one event of the provider in scope, one of `ACTIONS`, `about` these clients (their slugs).

    `client` or `clients` in the detail are such clients too.
    `by` None: no person, so the program whose request this is, or the command line.
    """
    record_all([Recorded(by=by, action=action, subject=subject, about=tuple(about), detail=detail)])


def record_all(acts: Sequence[Recorded]) -> None:
    """The same for many, in as many queries as for one."""
    events = AuditEvent.objects.bulk_create((act.event() for act in acts), batch_size=BATCH)
    made = list(zip(acts, events, strict=True))
    EventClient.objects.bulk_create(
        (EventClient(event=event, client=slug) for act, event in made for slug in act.clients),
        batch_size=BATCH,
    )
    for act, event in made:
        if act.action in security.EVENTS:
            _tell_watchers(event, act.detail)


def _tell_watchers(event: AuditEvent, detail: Mapping[str, Any]) -> None:
    """Once it is done for good, the deed is a security event too."""
    line = {"person": event.actor, "provider": event.provider.slug, "subject": event.subject, **detail}
    transaction.on_commit(lambda: security.note(event.action, **line))


def newest_of(actions: Collection[str], **row: int) -> AuditEvent | None:
    """The last of these deeds that names that row in its detail, as `import_id=7`."""
    about = {f"detail__{name}": number for name, number in row.items()}
    found: AuditEvent | None = (
        AuditEvent.objects.filter(action__in=actions, **about).select_related("member").first()
    )
    return found


def who_did(event: AuditEvent) -> str:
    """Who did it, by name and kind; a member by the name that they have now."""
    if event.actor_kind == ActorKind.KEY:
        return _("API key “%(name)s”") % {"name": event.actor}
    if event.actor_kind == ActorKind.CONTACT:
        return _("%(name)s, a contact") % {"name": event.actor}
    if event.actor_kind == ActorKind.COMMAND and event.actor != COMMAND_LINE.name:
        return _("%(name)s, at the command line") % {"name": event.actor}
    if event.actor_kind == ActorKind.COMMAND:
        return _("command line")
    return str(event.member or event.actor)
