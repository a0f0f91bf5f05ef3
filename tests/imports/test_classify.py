"""Where a row belongs, and what the rules say about it."""

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from imports.judging.classify import Classifier
from imports.stages import LEFT_OUT, OUTSIDE, REPEATED, Classified, Place, taking_no_part, taking_part
from retainers.terms import Effects, TextCondition
from tests.imports.classifying import (
    COMPANIES,
    MONDAY,
    SATURDAY,
    agreement,
    classified,
    classify,
    row,
    rule,
)


@pytest.mark.parametrize("company", ["Acme Dental", " acme  DENTAL", "acme dental group, inc."])
def test_a_row_goes_to_the_client_that_has_the_company_as_a_name(company: str) -> None:
    assert classified(row(company=company)).client == "acme"


@pytest.mark.parametrize("company", ["Zeta Corp", "", "Acme"])
def test_a_row_of_an_unknown_company_is_held_unjudged(company: str) -> None:
    rules = (rule(Effects(exclude="internal", pool="onsite")),)

    found = classified(row(company=company), rules=rules)

    assert found == Place(None)


def test_a_row_goes_to_the_retainer_that_claims_its_agreement() -> None:
    agreements = (agreement("support"), agreement("block", psa_agreements=("Block 2026",)))

    assert classified(row(agreement="block  2026"), agreements=agreements).retainer == "block"


@pytest.mark.parametrize("psa_agreement", ["", "Something else"])
def test_a_row_of_no_claimed_agreement_goes_to_the_retainer_that_names_none(psa_agreement: str) -> None:
    agreements = (agreement("block", psa_agreements=("Block 2026",)), agreement("support"))

    assert classified(row(agreement=psa_agreement), agreements=agreements).retainer == "support"


@pytest.mark.parametrize(
    ("day", "retainer"),
    [
        (date(2024, 12, 31), "old"),
        (date(2025, 6, 1), "old"),
        (date(2026, 1, 9), "old"),
        (date(2026, 1, 13), "new"),
        (date(2026, 2, 1), "new"),
        (date(2027, 1, 1), "new"),
    ],
)
def test_of_several_retainers_the_one_alive_takes_a_row_else_the_nearest(day: date, retainer: str) -> None:
    agreements = (
        agreement("new", starts=date(2026, 1, 15), ends=date(2026, 12, 31)),
        agreement("old", starts=date(2025, 1, 1), ends=date(2025, 12, 31)),
    )
    if day.year == 2026 and day.month == 1:
        agreements = (agreements[0], replace(agreements[1], ends=date(2026, 1, 5)))

    found = classified(row(date=day), agreements=agreements)

    assert (found.retainer, found.exclusion) == (retainer, None)


def test_a_claimed_agreement_keeps_a_row_out_of_the_retainer_that_names_none() -> None:
    agreements = (
        agreement("block", psa_agreements=("Block",), ends=date(2026, 1, 31)),
        agreement("support"),
    )

    assert classified(row(agreement="Block"), agreements=agreements).retainer == "block"


@pytest.mark.parametrize("name", ["Other", ""])
def test_a_row_whose_agreement_none_names_where_all_name_some_is_claimed_by_nobody(name: str) -> None:
    agreements = (agreement("block", psa_agreements=("Block",)),)

    found = classified(row(agreement=name), agreements=agreements)

    assert (found.client, found.retainer, found.exclusion) == ("acme", None, "outside the retainer")
    assert found.unclaimed


def test_a_row_of_a_client_without_a_retainer_waits_for_no_agreement() -> None:
    assert not classified(row(agreement="Other"), agreements=()).unclaimed


def test_a_row_that_a_rule_or_its_status_excludes_waits_for_no_agreement() -> None:
    agreements = (agreement("block", psa_agreements=("Block",)),)
    rules = (rule(Effects(exclude="internal"), TextCondition("board", ("Internal",))),)

    ruled = classified(row(agreement="Other", board="internal"), rules=rules, agreements=agreements)
    void = classified(row(agreement="Other", status="Void"), agreements=agreements)

    assert (ruled.exclusion, ruled.unclaimed) == ("internal", False)
    assert (void.exclusion, void.unclaimed) == ("rejected", False)


def test_a_provider_rule_sends_a_row_to_a_retainer_before_its_agreement_does() -> None:
    agreements = (agreement("support"), agreement("block", psa_agreements=("Block",)))
    rules = (rule(Effects(retainer="support"), TextCondition("board", ("Projects",))),)

    assert classified(
        row(agreement="Block", board="projects"), rules=rules, agreements=agreements
    ).retainer == ("support")


def test_the_first_rule_that_names_a_retainer_of_the_client_wins() -> None:
    agreements = (agreement("support"), agreement("block", psa_agreements=("Block",)))
    rules = tuple(rule(Effects(retainer=key)) for key in ("elsewhere", "block", "support"))

    assert classified(row(), rules=rules, agreements=agreements).retainer == "block"


def test_a_retainers_own_rule_does_not_send_a_row_elsewhere() -> None:
    agreements = (
        agreement("support", rules=(rule(Effects(retainer="block")),)),
        agreement("block", psa_agreements=("Block",)),
    )

    assert classified(row(), agreements=agreements).retainer == "support"


