"""What formats, and the ways in which their dates were read, are called on the import pages."""

from collections.abc import Mapping

from imports.reading.formats import DISPLAY_NAMES
from imports.reading.ready_made import PROPOSALS

_TOOLS = {proposal.name: proposal.label for proposal in PROPOSALS}
DATE_ORDERS = {
    "mdy": "dates read as month/day/year",
    "dmy": "dates read as day/month/year",
    "ymd": "dates read as year-month-day",
}


def format_name(name: str, called: Mapping[str, str] | None = None) -> str:
    """A format or a tool as people call it; a saved mapping by what it is called (`saved_mappings.called`)."""
    return DISPLAY_NAMES.get(name) or _TOOLS.get(name) or (called or {}).get(name, name)


def date_order(order: str) -> str:
    """How the days of a file were read, where that was a question."""
    return DATE_ORDERS.get(order, "")
