"""Writes what an agreement file says; what the database holds says `standing_file`.

Loading twice changes nothing. What a file leaves out stays; of a retainer in the file the agreement becomes
as in the file, grants that have no equal yet are added (contract.md, `load_retainers`).

What `load` is given besides: `reclassify` judges the published entries of all or of some clients anew, where needed.
`carry` moves what stands published under names that were given to another client (the name as it is compared → the
slug of its client), or refuses to; without it no name passes from one client to another. `note` says on each
publication where it came from, `seen` is the digest of the form that was looked at, `locked` all retainers where they
are locked, and `agreed` what was said to the closed cycles that it restates. What only the database can know is an
`AgreementError`: a company name that another client has, two retainers that claim the same rows, a text that must not
reach the client it is for.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from accounts import database
from accounts.access import zone_of
from accounts.audit import record
from accounts.models import Provider, User
from accounts.providers import found_or_made, lock_provider
from accounts.services import ensure_member
from accounts.tenancy import tenant_scope
from retainers import publishing
from retainers.agreements import (
    DEFAULT_RULES,
    AgreementError,
    agreement_from_document,
    check_claims,
)
from retainers.agreements.problems import AgreementProblem
from retainers.files import ClientFile, ProviderFile, RetainerFile
from retainers.files import Contact as ContactTerms
from retainers.gate.files import refuse_leaks, standing_texts
from retainers.merging import former_client
from retainers.models import Adjustment, Client, Contact, Publication, Restatement, Retainer, RuleBook, TopUp
from retainers.naming import Carry, add_company_names
from retainers.regranting import check_recorded, regrant, still_standing
from retainers.restating.changes import Restated, cause_of
from retainers.restating.writing import Agreed, Deed, restating
from retainers.row_values import adjustment_terms, top_up_terms
from retainers.rule_books import save_opening_times, save_rules
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import Agreement
from retainers.terms import TopUp as TopUpTerms

G = TypeVar("G", TopUpTerms, AdjustmentTerms)
Reclassify = Callable[[Provider, publishing.Press, Collection[str] | None], object]


@dataclass
class Loaded:
    """What loading changed, in words, one line each, the clients that it changed, and the cycles that it restated."""

    changes: list[str] = field(default_factory=list)
    clients: set[str] = field(default_factory=set)
    restated: tuple[Restated, ...] = ()

    def note(self, what: str, client: str = "") -> None:
        self.changes.append(what)
        self.clients |= {client} - {""}


@transaction.atomic
def load(
    file: ProviderFile,
    *,
    at: datetime,
    by: User | None,
    reclassify: Reclassify,
    carry: Carry | None = None,
    dry_run: bool = False,
    note: str = "Agreement file",
    seen: str = "",
    agreed: Agreed = "",
    locked: Mapping[int, Retainer] | None = None,
) -> Loaded:
    """Apply the file; the module says what is given besides. `RestatingError` for closed cycles not `agreed` to."""
    loaded = Loaded()
    found, created = found_or_made(file.slug, file.name)
    with tenant_scope(found):
        provider = _provider(found, file, loaded, created=created)
        _members(provider, file, loaded)
        press = publishing.Press(Publication.Kind.AGREEMENT, at, by, note, seen)
        _published(provider, file, press, loaded, dry_run or agreed, reclassify, carry, locked)
        if loaded.changes:
            record(by, "agreements loaded", about=sorted(loaded.clients), changes=loaded.changes[:50])
    if dry_run:
        transaction.set_rollback(True)
    transaction.on_commit(database.learn_of_agreements)
    return loaded


def _published(
    provider: Provider,
    file: ProviderFile,
    press: publishing.Press,
    loaded: Loaded,
    agreed: Agreed,
    reclassify: Reclassify,
    carry: Carry | None,
    locked: Mapping[int, Retainer] | None,
) -> None:
    """Rules, clients and retainers as in the file, and what follows for the published entries."""
    stood = standing_texts(file)
    everybody = _rules(file, provider, press, loaded)
    locked = publishing.lock_all() if locked is None else locked  # at once, whatever the file's order
    deed = Deed(everybody or Restatement.Cause.NAMES, agreed=agreed)
    with restating(provider, locked, deed, press):
        judged, given = _clients(file, press, loaded, deed, locked, passes=carry is not None)
        refuse_leaks(provider, file, stood)
        loaded.changes += carry(provider, press, given) if carry else ()
        whose = None if everybody else judged | set(given.values())
        if whose is None or whose:
            reclassify(provider, press, whose)
    loaded.restated = deed.restated


def _members(provider: Provider, file: ProviderFile, loaded: Loaded) -> None:
    for member in file.members:
        if ensure_member(provider=provider, email=member.email, role=member.role):
            loaded.note(f"member {member.email} is {member.role}")


def _clients(
    file: ProviderFile,
    press: publishing.Press,
    loaded: Loaded,
    deed: Deed,
    locked: Mapping[int, Retainer],
    *,
    passes: bool,
) -> tuple[set[str], dict[str, str]]:
    """The clients of the file: which are to be judged anew (slugs), and the names that are new to their clients."""
    clients = [_named(each, loaded) for each in file.clients]
    given = _names(file.clients, clients, press, loaded, passes=passes)
    filled = zip(clients, file.clients, strict=True)
    judged = {client.slug for client, each in filled if _filled(client, each, press, loaded, deed, locked)}
    return judged, given


def _provider(found: Provider, file: ProviderFile, loaded: Loaded, *, created: bool) -> Provider:
    said = file.columns
    provider = lock_provider(found)
    if created:
        loaded.note(f"provider {file.slug} created")
    changed = [name for name, value in said.items() if getattr(provider, name) != value]
    for name in changed:
        setattr(provider, name, said[name])
    if changed or created:
        loaded.note(f"provider: {', '.join(changed) or 'no more than its name'}")
        provider.save()
    return provider


def _rules(file: ProviderFile, provider: Provider, press: publishing.Press, loaded: Loaded) -> str:
    """Store the provider's rules and opening times; why all published entries must be judged anew, "" if not."""
    cause = ""
    if file.business_hours is not None:
        today = press.at.astimezone(zone_of(provider)).date()
        if save_opening_times(provider, file.business_hours, today=today):
            loaded.note("the provider's business hours")
            cause = Restatement.Cause.HOURS
    book = RuleBook.objects.order_by("-number").first()
    rules = file.rules if file.rules is not None else (None if book else DEFAULT_RULES)
    if rules is not None and save_rules(rules, at=press.at, by=press.by):
        loaded.note("the provider's rules")
        cause = Restatement.Cause.RULES
    return cause


