"""The tools whose exports are known and prove nothing by themselves: what is proposed for them, ready-made.

A person looks at it and accepts it with one click, or by naming the tool.
"""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from typing import NamedTuple

from imports.reading.formats.table import Unit, header_keys, key


class Proposal(NamedTuple):
    """A tool whose exports people have: `needs` are headers that give it away, `columns` as in a `Mapping`.

    Of each field the first header that the file has is proposed ("a | b"). `likely`: what bare numbers may count
    where nothing proves it, the likeliest first; it is asked all the same.
    """

    name: str
    label: str
    needs: tuple[str, ...]
    columns: MappingOf[str, str]
    likely: tuple[Unit, ...] = (Unit.HOURS, Unit.MINUTES)

    def fits(self, keys: frozenset[str]) -> bool:
        """Whether a header is that tool's."""
        return all(any(key(name) in keys for name in needed.split(" | ")) for needed in self.needs)

    def columns_in(self, header: Sequence[str]) -> dict[str, str]:
        """The fields that the header has columns for."""
        written = {key(cell): cell.strip() for cell in reversed(header)}
        found = {
            name: next((written[key(alias)] for alias in aliases.split(" | ") if key(alias) in written), "")
            for name, aliases in self.columns.items()
        }
        return {name: title for name, title in found.items() if title}


# Headers from the tools' documentation and from memory of them: proposals, looked at by a person before use.
PROPOSALS = (
    Proposal(
        "redmine", "Redmine",
        ("Spent on | Date", "User | Author", "Activity", "Issue", "Comment | Comments", "Hours"),
        {
            "date": "Date | Spent on", "worked": "Hours", "company": "Customer | Client | Project",
            "agreement": "Project", "technician": "User | Author", "ticket": "Issue", "ticket_type": "Tracker",
            "work_type": "Activity", "notes": "Comment | Comments",
        },
    ),
    Proposal(
        "tempo", "Jira with Tempo",
        ("Issue Key", "Work date | Date", "Hours | Logged Hours | Time Spent", "Full name | Username | Author"),
        {
            "date": "Work date | Date", "worked": "Hours | Logged Hours | Time Spent", "billable": "Billed Hours",
            "company": "Account Customer | Account Name | Customer", "agreement": "Project Name | Account Name",
            "technician": "Full name | Username | Author", "ticket": "Issue Key", "ticket_type": "Issue Type",
            "title": "Issue summary | Summary", "work_type": "Activity Name", "notes": "Work Description | Comment",
        },
    ),
    Proposal(
        "quickbooks-time", "QuickBooks Time",
        ("local_date", "hours", "fname | username", "jobcode_1 | jobcode"),
        {
            "date": "local_date", "start": "local_start_time", "end": "local_end_time", "worked": "hours",
            "company": "jobcode_1 | jobcode", "agreement": "jobcode_2", "is_billable": "billable",
            "first_name": "fname", "last_name": "lname", "work_type": "service item | class", "notes": "notes",
            "location": "location", "status": "approved_status",
        },
    ),
    Proposal(
        "zammad", "Zammad",
        ("Ticket#", "Time Units", "Agent", "Organization | Customer"),
        {
            "date": "Date | Created at", "worked": "Time Units", "company": "Organization | Customer",
            "technician": "Agent", "ticket": "Ticket#", "title": "Title", "work_type": "Activity Type",
        },
        likely=(Unit.QUARTERS, Unit.MINUTES, Unit.HOURS),
    ),
    Proposal(
        "clockodo", "Clockodo",
        ("Leistung | Service", "Mitarbeiter | Co-worker | Employee", "Dauer | Duration", "Kunde | Customer"),
        {
            "date": "Datum | Date | Tag", "start": "Start | Beginn | Uhrzeit von", "end": "Ende | End | Uhrzeit bis",
            "worked": "Dauer | Duration | Dauer (h)", "company": "Kunde | Customer", "agreement": "Projekt | Project",
            "is_billable": "abrechenbar | Billable", "already_billed": "abgerechnet | Billed",
            "technician": "Mitarbeiter | Co-worker | Employee", "work_type": "Leistung | Service",
            "notes": "Beschreibung | Description",
        },
    ),
)  # fmt: skip


def ready_made(header: Sequence[str]) -> Proposal | None:
    """The tool whose export a header seems to be."""
    keys = header_keys(header)
    return next((proposal for proposal in PROPOSALS if proposal.fits(keys)), None)
