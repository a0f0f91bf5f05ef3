"""solidtime: the detailed time entries export; its decimal durations are raw floats."""

from imports.reading.formats.table import Format

DISPLAY_NAME = "solidtime"
FORMATS = (
    Format(
        "solidtime",
        "detailed export",
        ("Duration (decimal)", "Start", "End"),
        {
            "company": "Client",
            "agreement": "Project",
            "date": "Start",
            "start": "Start",
            "end": "End",
            "worked": "Duration (decimal) | Duration",
            "is_billable": "Billable",
            "technician": "User",
            "ticket_type": "Tags",
            "work_type": "Task | Tags",
            "notes": "Description",
        },
        never=("Start Date",),
    ),
)
REFUSALS = ()
