"""Rows of an export that become no entry of anybody, added up: for the month-end, so that no hour gets lost.

What is excluded by a rule, as travel or as non-billable is an entry all the same, with its reason; these
are not: rows of unknown companies and of those that are no clients, rows that no retainer takes or whose agreement
none of the client's names, and rows that repeat another one.
"""

from collections.abc import Iterable
from decimal import Decimal

from imports.publishing.plan_marks import LeftOut
from imports.reading.rows import worked_of
from imports.stages import OUTSIDE, Classified
from retainers.hours import ZERO, round_half_up

UNKNOWN = "unknown company"
UNCLAIMED = "unknown agreement"


def left_out(unknown: Iterable[Classified], untaken: Iterable[Classified]) -> tuple[LeftOut, ...]:
    """What is left out of an import, by company (or unknown agreement), reason and month of the work."""
    found: dict[tuple[str, str, str, str], tuple[int, Decimal]] = {}
    reasoned = [(row, UNCLAIMED if row.unclaimed else UNKNOWN) for row in unknown]
    reasoned += [(row, row.exclusion or OUTSIDE) for row in untaken]
    for classified, reason in reasoned:
        row = classified.row
        named = row.agreement if classified.unclaimed else row.company
        key = (classified.client or "", " ".join(named.split()), reason, f"{row.date:%Y-%m}")
        rows, hours = found.get(key, (0, ZERO))
        found[key] = rows + 1, hours + worked_of(classified.row)
    return tuple(LeftOut(*key, rows, round_half_up(hours)) for key, (rows, hours) in sorted(found.items()))
