"""The overage to invoice as a CSV file: a line for each cycle, every figure as a plain number."""

import csv
import io

from django.utils.translation import gettext as _

from desk.month_end.page import MonthEnd, MonthEndCycle
from presentation.sheets import guarded
from retainers.hours import ZERO, write_hours


def overage_csv(found: MonthEnd) -> str:
    """What is billed for the month's cycles; no text can start a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        (
            _("Client"),
            _("Retainer"),
            _("Cycle starts"),
            _("Cycle"),
            _("Hours over"),
            _("Rate"),
            _("Amount"),
            _("Currency"),
            _("Provisional"),
            _("Stated"),
        )
    )
    writer.writerows(_line(line) for line in found.billed)
    return out.getvalue()


def _line(line: MonthEndCycle) -> tuple[str, ...]:
    return (
        guarded(line.client),
        guarded(line.retainer),
        line.starts,
        guarded(line.name),
        write_hours(line.over),
        write_hours(line.rate or ZERO),
        write_hours(line.amount),
        line.currency,
        _("yes") if line.provisional else _("no"),
        _("yes") if line.stated else _("no"),
    )
