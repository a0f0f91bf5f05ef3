"""Of how many random examples a property is asked: of all in `make test-long`, of a part in `make test`."""

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "suite")
FEWEST, PART = 10, 4


def examples(count: int) -> int:
    return count if PROFILE == "deep" else max(FEWEST, count // PART)
