"""Writes what the form of a client says, by the service that loads a file; nobody's change is undone unseen.

What somebody else saved while the form was open is shown beside what was typed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Provider, User
from accounts.providers import lock_provider
from accounts.seen import Seen, StaleError
from desk.clients.form import ClientDraft, ContactRow, draft_of_client
from desk.since import ChangeSince
from imports.judging.name_moves import Carrying
from imports.judging.reclassify import reclassify
from retainers.company_names import company_key
from retainers.files import ClientFile, ProviderFile
from retainers.loading import load
from retainers.models import Client, CompanyName
from retainers.selectors import client_of_key


def seen_of(draft: ClientDraft) -> Seen:
    """What is in view where the form of a client is opened."""
    return Seen(versions={"name": draft.name, "contacts": [astuple(row) for row in draft.contacts]})


@transaction.atomic
def save_client(
    *,
    provider: Provider,
    draft: ClientDraft,
    said: ClientFile,
    form: str,
    by: User,
    at: datetime,
    moves: Carrying | None = None,
) -> Client:
    """Save the client with its names and contacts; company names that were dropped no longer lead to it.

    What was imported under a dropped name stays. Raises `AgreementError` for a name that another client keeps,
    `MovesAskedError` where published lines would move with a name and `moves` does not agree to just these, and
    `StaleError` where something else is saved by now than what the form was opened on (`form`, its mark).
    """
    lock_provider(provider)
    known = client_of_key(said.slug)
    if known is not None:
        _refuse_stale(draft, draft_of_client(known), form)
        _drop(known, said, draft.dropped, by)
    file = ProviderFile(provider.slug, provider.name, clients=(said,))
    carry = moves or Carrying(agreed=False)  # it asks for the lines that move, closed cycles among them
    load(file, at=at, by=by, reclassify=reclassify, carry=carry, agreed=True)
    saved: Client = Client.objects.get(slug=said.slug)
    return saved


def _refuse_stale(draft: ClientDraft, now: ClientDraft, form: str) -> None:
    """What is typed as it is saved already takes nothing back."""
    typed = seen_of(now).differing(seen_of(draft).mark)
    parts = tuple(name for name in seen_of(now).differing(form) if name in typed)
    if form and parts:
        raise StaleError(parts)


def _drop(client: Client, said: ClientFile, names: Sequence[str], by: User) -> None:
    keys = [company_key(name) for name in names if company_key(name) != company_key(said.name)]
    gone, _ = CompanyName.objects.filter(client=client, key__in=keys).delete()
    if gone:
        record(by, "company names dropped", ", ".join(names), about=[client.slug])


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
