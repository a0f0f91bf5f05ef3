"""A client made on the spot, of a company that an export names: known under that name, with a usual agreement."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import count

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Provider, User
from accounts.provider_settings import lock_provider
from desk.agreements.draft import AgreementDraft, key_of
from desk.agreements.starting import TEMPLATES, from_template
from desk.agreements.tables import table_of
from imports.judging.companies import NotMappedError, learnable, standing_elsewhere
from imports.judging.name_moves import Carrying, MovesAskedError
from imports.judging.reclassify import reclassify
from imports.models import NeverOurs
from retainers.agreements import AgreementError
from retainers.agreements.problems import Place
from retainers.agreements.retainer_tables import read_retainer
from retainers.agreements.tables import Table
from retainers.company_names import company_key
from retainers.files import ClientFile, ProviderFile, RetainerFile
from retainers.loading import load
from retainers.merging.former import is_taken
from retainers.models import Client

LONGEST_NAME = Client._meta.get_field("name").max_length or 120


@transaction.atomic
def client_of_company(
    *, provider: Provider, company: str, template: str, cap: str, starts: date, by: User, at: datetime
) -> Client:
    """Create the client, with the template's agreement from the month of `starts` on; `cap` are its hours a month.

    Raises `NotMappedError` for a name or a cap that can't be taken.
    """
    lock_provider(provider)  # two companies made at once are two clients
    name = learnable(company)
    draft = _draft(template, cap, starts)
    table = Table(table_of(draft), Place(), [])
    retainer = read_retainer(table, has_business_hours=provider.business_hours is not None)
    if table.findings:
        raise NotMappedError(_("The hours: %(why)s.") % {"why": table.findings[0][1]})
    slug = next(each for each in _slugs(name) if not is_taken(each))
    said = ClientFile(slug, name[:LONGEST_NAME], (name,), None, (RetainerFile(retainer.agreement),))
    file = ProviderFile(provider.slug, provider.name, clients=(said,))
    try:
        load(file, at=at, by=by, reclassify=reclassify, carry=Carrying(agreed=False))
    except MovesAskedError as asked:
        raise NotMappedError(standing_elsewhere(asked.found)) from asked
    except AgreementError as error:
        raise NotMappedError(" ".join(problem.message for problem in error.problems)) from error
    NeverOurs.objects.filter(key=company_key(name)).delete()
    made: Client = Client.objects.get(slug=slug)
    return made


def _draft(template: str, cap: str, starts: date) -> AgreementDraft:
    """The template's form with that many hours in its first pool."""
    draft = from_template(template if template in TEMPLATES else "bank", starts)
    terms = draft.terms[0]
    hours = cap.strip().replace(",", ".") or terms.pools[0].hours
    pools = (replace(terms.pools[0], hours=hours), *terms.pools[1:])
    return replace(draft, terms=(replace(terms, pools=pools), *draft.terms[1:]))


def _slugs(name: str) -> Iterator[str]:
    """Addresses for the client: its name's, then with a number."""
    first = key_of(name).replace("_", "-")[:50] or "client"
    yield first
    yield from (f"{first}-{number}" for number in count(2))
