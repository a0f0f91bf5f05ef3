"""The rules as people edit them: read, changed, checked, saved and published.

A `Book` is one ordered list, the provider's for all clients or a retainer's own. An `Edit` is one change of
it, to be tried out or saved. Saving writes a new version of the whole list, the very document that
`load_retainers` writes, judges the published entries anew and publishes what that changes: all in one
transaction, and nothing is overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from django.db import transaction

from accounts.audit import record
from accounts.models import Provider, User
from accounts.providers import lock_provider
from accounts.seen import Seen, StaleError
from imports.judging.books import Book, concerned_by, provider_book, seen_of
from imports.judging.provider_setup import ProviderSetup
from imports.judging.reclassify import reclassify
from imports.judging.rule_trial import Trial, try_out
from leaks import Hit
from retainers import publishing
from retainers.agreements import (
    AgreementError,
    agreement_from_document,
    rules_document,
)
from retainers.agreements.checks import find_contradictions, find_wrong_values
from retainers.agreements.problems import Finding, Place, as_problems
from retainers.agreements.rules import find_rule_problems
from retainers.gate.known import EVERYBODY, read_gate
from retainers.models import Publication, Restatement, Retainer
from retainers.restating.writing import Agreed, Deed, restating
from retainers.rule_books import save_rules
from retainers.selectors import retainers_of
from retainers.terms import Rule

Kind = Literal["added", "changed", "moved", "deleted"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a book: the rule it is about, its number from then on, and the list that it leaves."""

    kind: Kind
    rule: Rule
    rules: tuple[Rule, ...]
    number: int


def retainer_books() -> list[Book]:
    """Every published retainer's own rules, by client and key; most have none."""
    return [retainer_book(row) for row in retainers_of()]


def retainer_book(row: Retainer) -> Book:
    """A published retainer's own rules. LookupError for one that has no agreement yet."""
    version = row.publication.version if row.publication else None
    if version is None:
        raise LookupError(f"{row} has no agreement yet")
    agreement = agreement_from_document(version.document)
    return Book(agreement.rules, version.number, row, agreement)


def rule_at(book: Book, number: int) -> Rule:
    """The rule of that number, counted from 1. LookupError where there is none."""
    if not 1 <= number <= len(book.rules):
        raise LookupError(f"there is no rule {number}")
    return book.rules[number - 1]


def adding(book: Book, rule: Rule, place: int | None = None) -> Edit:
    """A new rule at that place, counted from 1; at the end without one."""
    return _with("added", rule, book.rules, place or len(book.rules) + 1)


def changing(book: Book, number: int, rule: Rule, place: int | None = None) -> Edit:
    """Another rule instead of that one, at its place or at another."""
    rule_at(book, number)
    rest = book.rules[: number - 1] + book.rules[number:]
    return _with("changed", rule, rest, place or number)


def moving(book: Book, number: int, place: int) -> Edit:
    """The same rule at another place; beyond the ends it stays at the end."""
    rule = rule_at(book, number)
    return replace(changing(book, number, rule, max(place, 1)), kind="moved")


def deleting(book: Book, number: int) -> Edit:
    rule = rule_at(book, number)
    return Edit("deleted", rule, book.rules[: number - 1] + book.rules[number:], number)


def _with(kind: Kind, rule: Rule, others: tuple[Rule, ...], place: int) -> Edit:
    number = min(max(place, 1), len(others) + 1)
    return Edit(kind, rule, (*others[: number - 1], rule, *others[number - 1 :]), number)


def find_problems(book: Book, rules: Sequence[Rule], provider: Provider) -> list[Finding]:
    """What is wrong with the rules as this book's, in the words of the file's reader."""
    has_hours = provider.business_hours is not None
    if book.agreement is None:
        return list(find_rule_problems(rules, has_business_hours=has_hours, at=Place()))
    agreement = replace(book.agreement, rules=tuple(rules))
    found = (
        *find_wrong_values(agreement, (), (), has_business_hours=has_hours, at=Place()),
        *find_contradictions(agreement, (), (), at=Place()),
    )
    return [finding for finding in found if finding[0].path[:1] == ("rules",)]


