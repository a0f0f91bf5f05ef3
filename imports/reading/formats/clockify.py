"""Clockify: the Detailed report.

`Date of creation` is not the day of the work; rates and profit are never read.
"""

from imports.reading.formats.table import Format, RefusedShape

DISPLAY_NAME = "Clockify"
_COLUMNS = {
    "company": "Client",
    "agreement": "Project",
    "date": "Start Date",
    "start": "Start Date + Start Time",
    "end": "End Date + End Time",
    "worked": "Duration (h) | Duration (decimal)",
    "is_billable": "Billable",
    "technician": "User",
    "ticket_type": "Tags",
    "work_type": "Task | Activity | Tags",
    "notes": "Description",
}
_NOT_COUNTED = "Invoiced | Invoice ID | Type | Group | Email | Date of creation | Approved by"

FORMATS = (
    Format(
        "clockify",
        "Detailed report",
        ("Start Date", "User | Email | Group", "Duration (h) | Duration (decimal)"),
        _COLUMNS,
        times_give_hours=True,
        passed_over=_NOT_COUNTED,
    ),
    Format(
        "clockify",
        "Detailed report without durations",
        ("Start Date", "Start Time", "End Date", "End Time", "User | Email | Group", "Project | Description"),
        _COLUMNS,
        never=("Duration",),
        times_give_hours=True,
        passed_over=_NOT_COUNTED,
    ),
)
REFUSALS = (
    RefusedShape(
        "clockify",
        "Summary report",
        ("Time (h)", "Time (decimal)"),
        "This is a summary. In Clockify open Reports, Detailed, and export that as CSV.",
        never=("Start Date", "Date"),
        unless_dated=True,
    ),
)
