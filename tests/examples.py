"""Of how many random examples a property is asked: of all in `make test-long`, of a part in `make test`."""

import os
from typing import Any

import pytest

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "suite")
FEWEST, PART = 10, 6


def examples(count: int) -> int:
    return count if PROFILE == "deep" else max(FEWEST, count // PART)


def seeds(few: int, count: int) -> list[Any]:
    """Of as many random histories, each from a seed of its own, the first few are in `make test`."""
    return [*range(few), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(few, count))]
