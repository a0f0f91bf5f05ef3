"""Business hours as people edit them: the provider's, or a retainer's own; tried, saved and published.

What a change of them does is a trial of the published entries, as with rules; saving judges them anew, all in one
transaction.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.audit import record
from accounts.models import Provider, User
from accounts.providers import lock_provider
from accounts.seen import Seen, StaleError
from imports.judging.books import Book, concerned_by, seen_of
from imports.judging.provider_setup import ProviderSetup
from imports.judging.reclassify import reclassify
from imports.judging.rule_trial import Trial, try_out
from retainers import publishing
from retainers.agreements import agreement_from_document, opening_times_document
from retainers.agreements.problems import Finding, Place
from retainers.agreements.rules import find_rule_problems
from retainers.models import Publication, Restatement, Retainer
from retainers.restating.writing import Agreed, Deed, restating
from retainers.rule_books import opening_times_of, record_opening_times
from retainers.terms import OpeningTimes


def times_of(provider: Provider, book: Book) -> OpeningTimes:
    """The business hours that the book's owner has of its own."""
    return book.agreement.business_hours if book.agreement else opening_times_of(provider)


def find_needed(provider: Provider, book: Book, times: OpeningTimes) -> list[Finding]:
    """The rules that could not be judged without business hours."""
    has_hours = bool(times) or (book.agreement is not None and bool(provider.business_hours))
    return list(find_rule_problems(book.rules, has_business_hours=has_hours, at=Place()))


def with_times(setup: ProviderSetup, book: Book, times: OpeningTimes) -> ProviderSetup:
    """The provider as it would be with these business hours."""
    if book.retainer is None or book.agreement is None:
        return replace(setup, business_hours=times)
    slug = book.retainer.client.slug
    changed = {**setup.agreements[slug], book.retainer.key: replace(book.agreement, business_hours=times)}
    return replace(setup, agreements={**setup.agreements, slug: changed})


def try_times(setup: ProviderSetup, book: Book, times: OpeningTimes, *, on: date) -> Trial:
    """What saving them would do to what is published."""
    return try_out(setup, with_times(setup, book, times), on=on, slugs=book.slugs)


@transaction.atomic
def save_times(
    *,
    provider: Provider,
    book: Book,
    times: OpeningTimes,
    seen: Seen,
    by: User | None,
    at: datetime,
    agreed: Agreed = "",
) -> int | None:
    """Save them and publish what follows; how many entries are judged otherwise, None where nothing is new.

    `StaleError` where what the trial came from is no longer so, `RestatingError` for closed cycles that `agreed`
    does not name. The caller has checked that they make sense.
    """
    fresh, rows = lock_provider(provider), publishing.lock(concerned_by(book))
    if seen != seen_of(fresh, book):
        raise StaleError(("business_hours",))
    press = publishing.Press(Publication.Kind.RULES, at, by)
    with restating(fresh, rows, Deed(Restatement.Cause.HOURS, agreed=agreed), press):
        if book.retainer is None:
            saved = record_opening_times(fresh, times)
        else:
            saved = _save_own(rows[book.retainer.pk], times, press)
        entries = reclassify(fresh, press, book.slugs) if saved else 0
    if not saved:
        return None
    said: dict[str, Any] = {"entries": entries, "business_hours": opening_times_document(times)}
    record(by, "business hours changed", book.key, about=book.slugs or (), **said)
    return entries


def _save_own(row: Retainer, times: OpeningTimes, press: publishing.Press) -> bool:
    if row.version is None:
        raise StaleError(("business_hours",))
    agreement = replace(agreement_from_document(row.version.document), business_hours=times)
    if not publishing.save_version(retainer=row, agreement=agreement, at=press.at, by=press.by):
        return False
    press.publication(row)
    return True
