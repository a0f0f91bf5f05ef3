"""What somebody else saved of a client while its form was open: shown beside what was typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.seen import StaleError
from desk.clients.form import ClientDraft, ContactRow, draft_of_client
from desk.clients.saving import seen_of
from desk.since import ChangeSince
from retainers.models import Client


@dataclass(frozen=True, slots=True)
class ClientMeanwhile:
    """`draft` is what was typed, with what was left alone brought up to date."""

    draft: ClientDraft
    changes: tuple[ChangeSince, ...]


def meanwhile(typed: ClientDraft, client: Client, stale: StaleError, form: str) -> ClientMeanwhile:
    """`form` is the mark of what the form was opened on, `stale` names the parts that are others by now."""
    now = draft_of_client(client)
    touched = seen_of(typed).differing(form)
    left = {name: getattr(now, name) for name in stale.parts if name not in touched}
    draft = replace(typed, **left)
    names: Mapping[str, tuple[str, Callable[[ClientDraft], str]]] = {
        "name": (_("Name, as the client reads it"), lambda of: of.name),
        "contacts": (_("Contacts"), lambda of: "; ".join(_contact(row) for row in of.contacts) or _("none")),
    }
    told = ((*names[part], part) for part in stale.parts)
    return ClientMeanwhile(
        draft, tuple(ChangeSince(what, "", text(now), text(draft)) for what, text, _part in told)
    )


def _contact(row: ContactRow) -> str:
    rights = [_("may approve overage")] * row.approves + [_("gets alerts")] * row.alerts
    return f"{row.name} {row.email}" + (f" ({', '.join(rights)})" if rights else "")
