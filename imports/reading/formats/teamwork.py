"""Teamwork: the time export. Hours and minutes are two columns of one duration; `Decimal hours` repeats them."""

from imports.reading.formats.table import Format

DISPLAY_NAME = "Teamwork"

FORMATS = (
    Format(
        "teamwork",
        "time export",
        ("Date", "Is it billable?", "Hours", "Minutes", "Who | First name"),
        {
            "entry_id": "ID",
            "company": "Company",
            "agreement": "Project",
            "date": "Date",
            "start": "Date/time",
            "end": "End date/time",
            "worked": "Hours + Minutes | Decimal hours",
            "is_billable": "Is it billable?",
            "technician": "Who | First name + Last name",
            "ticket": "Task ID",
            "ticket_type": "Task tags | Tags",
            "work_type": "Task tags | Tags",
            "title": "Task",
            "notes": "Description",
        },
        passed_over="Project category | User ID",
    ),
)
REFUSALS = ()
