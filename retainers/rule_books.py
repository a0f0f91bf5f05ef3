"""The provider's rules and its business hours: each change a new version, or none; and read along with retainers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import Provider, User
from retainers.agreements import (
    opening_times_document,
    opening_times_from_document,
    rules_document,
    with_past_holidays,
)
from retainers.models import Retainer, RuleBook
from retainers.terms import OpeningTimes, Rule


def save_rules(rules: Sequence[Rule], *, at: datetime, by: User | None) -> bool:
    """Record the provider's rules as the newest version; False when they are what they were."""
    book = RuleBook.objects.order_by("-number").first()
    document = rules_document(rules)
    if book and book.document == document:
        return False
    RuleBook.objects.create(
        number=book.number + 1 if book else 1, document=document, recorded_at=at, recorded_by=by
    )
    return True


def opening_times_of(provider: Provider) -> OpeningTimes:
    """The provider's business hours, none where it has none."""
    return opening_times_from_document(provider.business_hours or ())


def save_opening_times(provider: Provider, times: OpeningTimes, *, today: date) -> bool:
    """Record the provider's business hours; False when they are what they were.

    Holidays that are past stay: a list for the next year removes none of the last.
    """
    return record_opening_times(provider, with_past_holidays(times, opening_times_of(provider), today))


def record_opening_times(provider: Provider, times: OpeningTimes) -> bool:
    """The same to the letter: for a person who has seen what it changes."""
    document = opening_times_document(times) if times else None
    if provider.business_hours == document:
        return False
    provider.business_hours = document
    provider.save(update_fields=["business_hours"])
    return True


def rule_book_of(retainer: Retainer) -> Any:
    """The document of the rules, None where they were not read along, or there are none."""
    return getattr(retainer, "rule_book", None)


def with_rules(retainers: QuerySet[Retainer]) -> QuerySet[Retainer]:
    """The same rows, each with the provider's newest rules beside it: no query of their own."""
    return retainers.annotate(rule_book=newest_rules())


def newest_rules() -> Subquery:
    """The document of the newest rules of a row's provider."""
    newest = RuleBook.objects.filter(provider=OuterRef("provider")).order_by("-number")
    return Subquery(newest.values("document")[:1])
