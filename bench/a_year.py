"""A provider's year as its ConnectWise writes it: what an import is measured with.

Two hundred clients, each with a retainer of two pools, two multipliers, an increment, a minimum, rollover and a rule of
its own, under twenty rules of the provider; and a report view of 28 columns, some 420 bytes a row, in which hardly two
rows agree in day, times and hours, with notes of one to three lines. Invented throughout, and the same at every run.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

CLIENTS = 200
COUNTED_OTHERWISE = {"travel": "travel", "onsite": "onsite", "after hours": "after_hours"}
KINDS_OF_WORK = 17  # rules that match none of the rows, as most of a provider's don't; three more do
HEADER = (
    "Time_RecID,company_name,SR_Service_RecID,sr_summary,member_id,first_name,last_name,Date_Start,time_start,time_end,"
    "hours_actual,Billable_Hrs,NonBillable_Hrs,AgrHrsCovered,Agreement,work_role,work_type,Location,BusGroup,charge_to,"
    "option_id,billable_flag,invoice_flag,Invoice_Number,time_status,Notes,internal_note,date_entered_utc"
)
WORK_TYPES = (*["Remote"] * 6, "Onsite", "After Hours", "Travel")
OPTIONS = (*["B"] * 8, "NC", "NB")
QUARTERS = (1, 1, 2, 2, 3, 4, 4, 6, 8)
SUMMARIES = (
    "Printer offline",
    "Mailbox full",
    "Monthly patch window",
    "VPN drops",
    "Backup failed",
    "New workstation",
    "Password reset",
    "Phones dead",
)
NOTES = (
    "Restarted the spooler and cleared the queue; told the office manager what to watch for next week.",
    "Checked the backup of the file server and the switch in room two.",
    "Moved the phones to the other VLAN, tested with reception.",
)
AGREEMENT = """
[[clients]]
slug = "c{number}"
name = "Client {number}"
[[clients.retainers]]
key = "support"
name = "Support"
starts = {starts}
[[clients.retainers.terms]]
increment = "0.25"
minimum = {{ standard = "0.5" }}
overage = "queue"
rollover = {{ hours = "4", cycles = 1 }}
multipliers = [
  {{ category = "after_hours", name = "After hours", factor = "2" }},
  {{ category = "onsite", name = "On site", factor = "1.5" }},
]
pools = [
  {{ key = "main", name = "Main", hours = "40" }},
  {{ key = "planned", name = "Planned work", hours = "10" }},
]
[[clients.retainers.rules]]
name = "Planned work"
when = {{ title = {{ matches = "patch|backup|maintenance" }} }}
then = {{ pool = "planned" }}
"""


def starts() -> date:
    """The first day of the same month, a year ago."""
    today = date.today()  # noqa: DTZ011
    return date(today.year - 1, today.month, 1)


def agreements() -> str:
    parts = ['[provider]\nslug = "bench"\nname = "Bench"\ntimezone = "America/Chicago"\ndate_order = "ymd"\n']
    categories = {f"kind {number}": f"kind_{number}" for number in range(KINDS_OF_WORK)} | COUNTED_OTHERWISE
    for word, category in categories.items():
        then = f'when = {{ work_type = ["*{word}*"] }}\nthen = {{ category = "{category}" }}\n'
        parts.append(f'[[rules]]\nname = "{word.capitalize()}"\n{then}')
    parts += [AGREEMENT.format(number=number, starts=starts()) for number in range(CLIENTS)]
    return "\n".join(parts)


def export(
    rows: int, *, changed: int = 0, new: int = 0, clients: int = CLIENTS, since: date | None = None
) -> str:
    """`changed`: every so-maniest row has other hours; `new`: so many rows more, of the last week. `since`: the day of
    the first row, else that of the year.
    """
    today = date.today()  # noqa: DTZ011  # yesterday is over everywhere
    first = since or starts()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number in range(rows + new):
        chance = _Chance(number)
        gone = number * (today - first).days // rows
        day = first + timedelta(gone) if number < rows else today - timedelta(chance.of(range(1, 8)))
        quarters = chance.of(QUARTERS)
        person = chance.of(range(rows // 400 + 5))
        hours = 9 if changed and number % changed == 0 else quarters
        writer.writerow(_record(number, f"Client {number // 3 % clients}", day, hours, person, chance))
    return f"{HEADER}\n{text.getvalue()}"


def _record(
    number: int, client: str, day: date, quarters: int, person: int, chance: "_Chance"
) -> Iterator[object]:
    """One row; three follow each other of a ticket."""
    ticket, begins = number // 3, 8 * 60 + 15 * chance.of(range(36))
    hours, option, work_type = f"{quarters / 4:.2f}", chance.of(OPTIONS), chance.of(WORK_TYPES)
    billed = hours if option == "B" else "0.00"
    at = chance.of(range(len(NOTES)))
    notes = "\n".join((*NOTES[at:], *NOTES[:at])[: chance.of((1, 1, 2, 3))])
    yield from (number + 1, client, 1000 + ticket, f"{SUMMARIES[ticket % len(SUMMARIES)]} - {ticket}")
    yield from (f"tech{person}", f"First{person}", f"Last{person}")
    yield from (f"{day} 00:00:00.000", _clock(begins), _clock(begins + 15 * quarters))
    yield from (hours, billed, "0.00", billed, f"{client} Support", "Engineer", work_type)
    yield from ("HQ", "Managed Services", f"Service Ticket #{1000 + ticket}")
    yield from (option, option == "B", "False", "", "Billed")
    yield from (f"{notes} ({number})", "" if number % 9 else "Internal remark", f"{day} 20:00:00.000")


class _Chance:
    """What is drawn for a row of that number: always the same."""

    def __init__(self, number: int) -> None:
        self._left = int.from_bytes(blake2b(b"%d" % number, digest_size=12).digest())

    def of(self, values: Sequence[T]) -> T:
        self._left, at = divmod(self._left, len(values))
        return values[at]


def _clock(minutes: int) -> str:
    return f"1900-01-01 {minutes // 60:02}:{minutes % 60:02}:00.000"


def of_series(step: str, rows: int) -> str:
    """The text of a file: `first`, the same `again`, and `changed` by a tenth with a twentieth new; and `one` row."""
    if step == "changed":
        return export(rows, changed=10, new=rows // 20)
    return export(1 if step == "one" else rows)
