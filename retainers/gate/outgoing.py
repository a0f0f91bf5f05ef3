"""An agreement as its client may read it: neutral words stand wherever a text of it leaks.

Pages, JSON, CSV, statements and mails are made of what comes out of here, so none of them has to ask again.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from retainers.gate.known import Gate
from retainers.gate.texts import agreement_texts
from retainers.terms import NEUTRAL_TEXT, Adjustment, Agreement, Approval, Multiplier, Pool, Terms, TopUp


def outgoing(agreement: Agreement, gate: Gate, slug: str) -> Agreement:
    """The agreement with neutral words in the place of those that must not reach that client."""
    if all(gate.passes(text, slug) for _place, text in agreement_texts(agreement)):
        return agreement
    return replace(
        agreement,
        name=gate.out(agreement.name, slug, _("Support")),
        terms=tuple(_terms(terms, gate, slug) for terms in agreement.terms),
    )


def _terms(terms: Terms, gate: Gate, slug: str) -> Terms:
    return replace(
        terms,
        scope=gate.out(terms.scope, slug),
        pools=tuple(_pool(pool, number, gate, slug) for number, pool in enumerate(terms.pools, 1)),
        multipliers=tuple(_multiplier(each, gate, slug) for each in terms.multipliers),
    )


def _pool(pool: Pool, number: int, gate: Gate, slug: str) -> Pool:
    return replace(
        pool,
        name=gate.out(pool.name, slug, _("Pool %(number)d") % {"number": number}),
        neutral_text=gate.out(pool.neutral_text, slug, NEUTRAL_TEXT),
    )


def _multiplier(each: Multiplier, gate: Gate, slug: str) -> Multiplier:
    return replace(each, name=gate.out(each.name, slug, _("Special rate")))


def outgoing_top_ups(top_ups: Iterable[TopUp], gate: Gate, slug: str) -> tuple[TopUp, ...]:
    return tuple(replace(each, note=gate.out(each.note, slug)) for each in top_ups)


def outgoing_adjustments(adjustments: Iterable[Adjustment], gate: Gate, slug: str) -> tuple[Adjustment, ...]:
    return tuple(replace(each, reason=gate.out(each.reason, slug)) for each in adjustments)


def outgoing_approvals(approvals: Iterable[Approval], gate: Gate, slug: str) -> tuple[Approval, ...]:
    unnamed = _("one of your approvers")
    return tuple(replace(each, by=gate.out(each.by, slug, unnamed)) for each in approvals)
