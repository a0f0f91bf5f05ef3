"""The incidents of a cycle: what one ticket took, by all technicians together, against what was left.

An incident is the mark that its entries bear (`Entry.incident`). The draws come from the ledger; the PSA's
titles and names are added by `incident_lines`, for staff only.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from presentation.accounts import Account
from retainers.balance import CycleBalance, Draw
from retainers.hours import ZERO
from retainers.models import Entry
from retainers.selectors import Standing

Marks = Mapping[int, str]  # an entry's key → its incident; entries without a ticket have none


@dataclass(frozen=True, slots=True)
class IncidentCase:
    """One incident of the current cycle.

    `account` is the name of the account that its first entry drew on, "" where there is only one;
    `left_before` what was left there when it began, never below zero. `refs` are its counted entries, oldest
    first. `alerts`: its hours have reached the agreement's threshold.
    """

    mark: str
    account: str
    hours: Decimal
    first: date
    last: date
    left_before: Decimal
    refs: tuple[int, ...]
    alerts: bool


def incident_cases(
    cycle: CycleBalance, found: Sequence[Account], marks: Marks, threshold: Decimal | None
) -> tuple[IncidentCase, ...]:
    """The incidents of the cycle, the one that took most first. `found` are the cycle's accounts."""
    in_order = sorted(
        (draw for draw in cycle.draws if draw.reason is None),
        key=lambda draw: (draw.work.day, draw.work.ref),
    )
    parts: dict[str, list[Draw]] = defaultdict(list)
    for draw in in_order:
        if mark := marks.get(draw.work.ref):
            parts[mark].append(draw)
    by_key = {account.key: account for account in found}
    since = _hours_since(in_order, by_key)
    cases = (
        _case(mark, draws, by_key, since, threshold)
        for mark, draws in parts.items()
        if sum((draw.hours for draw in draws), ZERO) > 0
    )
    return tuple(sorted(cases, key=lambda case: (-case.hours, case.first, case.mark)))


def marks_of(standing: Standing) -> dict[int, str]:
    """The incident of each live entry of the retainer's current cycle."""
    if standing.current is None:
        return {}
    rows = Entry.objects.filter(
        retainer=standing.retainer, retired_in=None, day__gte=standing.current.starts
    ).exclude(incident="")
    return dict(rows.order_by().values_list("pk", "incident"))


def _hours_since(in_order: Sequence[Draw], accounts: Mapping[str, Account]) -> dict[int, Decimal]:
    """For each draw, what its account was drawn on from it to the end of what is in."""
    running: dict[str, Decimal] = defaultdict(lambda: ZERO)
    found = {}
    for draw in reversed(in_order):
        key = _account_key(draw, accounts)
        running[key] += draw.hours
        found[draw.work.ref] = running[key]
    return found


def _account_key(draw: Draw, accounts: Mapping[str, Account]) -> str:
    return draw.pool if draw.pool in accounts else ""


def _case(
    mark: str,
    draws: Sequence[Draw],
    accounts: Mapping[str, Account],
    since: Mapping[int, Decimal],
    threshold: Decimal | None,
) -> IncidentCase:
    first = draws[0]
    account = accounts[_account_key(first, accounts)]
    hours = sum((draw.hours for draw in draws), ZERO)
    left = account.remaining - account.overage + since[first.work.ref]
    return IncidentCase(
        mark=mark,
        account=account.name if len(accounts) > 1 else "",
        hours=hours,
        first=first.work.day,
        last=draws[-1].work.day,
        left_before=max(left, ZERO),
        refs=tuple(dict.fromkeys(draw.work.ref for draw in draws)),
        alerts=threshold is not None and hours >= threshold,
    )
