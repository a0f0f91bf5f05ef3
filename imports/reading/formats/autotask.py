"""Autotask PSA (Kaseya): time entry grids, LiveReports, warehouse and REST exports.

Each tenant names the client its own way. Non-Billable says the opposite of the other exports' flag.
A ticket grid has totals of tickets and no entries: refused.
"""

from imports.reading.formats.table import Format, RefusedShape

DISPLAY_NAME = "Autotask"
_WORKED = "Hours Worked | Ticket Time Entry: Hours Worked | Time Entry: Hours Worked | Worked Hours"
_TO_BILL = (
    "Hours to Bill | Ticket Time Entry: Hours to Bill | Time Entry: Hours to Bill | Billed Hours | "
    "Hours Billed"
)
_NUMBER = (
    "Ticket Number | Task or Ticket Number | Ticket/Task Number | task_number | Ticket: Number | Ticket #"
)
_COLUMNS = {
    "entry_id": "Time Entry ID | id",
    "company": "Organization | Organization Name | Account | Account Name | Company | Company Name | "
    "Client | Client Name | Customer | Customer Name | Business Unit | Business Unit Name | Site | Site Name",
    "agreement": "Contract | Contract Name",
    "date": "Date Worked | Worked Date | Start Date | Date",
    "start": "Start Date/Time | Ticket Time Entry: Start Date/Time | Start Date Time | Start Time",
    "end": "End Date/Time | Ticket Time Entry: End Date/Time | End Date Time | End Time",
    "worked": _WORKED,
    "billable": f"{_TO_BILL} | Billable Hours",
    "is_billable": "Non-Billable | NonBillable | isNonBillable | force_non_billable | Billable",
    "technician": "Resource | Resource Name | full_name",
    "ticket": _NUMBER,
    "ticket_type": "Ticket Type | Issue Type",
    "board": "Queue",
    "title": "Title | Ticket Title | Ticket: Title | Task or Ticket Title | task_name",
    "work_type": "Work Type | Billing Code | Billing Code Name | Allocation Code | allocation_code_name",
    "work_role": "Role | Role Name",
    "notes": "Summary Notes | Ticket Time Entry: Summary Notes",
    "internal_notes": "Internal Notes | Ticket Time Entry: Internal Notes",
}
# Known and passed over: when something is invoiced, and the ticket's own status.
_NOT_COUNTED = (
    "Show on Invoice | ShowOnInvoice | show_on_invoice | OffsetHours | Status | Ticket Status | Type"
)

FORMATS = (
    Format("autotask", "time entries", (_WORKED, _TO_BILL), _COLUMNS, passed_over=_NOT_COUNTED),
    Format(
        "autotask",
        "time entries without hours to bill",
        (_WORKED, _NUMBER, "Resource | Resource Name | full_name | Work Type | Billing Code | Summary Notes"),
        _COLUMNS,
        passed_over=_NOT_COUNTED,
    ),
)
REFUSALS = (
    RefusedShape(
        "autotask",
        "ticket grid",
        ("Total Hours Worked", "Issue Type | Sub-Issue Type | Billed Hours"),
        "This is Autotask's ticket grid: one row a ticket, with its total hours and no date of work. "
        "Export the time entries instead, with Start Date/Time, Hours Worked and Hours to Bill among the columns.",
    ),
)
