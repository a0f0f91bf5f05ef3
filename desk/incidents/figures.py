"""The incidents of a cycle: what one ticket took, by all technicians together, against what was left.

An incident is the mark that its entries bear (`Entry.incident`). The draws come from the ledger; the PSA's
titles and names are added by `page`, for staff only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from presentation.accounts import Account
from retainers.balance import CycleBalance
from retainers.drawn import IncidentSum, Marks, incidents_of
from retainers.hours import ZERO
from retainers.models import Entry
from retainers.selectors import Standing


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
    return cases_of(incidents_of(cycle, marks).sums, found, threshold)


def cases_of(
    sums: Iterable[IncidentSum], found: Sequence[Account], threshold: Decimal | None
) -> tuple[IncidentCase, ...]:
    """The same of hours that somebody has added up already."""
    by_key = {account.key: account for account in found}
    cases = (_case(each, by_key, threshold) for each in sums)
    return tuple(sorted(cases, key=lambda case: (-case.hours, case.first, case.mark)))


def marks_of(standing: Standing) -> dict[int, str]:
    """The incident of each live entry of the retainer's current cycle."""
    if standing.current is None:
        return {}
    rows = Entry.objects.filter(
        retainer=standing.retainer, retired_in=None, day__gte=standing.current.starts
    ).exclude(incident="")
    return dict(rows.order_by().values_list("pk", "incident"))


def _case(of: IncidentSum, accounts: Mapping[str, Account], threshold: Decimal | None) -> IncidentCase:
    account = accounts[of.account if of.account in accounts else ""]
    left = account.remaining - account.overage + of.since
    return IncidentCase(
        mark=of.mark,
        account=account.name if len(accounts) > 1 else "",
        hours=of.hours,
        first=of.first,
        last=of.last,
        left_before=max(left, ZERO),
        refs=of.refs,
        alerts=threshold is not None and of.hours >= threshold,
    )