def _named(file: ClientFile, loaded: Loaded) -> Client:
    """The client, called as the file says; a new one where there was none."""
    former = former_client(file.slug)
    if former is not None:
        says = f"it was merged into the client {former.client.slug}: what was its own is there"
        raise AgreementError((AgreementProblem(f"clients[{file.slug}]", says),))
    found: tuple[Client, bool] = Client.objects.get_or_create(slug=file.slug, defaults={"name": file.name})
    client, created = found
    if created:
        loaded.note(f"client {file.slug} created", file.slug)
    elif client.name != file.name:
        client.name = file.name
        client.save(update_fields=["name"])
        loaded.note(f"client {file.slug} is now called {file.name}", file.slug)
    return client


def _names(
    files: Sequence[ClientFile],
    clients: Sequence[Client],
    press: publishing.Press,
    loaded: Loaded,
    *,
    passes: bool,
) -> dict[str, str]:
    """The names that are new to their clients, as they are compared, with the clients' slugs.

    All clients are called as the file says by now, so that two of them can exchange their names.
    """
    given: dict[str, str] = {}
    for file, client in zip(files, clients, strict=True):
        new = add_company_names(client, (file.name, *file.psa_names), passes=passes, by=press.by)
        if new and f"client {file.slug} created" not in loaded.changes:
            loaded.note(f"company names of {file.slug}", file.slug)
        given |= dict.fromkeys(new, client.slug)
    return given


