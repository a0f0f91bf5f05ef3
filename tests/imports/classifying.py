"""Rows, rules and agreements in a few words, and what a classifier makes of them."""

from datetime import date, time
from decimal import Decimal

from imports.judging.classify import Classification, Classifier
from imports.reading.rows import Row
from imports.stages import Place
from retainers.terms import Agreement, BusinessHours, Effects, OpeningTimes, Pool, Rule, Terms, TextCondition

MONDAY = date(2026, 3, 2)
SATURDAY = date(2026, 3, 7)
WEEK = ("mon", "tue", "wed", "thu", "fri")
OPEN = BusinessHours(WEEK, time(8), time(17), holidays=(date(2026, 3, 3),))
COMPANIES = {"Acme Dental": "acme", "Acme Dental Group, Inc.": "acme", "Birch & Lowe": "birch"}


def row(**fields: object) -> Row:
    said = {"line": 2, "date": MONDAY, "worked": Decimal(1), "company": "Acme Dental"} | fields
    return Row(**said)


def agreement(key: str = "support", **fields: object) -> Agreement:
    starts = fields.pop("starts", date(2026, 1, 1))
    terms = Terms(starts, (Pool("reactive", "Reactive", Decimal(10)), Pool("onsite", "On site", Decimal(5))))
    return Agreement(key, key, starts, (terms,), **fields)


def rule(then: Effects, *texts: TextCondition, **fields: object) -> Rule:
    return Rule("rule", then, texts=texts, **fields)


def classify(
    *rows: Row,
    rules: tuple[Rule, ...] = (),
    own_rules: tuple[Rule, ...] = (),
    agreements: tuple[Agreement, ...] | None = None,
    only_client: str | None = None,
    business_hours: OpeningTimes = (OPEN,),
) -> Classification:
    mine = agreements if agreements is not None else (agreement(rules=own_rules),)
    classifier = Classifier(
        rules=rules,
        companies=COMPANIES,
        agreements=[*(("acme", one) for one in mine), ("birch", agreement("block"))],
        business_hours=business_hours,
        only_client=only_client,
    )
    return classifier.classify(rows)


def classified(one: Row, **setup: object) -> Place:
    (found,) = classify(one, **setup).rows
    return found.place
