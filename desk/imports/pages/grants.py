"""Rows that grant hours, offered as top-ups: for which retainer, and what became of each so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Provider
from desk.imports.selectors import standing_top_ups
from imports.judging.provider_setup import ProviderSetup, read_setup
from imports.models import Import
from imports.publishing.options import Options
from imports.publishing.top_up_offers import is_there
from imports.reading.rows import Grant
from presentation import days, phrases
from retainers.company_names import company_key
from retainers.models import Client
from retainers.terms import Agreement


@dataclass(frozen=True, slots=True)
class GrantOffer:
    """`choices` are the retainers (and pools) that can take the hours: value, words, whether proposed."""

    line: int
    words: str
    note: str
    client: str
    choices: tuple[tuple[str, str, bool], ...]
    added: bool
    seen_before: bool


def grant_offers(grants: Sequence[Grant], source: Import, provider: Provider) -> tuple[GrantOffer, ...]:
    """An offer for each row that grants hours, those that were added already included."""
    if not grants:
        return ()
    setup = read_setup(provider)
    added = Options.read(source.options).topped_up
    return tuple(_offer(grant, source, setup, added=grant.line in added) for grant in grants)


def client_of(grant: Grant, source: Import, setup: ProviderSetup) -> Client | None:
    """The client that the row names, else the one that the import is for."""
    names = {company_key(name): slug for name, slug in setup.companies.items()}
    slug = names.get(company_key(grant.company))
    if slug is None and not grant.company.strip() and source.client:
        return source.client
    return setup.clients.get(slug) if slug else None


def _offer(grant: Grant, source: Import, setup: ProviderSetup, *, added: bool) -> GrantOffer:
    client = client_of(grant, source, setup)
    agreements = list(setup.agreements[client.slug].values()) if client else []
    alive = [agreement for agreement in agreements if agreement.alive_on(grant.date)]
    return GrantOffer(
        line=grant.line,
        words=_("%(hours)s h on %(day)s")
        % {"hours": phrases.hours(grant.hours), "day": days.full_day(grant.date)},
        note=grant.note,
        client=client.name if client else grant.company or _("no company"),
        choices=_choices(alive, grant),
        added=added,
        seen_before=bool(client) and not added and is_there(grant, standing_top_ups(client)),
    )


def _choices(agreements: list[Agreement], grant: Grant) -> tuple[tuple[str, str, bool], ...]:
    wanted = company_key(grant.agreement)
    found: list[tuple[str, str, bool]] = []
    for agreement in agreements:
        claims = wanted in {company_key(name) for name in agreement.psa_agreements}
        terms = agreement.terms_on(grant.date)
        pools = terms.pools
        if terms.sharing == "shared" or len(pools) == 1:
            found.append((f"{agreement.key}|", agreement.name, claims))
        else:
            found += [(f"{agreement.key}|{p.key}", f"{agreement.name}: {p.name}", claims) for p in pools]
    return tuple(found)
