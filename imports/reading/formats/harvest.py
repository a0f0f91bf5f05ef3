"""Harvest: the detailed time report, in all its variants since 2015. The account's locale writes the numbers.

`Invoiced?` and `Approved?` tell when, not whether: not read. The link in External Reference URL is the
ticket's only trace. Rates, amounts and costs are never read.
"""

from imports.reading.formats.table import Format

DISPLAY_NAME = "Harvest"
FORMATS = (
    Format(
        "harvest",
        "detailed time report",
        ("Date", "Hours", "Billable?", "Invoiced? | Approved? | Employee? | Hours Rounded"),
        {
            "company": "Client",
            "agreement": "Project",
            "date": "Date",
            "worked": "Hours",
            "billable": "Hours Rounded",
            "is_billable": "Billable?",
            "technician": "First Name + Last Name",
            "ticket": "External Reference URL",
            "work_type": "Task",
            "work_role": "Roles",
            "notes": "Notes",
        },
        passed_over="Invoiced? | Approved? | Employee? | Employee Id | Department | Teams",
    ),
)
REFUSALS = ()
