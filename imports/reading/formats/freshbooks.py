"""FreshBooks: time entry details. `Status` says when, not whether: billed and unbilled work is billable alike."""

from imports.reading.formats.table import Format

DISPLAY_NAME = "FreshBooks"

FORMATS = (
    Format(
        "freshbooks",
        "time entry details",
        ("Date", "Team Member", "Hours", "Seconds | Service", "Status"),
        {
            "company": "Client",
            "agreement": "Project",
            "date": "Date",
            "worked": "Seconds | Hours",
            "is_billable": "Status",
            "technician": "Team Member",
            "work_type": "Service",
            "notes": "Note",
        },
    ),
)
REFUSALS = ()
