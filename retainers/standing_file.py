"""What the database holds of a provider, as the values of an agreement file: loading it again changes nothing."""

from dataclasses import replace

from django.db.models import Prefetch, QuerySet

from accounts.models import Membership, Provider
from retainers.agreements import agreement_from_document, rules_from_document
from retainers.company_names import company_key
from retainers.files import ClientFile, Member, ProviderFile, RetainerFile
from retainers.files import Contact as ContactTerms
from retainers.models import Adjustment, Client, Retainer, RuleBook, TopUp
from retainers.row_values import adjustment_terms, top_up_terms
from retainers.rule_books import opening_times_of


def state(provider: Provider) -> ProviderFile:
    """What the database holds of the provider in scope, as a file would say it."""
    book = RuleBook.objects.order_by("-number").first()
    return ProviderFile(
        slug=provider.slug,
        name=provider.name,
        timezone=provider.timezone,
        support_email=provider.support_email or None,
        support_phone=provider.support_phone or None,
        date_order=provider.date_order or None,  # type: ignore[arg-type]  # one of its choices
        trusted_notes=tuple(provider.trusted_notes),
        shows_uncharged=tuple(provider.shows_uncharged),
        states_fee=provider.states_fee or None,
        business_hours=opening_times_of(provider) or None,
        rules=rules_from_document(book.document) if book else (),
        members=tuple(map(_member, _memberships(provider))),
        clients=tuple(map(_client_state, _clients_with_all())),
    )


def _memberships(provider: Provider) -> QuerySet[Membership]:
    found: QuerySet[Membership] = Membership.objects.filter(provider=provider)
    return found.select_related("user").order_by("user__email")


def _member(membership: Membership) -> Member:
    return Member(membership.user.email, membership.role)  # type: ignore[arg-type]  # one of its choices


def _clients_with_all() -> QuerySet[Client]:
    """Every client with its names, contacts, agreements and grants: a query a table, however many they are."""
    retainers = Retainer.objects.filter(version__isnull=False).select_related("version").order_by("key")
    with_grants = retainers.prefetch_related(
        Prefetch("topup_set", TopUp.objects.filter(retired_in=None)),
        Prefetch("adjustment_set", Adjustment.objects.filter(retired_in=None)),
    )
    found: QuerySet[Client] = Client.objects.order_by("slug")
    return found.prefetch_related("company_names", "contacts", Prefetch("retainers", with_grants))


def _client_state(client: Client) -> ClientFile:
    own = company_key(client.name)
    return ClientFile(
        slug=client.slug,
        name=client.name,
        psa_names=tuple(n.name for n in client.company_names.all() if n.key != own),
        contacts=tuple(ContactTerms(c.name, c.email, c.approves, c.alerts) for c in client.contacts.all()),
        retainers=tuple(_retainer_state(row) for row in client.retainers.all()),
    )


def _retainer_state(row: Retainer) -> RetainerFile:
    agreement = agreement_from_document(row.version.document) if row.version else None
    if agreement is None:
        raise LookupError(row)
    return RetainerFile(
        agreement=replace(agreement),
        top_ups=tuple(top_up_terms(t) for t in row.topup_set.all()),
        adjustments=tuple(adjustment_terms(a) for a in row.adjustment_set.all()),
    )
