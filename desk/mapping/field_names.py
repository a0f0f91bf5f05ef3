"""What the fields of a mapping are called on its page, in which order they stand, and what can be chosen."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imports.reading.durations import Unit

Words = str | Promise
LABELS: dict[str, Words] = {
    "date": gettext_lazy("Date of the work"),
    "worked": gettext_lazy("Hours worked"),
    "billable": gettext_lazy("Billable hours"),
    "deducted": gettext_lazy("Hours deducted"),
    "company": gettext_lazy("Client"),
    "agreement": gettext_lazy("Agreement"),
    "is_billable": gettext_lazy("Billable flag"),
    "start": gettext_lazy("Start"),
    "end": gettext_lazy("End"),
    "entry_id": gettext_lazy("Entry ID"),
    "ticket": gettext_lazy("Ticket"),
    "ticket_type": gettext_lazy("Ticket type"),
    "board": gettext_lazy("Board"),
    "title": gettext_lazy("Title"),
    "work_type": gettext_lazy("Work type"),
    "work_role": gettext_lazy("Work role"),
    "location": gettext_lazy("Location"),
    "technician": gettext_lazy("Technician"),
    "notes": gettext_lazy("Notes"),
    "internal_notes": gettext_lazy("Internal notes"),
    "description": gettext_lazy("Client description"),
    "unit": gettext_lazy("A bare number counts"),
    "date_order": gettext_lazy("Order of dates"),
    "flag_means": gettext_lazy("A Yes in the flag means"),
    "name": gettext_lazy("Save as"),
}
HELP: dict[str, Words] = {
    "entry_id": gettext_lazy("Tells a corrected entry from a new one. Map it if the file has one."),
    "description": gettext_lazy(
        "Clients read this column as it stands. Leave it out unless it was made for them."
    ),
}
GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (gettext_lazy("What every entry needs"), ("date", "date_order", "worked", "unit", "company")),
    (
        gettext_lazy("What counts"),
        ("billable", "deducted", "is_billable", "flag_means", "agreement", "start", "end"),
    ),
    (
        gettext_lazy("The work"),
        (
            "entry_id", "ticket", "ticket_type", "board", "title", "work_type", "work_role", "location",
            "technician", "notes", "internal_notes",
        ),
    ),
    (gettext_lazy("What clients read"), ("description",)),
)  # fmt: skip


def units() -> tuple[tuple[str, Words], ...]:
    return (
        (Unit.OPEN.value, _("What the file says")),
        (Unit.HOURS.value, _("hours")),
        (Unit.MINUTES.value, _("minutes")),
        (Unit.SECONDS.value, _("seconds")),
    )


def orders() -> tuple[tuple[str, Words], ...]:
    return (
        ("", _("What the file says")),
        ("mdy", _("month/day/year")),
        ("dmy", _("day/month/year")),
        ("ymd", _("year-month-day")),
    )


def meanings() -> tuple[tuple[str, Words], ...]:
    return (("billable", _("it is billable")), ("non-billable", _("it is not billable")))
