"""HourTab's own template: the columns of contract.md, in any order; also what any hand-kept sheet can use."""

from imports.reading.formats.table import Format

DISPLAY_NAME = "HourTab template"
COLUMNS = {
    "entry_id": "Entry ID",
    "company": "Client",
    "agreement": "Agreement",
    "date": "Date",
    "start": "Start",
    "end": "End",
    "worked": "Hours",
    "billable": "Billable hours",
    "deducted": "Deducted hours",
    "is_billable": "Billable",
    "technician": "Technician",
    "ticket": "Ticket",
    "ticket_type": "Ticket type",
    "board": "Board",
    "title": "Title",
    "work_type": "Work type",
    "work_role": "Work role",
    "location": "Location",
    "notes": "Notes",
    "description": "Client description",
}

FORMATS = (
    Format(
        name="generic",
        shape="HourTab template",
        needs=("Date", "Hours"),
        columns={**COLUMNS, "is_billable": "Billable | Billable?"},
        empty=frozenset(),
        is_template=True,
    ),
)
REFUSALS = ()
