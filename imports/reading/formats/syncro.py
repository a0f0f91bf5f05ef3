"""Syncro and RepairShopr: the Ticket Time Entry report, ticket timers of the API, the labour template.

`Status` (Charged, Not Charged) tells when an entry was invoiced, not whether it counts: not read. The
timers' `ticket_id` and `user_id` are internal numbers, no ticket's and no person's: not read either.
"""

from imports.reading.formats.table import Format, RefusedShape, Unit

DISPLAY_NAME = "Syncro"
_TICKET = "Ticket Number | Ticket # | Ticket"
_REPORT = {
    "company": "Customer | Customer Name | Business Name | Client",
    "agreement": "Contract",
    "date": "Date | Entry Date",
    "start": "Start Time | Started | Started At | Start",
    "end": "End Time | Ended | Ended At | End",
    "worked": "Actual Time | Actual Hours | Duration | Minutes | Duration Minutes | Labor Performed",
    "billable": "Billable Time | Billable Hours | Billable Duration",
    "is_billable": "Billable | Billable? | Billable Status",
    "technician": "Technician | Tech | User",
    "ticket": _TICKET,
    "title": "Ticket Subject | Subject",
    "work_type": "Labor Type | Labor Rate | Labor Product | Product",
    "notes": "Notes",
}
_TEMPLATE = {**_REPORT, "entry_id": "Ticket Number + Entry Sequence", "date": "Created At"}
_NOT_COUNTED = "Status | Ticket Status | Rate | Price | charge? | Entry Sequence"
_TIMER = {
    "entry_id": "id",
    "date": "start_time",
    "start": "start_time",
    "end": "end_time",
    "worked": "active_duration",
    "billable": "billable_time",
    "is_billable": "billable",
    "notes": "notes",
}

FORMATS = (
    Format(
        "syncro",
        "Ticket Time Entry report",
        ("Actual Time", "Billable Time", _TICKET),
        _REPORT,
        passed_over=_NOT_COUNTED,
    ),
    Format(
        "syncro",
        "labour log",
        (
            "Labor Type | Labor Rate | Labor Product",
            _TICKET,
            "Actual Time | Duration | Minutes",
            "Technician | Tech",
        ),
        _REPORT,
        passed_over=_NOT_COUNTED,
    ),
    Format(
        "syncro",
        "labour template",
        ("Duration Minutes", "Labor Type", "Ticket Number", "Created At"),
        _TEMPLATE,
        passed_over=_NOT_COUNTED,
    ),
    Format(
        "syncro",
        "ticket timers",
        ("active_duration", "start_time"),
        _TIMER,
        units={"active_duration": Unit.SECONDS, "billable_time": Unit.SECONDS},
    ),
)
_DAYS = ("Date", "Start Time", "Started", "Created At", "start_time", "Ticket Number", "Ticket #")
REFUSALS = (
    RefusedShape(
        "syncro",
        "Ticket Time By Customer",
        (
            "Customer | Customer Name | Business Name",
            "Actual Time | Billable Time | Total Actual Time | Total Time",
        ),
        "This is a summary by customer; export the Ticket Time Entry report instead: it lists each entry "
        "with its date.",
        never=_DAYS,
        unless_dated=True,
    ),
    RefusedShape(
        "syncro",
        "Ticket Time By Technician",
        ("Technician | Tech", "Actual Time | Billable Time | Total Actual Time | Total Time"),
        "This is a summary by technician; export the Ticket Time Entry report instead: it lists each entry "
        "with its date.",
        never=_DAYS,
        unless_dated=True,
    ),
)
