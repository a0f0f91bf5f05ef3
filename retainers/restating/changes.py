"""Which closed cycles a deed changes: the figures and lines that a client sees, before and after.

Whether a cycle is complete or settled is asked of what stood before the deed: what completes a cycle does not
restate it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from accounts.models import Provider
from accounts.seen import Seen
from retainers.balance import CycleBalance
from retainers.closings import Closings, closings_of
from retainers.effect_words import Money, cycle_line, plain_money
from retainers.effects import BalanceChange, CycleChange
from retainers.models import Restatement, Retainer
from retainers.terms import Agreement
from retainers.wire import cycle_json


class Law(StrEnum):
    """From when on a closed cycle is restated by what changes it (domain.md, "Settled" and "Restatements")."""

    COMPLETE = "complete"  # terms, grants, rules, business hours, names
    SETTLED = "settled"  # work: an import, its undoing, one entry


class Restated(NamedTuple):
    """A closed cycle of a retainer that says something else after a deed."""

    retainer: Retainer
    change: CycleChange
    name: str = ""  # of the agreement

    @property
    def cycle_starts(self) -> date:
        return self.change.cycle.starts

    def line(self, money: Money = plain_money) -> str:
        """`acme/support: 2026-05 12.00 used → 13.00`"""
        said = cycle_line(self.change, money) if self.change.differs else "other lines, the same hours"
        return f"{self.retainer.client.slug}/{self.retainer.key}: {said}"


def restated_cycles(
    retainer: Retainer, change: BalanceChange, closings: Closings, law: Law
) -> tuple[Restated, ...]:
    """The closed cycles that are restated where the retainer's balances change so, oldest first.

    `closings` are those of before the deed.
    """
    before = {cycle.starts: cycle for cycle in change.before}
    after = {cycle.starts: cycle for cycle in change.after}
    return tuple(
        Restated(retainer, CycleChange(before[starts], after.get(starts)), change.name)
        for starts in sorted(closings.keys() & before.keys())
        if _is_held(closings, starts, change.on, law) and _differs(before[starts], after.get(starts), law)
    )


def restated_in(
    changes: Sequence[tuple[Retainer, BalanceChange]], closings: Mapping[int, Closings], law: Law
) -> tuple[Restated, ...]:
    """The same of many retainers, in their order."""
    return tuple(
        each
        for retainer, change in changes
        for each in restated_cycles(retainer, change, closings.get(retainer.pk, {}), law)
    )


def digest(restated: Sequence[Restated]) -> str:
    """Names what would be restated, old figures and new: a person agrees to just that."""
    said = [
        (
            each.retainer.pk,
            each.cycle_starts,
            [_said(side) for side in (each.change.before, each.change.after)],
        )
        for each in restated
    ]
    return Seen(words=said).digest if said else ""


def _said(cycle: CycleBalance | None) -> object:
    return cycle and (cycle_json(cycle, provisional=False), sorted(map(str, _lines(cycle).items())))


def _is_held(closings: Closings, starts: date, on: date, law: Law) -> bool:
    found = closings[starts]
    return found.complete_on is not None if law is Law.COMPLETE else found.is_settled(on)


def _differs(before: CycleBalance, after: CycleBalance | None, law: Law) -> bool:
    """Work restates by its figures, and says of its lines itself which were corrected (`portal.corrections`)."""
    if after is before:  # nothing in it was touched
        return False
    if after is None or CycleChange(before, after).differs:
        return True
    return law is Law.COMPLETE and _lines(before) != _lines(after)


def _lines(cycle: CycleBalance) -> Counter[tuple[object, ...]]:
    """What a client sees of each counted line but its words."""
    return Counter(
        (draw.work.day, draw.pool, draw.hours, draw.factor, draw.multipliers)
        for draw in cycle.draws
        if draw.reason is None and draw.hours
    )


def cause_of(before: Agreement | None, after: Agreement) -> str:
    """Terms, where more than the retainer's own rules and business hours differs; grants, where nothing does."""
    if before is None or _agreed(before) != _agreed(after):
        return Restatement.Cause.TERMS
    if before.business_hours != after.business_hours:
        return Restatement.Cause.HOURS
    return Restatement.Cause.RULES if before.rules != after.rules else Restatement.Cause.GRANT


def _agreed(agreement: Agreement) -> Agreement:
    return replace(agreement, rules=(), business_hours=())


def foreseen(
    provider: Provider, changes: Iterable[BalanceChange], law: Law = Law.COMPLETE
) -> tuple[Restated, ...]:
    """The closed cycles that would be restated where the balances of the provider's retainers change so.

    What `restating` finds once it is done, in the same order, so that the two have one `digest`.
    """
    pairs = _pairs(each for each in changes if any(cycle.closed for cycle in each.before))
    if not pairs:
        return ()
    cycles = {row.pk: change.before for row, change in pairs}
    known = closings_of(cycles, [row for row, _change in pairs], pairs[0][1].on, provider)
    return restated_in(pairs, known, law)


def _pairs(changes: Iterable[BalanceChange]) -> Sequence[tuple[Retainer, BalanceChange]]:
    found = {(each.client.pk, each.key): each for each in changes}
    rows = Retainer.objects.filter(client__in={pk for pk, _key in found}, publication__isnull=False)
    ordered = rows.select_related("client", "publication").order_by("client__slug", "key")
    return [(row, found[row.client_id, row.key]) for row in ordered if (row.client_id, row.key) in found]