def _filled(
    client: Client,
    file: ClientFile,
    press: publishing.Press,
    loaded: Loaded,
    deed: Deed,
    locked: Mapping[int, Retainer],
) -> bool:
    """Contacts and retainers as in the file; True when published entries must be judged anew."""
    if file.contacts is not None:
        _contacts(client, file.contacts, loaded)
    judged = [_retainer(client, each, press, loaded, deed, locked) for each in file.retainers]
    _check_claims(client)
    return any(judged)


def _contacts(client: Client, contacts: Sequence[ContactTerms], loaded: Loaded) -> None:
    before = {(c.name, c.email, c.approves, c.alerts) for c in client.contacts.all()}
    if before == {(c.name, c.email, c.approves, c.alerts) for c in contacts}:
        return
    client.contacts.all().delete()
    for contact in contacts:
        Contact.objects.create(
            client=client,
            name=contact.name,
            email=contact.email,
            approves=contact.approves,
            alerts=contact.alerts,
        )
    loaded.note(f"contacts of {client.slug}", client.slug)


def _retainer(
    client: Client,
    file: RetainerFile,
    press: publishing.Press,
    loaded: Loaded,
    deed: Deed,
    locked: Mapping[int, Retainer],
) -> bool:
    retainer = _row_of(client, file.agreement.key, locked)
    before = agreement_from_document(retainer.version.document) if retainer.version else None
    had_top_ups, had_adjustments = _standing_grants(retainer)
    top_ups = regrant(file.top_ups, had_top_ups)
    adjustments = regrant(file.adjustments, had_adjustments)
    left = still_standing(had_top_ups, top_ups), still_standing(had_adjustments, adjustments)
    check_recorded(f"clients[{client.slug}].retainers[{file.agreement.key}]", file.agreement, *left)
    changed = publishing.save_version(retainer=retainer, agreement=file.agreement, at=press.at, by=press.by)
    if changed or top_ups.added or adjustments.added:
        loaded.note(f"retainer {client.slug}/{file.agreement.key}", client.slug)
        deed.causes[retainer.pk] = cause_of(before, file.agreement)
        publication = press.publication(retainer)
        publishing.retire_grants(publication, (*top_ups.retired, *adjustments.retired))
        publishing.grant(publication=publication, top_ups=top_ups.added, adjustments=adjustments.added)
    return changed and (before is None or _judges_otherwise(before, file.agreement))


def _row_of(client: Client, key: str, locked: Mapping[int, Retainer]) -> Retainer:
    standing = (row for row in locked.values() if (row.client_id, row.key) == (client.pk, key))
    return next(standing, None) or Retainer.objects.create(client=client, key=key)


def _standing_grants(retainer: Retainer) -> tuple[list[TopUpTerms], list[AdjustmentTerms]]:
    top_ups = TopUp.objects.filter(retainer=retainer, retired_in=None)
    adjustments = Adjustment.objects.filter(retainer=retainer, retired_in=None)
    return [top_up_terms(row) for row in top_ups], [adjustment_terms(row) for row in adjustments]


def _judges_otherwise(before: Agreement, after: Agreement) -> bool:
    """Whether rows that were published under `before` may belong elsewhere under `after`."""
    return (before.rules, before.business_hours, before.psa_agreements, before.starts, before.ends) != (
        after.rules,
        after.business_hours,
        after.psa_agreements,
        after.starts,
        after.ends,
    )


def _check_claims(client: Client) -> None:
    rows = Retainer.objects.filter(client=client, version__isnull=False).select_related("version")
    agreements = [agreement_from_document(row.version.document) for row in rows]
    problems = check_claims(agreements)
    if problems:
        at = f"clients[{client.slug}]"
        raise AgreementError(tuple(AgreementProblem(f"{at}.{p.place}", p.message) for p in problems))
