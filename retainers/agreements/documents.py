"""Agreements as JSON-able documents: the canonical form that is stored for ever and compared for changes.

A document has the shape of the file's retainer, without top-ups and adjustments: every key is there except
those that are None, dates are ISO text, hours and money are text with at least two decimals. Equal agreements
have equal documents. Reading back trusts what was written; `reading` and `checks` are for what people write.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from retainers.agreements.business_hours import opening_times_document, opening_times_from_document
from retainers.agreements.rules import rules_document, rules_from_document
from retainers.agreements.words import words_document, words_from_document
from retainers.hours import write_exact, write_factor
from retainers.terms import (
    Agreement,
    AlertTerms,
    Multiplier,
    Pool,
    Rollover,
    Terms,
)

Document = dict[str, Any]


def agreement_document(agreement: Agreement) -> Document:
    """The stored form of an agreement; `agreement_from_document` is the exact inverse.

    >>> from retainers.terms import Pool, Terms
    >>> terms = Terms(date(2026, 1, 1), (Pool("support", "IT support", Decimal(20)),))
    >>> document = agreement_document(Agreement("bank", "Time bank", date(2026, 1, 1), (terms,)))
    >>> document["terms"][0]["pools"][0]["hours"]
    '20.00'
    """
    return _present(
        key=agreement.key,
        name=agreement.name,
        starts=agreement.starts.isoformat(),
        ends=agreement.ends.isoformat() if agreement.ends else None,
        anchor_day=agreement.anchor_day,
        anchor_month=agreement.anchor_month,
        months=agreement.months,
        updates_on=list(agreement.updates_on),
        psa_agreements=list(agreement.psa_agreements),
        terms=[_terms_document(terms) for terms in agreement.terms],
        rules=rules_document(agreement.rules),
        business_hours=opening_times_document(agreement.business_hours) if agreement.business_hours else None,
        requests=list(agreement.requests),
        alerts=_alerts_document(agreement.alerts),
        incident_alert_hours=_exact_or_none(agreement.incident_alert_hours),
    )


def _alerts_document(alerts: AlertTerms | None) -> Document | None:
    if alerts is None:
        return None
    return _present(percent=list(alerts.percent), hours_left=_exact_or_none(alerts.hours_left))


def _terms_document(terms: Terms) -> Document:
    return {"from": terms.starts.isoformat()} | _present(
        fee=_exact_or_none(terms.fee),
        currency=terms.currency,
        scope=terms.scope,
        hours_from=terms.hours_from,
        non_billable=terms.non_billable,
        travel=terms.travel,
        increment=_exact_or_none(terms.increment),
        minimum={category: write_exact(terms.minimum[category]) for category in sorted(terms.minimum)},
        stacking=terms.stacking,
        proration=terms.proration,
        sharing=terms.sharing,
        overage=terms.overage,
        overage_rate=_exact_or_none(terms.overage_rate),
        rollover=_rollover_document(terms.rollover),
        multipliers=[_multiplier_document(multiplier) for multiplier in terms.multipliers],
        months=terms.months,
        anchor_day=terms.anchor_day,
        anchor_month=terms.anchor_month,
        pools=[_pool_document(pool) for pool in terms.pools],
        words=words_document(terms.words),
    )


def _rollover_document(rollover: Rollover | None) -> Document | None:
    return _present(hours=_exact_or_none(rollover.hours), cycles=rollover.cycles) if rollover else None


def _multiplier_document(multiplier: Multiplier) -> Document:
    factor = write_factor(multiplier.factor)
    return {"category": multiplier.category, "name": multiplier.name, "factor": factor}


def _pool_document(pool: Pool) -> Document:
    """`hidden` stands there only where it is: documents of before it was known stay equal."""
    hours = write_exact(pool.hours)
    said = {"key": pool.key, "name": pool.name, "hours": hours, "neutral_text": pool.neutral_text}
    return said | ({"hidden": True} if pool.hidden else {})


def agreement_from_document(document: Mapping[str, Any]) -> Agreement:
    """The agreement that `agreement_document` wrote down."""
    ends = document.get("ends")
    return Agreement(
        key=document["key"],
        name=document["name"],
        starts=date.fromisoformat(document["starts"]),
        terms=tuple(_terms_from_document(terms) for terms in document["terms"]),
        ends=date.fromisoformat(ends) if ends else None,
        anchor_day=document.get("anchor_day"),
        anchor_month=document.get("anchor_month"),
        months=document["months"],
        updates_on=tuple(document["updates_on"]),
        psa_agreements=tuple(document["psa_agreements"]),
        rules=rules_from_document(document["rules"]),
        business_hours=opening_times_from_document(document.get("business_hours", ())),
        requests=tuple(document["requests"]),
        alerts=_alerts_from_document(document.get("alerts")),
        incident_alert_hours=_number(document.get("incident_alert_hours")),
    )


def _alerts_from_document(document: Mapping[str, Any] | None) -> AlertTerms | None:
    if document is None:
        return None
    return AlertTerms(tuple(document["percent"]), _number(document.get("hours_left")))


def _terms_from_document(document: Mapping[str, Any]) -> Terms:
    return Terms(
        starts=date.fromisoformat(document["from"]),
        pools=tuple(_pool_from_document(pool) for pool in document["pools"]),
        fee=_number(document.get("fee")),
        currency=document["currency"],
        scope=document["scope"],
        hours_from=document["hours_from"],
        non_billable=document["non_billable"],
        travel=document["travel"],
        increment=_number(document.get("increment")),
        minimum={category: Decimal(hours) for category, hours in document["minimum"].items()},
        stacking=document["stacking"],
        proration=document["proration"],
        sharing=document["sharing"],
        overage=document["overage"],
        overage_rate=_number(document.get("overage_rate")),
        rollover=_rollover_from_document(document.get("rollover")),
        multipliers=tuple(
            Multiplier(item["category"], item["name"], Decimal(item["factor"]))
            for item in document["multipliers"]
        ),
        words=words_from_document(document.get("words")),
        months=document.get("months"),
        anchor_day=document.get("anchor_day"),
        anchor_month=document.get("anchor_month"),
    )


def _pool_from_document(document: Mapping[str, Any]) -> Pool:
    hours = Decimal(document["hours"])
    hidden = document.get("hidden", False)
    return Pool(document["key"], document["name"], hours, document["neutral_text"], hidden)


def _rollover_from_document(document: Mapping[str, Any] | None) -> Rollover | None:
    if document is None:
        return None
    return Rollover(_number(document.get("hours")), document.get("cycles"))


def _exact_or_none(value: Decimal | None) -> str | None:
    return None if value is None else write_exact(value)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _present(**values: object) -> Document:
    return {name: value for name, value in values.items() if value is not None}
