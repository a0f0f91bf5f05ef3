"""What an import needs to know of the provider: its clients and their names, agreements, rules, business hours.

Read once for an import, in a number of queries that does not grow with the clients.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from accounts.access import zone_of
from accounts.models import Provider
from imports.models import NeverOurs
from retainers.agreements import agreement_from_document, rules_from_document
from retainers.company_names import company_key
from retainers.drawn import Unread
from retainers.kept.handed import OfPublication
from retainers.kept.reading import all_work, no_earlier_work
from retainers.kept.running import running_of
from retainers.models import Client, CompanyName, Retainer, RuleBook
from retainers.published_rows import EXACT_AT_ONCE, published
from retainers.rule_books import opening_times_of
from retainers.selectors import Standing, retainers_of, standings
from retainers.terms import Agreement, OpeningTimes, Rule


@dataclass(frozen=True, slots=True)
class ProviderSetup:
    """A provider as its imports see it. `agreements` are the newest ones, by retainer key of a client; `not_ours`
    companies that are no clients, as they are compared: the provider's own name is among them.
    """

    provider: Provider
    clients: dict[str, Client]
    companies: dict[str, str]
    retainers: dict[str, dict[str, Retainer]]
    agreements: dict[str, dict[str, Agreement]]
    rules: tuple[Rule, ...]
    business_hours: OpeningTimes
    not_ours: frozenset[str] = frozenset()

    @property
    def named_agreements(self) -> frozenset[str]:
        """The PSA's agreements that retainers claim, as they are compared."""
        agreements = (agreement for by_key in self.agreements.values() for agreement in by_key.values())
        return frozenset(company_key(name) for agreement in agreements for name in agreement.psa_agreements)

    def business_hours_of(self, slug: str, key: str) -> OpeningTimes:
        """The business hours by which a retainer's entries are judged: its own, else the provider's."""
        agreement = self.agreements.get(slug, {}).get(key)
        return (agreement.business_hours if agreement else ()) or self.business_hours

    def standings(self, slugs: Iterable[str], on: date) -> dict[str, list[Standing]]:
        """The figures of these clients' retainers on that date, by client."""
        return _by_client(self._read(self._retainers(slugs), on))

    def known_standings(
        self, slugs: Iterable[str], on: date
    ) -> tuple[dict[str, list[Standing]], OfPublication]:
        """The same as they are kept, without their work, where the cycle that runs is (`kept`, by publication)."""
        rows = self._retainers(slugs)
        kept = running_of({row.pk: row.publication for row in rows if row.publication}, on)
        mine = [row for row in rows if row.publication_id in kept]
        found = standings(mine, on=on, zone=zone_of(self.provider), wanted=no_earlier_work, handed=kept)
        found += self._read([row for row in rows if row.publication_id not in kept], on)
        by_key = {each.retainer.pk: each for each in found}
        return _by_client(by_key[row.pk] for row in rows if row.pk in by_key), kept

    def with_work(self, known: Iterable[Standing]) -> dict[int, Standing]:
        """These standings by the retainer's key, with the work of those of which it was not read. Their cycles stay as
        they are known.
        """
        found = {each.retainer.pk: each for each in known}
        heads = {pk: each.publication for pk, each in found.items() if isinstance(each.works, Unread)}
        exact = len(heads) <= EXACT_AT_ONCE
        read = published(heads, zone_of(self.provider), exact=exact, without_grants=heads)
        return found | {pk: replace(found[pk], works=tuple(read[pk].works)) for pk in heads}

    def _retainers(self, slugs: Iterable[str]) -> list[Retainer]:
        return [row for slug in slugs for row in self.retainers.get(slug, {}).values()]

    def _read(self, rows: Sequence[Retainer], on: date) -> list[Standing]:
        return standings(rows, on=on, zone=zone_of(self.provider), wanted=all_work) if rows else []

    def retainers_of(self, slug: str) -> list[tuple[Retainer, Agreement]]:
        """The client's retainers, each with its newest agreement."""
        agreements = self.agreements.get(slug, {})
        return [(self.retainers[slug][key], agreement) for key, agreement in agreements.items()]


def _by_client(every: Iterable[Standing]) -> dict[str, list[Standing]]:
    found: dict[str, list[Standing]] = defaultdict(list)
    for standing in every:
        found[standing.retainer.client.slug].append(standing)
    return found


class Companies(NamedTuple):
    """By which names clients are known, with whose each is, and the keys of the companies that are no clients."""

    names: Mapping[str, str]
    not_ours: Collection[str]

    @classmethod
    def read(cls) -> "Companies":
        return cls(
            dict(CompanyName.objects.values_list("name", "client__slug")),
            list(NeverOurs.objects.values_list("key", flat=True)),
        )


def read_setup(
    provider: Provider, slugs: Collection[str] | None = None, companies: Companies | None = None
) -> ProviderSetup:
    """The provider in scope, as its imports see it; with `slugs`, of all its clients those alone. `companies`:
    where they were looked up already.
    """
    known = Client.objects.all() if slugs is None else Client.objects.filter(slug__in=slugs)
    clients = {client.slug: client for client in known}
    retainers: dict[str, dict[str, Retainer]] = defaultdict(dict)
    agreements: dict[str, dict[str, Agreement]] = defaultdict(dict)
    for row in retainers_of(None if slugs is None else list(slugs)):
        if row.publication is None:
            continue
        retainers[row.client.slug][row.key] = row
        agreements[row.client.slug][row.key] = agreement_from_document(row.publication.version.document)
    book = RuleBook.objects.order_by("-number").first()
    companies = companies or Companies.read()
    return ProviderSetup(
        provider=provider,
        clients=clients,
        companies=dict(companies.names),
        retainers=retainers,
        agreements=agreements,
        rules=rules_from_document(book.document) if book else (),
        business_hours=opening_times_of(provider),
        not_ours=frozenset((*companies.not_ours, company_key(provider.name))),
    )
