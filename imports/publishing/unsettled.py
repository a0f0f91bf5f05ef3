"""What one client's page has to wait for: a row of it that is not settled, or another client's page.

Source: domain.md, "Importing the same period again".
"""

from collections.abc import Iterable, Mapping, Sequence

from imports.reading.rows import Row
from imports.reading.same_row import id_key
from imports.stages import Near, StandingEntry
from retainers.company_names import company_key


def spaced(company: str) -> str:
    """A company as it is listed.

    >>> spaced(" Acme   Dental ")
    'Acme Dental'
    """
    return " ".join(company.split())


def stopped_by(
    unknown: Sequence[Row], near: Near, once: Mapping[str, str], kept: Iterable[StandingEntry]
) -> dict[str, tuple[str, ...]]:
    """For each company that is no client's the slugs of those whose dates must not move before it is settled.

    `unknown`: their rows; `near`: clients of like names; `once`: names under which clients' entries came before,
    as they are compared (`company_key`), with the slug; `kept`: entries that stay as their own row waits.
    """
    rows = {_sign(row): spaced(row.company) for row in unknown}
    found: dict[str, list[str]] = {}
    for company in {spaced(row.company) for row in unknown}:
        before = once.get(company_key(company))
        found[company] = [*near.get(company, ()), *filter(None, [before])]
    for entry in kept:
        if (owner := rows.get(_sign(entry.row))) is not None:
            found[owner].append(entry.client)
    return {company: tuple(dict.fromkeys(slugs)) for company, slugs in found.items()}


def _sign(row: Row) -> str | tuple[object, ...]:
    """By what a row and the entry that it brought are told: its id, else its work."""
    return id_key(row.entry_id) if row.entry_id else (row.date, row.ticket, row.technician, row.worked)
