"""ClickUp: the time tracking export. Instants and durations are milliseconds, each with a text beside it.

It has no column for the client: a space, a folder or a list is one, which the person says.
"""

from imports.reading.formats.table import Format, Unit

DISPLAY_NAME = "ClickUp"

FORMATS = (
    Format(
        "clickup",
        "time entries",
        ("Time Entry ID", "Time Tracked | Time Tracked Text", "Start | Start Text"),
        {
            "entry_id": "Time Entry ID",
            "company": "Client | Customer",
            "date": "Start | Start Text",
            "start": "Start | Start Text",
            "end": "Stop | Stop Text",
            "worked": "Time Tracked | Time Tracked Text",
            "is_billable": "Billable",
            "technician": "Username",
            "ticket": "Task ID",
            "ticket_type": "Time Labels",
            "work_type": "Time Labels",
            "title": "Task Name",
            "notes": "Description",
        },
        empty=frozenset({"[]", "null"}),
        units={"Time Tracked": Unit.MILLISECONDS},
        passed_over="User ID | Task Status | Rolled Up Time | User Period Time Spent",
    ),
)
REFUSALS = ()
