"""The hours of a file in the open: what of its worked hours becomes of whom, so that none is lost unseen.

The file's worked hours are those of the rows that clients get, and what is excluded, refused, of unknown
companies, or held; in all and by client. Pure. Source: domain.md, "What a file is".
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from imports.publishing.plan import ClientPlan, HourSum, Plan
from imports.stages import NOT_A_CLIENT
from retainers.hours import ZERO, round_half_up

CENT = Decimal("0.01")
Part = tuple[str, ...]


class Sums(NamedTuple):
    """Hours at two places that add up: `worked` is the sum of `given`, `excluded` and the other three.

    `given` is by client and retainer, what the clients get; `counted` likewise, before multipliers; `held` is
    by client, `excluded` by reason.
    """

    worked: Decimal
    given: Mapping[tuple[str, str], Decimal]
    counted: Mapping[tuple[str, str], Decimal]
    excluded: Mapping[str, Decimal]
    refused: Decimal
    unknown: Decimal
    held: Mapping[str, Decimal]


def sums_of(plan: Plan) -> Sums:
    """The hours of every row of the file, each in one place."""
    going = plan.going
    exact: dict[Part, Decimal] = defaultdict(lambda: ZERO)
    counted: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for client in plan.clients:
        slug = client.client.slug
        for each in _alike(client):
            exact[_part(slug, each.reason, each.retainer, going)] += each.worked
            if each.reason is None and slug in going:
                counted[slug, each.retainer] += each.counted
    for part, hours in _of_nobody(plan):
        exact[part] += hours
    found = shared_out(exact)
    return Sums(
        worked=sum(found.values(), ZERO),
        given={(part[1], part[2]): hours for part, hours in found.items() if part[0] == "given"},
        counted=dict(counted),
        excluded=_named(found, "excluded"),
        refused=found.get(("refused",), ZERO),
        unknown=found.get(("unknown",), ZERO),
        held=_named(found, "held"),
    )


def _named(found: Mapping[Part, Decimal], kind: str) -> dict[str, Decimal]:
    return {part[1]: hours for part, hours in found.items() if part[0] == kind}


def shared_out(exact: Mapping[Part, Decimal]) -> dict[Part, Decimal]:
    """Parts of a sum at two places that add up to the sum at two places.

    >>> third = Decimal("0.3333")
    >>> [str(part) for part in shared_out({("a",): third, ("b",): third, ("c",): third}).values()]
    ['0.34', '0.33', '0.33']
    """
    found = {part: round_half_up(hours) for part, hours in exact.items()}
    missing = round_half_up(sum(exact.values(), ZERO)) - sum(found.values(), ZERO)
    step = CENT if missing > 0 else -CENT
    furthest = sorted(found, key=lambda part: (found[part] - exact[part]) * step)
    for part in furthest[: int(abs(missing) / CENT)]:
        found[part] += step
    return found


def _alike(client: ClientPlan) -> list[HourSum]:
    """The client's rows by what a sum looks at (why not counted, retainer), in the order of the file."""
    found = {
        (each.reason, each.retainer): (each.line, each.worked, each.counted) for each in client.sums.hours
    }
    for kind in client.still_kinds:
        mine = kind.reason, kind.retainer
        first, worked, counted = found.get(mine) or (kind.line, ZERO, ZERO)
        more = kind.worked * kind.number, kind.counted * kind.number
        found[mine] = min(kind.line, first), worked + more[0], counted + more[1]
    sums = (HourSum(line, *mine, *hours) for mine, (line, *hours) in found.items())
    return sorted(sums, key=attrgetter("line"))


def _part(slug: str, reason: str | None, retainer: str, going: Collection[str]) -> Part:
    if reason is not None:
        return "excluded", reason
    return ("given", slug, retainer) if slug in going else ("held", slug)


def _of_nobody(plan: Plan) -> Iterator[tuple[Part, Decimal]]:
    yield from ((("refused",), problem.worked) for problem in plan.refused)
    yield from ((("unknown",), unknown.hours) for unknown in plan.unknown)
    yield from ((("excluded", TOP_UP), ZERO) for _ in plan.grants)
    if plan.not_clients:
        yield ("excluded", NOT_A_CLIENT), plan.not_clients


TOP_UP = "top-up"
