"""The worked examples in the pure modules are true."""

import doctest

import pytest

from retainers import cycles, hours, ledger, lots, pricing, wire


@pytest.mark.parametrize("module", [hours, cycles, pricing, lots, ledger, wire], ids=lambda it: it.__name__)
def test_worked_examples_hold(module):
    found = doctest.testmod(module)

    assert found.attempted > 0
    assert found.failed == 0
