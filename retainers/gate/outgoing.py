"""An agreement as its client may read it: neutral words stand wherever a text of it leaks.

Pages, JSON, CSV, statements and mails are made of what comes out of here, so none of them has to ask again.

A statement's document itself is left as it was written; its figures pass untouched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from retainers.gate.known import Gate
from retainers.gate.texts import agreement_texts
from retainers.hiding import shown_agreement
from retainers.spoken import spoken, spoken_document
from retainers.terms import (
    NEUTRAL_TEXT,
    Adjustment,
    Agreement,
    Approval,
    Multiplier,
    Pool,
    Terms,
    TopUp,
    Words,
)


def outgoing(agreement: Agreement, gate: Gate, slug: str) -> Agreement:
    """The agreement as that client reads it: without hidden pools, in the reader's words."""
    return shown_agreement(reworded(agreement, gate, slug))


def reworded(agreement: Agreement, gate: Gate, slug: str) -> Agreement:
    """The agreement in the reader's language, neutral words in the place of those that must not reach that client."""
    return _neutral(spoken(_passing(agreement, gate, slug), get_language() or ""))


def _neutral(agreement: Agreement) -> Agreement:
    """The fallback text that nobody chose, in the reader's language."""
    words = _("Support work")
    if words == NEUTRAL_TEXT:
        return agreement
    return replace(
        agreement,
        terms=tuple(
            replace(
                terms,
                pools=tuple(
                    replace(pool, neutral_text=words) if pool.neutral_text == NEUTRAL_TEXT else pool
                    for pool in terms.pools
                ),
            )
            for terms in agreement.terms
        ),
    )


def _passing(agreement: Agreement, gate: Gate, slug: str) -> Agreement:
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
        words={language: _words(words, gate, slug) for language, words in terms.words.items()},
    )


def _words(words: Words, gate: Gate, slug: str) -> Words:
    """What passes; the plain words, or neutral ones, stand in for the rest."""
    parts = {
        name: {key: text for key, text in getattr(words, name).items() if gate.passes(text, slug)}
        for name in ("pools", "multipliers", "neutral_texts")
    }
    return Words(scope=gate.out(words.scope, slug), **parts)


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


def outgoing_document(document: Mapping[str, Any], gate: Gate, slug: str) -> dict[str, Any]:
    """A whole document (`retainers.issued`) with what may leave the house, in the reader's language."""
    document = spoken_document(document, get_language() or "")
    return {
        **document,
        "client": gate.out(document.get("client", ""), slug),
        "agreement": gate.out(document["agreement"], slug, _("Support")),
        "pools": _pools(document, gate, slug),
        "log": [_line(line, gate, slug) for line in document["log"]],
    }


def _pools(document: Mapping[str, Any], gate: Gate, slug: str) -> dict[str, str]:
    """The names by key, in the order of the cycle: a database may keep those of an object in another one."""
    names, keys = document["pools"], [each["pool"] for each in document["cycle"]["pools"]]
    return {
        key: gate.out(names[key], slug, _("Pool %(number)d") % {"number": number})
        for number, key in enumerate(keys, 1)
        if key in names
    }


def _line(line: Mapping[str, Any], gate: Gate, slug: str) -> dict[str, Any]:
    said = gate.out(line["description"], slug, NEUTRAL_TEXT)
    return {
        **line,
        "description": _(NEUTRAL_TEXT) if said == NEUTRAL_TEXT else said,
        "multipliers": [gate.out(name, slug, _("Special rate")) for name in line["multipliers"]],
    }
