"""Kimai, 1.30 and later: one header for durations in seconds, decimal hours or h:mm; the column tells which.

Custom fields follow the built-in columns under headers of their own, even the same ones: the first is
Kimai's. There is no end date, so work past midnight ends before it starts. Prices are never read.
"""

from imports.reading.formats.table import Format, Unit

DISPLAY_NAME = "Kimai"
_DURATION = "Duration | Dauer"
_ACTIVITY = "Activity | Tätigkeit"
_COLUMNS = {
    "entry_id": "id",
    "company": "Customer | Kunde",
    "agreement": "Project | Projekt",
    "date": "Date | Datum",
    "start": "From | Von",
    "end": "To | Bis",
    "worked": _DURATION,
    "is_billable": "Billable | Abrechenbar",
    "technician": "Name | User | Benutzer",
    "ticket": "Ticket | Ticket Number | Ticket # | Ticketnummer",
    "ticket_type": "Tags | Schlagworte",
    "work_type": _ACTIVITY,
    "notes": "Description | Beschreibung",
}


def _kimai(shape: str, needs: tuple[str, ...]) -> Format:
    return Format(
        "kimai",
        shape,
        needs,
        _COLUMNS,
        usual_unit=Unit.OPEN,
        whole_numbers=Unit.SECONDS,
        first_wins=True,
        passed_over="Exported | Exportiert | Type | Typ | category | Account | Kundennummer | Staff number",
    )


FORMATS = (
    _kimai("timesheet export", ("From | Von", "To | Bis", _DURATION, _ACTIVITY)),
    _kimai(
        "timesheet export by template",
        ("Date | Datum", _DURATION, _ACTIVITY, "Customer | Kunde | Project | Projekt"),
    ),
)
REFUSALS = ()
