"""One retainer of an agreement file: what its tables say, and everything that is wrong with them."""

from datetime import date

from retainers.agreements import checks, readers
from retainers.agreements.fields import AGREEMENT, TERMS
from retainers.agreements.granted import ADJUSTMENT, TOP_UP
from retainers.agreements.tables import Table
from retainers.files import RetainerFile
from retainers.terms import Terms

_SOME_DAY = date(2000, 1, 1)


def read_retainer(table: Table, *, has_business_hours: bool) -> RetainerFile:
    """A retainer's values, with all that is wrong with them left in the table's findings."""
    known = len(table.findings)
    retainer = _read_values(table)
    agreement, top_ups, adjustments = retainer.agreement, retainer.top_ups, retainer.adjustments
    readable = len(table.findings) == known
    table.judge(
        checks.find_wrong_values(
            agreement, top_ups, adjustments, has_business_hours=has_business_hours, at=table.place
        )
    )
    if readable:
        table.judge(checks.find_contradictions(agreement, top_ups, adjustments, at=table.place))
    return retainer


def _read_values(table: Table) -> RetainerFile:
    top_ups = tuple(TOP_UP.read(item) for item in table.tables("top_ups", shown_by="key"))
    adjustments = tuple(ADJUSTMENT.read(item) for item in table.tables("adjustments", shown_by="key"))
    starts = table.need("starts", readers.day, _SOME_DAY)
    agreement = AGREEMENT.read(table, starts=starts, terms=_read_versions(table, starts))
    return RetainerFile(agreement, top_ups, adjustments)


def _read_versions(retainer: Table, starts: date) -> tuple[Terms, ...]:
    """The versions of the terms; the first one is in force from the start, whether it says so or not."""
    versions: list[Terms] = []
    for table in retainer.tables("terms"):
        read_since = table.need if versions else table.get
        versions.append(TERMS.read(table, starts=read_since("from", readers.day, starts)))
    return tuple(versions)
