"""What an agreement file says that can't be true together: rules without hours, keys twice, entries claimed twice."""

import tomllib
from copy import deepcopy
from datetime import date, time

import tomli_w

from retainers.agreements.reading import read_file
from retainers.terms import BusinessHours
from tests.retainers.agreement_file import (
    ADJUSTMENT,
    FILE,
    HOURS,
    IN_RETAINER,
    LATER,
    LEFT_OUT,
    RETAINER,
    RULE,
    TOP_UP,
    changed,
    problems_of,
    retainer_of,
)


def test_a_rule_on_time_needs_business_hours() -> None:
    text = changed(("provider", "business_hours"), LEFT_OUT)

    (problem,) = problems_of(text)

    assert problem.place == "rules[Night].when.time"


def test_a_rule_on_holidays_needs_business_hours() -> None:
    document = tomllib.loads(changed(("provider", "business_hours"), LEFT_OUT))
    document["rules"][0]["when"] = {"holiday": True}

    (problem,) = problems_of(tomli_w.dumps(document))

    assert (problem.place, "holiday" in problem.message) == ("rules[Night].when.holiday", True)


def test_a_retainers_rule_on_time_may_rest_on_its_own_business_hours() -> None:
    document = tomllib.loads(changed((*RETAINER, "business_hours"), HOURS))
    document["clients"][0]["retainers"][0]["rules"][0]["when"] = {"time": "after_hours"}
    del document["provider"]["business_hours"], document["rules"]

    agreement = retainer_of(read_file(tomli_w.dumps(document))).agreement

    assert agreement.business_hours == (BusinessHours(("mon",), time(8), time(17)),)


def test_a_rule_that_ends_before_it_begins_is_refused() -> None:
    document = tomllib.loads(changed((*RULE, "from"), date(2026, 3, 2)))
    document["clients"][0]["retainers"][0]["rules"][0]["until"] = date(2026, 3, 1)

    (problem,) = problems_of(tomli_w.dumps(document))

    assert problem.place == f"{IN_RETAINER}.rules[Maintenance tickets].until"


def test_a_key_stands_once_among_a_retainers_grants() -> None:
    document = tomllib.loads(changed((*TOP_UP, "key"), "po-1"))
    document["clients"][0]["retainers"][0]["adjustments"][0]["key"] = "po-1"

    (problem,) = problems_of(tomli_w.dumps(document))

    assert problem.place == f"{IN_RETAINER}.adjustments[po-1].key"


def test_later_terms_may_change_the_cycle_from_any_day_and_the_sharing() -> None:
    document = tomllib.loads(changed((*LATER, "from"), date(2026, 4, 3)))
    document["clients"][0]["retainers"][0]["terms"][1] |= {"anchor_day": 1, "sharing": "shared"}

    later = retainer_of(read_file(tomli_w.dumps(document))).agreement.terms[1]

    assert (later.anchor_day, later.months, later.sharing) == (1, None, "shared")


def test_the_day_on_which_hours_end_is_a_date_or_its_text() -> None:
    for written in (date(2026, 3, 31), "2026-03-31"):
        (top_up,) = retainer_of(read_file(changed((*TOP_UP, "expires"), written))).top_ups
        assert top_up.expires == date(2026, 3, 31)


def test_a_rule_on_time_may_rest_on_the_business_hours_that_a_provider_has() -> None:
    text = changed(("provider", "business_hours"), LEFT_OUT)

    assert read_file(text, with_business_hours=["northwind-it"]).business_hours is None


def test_a_pool_that_only_a_later_version_has_may_be_named() -> None:
    rules = retainer_of(read_file(changed((*RULE, "then", "pool"), "onsite"))).agreement.rules

    assert rules[0].then.pool == "onsite"


def test_a_shared_account_needs_no_pool_for_a_top_up() -> None:
    document = tomllib.loads(changed((*TOP_UP, "pool"), LEFT_OUT))
    for terms in document["clients"][0]["retainers"][0]["terms"]:
        terms["sharing"] = "shared"

    assert retainer_of(read_file(tomli_w.dumps(document))).top_ups[0].pool is None


def test_a_version_with_one_pool_needs_no_pool_for_an_adjustment() -> None:
    text = changed((*ADJUSTMENT, "pool"), LEFT_OUT)

    assert retainer_of(read_file(text)).adjustments[0].pool is None
    (problem,) = problems_of(text.replace("2026-04-20", "2026-03-14"))
    assert problem.place == f"{IN_RETAINER}.adjustments[1]"


def with_second_client(**client: object) -> str:
    document = tomllib.loads(FILE)
    document["clients"].append({"slug": "birch", "name": "Birch"} | client)
    return tomli_w.dumps(document)


def test_a_client_stands_once_in_a_file() -> None:
    (problem,) = problems_of(with_second_client(slug="acme-dental"))

    assert (problem.place, "2 times" in problem.message) == ("clients", True)


def test_a_company_name_belongs_to_one_client() -> None:
    (problem,) = problems_of(with_second_client(psa_names=["ACME  dental group, inc."]))

    assert problem.place == "clients[birch].psa_names"
    assert "acme-dental" in problem.message


def test_a_member_and_a_contact_stand_once() -> None:
    twice = tomllib.loads(FILE)
    twice["members"] *= 2
    twice["clients"][0]["contacts"] *= 2

    places = {problem.place for problem in problems_of(tomli_w.dumps(twice))}

    assert places == {"members", "clients[acme-dental].contacts"}


def with_second_retainer(**retainer: object) -> str:
    document = tomllib.loads(FILE)
    second = deepcopy(document["clients"][0]["retainers"][0])
    for name in ("top_ups", "adjustments", "rules"):
        del second[name]
    document["clients"][0]["retainers"].append(second | {"key": "block"} | retainer)
    return tomli_w.dumps(document)


def test_two_retainers_alive_on_a_day_may_not_both_take_entries_of_any_agreement() -> None:
    (problem,) = problems_of(with_second_retainer())

    assert problem.place == "clients[acme-dental].retainers[block].psa_agreements"


def test_a_second_retainer_may_name_its_agreement() -> None:
    read_file(with_second_retainer(psa_agreements=["Block"]))


def test_a_renewal_may_claim_the_same_entries_from_the_day_after() -> None:
    renewal = {"starts": date(2027, 1, 1), "ends": date(2027, 12, 31)}
    terms = [{"pools": [{"key": "a", "name": "A", "hours": "1"}]}]

    read_file(with_second_retainer(**renewal, terms=terms))


def test_a_retainer_key_stands_once_in_a_client() -> None:
    (problem,) = problems_of(with_second_retainer(key="support", psa_agreements=["Block"]))

    assert "2 times" in problem.message
