"""What one client's page has to wait for: a row of it that is not settled, or another client's page.

Source: domain.md, "Importing the same period again".
"""

from collections.abc import Iterable, Mapping, Sequence

from imports.judging.similar_names import near_names
from imports.reading.rows import Row
from imports.reading.same_row import id_key
from imports.stages import Classified, Near, StandingEntry
from retainers.company_names import company_key


def spaced(company: str) -> str:
    """A company as it is listed.

    >>> spaced(" Acme   Dental ")
    'Acme Dental'
    """
    return " ".join(company.split())


def sign_of(row: Classified) -> str:
    """What a row waits for: its company, or its client's agreement that no retainer names."""
    return (
        f"{row.place.client}\t{spaced(row.row.agreement)}" if row.place.unclaimed else spaced(row.row.company)
    )


def near_of(unknown: Iterable[Classified], companies: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """The clients that each unknown company may be, best first, with their likeness; an unknown agreement's is known.

    `companies` maps every known name to its client's slug.
    """
    signs = {sign_of(row): row.place.client for row in unknown}
    near = near_names([sign for sign, client in signs.items() if not client], companies)
    return {sign: {client: 1.0} if client else near[sign] for sign, client in signs.items()}


def stopped_by(
    unknown: Sequence[Classified], near: Near, once: Mapping[str, str], kept: Iterable[StandingEntry]
) -> dict[str, tuple[str, ...]]:
    """For each unknown company or agreement the slugs of those whose dates must not move before it is settled.

    `unknown`: their rows; `near`: clients that it may be of; `once`: names under which clients' entries came before,
    as they are compared (`company_key`), with the slug; `kept`: entries that stay as their own row waits.
    """
    rows = {_work(row.row): sign_of(row) for row in unknown}
    found: dict[str, list[str]] = {}
    for sign in {sign_of(row) for row in unknown}:
        before = once.get(company_key(sign))
        found[sign] = [*near.get(sign, ()), *filter(None, [before])]
    for entry in kept:
        if (owner := rows.get(_work(entry.row))) is not None:
            found[owner].append(entry.client)
    return {sign: tuple(dict.fromkeys(slugs)) for sign, slugs in found.items()}


def _work(row: Row) -> str | tuple[object, ...]:
    """By what a row and the entry that it brought are told: its id, else its work."""
    return id_key(row.entry_id) if row.entry_id else (row.date, row.ticket, row.technician, row.worked)
