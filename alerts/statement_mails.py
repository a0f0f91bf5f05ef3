"""Statements by mail: each is told once to every contact of its client who agreed to be mailed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from accounts import outbox
from accounts.audit import record
from accounts.models import Provider, User
from alerts.consents import unsubscribe_path
from alerts.models import Consent
from alerts.posting import links_that_open, token_among
from portal.selectors import client_name, provider_name
from presentation.days import span
from retainers import publishing
from retainers.gate.known import Gate, read_gate
from retainers.models import Contact, Statement
from retainers.settling.acts import CycleKey


@dataclass(frozen=True, slots=True)
class Mailed:
    """How many mails are new, and how many clients have nobody who could get one."""

    mails: int
    unreached: int


@transaction.atomic
def mail_statements(
    *, provider: Provider, cycles: Collection[CycleKey], month: date, by: User, at: datetime
) -> Mailed:
    """Mail the newest statement of each of these cycles that has one, each once to an address."""
    publishing.lock(cycle.retainer for cycle in cycles)
    newest = _newest(cycles)
    letters = {letter.key: (slug, letter) for slug, letter in _letters(provider, newest)}
    new = outbox.post_all(provider, [letter for _slug, letter in letters.values()])
    if new:
        about = sorted({slug for key, (slug, _letter) in letters.items() if key in new})
        record(by, "statements mailed", f"{month:%Y-%m}", about=about, mails=len(new))
    reached = {slug for slug, _letter in letters.values()}
    return Mailed(len(new), len({row.retainer.client.slug for row in newest} - reached))


def _letters(provider: Provider, newest: Collection[Statement]) -> Iterator[tuple[str, outbox.Letter]]:
    """A letter for each reader of each statement, with the key of the client that it is to."""
    clients = {row.retainer.client_id for row in newest}
    readers, links, gate = _readers(clients), links_that_open(clients), read_gate(provider)
    for row in newest:
        for consent in readers.get(row.retainer.client_id, ()):
            token = token_among(links.get(consent.client_id, ()), consent.email)
            if token:
                yield row.retainer.client.slug, _letter(provider, row, consent, gate, token)


def _newest(cycles: Collection[CycleKey]) -> list[Statement]:
    wanted = set(cycles)
    rows = Statement.objects.filter(
        retainer__in={cycle.retainer for cycle in wanted}, cycle_starts__in={cycle.starts for cycle in wanted}
    )
    newest = {
        CycleKey(row.retainer_id, row.cycle_starts): row
        for row in rows.select_related("retainer__client").order_by("number")
    }
    return [row for key, row in newest.items() if key in wanted]


def _readers(clients: Collection[int]) -> dict[int, list[Consent]]:
    """By client, the contacts that are to be mailed and have agreed to it."""
    wanted = {
        (client, email.casefold())
        for client, email in Contact.objects.filter(client__in=clients, alerts=True).values_list(
            "client_id", "email"
        )
    }
    found: dict[int, list[Consent]] = {}
    for consent in Consent.objects.filter(client__in=clients).select_related("client"):
        if consent.is_given and (consent.client_id, consent.email.casefold()) in wanted:
            found.setdefault(consent.client_id, []).append(consent)
    return found


def _letter(provider: Provider, row: Statement, consent: Consent, gate: Gate, token: str) -> outbox.Letter:
    """What one reader is told of a statement; the token leads them to their page."""
    client, cycle = row.retainer.client, row.document["cycle"]
    with override(consent.language or settings.LANGUAGE_CODE):
        context = {
            "provider": provider_name(provider, gate),
            "client": client_name(client, gate),
            "cycle": span(date.fromisoformat(cycle["starts"]), date.fromisoformat(cycle["ends"])),
            "agreement": gate.out(str(row.document.get("agreement", "")), client.slug),
            "path": f"statement/{row.cycle_starts}/",
            "query": f"?retainer={quote(row.retainer.key)}",
            "unsubscribe": unsubscribe_path(consent),
        }
    return outbox.Letter(
        f"statement:{row.pk}:{consent.email}", "statement", consent.email, context, token, consent.language
    )
