"""What one client's page has to wait for: a row of it that is not settled, or another client's page.

Source: domain.md, "Importing the same period again".
"""

from collections.abc import Iterable, Mapping

from imports.stages import Near, StandingEntry
from retainers.company_names import company_key


def spaced(company: str) -> str:
    """A company as it is listed.

    >>> spaced(" Acme   Dental ")
    'Acme Dental'
    """
    return " ".join(company.split())


def clients_with_waiting_rows(
    kept: Iterable[StandingEntry], unknown: Iterable[str], near: Near, once: Mapping[str, str]
) -> frozenset[str]:
    """The slugs of those whose dates must not move, however quiet the file is of them.

    `kept`: entries whose own row waits; `unknown`: companies that are no client's.

    `once`: names under which clients' entries came before, as they are compared (`company_key`), with the slug.
    """
    found = {entry.client for entry in kept}
    for company in unknown:
        found.update(near.get(spaced(company), ()))
        found.update(filter(None, [once.get(company_key(company))]))
    return frozenset(found)