def test_the_retainers_own_rules_come_before_the_providers() -> None:
    own = (rule(Effects(pool="onsite", wording="own")),)
    provider = (rule(Effects(pool="reactive", wording="provider", exclude="provider's")),)

    found = classified(row(), rules=provider, own_rules=own)

    assert (found.pool, found.wording, found.exclusion) == ("onsite", "own", "provider's")


def test_the_first_rule_that_says_something_wins() -> None:
    rules = (
        rule(Effects(categories=("onsite",))),
        rule(Effects(pool="onsite", exclude="first")),
        rule(Effects(pool="reactive", exclude="second", wording="Words")),
    )

    found = classified(row(), rules=rules)

    assert (found.pool, found.exclusion, found.wording) == ("onsite", "first", "Words")


def test_categories_of_all_matching_rules_add_up_sorted() -> None:
    own = (rule(Effects(categories=("vip", "onsite"))),)
    rules = (rule(Effects(categories=("onsite",))), rule(Effects(categories=("after_hours",))))

    assert classified(row(), rules=rules, own_rules=own).categories == ("after_hours", "onsite", "vip")


def test_own_rules_hold_for_their_retainer_only() -> None:
    found = classified(row(company="Birch & Lowe"), own_rules=(rule(Effects(pool="onsite")),))

    assert (found.client, found.retainer, found.pool) == ("birch", "block", None)


def test_without_a_rule_no_pool_is_chosen() -> None:
    assert classified(row()).pool is None


def test_a_row_that_repeats_another_under_its_id_is_left_out() -> None:
    found = classify(row(entry_id="7"), row(line=3, entry_id="007"), row(line=4, entry_id="8"))

    assert [one.place.exclusion for one in found.rows] == [None, "repeated", None]
    assert found.refused == ()


def test_equal_rows_without_an_id_are_two_entries() -> None:
    assert [one.place.exclusion for one in classify(row(), row(line=3)).rows] == [None, None]


@pytest.mark.parametrize(
    ("company", "words"), [("Birch & Lowe", "belongs to birch"), ("Zeta Corp", "no client is known")]
)
def test_an_import_for_one_client_refuses_rows_of_others(company: str, words: str) -> None:
    found = classify(row(line=5, company=company), only_client="acme")

    assert found.rows == ()
    (problem,) = found.refused
    assert (problem.line, problem.column, problem.value) == (5, "Client", company)
    assert words in problem.message


def test_an_import_for_one_client_takes_its_own_rows_and_those_without_a_company() -> None:
    found = classify(row(company="acme dental"), row(line=3, company=" "), only_client="acme")

    assert [one.place.client for one in found.rows] == ["acme", "acme"]


OWN = rule(Effects(pool="onsite"), TextCondition("title", matches="patch"))
TRAVEL = rule(Effects(categories=("travel",)), TextCondition("work_type", ("travel*",)))
NEWS = rule(Effects(wording="News"), since=date(2026, 3, 5))


@pytest.mark.parametrize("own_rules", [(), (OWN,), (OWN, NEWS)])
@pytest.mark.parametrize("rules", [(), (TRAVEL,), (TRAVEL, NEWS)])
@pytest.mark.parametrize("of_two", [False, True])
def test_rows_together_are_placed_as_each_is_by_itself(rules, own_rules, of_two) -> None:
    first = agreement("old", rules=own_rules, ends=date(2026, 3, 4) if of_two else None)
    agreements = (first, agreement("new", starts=date(2026, 3, 5)))[: 1 + of_two]
    said = product(
        ("Acme Dental", "Birch & Lowe", "Zeta Corp"),
        (MONDAY, SATURDAY),
        ("Patch night", "VPN"),
        ("Travel time", "Remote"),
        ("Approved", "Rejected"),
    )
    names = ("company", "date", "title", "work_type", "status")
    rows = [row(**dict(zip(names, each, strict=True))) for each in said] * 2
    random.Random(3).shuffle(rows)

    found = classify(*rows, rules=rules, agreements=agreements).rows

    assert [one.place for one in found] == [
        classified(each, rules=rules, agreements=agreements) for each in rows
    ]


def test_rows_of_which_the_rules_say_the_same_are_placed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    placed, really = [], Classifier._place
    monkeypatch.setattr(Classifier, "_place", lambda self, row: placed.append(row) or really(self, row))
    days = [MONDAY + timedelta(days=number) for number in range(9)]
    rows = [row(date=day, title=f"{day:%d} {what}") for day in days for what in ("Patch", "VPN")]

    found = classify(*rows, rules=(TRAVEL,), own_rules=(OWN,)).rows

    assert [one.place.pool for one in found] == ["onsite", None] * 9
    assert len(placed) == 2


def test_one_row_can_be_placed_by_itself() -> None:
    classifier = Classifier(rules=(), companies=COMPANIES, agreements=[("acme", agreement())])

    assert classifier.place(row(entry_id="7")) == classifier.place(row(entry_id="7"))
    assert classifier.place(row()).retainer == "support"


def test_rows_are_parted_into_those_that_are_entries_and_the_others() -> None:
    placed = [
        ("support", None),
        (None, OUTSIDE),
        ("support", REPEATED),
        ("support", LEFT_OUT),
        ("support", "travel"),
    ]
    rows = [Classified(row(), Place("acme", retainer, exclusion=reason)) for retainer, reason in placed]

    assert taking_part(rows) == [rows[0], rows[4]]
    assert taking_no_part(rows) == rows[1:4]
    assert (taking_part(rows[:1]), taking_no_part(rows[:1])) == (rows[:1], [])
