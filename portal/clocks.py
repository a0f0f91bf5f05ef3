"""What decides of a kind of work by the clock, read along with the client's retainers."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import Provider
from presentation.when_kinds import Clock
from retainers.agreements import rules_from_document
from retainers.models import Retainer, RuleBook
from retainers.rule_books import opening_times_of
from retainers.terms import Agreement


def with_rules(retainers: QuerySet[Retainer]) -> QuerySet[Retainer]:
    """The same rows, each with the provider's newest rules beside it: no query of their own."""
    return retainers.annotate(rule_book=newest_rules())


def newest_rules() -> Subquery:
    """The document of the newest rules of a row's provider."""
    newest = RuleBook.objects.filter(provider=OuterRef("provider")).order_by("-number")
    return Subquery(newest.values("document")[:1])


def clock_of(retainer: Retainer, agreement: Agreement, provider: Provider) -> Clock:
    """The agreement's own rules and hours first, then the provider's."""
    theirs = rules_from_document(rule_book_of(retainer) or [])
    times = agreement.business_hours or opening_times_of(provider)
    return Clock((*agreement.rules, *theirs), times, provider.timezone)


def rule_book_of(retainer: Retainer) -> Any:
    """The document of the rules, None where they were not read along, or there are none."""
    return getattr(retainer, "rule_book", None)
