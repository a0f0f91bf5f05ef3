"""The worked examples in the pure modules are true."""

import doctest

import pytest

from imports.judging import splitting
from retainers import (
    blocks,
    cycles,
    endings,
    hours,
    ledger,
    lots,
    pricing,
    regranting,
    replay,
    terms,
    wire,
)
from retainers import (
    row_values as records,
)
from retainers.agreements import business_hours

MODULES = [
    *(hours, terms, cycles, pricing, lots, ledger, endings, blocks, wire, regranting, replay, records),
    *(business_hours, splitting),
]


@pytest.mark.parametrize("module", MODULES, ids=lambda it: it.__name__)
def test_worked_examples_hold(module):
    found = doctest.testmod(module)

    assert found.attempted > 0
    assert found.failed == 0
