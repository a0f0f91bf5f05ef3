"""Jetpack Workflow: the time log. Billable and other hours are two columns; the work was done at the log's end."""

from imports.reading.formats.table import Format

DISPLAY_NAME = "Jetpack Workflow"

FORMATS = (
    Format(
        "jetpack",
        "time log",
        ("NonBillable hours", "Billable hours", "Log end at | Done at", "Staff"),
        {
            "company": "Client",
            "agreement": "Job",
            "date": "Log end at | Done at",
            "worked": "NonBillable hours + Billable hours",
            "billable": "Billable hours",
            "technician": "Staff",
            "title": "Task",
            "notes": "Notes",
        },
        zero_bills_not=True,
        passed_over="Done at | Rate | Total Billable",
    ),
)
REFUSALS = ()
