"""Time entries as the four PSAs write them: ConnectWise's report view, Autotask's grid, Syncro's Ticket Time
Entry report, HaloPSA's actions. Columns, order and spelling are those that the importer knows."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from demo.work import TimeEntry
from retainers.hours import ZERO

Cell = Callable[[TimeEntry], str]
BOM = "\ufeff"
CONNECTWISE_TIME = "1900-01-01 %H:%M:00.000"  # its times have no day of their own


@dataclass(frozen=True, slots=True)
class Report:
    """A report's columns and how its file begins."""

    columns: dict[str, Cell]
    begins: str = ""


def write(name: str, entries: Sequence[TimeEntry]) -> bytes:
    """The report of that PSA over these entries."""
    report = REPORTS[name]
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(report.columns)
    rows.writerows([cell(entry) for cell in report.columns.values()] for entry in entries)
    return (report.begins + text.getvalue()).encode()


def hours(value: Decimal) -> str:
    return f"{value:.2f}"


def worked(entry: TimeEntry) -> Decimal:
    return Decimal(entry.minutes) / 60


def charged(entry: TimeEntry) -> Decimal:
    """What is billed: nothing where the entry is not charged."""
    return entry.billed if entry.option == "B" else ZERO


def covered(entry: TimeEntry) -> Decimal:
    """What ConnectWise takes out of the agreement: with its multiplier, and no travel."""
    return ZERO if entry.work == "travel" else charged(entry) * entry.factor


def moment(entry: TimeEntry, pattern: str, *, end: bool = False) -> str:
    start = datetime.combine(entry.day, time()) + timedelta(minutes=entry.start)
    return (start + timedelta(minutes=entry.minutes if end else 0)).strftime(pattern)


def clock(value: Decimal) -> str:
    """Hours as `h:mm`."""
    minutes = round(value * 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def first_name(entry: TimeEntry) -> str:
    return entry.technician.name.split(" ", 1)[0]


def last_name(entry: TimeEntry) -> str:
    return entry.technician.name.split(" ", 1)[1]


def named(names: dict[str, str]) -> Cell:
    return lambda entry: names[entry.work]


def fixed(text: str) -> Cell:
    return lambda entry: text


def yes(when: Callable[[TimeEntry], bool], words: tuple[str, str] = ("Yes", "No")) -> Cell:
    return lambda entry: words[0] if when(entry) else words[1]


def is_charged(entry: TimeEntry) -> bool:
    return entry.option == "B"


CONNECTWISE_WORK = {
    "remote": "Remote", "onsite": "Onsite", "travel": "Travel", "after_hours": "After Hours",
    "maintenance": "Maintenance", "project": "Project",
}  # fmt: skip
AUTOTASK_WORK = {
    "remote": "Remote Support", "onsite": "Onsite Support", "travel": "Travel",
    "after_hours": "After Hours Support", "maintenance": "Maintenance", "project": "Project Work",
}  # fmt: skip
SYNCRO_WORK = {
    "remote": "Remote Support Labor", "onsite": "Onsite Labor", "travel": "Trip Charge",
    "after_hours": "After Hours Labor", "maintenance": "Maintenance Labor", "project": "Project Labor",
}  # fmt: skip
HALO_WORK = {
    "remote": "Remote Support", "onsite": "On-Site Support", "travel": "Travel",
    "after_hours": "Out of Hours x2", "maintenance": "Maintenance", "project": "Project",
}  # fmt: skip

REPORTS = {
    "connectwise": Report(
        {
            "Time_RecID": lambda e: str(e.number),
            "company_name": lambda e: e.company,
            "SR_Service_RecID": lambda e: str(e.ticket),
            "sr_summary": lambda e: e.title,
            "member_id": lambda e: e.technician.login,
            "first_name": first_name,
            "last_name": last_name,
            "Date_Start": lambda e: f"{e.day} 00:00:00.000",
            "time_start": lambda e: moment(e, CONNECTWISE_TIME),
            "time_end": lambda e: moment(e, CONNECTWISE_TIME, end=True),
            "hours_actual": lambda e: e.written or hours(worked(e)),
            "Billable_Hrs": lambda e: hours(charged(e)),
            "NonBillable_Hrs": lambda e: hours(e.billed - charged(e)),
            "AgrHrsCovered": lambda e: hours(covered(e)),
            "Agreement": lambda e: e.psa_agreement,
            "work_role": lambda e: e.technician.role,
            "work_type": named(CONNECTWISE_WORK),
            "Location": fixed("Main Office"),
            "BusGroup": fixed("Managed Services"),
            "charge_to": lambda e: f"Service Ticket #{e.ticket}",
            "option_id": lambda e: e.option,
            "billable_flag": yes(is_charged, ("True", "False")),
            "Notes": lambda e: e.notes,
        }
    ),
    "autotask": Report(
        {
            "Organization": lambda e: e.company,
            "Ticket Number": lambda e: f"T{e.opened:%Y%m%d}.{e.ticket % 10_000:04}",
            "Title": lambda e: e.title,
            "Resource": lambda e: f"{last_name(e)}, {first_name(e)}",
            "Role": lambda e: e.technician.role,
            "Work Type": named(AUTOTASK_WORK),
            "Contract": lambda e: e.psa_agreement,
            "Start Date/Time": lambda e: moment(e, "%d/%m/%Y %H:%M"),
            "End Date/Time": lambda e: moment(e, "%d/%m/%Y %H:%M", end=True),
            "Hours Worked": lambda e: f"{worked(e):.4f}",
            "Hours to Bill": lambda e: f"{charged(e):.4f}",
            "Non-Billable": yes(is_charged, ("No", "Yes")),
            "Show on Invoice": fixed("Yes"),
            "Summary Notes": lambda e: e.notes,
        },
        begins=BOM,
    ),
    "syncro": Report(
        {
            "Ticket Number": lambda e: str(e.ticket),
            "Ticket Subject": lambda e: e.title,
            "Customer": lambda e: e.company,
            "Technician": lambda e: e.technician.name,
            "Date": lambda e: f"{e.day:%d/%m/%Y}",
            "Start Time": lambda e: moment(e, "%d/%m/%Y %I:%M %p"),
            "End Time": lambda e: moment(e, "%d/%m/%Y %I:%M %p", end=True),
            "Actual Time": lambda e: clock(worked(e)),
            "Billable Time": lambda e: clock(charged(e)),
            "Labor Rate": named(SYNCRO_WORK),
            "Billable": yes(is_charged, ("true", "false")),
            "Status": fixed("Not Charged"),
            "Notes": lambda e: e.notes,
        }
    ),
    "halopsa": Report(
        {
            "Ticket ID": lambda e: f"{e.ticket:07}",
            "Action Number": lambda e: str(e.number % 1000),
            "Customer": lambda e: e.company,
            "Ticket Type": lambda e: "Change" if e.work == "project" else "Incident",
            "Summary": lambda e: e.title,
            "Time Completed": lambda e: moment(e, "%d/%m/%Y %H:%M:%S", end=True),
            "Who": lambda e: e.technician.name,
            "Action Note": lambda e: e.notes,
            "Time Taken": lambda e: hours(worked(e)),
            "Charge Rate": lambda e: HALO_WORK[e.work] if is_charged(e) else "",
        },
        begins=BOM,
    ),
}
