"""Random agreements and exports come out as the second, simple reading of the rules says."""

import io

import pytest
from django.core.management import call_command

from tests.acceptance.comparing import differences

FEW, ON_BOTH, ALL = (
    10,
    20,
    60,
)  # what the engines do differently shows in a few; the rules are the same in all
SEEDS = [
    *range(FEW),
    *(pytest.param(seed, marks=pytest.mark.long) for seed in range(FEW, ON_BOTH)),
    *(pytest.param(seed, marks=[pytest.mark.long, pytest.mark.one_engine]) for seed in range(ON_BOTH, ALL)),
]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_agreement_and_its_export_give_the_balances_of_the_reference(seed, db, tmp_path):
    def run(*words):
        out = io.StringIO()
        call_command(*words, stdout=out)
        return out.getvalue()

    assert list(differences(seed, run, tmp_path)) == []
