"""Which pools can be hidden from the client: those without which what the client reads is still true."""

from collections.abc import Iterator

from retainers.agreements.problems import Finding, Place
from retainers.terms import Terms


def find_hiding_problems(terms: Terms, at: Place) -> Iterator[Finding]:
    """What would make a hidden pool show in the figures of the others; `at` is the place of the terms."""
    hidden = [(index, pool) for index, pool in enumerate(terms.pools) if pool.hidden]
    if not hidden:
        return
    index, pool = hidden[0]
    place = at.item("pools", index, pool.key).key("hidden")
    if terms.sharing == "shared":
        yield (
            place,
            'under sharing = "shared" all pools are one balance: hide a pool only where each has its own',
        )
    elif index == 0:
        yield place, "the first pool takes what no rule places: hide another one, or put another one first"
    elif not terms.is_block and not any(each.hours for each in terms.pools if not each.hidden):
        yield (
            place,
            "the pools that the client sees have no hours: what is left would read as a prepaid block",
        )
