"""What the fields of a mapping are called on its page, in which order they stand, and what can be chosen."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imports.reading.formats.table import Unit

Words = str | Promise
LABELS: dict[str, Words] = {
    "date": gettext_lazy("Date of the work"),
    "worked": gettext_lazy("Hours worked"),
    "billable": gettext_lazy("Billable hours"),
    "deducted": gettext_lazy("Hours deducted"),
    "worked_more": gettext_lazy("… and its minutes"),
    "company": gettext_lazy("Client"),
    "agreement": gettext_lazy("Agreement"),
    "is_billable": gettext_lazy("Billable flag"),
    "already_billed": gettext_lazy("Already billed"),
    "status": gettext_lazy("Status of the entry"),
    "start": gettext_lazy("Start"),
    "end_date": gettext_lazy("Date of the end"),
    "end": gettext_lazy("End"),
    "pause": gettext_lazy("Breaks"),
    "entry_id": gettext_lazy("Entry ID"),
    "ticket": gettext_lazy("Ticket"),
    "ticket_type": gettext_lazy("Ticket type"),
    "board": gettext_lazy("Board"),
    "title": gettext_lazy("Title"),
    "work_type": gettext_lazy("Work type"),
    "work_role": gettext_lazy("Work role"),
    "location": gettext_lazy("Location"),
    "technician": gettext_lazy("Technician"),
    "first_name": gettext_lazy("Their first name"),
    "last_name": gettext_lazy("Their last name"),
    "notes": gettext_lazy("Notes"),
    "internal_notes": gettext_lazy("Internal notes"),
    "hidden": gettext_lazy("Hidden, internal or private"),
    "hidden_means": gettext_lazy("A Yes there means"),
    "hidden_if": gettext_lazy("… or the cell that hides a row"),
    "description": gettext_lazy("Client description"),
    "unit": gettext_lazy("A bare number counts"),
    "date_order": gettext_lazy("Order of dates"),
    "flag_means": gettext_lazy("A Yes in the flag means"),
    "name": gettext_lazy("Save as"),
}
HELP: dict[str, Words] = {
    "worked": gettext_lazy("Leave it out where start and end give the hours."),
    "worked_more": gettext_lazy("Where hours and minutes are two columns of one duration."),
    "pause": gettext_lazy("Where start and end give the hours: what is taken off."),
    "already_billed": gettext_lazy(
        "Says when an entry was invoiced, not whether it counts, so it isn’t read."
    ),
    "status": gettext_lazy("Rejected and void entries don’t count; rules can ask for it."),
    "hidden": gettext_lazy("The notes of such rows stay internal."),
    "hidden_if": gettext_lazy("For example “Level 2”, where the column doesn’t say Yes and No."),
    "entry_id": gettext_lazy("Tells a corrected entry from a new one. Map it if the file has one."),
    "description": gettext_lazy(
        "Clients read this column once an owner has ticked the mapping in Settings. Leave it out unless it was made"
        " for them."
    ),
}
GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (gettext_lazy("What every entry needs"), ("date", "date_order", "worked", "unit", "worked_more", "company")),
    (
        gettext_lazy("What counts"),
        (
            "billable", "deducted", "is_billable", "flag_means", "already_billed", "status", "agreement", "start",
            "end_date", "end", "pause",
        ),
    ),
    (
        gettext_lazy("The work"),
        (
            "entry_id", "ticket", "ticket_type", "board", "title", "work_type", "work_role", "location",
            "technician", "first_name", "last_name", "notes", "internal_notes",
        ),
    ),
    (gettext_lazy("What clients read"), ("description", "hidden", "hidden_means", "hidden_if")),
)  # fmt: skip


def units() -> tuple[tuple[str, Words], ...]:
    return (
        (Unit.OPEN.value, _("What the file says")),
        (Unit.HOURS.value, _("hours")),
        (Unit.MINUTES.value, _("minutes")),
        (Unit.SECONDS.value, _("seconds")),
        (Unit.MILLISECONDS.value, _("milliseconds")),
        (Unit.QUARTERS.value, _("quarter hours")),
        (Unit.DAYS.value, _("days of eight hours")),
        (Unit.WHOLE_DAYS.value, _("days of 24 hours, as a spreadsheet counts time")),
    )


def orders() -> tuple[tuple[str, Words], ...]:
    return (
        ("", _("What the file says")),
        ("mdy", _("month/day/year")),
        ("dmy", _("day/month/year")),
        ("ymd", _("year-month-day")),
    )


def hidden_meanings() -> tuple[tuple[str, Words], ...]:
    return (("hidden", _("it is internal")), ("shown", _("clients may see it")))


def meanings() -> tuple[tuple[str, Words], ...]:
    return (("billable", _("it is billable")), ("non-billable", _("it is not billable")))
