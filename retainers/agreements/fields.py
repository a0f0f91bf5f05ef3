"""Every field of an agreement, said once: file, stored document and form read these tables.

What a value means, its type and its default are in `retainers.terms`; how each kind of value is read, kept and
asked for is in `rows`. The labels are for staff, so they are plain English.

A document has the shape of the file's retainer, without top-ups and adjustments: every key is there except those
that are None, dates are ISO text, hours and money are text with at least two decimals. Equal agreements have equal
documents. Reading a document back trusts what was written; `reading` and `checks` are for what people write.
"""

import json
from collections.abc import Mapping
from typing import Any, get_args

from retainers.agreements.business_hours import (
    opening_times_document,
    opening_times_from_document,
    read_business_hours,
)
from retainers.agreements.rows import (
    COMPANIES,
    CURRENCY,
    DAY,
    EXACT,
    FACTOR,
    FALLBACK,
    FLAG,
    HOURS,
    KEY,
    NAME,
    PERCENTS,
    PROSE,
    REQUESTS,
    WEEKDAYS,
    WHOLE,
    YES,
    Document,
    Field,
    Kind,
    Row,
    by_category,
    choice,
    many,
    one,
)
from retainers.agreements.rules import read_rules, rules_document, rules_from_document
from retainers.agreements.words import read_words, words_document, words_from_document
from retainers.terms import (
    NEUTRAL_TEXT,
    Agreement,
    AlertTerms,
    HoursFrom,
    Months,
    Multiplier,
    Overage,
    Policy,
    Pool,
    Proration,
    Rollover,
    Sharing,
    Stacking,
    Terms,
    Weekday,
)

OWN = "own"  # the answer that an agreement has thresholds of its own


def _hours_typed(text: str) -> Any:
    """What a hidden input carries; what is none stays text, which its reader refuses."""
    try:
        return json.loads(text)
    except ValueError:
        return text


_RULES = Kind(lambda table, _key, _default: read_rules(table), rules_document, rules_from_document)
_WORDS = Kind(lambda table, _key, _default: read_words(table), words_document, words_from_document)
_BUSINESS_HOURS = Kind(
    lambda table, _key, _default: read_business_hours(table),
    opening_times_document,
    opening_times_from_document,
    asked="hidden",
    typed=_hours_typed,
    shown=json.dumps,
)

_COUNTED = {"exclude": "not counted", "count": "counted"}
LENGTHS = {"1": "every month", "3": "every quarter", "6": "every half-year", "12": "every year"}

POOL = Row(
    Pool,
    Field("key", KEY, "Key"),
    Field("name", NAME, "Pool"),
    Field("hours", HOURS, "Hours per cycle"),
    Field("neutral_text", FALLBACK, "Fallback text", NEUTRAL_TEXT),
    Field("hidden", FLAG, "The client", answers={"": "sees it", YES: "does not see it"}, quiet=True),
)

MULTIPLIER = Row(
    Multiplier,
    Field("category", KEY, "Rules call it"),
    Field(
        "name", NAME, "Kind of work", otherwise=lambda said: said["category"].replace("_", " ").capitalize()
    ),
    Field("factor", FACTOR, "One hour counts as"),
)

ROLLOVER = Row(
    Rollover,
    Field("hours", HOURS, "At most (hours, optional)"),
    Field("cycles", WHOLE, "For at most (cycles, optional)"),
)

ALERTS = Row(
    AlertTerms,
    Field("percent", PERCENTS, "At % used", "Like 50, 80, 100. Only with “as set here”."),
    Field("hours_left", HOURS, "At hours left (optional)"),
)

