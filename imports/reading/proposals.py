"""What is proposed for a header that is to be mapped by hand: ready-made for some tools, else by its words.

A column that sounds internal is never proposed for text that a client sees, one of money for nothing.
"""

import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, replace

from imports.reading.formats import FORMATS, header_keys
from imports.reading.formats.table import INVERTED_FLAGS, SHOWING, Format, Unit, alternatives, key
from imports.reading.header_units import stated_unit
from imports.reading.header_words import FIELD_WORDS, fields_of, may_say_shown, plain_header, says_shown
from imports.reading.mapped import FIELDS, Mapping
from imports.reading.mapping import CLIENT_FACING_FIELDS, header_signature, sounds_internal

_NEVER = re.compile(
    r"cost|price|amount|amt\b|profit|margin|currency|\binvoice (?:no|number|id)|e-?mail|staff number|"
    r"^rate\b|(?:hourly|billable|overage|internal|bill|pay) rate|created|updated|modified|satz|preis|betrag"
)
_END_DATES = frozenset({
    "end date", "date of end", "date ended", "stop date", "finish date", "enddatum", "datum ende", "ende datum",
    "date de fin", "date fin", "fecha fin", "fecha de fin", "fecha final", "einddatum", "datum einde",
})  # fmt: skip
_NOT_INVERTED = re.compile(r"\b(?:non|not|no|nicht|niet|do not)\b|^non")


@dataclass(frozen=True, slots=True)
class Proposal:
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
_OWN_NAMES = {name: FIELD_WORDS.get(name, ()) for name in FIELDS if name not in ("worked_more", "end_date")}


def propose(header: Sequence[str]) -> Mapping:
    """A mapping for a header, without a name where no tool's ready-made proposal fits.

    >>> propose(["Datum", "Kunde", "Stunden"]).columns
    {'date': 'Datum', 'worked': 'Stunden', 'company': 'Kunde'}
    """
    ready = ready_made(header)
    columns = ready.columns_in(header) if ready else suggest(header)
    flag, hidden = columns.get("is_billable", ""), columns.get("hidden", "")
    is_inverted = key(flag) in INVERTED_FLAGS or bool(_NOT_INVERTED.search(plain_header(flag)))
    return Mapping(
        ready.name if ready else "",
        header_signature(header),
        columns,
        flag_means="non-billable" if is_inverted else "billable",
        hidden_means="shown" if key(hidden) in SHOWING or says_shown(hidden) else "hidden",
    )


def ready_made(header: Sequence[str]) -> Proposal | None:
    """The tool whose export a header seems to be."""
    keys = header_keys(header)
    return next((proposal for proposal in PROPOSALS if proposal.fits(keys)), None)


def ready_format(name: str, header: Sequence[str]) -> Format | None:
    """A header read by the ready-made proposal of that name; None where it isn't that tool's."""
    ready = ready_made(header)
    if ready is None or ready.name != name:
        return None
    return replace(propose(header).as_format(), usual_unit=ready.likely[0])


def suggest(header: Sequence[str]) -> dict[str, str]:
    """For each field the header that seems to hold it; fields without one are left out.

    >>> suggest(["When was it", "Work Date", "Customer", "Internal Notes"])
    {'date': 'Work Date', 'company': 'Customer', 'internal_notes': 'Internal Notes'}
    """
    free = [cell.strip() for cell in header if key(cell) and not _NEVER.search(plain_header(cell))]
    found: dict[str, str] = {}
    for match in (_by_words, _by_alias):
        for name in _OWN_NAMES:
            if name not in found and (chosen := match(name, free)) is not None:
                found[name] = chosen
                free.remove(chosen)
    _second_of_duration(found, free)
    _times_of_one_column(found, free)
    _who_may_see(found, free)
    return {name: found[name] for name in FIELDS if name in found}


def _second_of_duration(found: dict[str, str], free: Sequence[str]) -> None:
    """Minutes beside hours are the same duration's other part."""
    first = found.get("worked", "")
    if plain_header(first) not in ("hours", "hour", "stunden", "heures", "horas", "uren"):
        return
    parts = ("minutes", "minute", "min", "mins", "minuten", "minutos")
    more = next((cell for cell in free if plain_header(cell) in parts), None)
    if more is not None:
        found["worked_more"] = more


def _times_of_one_column(found: dict[str, str], free: Sequence[str]) -> None:
    """A column of instants is day and start in one; an end may have a column for its day."""
    day = found.get("date", "")
    if "end" not in found:
        return
    if "start" not in found and "start" in fields_of(day):
        found["start"] = day
    own_day = next((cell for cell in free if plain_header(cell) in _END_DATES), None)
    if own_day is not None:
        found["end_date"] = own_day


def _who_may_see(found: dict[str, str], free: Sequence[str]) -> None:
    """A header that says in a sentence whether clients may see the row ("Zichtbaar voor klant")."""
    shows = next((cell for cell in free if may_say_shown(cell) and not sounds_internal(cell)), None)
    if "hidden" not in found and shows is not None:
        found["hidden"] = shows


def _by_words(name: str, free: Sequence[str]) -> str | None:
    """The header that is called so, the likeliest name of the field first."""
    words = _OWN_NAMES[name]
    fitting = [cell for cell in free if name in fields_of(cell) and _may_hold(name, cell)]
    return min(fitting, key=lambda cell: _rank(name, words, cell), default=None)


def _rank(name: str, words: Sequence[str], cell: str) -> tuple[bool, int]:
    """Hours by a header that says its unit come first; else the order of the words."""
    is_doubtful = name == "worked" and stated_unit(cell) is None
    return is_doubtful, words.index(plain_header(cell))


def _by_alias(name: str, free: Sequence[str]) -> str | None:
    known = {key(alias) for alias in _aliases(name)}
    return next((cell for cell in free if key(cell) in known and _may_hold(name, cell)), None)


def _may_hold(name: str, header: str) -> bool:
    return not (sounds_internal(header) and name in CLIENT_FACING_FIELDS | {"notes", "title"})


def _aliases(name: str) -> list[str]:
    if name in CLIENT_FACING_FIELDS:
        return []
    tables = [alternatives(shape.columns[name]) for shape in FORMATS if name in shape.columns]
    return [parts[0] for table in tables for parts in table if len(parts) == 1]
