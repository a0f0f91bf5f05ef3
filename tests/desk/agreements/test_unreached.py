"""A pool that no rule names is said, and leads to the form of the rule."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from retainers.agreements.rules import not_named
from retainers.terms import Effects, Pool, Rule
from tests.desk.conftest import TODAY
from tests.factories import bank

TWO = bank()
TWO = replace(
    TWO,
    terms=(
        replace(
            TWO.terms[0],
            pools=(Pool("reactive", "Reactive", Decimal(12)), Pool("planned", "Planned work", Decimal(8))),
        ),
    ),
)
NAMES = Rule("Planned", Effects(pool="planned"))


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ((), ("Planned work",)),
        ((NAMES,), ()),
        ((replace(NAMES, until=TODAY),), ()),
        ((replace(NAMES, until=date(2026, 1, 1)),), ("Planned work",)),
        ((Rule("Elsewhere", Effects(pool="planned", retainer="other")),), ("Planned work",)),
    ],
)
def test_a_pool_is_said_that_no_rule_in_force_puts_work_into(rules, said):
    assert not_named(TWO, rules, TODAY) == said


def test_the_form_says_it_and_leads_to_a_rule_for_this_agreement(world, manager):
    world.client("Acme", agreement=TWO, link=False)
    page = manager.get(f"/clients/acme/retainers/{TWO.key}/agreement/").text
    assert "No rule puts work into “Planned work” yet" in page
    assert f"?of=acme.{TWO.key}" in page
    assert "“Reactive” yet" not in page