TERMS = Row(
    Terms,
    Field("starts", DAY, key="from"),
    Field("fee", EXACT, "Fee per cycle (optional, for staff)", step="money"),
    Field("currency", CURRENCY, "Currency", step="money"),
    Field(
        "scope",
        PROSE,
        "Covered by the fee, without hours (optional)",
        "The client reads exactly this text.",
        step="scope",
    ),
    Field("increment", EXACT, "Rounded up to (hours, optional)", step="counting"),
    Field("minimum", by_category(), "Minimum per entry (hours, optional)", step="counting"),
    Field(
        "hours_from",
        choice(HoursFrom),
        "Hours column to use",
        answers={
            "billable": "billable hours",
            "worked": "hours worked",
            "deducted": "hours that the PSA deducted",
        },
        step="counting",
    ),
    Field("non_billable", choice(Policy), "Non-billable work is", answers=_COUNTED, step="counting"),
    Field("travel", choice(Policy), "Travel is", answers=_COUNTED, step="counting"),
    Field(
        "stacking",
        choice(Stacking),
        "When several rates apply",
        answers={"highest": "the highest counts", "product": "all of them, multiplied"},
        step="rates",
    ),
    Field(
        "sharing",
        choice(Sharing),
        "With several pools",
        answers={"separate": "each has its own balance", "shared": "all share one balance"},
        step="parts",
    ),
    Field(
        "proration",
        choice(Proration),
        "A short first or last cycle gets",
        answers={
            "daily": "its share of the cap, by days",
            "start": "its share of the cap at the start, all of it at the end",
            "end": "the whole cap at the start, its share at the end",
            "full": "the whole cap",
        },
        step="parts",
    ),
    Field(
        "overage",
        choice(Overage),
        "Work past the cap",
        answers={
            "decline": "needs the client’s authorization first",
            "bill": "is billed at the overage rate",
            "queue": "is taken from the next cycle",
        },
        step="past",
    ),
    Field("overage_rate", EXACT, "Overage rate per hour", step="past"),
    Field(
        "rollover",
        one(ROLLOVER, prefix="rollover_", said=YES),
        "Unused hours",
        answers={"": "lapse at the end of the cycle", YES: "are carried over"},
        step="leftover",
    ),
    Field("multipliers", many(MULTIPLIER, shown_by="category")),
    Field(
        "months",
        choice(Months),
        "From then on, a new cycle begins",
        "If set, the current cycle ends the day before.",
        {"": "as before", **LENGTHS},
        step="cycle",
    ),
    Field("anchor_day", WHOLE, "On day (optional)", step="cycle"),
    Field("anchor_month", WHOLE, "In month (optional)", step="cycle"),
    Field("pools", many(POOL, shown_by="key")),
    Field("words", _WORDS, quiet=True),
)

AGREEMENT = Row(
    Agreement,
    Field(
        "key",
        KEY,
        "Short name in addresses and files (optional)",
        "If empty, it is made from the name. It never changes.",
        step="about",
    ),
    Field("name", NAME, "Name, as the client reads it", step="about"),
    Field("starts", DAY, "Starts on", step="about"),
    Field("ends", DAY, "Last day (optional)", "If empty, it has no end.", step="about"),
    Field("months", choice(Months), "A new cycle begins", answers=LENGTHS, step="rhythm"),
    Field(
        "anchor_day",
        WHOLE,
        "On day (optional)",
        "If empty, the day it starts on. In a shorter month, its last day.",
        step="rhythm",
    ),
    Field(
        "anchor_month",
        WHOLE,
        "In month (optional)",
        "For longer cycles: a month, 1 to 12, in which a cycle begins.",
        step="rhythm",
    ),
    Field(
        "updates_on",
        WEEKDAYS,
        "The client can expect an update on",
        answers={day: day.capitalize() for day in get_args(Weekday)},
        step="rhythm",
    ),
    Field(
        "psa_agreements",
        COMPANIES,
        "Names of this agreement in your PSA (optional)",
        "One per line. If empty, it takes the client’s rows that no other agreement claims.",
        step="psa",
    ),
    Field("terms", many(TERMS, shown_by="")),
    Field("rules", _RULES),
    Field("business_hours", _BUSINESS_HOURS, "Business hours", step="about", quiet=True),
    Field(
        "requests",
        REQUESTS,
        "On their page, the client may ask for",
        answers={
            "top_up": "a top-up",
            "overage": "hours past the cap, in advance",
            "planned": "planned work",
        },
        step="telling",
    ),
    Field(
        "alerts",
        one(ALERTS, prefix="alert_", said=OWN),
        "Mails when hours run low",
        answers={"": "at 75, 90 and 100 %", OWN: "as set here"},
        step="telling",
    ),
    Field("incident_alert_hours", HOURS, "Alert when an incident exceeds (hours, optional)", step="telling"),
)


def agreement_document(agreement: Agreement) -> Document:
    """The stored form of an agreement; `agreement_from_document` is the exact inverse.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> terms = Terms(date(2026, 1, 1), (Pool("support", "IT support", Decimal(20)),))
    >>> document = agreement_document(Agreement("bank", "Time bank", date(2026, 1, 1), (terms,)))
    >>> document["terms"][0]["pools"][0]["hours"]
    '20.00'
    """
    return AGREEMENT.write(agreement)


def agreement_from_document(document: Mapping[str, Any]) -> Agreement:
    """The agreement that `agreement_document` wrote down."""
    return AGREEMENT.load(document)
