"""What is proposed for a header that is to be mapped by hand: ready-made for some tools, else by its words.

A column that sounds internal is never proposed for text that a client sees, one of money for nothing.
"""

import re
from collections.abc import Sequence

from imports.reading.formats import FORMATS
from imports.reading.formats.table import alternatives, key
from imports.reading.header_units import stated_unit
from imports.reading.header_words import FIELD_WORDS, fields_of, may_say_shown, plain_header
from imports.reading.mapped import CLIENT_FACING_FIELDS, FIELDS, Mapping, mapping_of, sounds_internal
from imports.reading.ready_made import ready_made

_NEVER = re.compile(
    r"cost|price|amount|amt\b|profit|margin|currency|\binvoice (?:no|number|id)|e-?mail|staff number|"
    r"^rate\b|(?:hourly|billable|overage|internal|bill|pay) rate|created|updated|modified|satz|preis|betrag"
)
_END_DATES = frozenset({
    "end date", "date of end", "date ended", "stop date", "finish date", "enddatum", "datum ende", "ende datum",
    "date de fin", "date fin", "fecha fin", "fecha de fin", "fecha final", "einddatum", "datum einde",
})  # fmt: skip


_OWN_NAMES = {name: FIELD_WORDS.get(name, ()) for name in FIELDS if name not in ("worked_more", "end_date")}


def propose(header: Sequence[str]) -> Mapping:
    """A mapping for a header, without a name where no tool's ready-made proposal fits.

    >>> propose(["Datum", "Kunde", "Stunden"]).columns
    {'date': 'Datum', 'worked': 'Stunden', 'company': 'Kunde'}
    """
    ready = ready_made(header)
    if ready is not None:
        return mapping_of(header, ready.columns_in(header), name=ready.name)
    return mapping_of(header, suggest(header))


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
