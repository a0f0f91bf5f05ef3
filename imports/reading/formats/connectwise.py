"""ConnectWise PSA (Manage): report views, screen grids, API objects and the printed report.

`Location` is the MSP's own office, `hoursDeduct` a break inside an entry: neither is read. Money is not.
"""

from imports.reading.formats.table import Format, RefusedShape

DISPLAY_NAME = "ConnectWise"
_VIEW = {
    "entry_id": "Time_RecID | Time RecId",
    "company": "company_name",
    "agreement": "Agreement",
    "date": "Date_Start",
    "start": "time_start | Time_Start_UTC",
    "end": "time_end | Time_End_UTC",
    "worked": "hours_actual",
    "billable": "Billable_Hrs | Hours_Bill",
    "deducted": "AgrHrsCovered | Agreement Hrs Covered",
    "is_billable": "option_id | billable_flag",
    "technician": "first_name + last_name | member_id | Member_ID",
    "ticket": "SR_Service_RecID | TicketNbr",
    "title": "sr_summary | Summary",
    "work_type": "work_type",
    "work_role": "work_role",
    "notes": "Notes",
    "internal_notes": "internal_note | Internal_Notes",
}
_API = {
    "entry_id": "id",
    "company": "company",
    "agreement": "agreement",
    "date": "date | dateStart | workDate",
    "start": "timeStart | start",
    "end": "timeEnd | end",
    "worked": "actualHours | hours",
    "billable": "hoursBilled",
    "is_billable": "billableOption",
    "technician": "member | name",
    "ticket": "ticketID | ticket | chargeToId",
    "title": "summary",
    "work_type": "workType",
    "work_role": "workRole",
    "notes": "notes",
    "internal_notes": "internalNotes",
}
_GRID = {
    "entry_id": "Time RecId",
    "company": "Company | Company Name",
    "agreement": "Agreement",
    "date": "Date",
    "worked": "Hours | WIP Hours | WIP Hrs",
    "billable": "Inv Hours | Inv Hrs",
    "is_billable": "Bill",
    "technician": "Member | Member Name | Resource",
    "ticket": "Ticket # | Service ID",
    "title": "Ticket Summary",
    "work_type": "Work Type",
    "work_role": "Work Role",
}
_PRINTED = {
    "entry_id": "Time RecId",
    "company": "Company | Company Name | Customer",
    "agreement": "Agreement",
    "date": "Date | Date Start | Work Date",
    "start": "Start | Start Time | Time Start",
    "end": "End | End Time | Time End",
    "worked": "Hours | Actual Hours | Actual Hrs | Hours Actual",
    "billable": "Billable Hrs | Billable Hours | Inv Hours | Inv Hrs",
    "deducted": "Agreement Hrs Covered | Agr Hrs Covered",
    "is_billable": "Bill | Billable Option | Billing Option | Billable",
    "technician": "Member | Member Name | Member ID",
    "ticket": "Ticket # | Service Ticket | SR # | Ticket | Service ID",
    "title": "Ticket Summary | Summary",
    "work_type": "Work Type",
    "work_role": "Work Role",
    "notes": "Notes",
    "internal_notes": "Internal Notes",
}
_CHARGED_TO = "chargeToType"
_OPTION = "billableOption"
_LETTERS = frozenset({"option_id"})

# Known columns of the view and its kin that say nothing of how an entry counts.
_NOT_COUNTED = (
    "Actual_Utilized_Hrs | Billable_Utilized_Hrs | NonBillable_Hrs | Hours_Invoiced | hoursDeduct | charge_to | "
    "sr_status | te_status_id | invoice_flag | Utilization_Flag | Company_RecID | Location | Status | Ticket Status | "
    "SR Status | Billable_Amt | NonBillable_Amt | AgrAmtCovered | Hourly_Cost_Decimal | locationId | member_recid | "
    "Internal_Analysis_Flag | App Hours Info"
)

FORMATS = (
    Format(
        "connectwise",
        "Time report view",
        ("Time_RecID", "hours_actual"),
        _VIEW,
        letter_flags=_LETTERS,
        passed_over=_NOT_COUNTED,
    ),
    Format(
        "connectwise",
        "Time report view",
        ("hours_actual", "Date_Start", "option_id | billable_flag | work_type"),
        _VIEW,
        letter_flags=_LETTERS,
        passed_over=_NOT_COUNTED,
    ),
    Format(
        "connectwise",
        "Time_Entry table",
        ("hours_actual", "Hours_Bill"),
        _VIEW,
        passed_over=_NOT_COUNTED,
    ),
    Format(
        "connectwise",
        "Time grid",
        ("Bill", "Inv Hours | Inv Hrs", "WIP Amt | WIP Hrs | Hours"),
        _GRID,
        passed_over=_NOT_COUNTED,
    ),
    Format(
        "connectwise",
        "API time entries",
        (_CHARGED_TO, _OPTION, "timeStart | date | dateStart | workDate | start"),
        {**_API, "status": "status"},
        passed_over=_NOT_COUNTED,
    ),
    Format(
        "connectwise",
        "printed time report",
        (
            "Date | Date Start | Work Date",
            "Hours | Actual Hours | Actual Hrs | Hours Actual",
            "Work Type | Work Role",
            "Member | Member Name | Member ID | Bill | Billing Option | Billable Option | Ticket # | "
            "Service Ticket | SR #",
        ),
        _PRINTED,
        never=("Client", "Inv Amt", "WIP Amt"),
        is_printed=True,
    ),
)
REFUSALS = (
    RefusedShape(
        "connectwise",
        "API script without a date",
        (_CHARGED_TO, _OPTION),
        "This ConnectWise export has no date of work, so its hours belong to no cycle. Add timeStart to the "
        "columns that the script selects, or export the Time report view (with Date_Start).",
        never=("timeStart", "date", "dateStart", "workDate", "start"),
    ),
)
