"""Alga PSA: time entries.

`Duration (Hours)` is what is billed, 0 for non-billable work; worked hours are end minus start.
"""

from imports.reading.formats.table import Format

DISPLAY_NAME = "Alga PSA"
FORMATS = (
    Format(
        "alga",
        "time entries",
        ("Work Item", "Duration (Hours)", "Approval Status"),
        {
            "company": "Client | Company",
            "date": "Date",
            "start": "Start Time",
            "end": "End Time",
            "billable": "Duration (Hours)",
            "is_billable": "Billable",
            "technician": "User",
            "title": "Work Item",
            "work_type": "Service",
            "notes": "Notes",
        },
        times_give_hours=True,
    ),
)
REFUSALS = ()
