"""Pools that no work would ever reach: every entry goes to the first one, unless a rule says another."""

from collections.abc import Iterable
from datetime import date

from retainers.agreements import agreement_from_document, rules_from_document
from retainers.models import Retainer, RuleBook
from retainers.terms import Agreement, Rule


def unreached_pools(agreement: Agreement, standing: Retainer | None, today: date) -> tuple[str, ...]:
    """The names of the newest terms' pools that neither the provider's rules nor the retainer's own name.

    `standing`: the retainer as it is saved, whose own rules the form does not hold; None for a new one.
    """
    book = RuleBook.objects.order_by("-number").first()
    rules = list(rules_from_document(book.document)) if book else []
    if standing is not None and standing.version is not None:
        rules += agreement_from_document(standing.version.document).rules
    return not_named(agreement, rules, today)


def not_named(agreement: Agreement, rules: Iterable[Rule], today: date) -> tuple[str, ...]:
    """The same for these rules; one that has ended by `today`, or is another retainer's, names nothing here."""
    named = {
        rule.then.pool
        for rule in rules
        if rule.then.retainer in (None, agreement.key) and (rule.until is None or rule.until >= today)
    }
    _first, *others = agreement.terms[-1].pools
    return tuple(pool.name for pool in others if pool.key not in named)
