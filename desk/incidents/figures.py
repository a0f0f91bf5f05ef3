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
from retainers.drawn import IncidentSum, Marks, account_of, incidents_of
from retainers.hours import ZERO
from retainers.models import Entry
from retainers.selectors import Standing
from retainers.terms import Adjustment, TopUp


@dataclass(frozen=True, slots=True)
class IncidentCase:
    """One incident of the current cycle.

    `account` is the name of the account that its first entry drew on, "" where there is only one;
    `left_before` what was left there when it began, never below zero; hours granted or charged after that day don't
    change it. `refs` are its counted entries, oldest first. `alerts`: its hours have reached the agreement's threshold.
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
    standing: Standing, cycle: CycleBalance, found: Sequence[Account], marks: Marks
) -> tuple[IncidentCase, ...]:
    """The incidents of the cycle, the one that took most first. `found` are the cycle's accounts."""
    return cases_of(incidents_of(cycle, marks).sums, standing, cycle, found)


def cases_of(
    sums: Iterable[IncidentSum], standing: Standing, cycle: CycleBalance, found: Sequence[Account]
) -> tuple[IncidentCase, ...]:
    """The same of hours that somebody has added up already."""
    by_key = {account.key: account for account in found}
    threshold = standing.agreement.incident_alert_hours
    cases = (_case(each, by_key, _granted_since(each, standing, cycle), threshold) for each in sums)
    return tuple(sorted(cases, key=lambda case: (-case.hours, case.first, case.mark)))


def _granted_since(of: IncidentSum, standing: Standing, cycle: CycleBalance) -> Decimal:
    """What its account was granted after the day it began, less what was charged."""
    grants: tuple[TopUp | Adjustment, ...] = (*standing.top_ups, *standing.adjustments)
    later = (
        each.hours
        for each in grants
        if of.first < each.date <= standing.on
        and account_of(cycle.terms.pool(each.pool).key, cycle) == of.account
    )
    return sum(later, ZERO)


def marks_of(standing: Standing) -> dict[int, str]:
    """The incident of each live entry of the retainer's current cycle."""
    if standing.current is None:
        return {}
    rows = Entry.objects.filter(
        retainer=standing.retainer, retired_in=None, day__gte=standing.current.starts
    ).exclude(incident="")
    return dict(rows.order_by().values_list("pk", "incident"))


def _case(
    of: IncidentSum, accounts: Mapping[str, Account], granted: Decimal, threshold: Decimal | None
) -> IncidentCase:
    account = accounts[of.account if of.account in accounts else ""]
    left = account.remaining - account.overage + of.since - granted
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
