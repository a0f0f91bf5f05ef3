"""Agreements of the PSA that no retainer of their client names: given to one of them, or never counted."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Provider, User
from accounts.providers import lock_provider
from desk.agreements.judging import file_of
from imports.judging.companies import MOST_CHARACTERS, NotMappedError
from imports.judging.reclassify import reclassify
from imports.models import NeverOurs
from imports.publishing.published import published_rows
from imports.stages import claim_key
from retainers import publishing
from retainers.agreements import AgreementError, agreement_from_document
from retainers.company_names import company_key
from retainers.loading import load
from retainers.models import Client, Retainer
from retainers.terms import Agreement


@transaction.atomic
def claim_agreement(
    *, provider: Provider, client: Client, retainer: str, name: str, by: User | None, at: datetime
) -> str:
    """From now on the client's retainer of that key takes the rows of that agreement; the retainer's name.

    Raises `NotMappedError` where another one has it, and where lines stand published under it: those would move.
    """
    lock_provider(provider)
    before = _locked_agreement(client, retainer)
    wanted = company_key(name)
    if wanted in map(company_key, before.psa_agreements):
        return before.name
    if not before.psa_agreements or _has_lines_under(client, wanted):
        raise NotMappedError(
            _("Lines are already published under that name. Change it on the agreement’s own page.")
        )
    after = replace(before, psa_agreements=(*before.psa_agreements, name))
    try:
        load(file_of(provider, client, after), at=at, by=by, reclassify=reclassify, note="")
    except AgreementError as error:
        raise NotMappedError(" ".join(error.messages)) from error
    NeverOurs.objects.filter(key=claim_key(client.slug, name)).delete()
    return after.name


def _locked_agreement(client: Client, key: str) -> Agreement:
    """The agreement of that key, with all retainers of the client locked. Raises `NotMappedError` where none is."""
    locked = publishing.lock(Retainer.objects.filter(client=client).values_list("pk", flat=True))
    row = next((each for each in locked.values() if each.key == key), None)
    if row is None or row.version is None:
        raise NotMappedError(_("That client has no such agreement."))
    return agreement_from_document(row.version.document)


def _has_lines_under(client: Client, wanted: str) -> bool:
    """Whether lines of the client stand published under that name of an agreement, as names are compared."""
    rows = published_rows([client.pk]).get(client.pk, ())
    return any(company_key(each.row.agreement) == wanted for each in rows)


@transaction.atomic
def never_counted(*, client: Client, agreement: str, by: User | None, at: datetime) -> bool:
    """From now on rows of that agreement (of none, where it is "") are outside of every retainer of the client."""
    name = f"{client.name}: {agreement or _('no agreement')}"
    key = claim_key(client.slug, agreement)
    if max(len(name), len(key)) > MOST_CHARACTERS:
        raise NotMappedError(_("That’s too long for an agreement’s name. Correct the rows in the PSA."))
    settled = {"name": name, "settled_by": by, "settled_at": at}
    _row, created = NeverOurs.objects.get_or_create(key=key, defaults=settled)
    if created:
        record(by, "agreement never counted", name, about=[client.slug])
    return created