def find_leaks_in(book: Book, rule: Rule, provider: Provider) -> tuple[Hit, ...]:
    """What in the rule's words must not be read by a client on whose page they may stand."""
    text = rule.then.wording
    if not text or not text.strip():
        return ()
    gate = read_gate(provider)
    hits = (hit for slug in book.slugs or (EVERYBODY,) for hit in gate.find(text, slug))
    return tuple({(hit.start, hit.end): hit for hit in hits}.values())


def with_rules(setup: ProviderSetup, book: Book, rules: Sequence[Rule]) -> ProviderSetup:
    """The provider as it would be with these rules in the book."""
    if book.retainer is None or book.agreement is None:
        return replace(setup, rules=tuple(rules))
    slug = book.retainer.client.slug
    changed = {**setup.agreements[slug], book.retainer.key: replace(book.agreement, rules=tuple(rules))}
    return replace(setup, agreements={**setup.agreements, slug: changed})


def try_edit(setup: ProviderSetup, book: Book, edit: Edit, *, on: date) -> Trial:
    """What saving the edit would do to what is published."""
    retainer = (book.retainer.client.slug, book.retainer.key) if book.retainer else None
    return try_out(
        setup,
        with_rules(setup, book, edit.rules),
        on=on,
        slugs=book.slugs,
        rule=edit.rule,
        retainer=retainer,
    )


def _refuse_senseless(book: Book, edit: Edit, provider: Provider) -> None:
    problems = find_problems(book, edit.rules, provider)
    if problems:
        raise AgreementError(as_problems(problems))


@transaction.atomic
def save(
    *,
    provider: Provider,
    book: Book,
    edit: Edit,
    by: User | None,
    at: datetime,
    seen: Seen | None = None,
    agreed: Agreed = "",
) -> int:
    """Save the edit and publish what follows; how many entries are judged otherwise.

    `seen` is what the trial came from that was looked at. `StaleError` where that is no longer so or the book no longer
    the newest, `AgreementError` for rules that make no sense, `RestatingError` for closed cycles not `agreed` to.
    """
    fresh, rows = lock_provider(provider), publishing.lock(concerned_by(book))
    if seen is not None and seen != seen_of(fresh, book):
        raise StaleError(("rules",))
    _refuse_senseless(book, edit, provider)
    press = publishing.Press(Publication.Kind.RULES, at, by, edit.rule.name)
    with restating(provider, rows, Deed(Restatement.Cause.RULES, agreed=agreed), press):
        if book.retainer is None:
            saved = _save_for_all(book, edit, press)
        else:
            saved = _save_own(rows[book.retainer.pk], book.version, edit, press)
        entries = reclassify(provider, press, book.slugs) if saved else 0
    if saved:
        said = {"rules": book.key, "entries": entries, "rule": rules_document([edit.rule])[0]}
        record(by, f"rule {edit.kind}", edit.rule.name, about=book.slugs or (), **said)
    return entries


def _save_for_all(book: Book, edit: Edit, press: publishing.Press) -> bool:
    if provider_book().version != book.version:
        raise StaleError(("rules",))
    return save_rules(edit.rules, at=press.at, by=press.by)


def _save_own(row: Retainer, version: int, edit: Edit, press: publishing.Press) -> bool:
    """A new version of the agreement, published even where no entry is judged otherwise: then it holds."""
    if row.version is None or row.version.number != version:
        raise StaleError(("rules",))
    agreement = replace(agreement_from_document(row.version.document), rules=edit.rules)
    if not publishing.save_version(retainer=row, agreement=agreement, at=press.at, by=press.by):
        return False
    press.publication(row)
    return True
