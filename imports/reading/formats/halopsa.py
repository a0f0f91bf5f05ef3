"""HaloPSA and HaloITSM: reports are SQL with free headers, so there are many shapes of the same actions.

An empty charge rate is non-billable. Ledgers of prepaid hours mix top-ups with usage. `Time Logged` is
often in minutes without saying so: its values prove it, or it is asked. Cost, price and profit are never read.
"""

from imports.reading.formats.table import Format, RefusedShape, Unit

DISPLAY_NAME = "HaloPSA"
_TAKEN = "Time Taken | Time Taken (mins) | Time Taken (minutes) | Time Taken (hours) | Time Taken (hrs)"
_TICKET = "Ticket ID | Request ID | Fault ID | Ticket Number"
_RATES = frozenset({"Charge Rate", "Charge Type", "Rate"})
_ENDS = frozenset({"Time Completed", "Date/Time Done", "Completed"})
# Known and passed over: the ticket's own dates and status, what it cost, and sums of other rows.
_NOT_COUNTED = (
    "Status | Status After Action | Time Outside Working Hours | Date ID | Workday | SLA | Priority | Agent Assigned | "
    "Date Emailed | Date Created | Date Closed | Budget Type | Site Name | Username | Running Total | Hours Left | "
    "Previously Used | Previously Added | Used Area | Added Area | Billing Plan Combination | Assigned Technician"
)
_ACTION = {
    "entry_id": "Ticket ID + Action Number | Request ID + Action Number | Fault ID + Action Number | Action ID",
    "company": "Client | Client Name | Customer | Customer Name | Company Name | Company",
    "agreement": "Contract | Contract Reference | Contract Name | Agreement | Plan Name",
    "date": "Worked Date | Action Date | Time Completed | Date/Time Done | Date/Time | Action Logged Date | "
    "When | Completed | Date",
    "start": "Start Time",
    "end": "End Time",
    "worked": f"{_TAKEN} | Hours Worked | Hours | Time Logged | Time | Time Spent",
    "billable": "Billable Time Taken | Billable Time Taken (mins) | Hours (with rounding) | ActionChargeHours",
    "deducted": "Pre-Pay Amount Used | ActionPrePayHours",
    "is_billable": "Charge Rate | Charge Type | Rate | Billable?",
    "technician": "Who | Agent Doing | Agent | Technician | Tech",
    "ticket": _TICKET,
    "ticket_type": "Ticket Type | Request Type",
    "board": "Team",
    "title": "Summary | Ticket Summary | Parent Summary",
    "work_type": "Charge Rate | Charge Type | Rate | Outcome | Action Type | Action Description",
    "notes": "Action Note | Note | Ticket Note",
}
_LEDGER = {
    "entry_id": _ACTION["entry_id"],
    "company": _ACTION["company"],
    "agreement": _ACTION["agreement"],
    "date": "Date | Raised",
    "technician": _ACTION["technician"],
    "ticket": _TICKET,
    "ticket_type": _ACTION["ticket_type"],
    "title": "Summary",
    "work_type": "Charge Rate | Charge Type",
    "notes": _ACTION["notes"],
}


def _actions(shape: str, needs: tuple[str, ...], *, date_order: str = "") -> Format:
    return Format(
        "halopsa",
        shape,
        needs,
        _ACTION,
        whole_numbers=Unit.MINUTES,
        passed_over=_NOT_COUNTED,
        date_order=date_order,
        rate_names=_RATES,
        dated_by_end=_ENDS,
    )


def _ledger(shape: str, needs: tuple[str, ...], figure: str, sign: int, top_ups: str = "") -> Format:
    return Format(
        "halopsa",
        shape,
        needs,
        {**_LEDGER, "deducted": figure},
        is_unit_given=True,
        ledger_sign=sign,
        passed_over=f"{_NOT_COUNTED} | Hours | Effective Hours",
        top_ups=top_ups,
    )


FORMATS = (
    _actions("actions", (_TAKEN, "Charge Rate | Charge Type | Outcome")),
    _actions("actions by ticket", (_TAKEN, _TICKET, "Who | Agent | Technician | Tech")),
    _actions(
        "actions in minutes",
        ("Time Taken (mins)", "Action Logged Date", "Action Description", _TICKET),
        date_order="mdy",
    ),
    _actions("out-of-hours actions", ("Hours", "Charge Type", "Worked Date | Action Date")),
    _actions("actions with type", ("Action Type", "Date/Time", "Time")),
    _actions("time spent", ("Time", "Time Spent", "Ticket ID", "Date")),
    _actions("time logged", ("Time Logged", "When | Date | Action Date")),
    _actions("hours worked", ("Hours Worked", "Action Date", "Charge Rate | Pre-Pay Amount Used")),
    _actions("time by day", ("Date", "Tech", "Rate", "Time"), date_order="dmy"),
    _actions("rounded hours", ("Hours (with rounding)", "Date", "Agent")),
    _actions("actions by agent", ("Agent Doing", "Completed", "Time Taken")),
    _ledger("prepay ledger", ("Effective Hours", "Type", "Date"), "Effective Hours", -1, top_ups="Type"),
    _ledger("prepay ledger", ("Running Total", "Type", "Hours", "Date"), "Hours", 1, top_ups="Type"),
    _ledger("prepay usage", ("Usage", "Hours Left", "Raised"), "Usage", -1),
    _ledger("prepay hours used", ("Hours Used", "Hours Left", "Raised"), "Hours Used", 1),
)
_INSTEAD = (
    "Run a report that lists actions, each with its date (Time Completed or Action Date) and Time Taken."
)
_DAYS = (
    "Date",
    "Time Completed",
    "Action Date",
    "Worked Date",
    "Date/Time Done",
    "Date/Time",
    "When",
    "Raised",
)
REFUSALS = (
    RefusedShape(
        "halopsa",
        "charges by contract",
        ("Hours Taken", "Charge Code | Labour Description", "Contract ID | Contract Ref"),
        f"This report has no date of work, so its hours belong to no cycle. {_INSTEAD}",
        never=_DAYS,
    ),
    RefusedShape(
        "halopsa",
        "week pivot",
        ("Sunday", "Monday", "Saturday"),
        f"This is a week at a glance: its columns are weekdays without dates. {_INSTEAD}",
        never=_DAYS,
    ),
    RefusedShape(
        "halopsa",
        "sums",
        (),
        f"This report adds its entries up (“Sum of …”). {_INSTEAD}",
        never=_DAYS,
        needs_prefix="Sum of ",
    ),
    RefusedShape(
        "halopsa",
        "totals by agent",
        ("Total Time (Hrs) | Total Time (Hours) | Total Time", "Agent | Charge Rate"),
        f"This is a summary by agent and charge rate. {_INSTEAD}",
        never=_DAYS,
        unless_dated=True,
    ),
    RefusedShape(
        "halopsa",
        "billable time by ticket",
        ("Billable Time", "Charge Type | Charge Rate", "Agent | Billable $"),
        f"This is a summary by ticket, without the dates of the work. {_INSTEAD}",
        never=_DAYS,
        unless_dated=True,
    ),
)
