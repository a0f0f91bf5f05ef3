"""What one client's page has to wait for: a row of it that is not settled, or another client's page.

Source: domain.md, "Importing the same period again".
"""

from collections.abc import Iterable, Mapping

from imports.stages import Near
from retainers.company_names import company_key


def spaced(company: str) -> str:
    """A company as it is listed.

    >>> spaced(" Acme   Dental ")
    'Acme Dental'
    """
    return " ".join(company.split())


def stopped_by(unknown: Iterable[str], near: Near, once: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """For each company that is no client's the slugs of those whose dates must not move before it is settled.

    `near`: clients of like names; `once`: names under which clients' entries came before, as they are compared
    (`company_key`), with the slug.
    """
    found: dict[str, tuple[str, ...]] = {}
    for company in map(spaced, unknown):
        before = once.get(company_key(company))
        found[company] = tuple(dict.fromkeys((*near.get(company, ()), *filter(None, [before]))))
    return found
