"""The dashboard as a CSV file: a line for each account, every figure as a plain number."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from desk.dashboard.reasons import state_name
from desk.dashboard.status import URGENCY, ClientCase, Left, RetainerCase
from presentation.accounts import Account, spendable
from presentation.sheets import guarded
from retainers.hours import write_hours


def clients_csv(cases: Iterable[ClientCase], zone: ZoneInfo) -> str:
    """In the order given; no text can start a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_headings())
    writer.writerows(line for case in cases for line in _lines(case, zone))
    return out.getvalue()


def _headings() -> Sequence[str]:
    return (
        _("Client"),
        _("Retainer"),
        _("Pool"),
        _("Granted"),
        _("Taken"),
        _("Left"),
        _("Over"),
        _("Cycle starts"),
        _("Resets"),
        _("Covers through"),
        _("Next update"),
        _("Link last opened"),
        _("Times opened"),
        _("State"),
    )


def _lines(case: ClientCase, zone: ZoneInfo) -> Iterator[list[str]]:
    states = sorted(case.states, key=URGENCY.__getitem__)
    opened_at = case.links.opened_at
    end = [
        opened_at.astimezone(zone).date().isoformat() if opened_at else "",
        str(case.links.opened_count),
        ", ".join(state_name(state) for state in states),
    ]
    for each in case.retainers:
        for left in each.lefts or (None,):
            yield [guarded(case.name), *_account(each, left), *_dates(each), *end]
    if not case.retainers:
        yield [guarded(case.name), *[""] * 10, *end]


def _account(case: RetainerCase, left: Left | None) -> list[str]:
    if left is None:
        return [guarded(case.name), "", "", "", "", ""]
    account = left.account
    figures = (account.granted, account.taken, _left(case, account), account.overage)
    return [guarded(case.name), guarded(account.name), *(write_hours(value) for value in figures)]


def _left(case: RetainerCase, account: Account) -> Decimal:
    return spendable(account, case.cycle) if case.cycle else account.remaining


def _dates(case: RetainerCase) -> list[str]:
    cycle, fresh = case.cycle, case.freshness
    resets = cycle.resets if cycle and not case.is_block else None
    found = (cycle.starts if cycle else None, resets, fresh.through, fresh.next_update)
    return [day.isoformat() if day else "" for day in found]
