"""Clients made of companies that an export names: known under that name, each with a usual agreement."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Provider, User
from accounts.providers import lock_provider
from desk.agreements.tables import table_of
from desk.agreements.usual_agreements import TEMPLATES, from_template
from imports.judging.companies import NotMappedError, learnable, standing_elsewhere
from imports.judging.name_moves import Carrying, MovesAskedError
from imports.judging.reclassify import reclassify
from imports.models import NeverOurs
from retainers.agreements import AgreementError
from retainers.agreements.problems import Place
from retainers.agreements.readers import key_of
from retainers.agreements.retainer_tables import read_retainer
from retainers.agreements.tables import Table
from retainers.company_names import company_key
from retainers.files import ClientFile, ProviderFile
from retainers.gate.known import Gate, read_gate
from retainers.loading import load
from retainers.merging import is_taken
from retainers.models import Client

LONGEST_NAME = Client._meta.get_field("name").max_length or 120
BLOCK = "block"


@dataclass(frozen=True, slots=True)
class NewClient:
    """A company that becomes a client. `hours` as typed: a month's, one figure a pool ("12 + 8"); of a prepaid
    block, what was bought. `updates_on`: the days on which its page is brought up to date.
    """

    company: str
    template: str = "bank"
    hours: str = ""
    updates_on: tuple[str, ...] = ("mon",)


class WrongCompaniesError(NotMappedError):
    """`wrong`: by company, why it can't become a client as it was typed."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        self.wrong = wrong
        company, why = next(iter(wrong.items()))
        several = _("No clients were created yet: please complete %(count)d rows.") % {"count": len(wrong)}
        super().__init__(several if len(wrong) > 1 else f"{company}: {why}")


@transaction.atomic
def clients_of_companies(
    *, provider: Provider, wanted: Sequence[NewClient], starts: date, by: User, at: datetime
) -> list[Client]:
    """Create them all, with the templates' agreements from the month of `starts` on; or none.

    Raises `NotMappedError` for what can't be taken: a `WrongCompaniesError` for every row that lacks something.
    """
    lock_provider(provider)  # two companies made at once are two clients
    said = _client_files(provider, wanted, starts)
    file = ProviderFile(provider.slug, provider.name, clients=tuple(said))
    try:
        load(file, at=at, by=by, reclassify=reclassify, carry=Carrying(agreed=False))
    except MovesAskedError as asked:
        raise NotMappedError(standing_elsewhere(asked.found)) from asked
    except AgreementError as error:
        raise NotMappedError(" ".join(error.messages)) from error
    NeverOurs.objects.filter(
        key__in=[company_key(name) for client in said for name in client.psa_names]
    ).delete()
    return list(Client.objects.filter(slug__in=[client.slug for client in said]))


def _client_files(provider: Provider, wanted: Sequence[NewClient], starts: date) -> list[ClientFile]:
    said: list[ClientFile] = []
    wrong: dict[str, str] = {}
    gate = read_gate(provider)
    for each in wanted:
        try:
            _refuse_leaks(each.company, gate)
            said.append(_client_file(provider, each, starts, {client.slug for client in said}))
        except NotMappedError as error:
            wrong[each.company] = str(error)
    if wrong:
        raise WrongCompaniesError(wrong)
    return said


def _refuse_leaks(company: str, gate: Gate) -> None:
    """A client reads its own name. Raises `NotMappedError` with what is found in it and where it can be changed."""
    found = dict.fromkeys(hit.why for hit in gate.find_in_own(company))
    if found:
        way = _("Create this client with “New client” on the dashboard under another name, or leave it out.")
        raise NotMappedError(" ".join((*found, way)))


def _client_file(provider: Provider, wanted: NewClient, starts: date, taken: set[str]) -> ClientFile:
    """Raises `NotMappedError` where the name or the hours can't be taken."""
    name = learnable(wanted.company)
    table = Table(_document(wanted, name, starts), Place(), [])
    retainer = read_retainer(table, has_business_hours=provider.business_hours is not None)
    if table.findings:
        raise NotMappedError(_("The hours: %(why)s.") % {"why": table.findings[0][1]})
    slug = next(each for each in _slugs(name) if each not in taken and not is_taken(each))
    return ClientFile(slug, name[:LONGEST_NAME], (name,), None, (retainer,))


def _document(wanted: NewClient, name: str, starts: date) -> dict[str, Any]:
    """The retainer as a file would say it: the template with the hours that were typed."""
    draft = from_template(wanted.template if wanted.template in TEMPLATES else "bank", starts)
    draft = draft.saying(updates_on=" ".join(wanted.updates_on))
    terms = draft.terms[0]
    figures = _figures(wanted.hours, pools=1 if draft["key"] == BLOCK else len(terms.pools))
    if draft["key"] == BLOCK:
        return table_of(draft) | {"top_ups": [{"date": starts.replace(day=1), "hours": figures[0]}]}
    pools = tuple(pool.saying(hours=hours) for pool, hours in zip(terms.pools, figures, strict=True))
    return table_of(replace(draft, terms=(replace(terms, pools=pools), *draft.terms[1:])))


def _figures(typed: str, *, pools: int) -> list[str]:
    """One figure a pool. What nobody typed is nobody's agreement."""
    figures = [each.strip().replace(",", ".") for each in typed.split("+") if each.strip()]
    if not figures:
        raise NotMappedError(_("Enter the agreed hours."))
    if len(figures) != pools:
        raise NotMappedError(
            _("Enter one figure for each pool, like 12 + 8.") if pools > 1 else _("Enter one figure.")
        )
    return figures


def _slugs(name: str) -> Iterator[str]:
    """Addresses for the client: its name's, then with a number."""
    first = key_of(name).replace("_", "-")[:50] or "client"
    yield first
    yield from (f"{first}-{number}" for number in count(2))
