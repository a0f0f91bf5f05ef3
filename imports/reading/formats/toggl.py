"""Toggl Track: the Detailed report, classic and new. A dash is an empty cell; `Duration` is trusted.

With rounding on, Duration differs from stop minus start, so the times only place the entry.
"""

from imports.reading.formats.table import Format, RefusedShape

DISPLAY_NAME = "Toggl Track"
_COLUMNS = {
    "company": "Client",
    "agreement": "Project",
    "date": "Start date",
    "start": "Start date + Start time",
    "end": "End date + End time | Stop date + Stop time",
    "worked": "Duration",
    "is_billable": "Billable",
    "technician": "User | Member",
    "ticket_type": "Tags",
    "work_type": "Task | Tags",
    "notes": "Description",
}
_EMPTY = frozenset({"-"})

FORMATS = (
    Format(
        "toggl",
        "Detailed report, classic",
        ("Start date", "End date", "Duration", "User", "Tags | Description"),
        _COLUMNS,
        never=("Duration (h)", "Duration (decimal)"),
        empty=_EMPTY,
    ),
    Format(
        "toggl",
        "Detailed report",
        ("Start date", "Stop date | Stop time", "Duration"),
        _COLUMNS,
        empty=_EMPTY,
    ),
)
REFUSALS = (
    RefusedShape(
        "toggl",
        "Summary report",
        ("Duration", "Project | Client", "User | Member | Title | Description | Amount (USD) | Amount (EUR)"),
        "This is a summary without the days of the work. In Toggl Track open Reports, Detailed, and export "
        "that as CSV.",
        never=(
            "Start date",
            "Date",
            "From",
            "Start",
            "Datum",
            "Von",
            "Duration (decimal)",
            "Activity",
            "Tätigkeit",
        ),
        unless_dated=True,
    ),
)
