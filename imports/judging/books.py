"""The rules as people edit them: a provider's, or a retainer's own."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import Provider
from accounts.seen import Seen
from retainers.agreements import (
    rules_from_document,
)
from retainers.cycles import cycle_of
from retainers.models import Retainer, RuleBook
from retainers.terms import Agreement, Rule

ALL = "all"  # the key of the provider's own book


@dataclass(frozen=True, slots=True)
class Book:
    """An ordered list of rules in its newest version; `retainer` and `agreement` say whose own."""

    rules: tuple[Rule, ...]
    version: int
    retainer: Retainer | None = None
    agreement: Agreement | None = None

    @property
    def key(self) -> str:
        """The book in an address: `all`, or client and retainer as `acme-dental.support`."""
        return f"{self.retainer.client.slug}.{self.retainer.key}" if self.retainer else ALL

    @property
    def slugs(self) -> tuple[str, ...] | None:
        """The clients whose entries it judges; None: all."""
        return (self.retainer.client.slug,) if self.retainer else None


def counts_from(book: Book, today: date) -> date:
    """From when on a change of that book counts, unless a manager says otherwise (domain.md, "Restatements").

    What is the provider's: today; a retainer's own: the first day of the cycle that runs, or is the nearest.
    """
    if book.agreement is None:
        return today
    agreed = book.agreement
    day = max(agreed.starts, min(today, agreed.ends or today))
    cycle = cycle_of(agreed, day)
    return cycle.starts if cycle else today


def provider_book() -> Book:
    """The rules for all clients of the provider in scope."""
    newest = RuleBook.objects.order_by("-number").first()
    return Book(rules_from_document(newest.document), newest.number) if newest else Book((), 0)


def seen_of(provider: Provider, book: Book) -> Seen:
    """What a trial of an edit of that book comes from: the rules, and all that is published under them."""
    rows = Retainer.objects.filter(publication__isnull=False)
    if book.slugs is not None:
        rows = rows.filter(client__slug__in=book.slugs)
    return Seen(
        publications=dict(rows.values_list("pk", "publication_id")),
        versions={"rules": provider_book().version, "business_hours": provider.business_hours},
    )


def concerned_by(book: Book) -> QuerySet[Retainer, int]:
    """The keys of all retainers whose entries the book judges."""
    rows = (
        Retainer.objects.filter(client=book.retainer.client_id) if book.retainer else Retainer.objects.all()
    )
    return rows.values_list("pk", flat=True)
