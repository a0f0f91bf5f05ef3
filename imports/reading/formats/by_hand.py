"""Hours by hand: what HourTab's own form writes for a client without a tracker (`desk/by_hand`).

It names no client: the upload is one client's. What is typed is what is charged: both columns of hours hold it.
"""

from imports.reading.formats.table import Format

FORMAT = "by_hand"
DISPLAY_NAME = "Hours by hand"
COLUMNS = {
    "entry_id": "By hand",
    "date": "Date",
    "start": "Start",
    "worked": "Hours",
    "billable": "Billable hours",
    "title": "Work done",
    "technician": "Technician",
    "ticket": "Ticket",
    "work_type": "Work type",
}

FORMATS = (Format(FORMAT, "form", ("By hand", "Work done", "Hours"), COLUMNS, empty=frozenset()),)
REFUSALS = ()
