"""Figures in a file that stand for other rows: what they state, and whether the rows above add up to them.

A line of figures without date and label is a subtotal only where the sum is right; else it is a refused row.
"""

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from imports.reading.build import Plan
from imports.reading.formats.table import HOURS_FIELDS
from imports.reading.records import Record
from imports.reading.rows import Grant, Problem, Row, SetAside
from imports.reading.set_aside import Body
from imports.reading.values import BadValueError, parse_duration
from retainers.hours import ZERO

_TOLERANCE = Decimal("0.01")
_GROUPS_LOOKED_BACK = 10
Result = Row | Grant | Problem


def stated_hours(record: Record, name: str, plan: Plan) -> Decimal | None:
    """What a record of totals says in a field of hours; None where it says nothing."""
    found = plan.columns.figure(name, record.cells)
    if found is None:
        return None
    try:
        return parse_duration(found[1], plan.measures[found[0]].unit, plan.mark)
    except BadValueError:
        return None


def judge_sums(body: Body, results: Sequence[Result], plan: Plan) -> tuple[list[SetAside], list[Problem]]:
    """Subtotals among the unlabelled figures, and refused rows; `results` are what the entries became."""
    explained: list[SetAside] = []
    refused: list[Problem] = []
    running = _Running(results)
    for record, before in body.sums:
        if any(running.adds_up(record, start, before, plan) for start in _starts(body.breaks, before)):
            explained.append(SetAside(record.line, "subtotal"))
            continue
        column = plan.columns.title(plan.columns.day_indexes[0])
        message = "the date is missing; wanted the day of the work, like 2026-06-30"
        refused.append(Problem(record.line, column, "", message))
    return explained, refused


def _starts(breaks: Sequence[int], before: int) -> list[tuple[int, bool]]:
    """Where the rows of a sum may begin, and whether a line set aside stands there: a group, or the file."""
    at = bisect_left(breaks, before)
    return [(0, False), *((start, True) for start in breaks[max(0, at - _GROUPS_LOOKED_BACK) : at])]


class _Running:
    """Running sums of each field of hours, and the running number of rows, entry by entry."""

    def __init__(self, results: Sequence[Result]) -> None:
        rows = [result if isinstance(result, Row) else None for result in results]
        self.count = list(accumulate((int(row is not None) for row in rows), initial=0))
        self.hours = {
            name: list(accumulate((getattr(row, name, None) or ZERO for row in rows), initial=ZERO))
            for name in HOURS_FIELDS
        }

    def adds_up(self, record: Record, start: tuple[int, bool], before: int, plan: Plan) -> bool:
        """Whether the rows from a start on add up; a single row is a group only under a heading."""
        first, is_group = start
        if self.count[before] - self.count[first] < (1 if is_group else 2):
            return False
        for name, sums in self.hours.items():
            stated = stated_hours(record, name, plan)
            if stated and abs(stated - (sums[before] - sums[first])) <= _TOLERANCE:
                return True
        return False
