"""What a company that is no client yet may have agreed to, read from the names of its agreements in the file.

Only proposed, in a row that a person looks at: "Prepaid Block 40h" is a prepaid block of 40 hours. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

HOURS = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,2})?)\s*-?\s*(?:h|hrs?|hours?|std|stunden)\b", re.IGNORECASE
)
BLOCKS = re.compile(r"\b(?:block|prepaid|pre-paid|kontingent)", re.IGNORECASE)
FIXED_FEES = re.compile(r"\b(?:managed|flat|fixed|all[- ]?in|unlimited|ayce)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`template` is a key of `starting.TEMPLATES`; `hours` as an input holds them, "" where no name says any."""

    template: str = "bank"
    hours: str = ""


def proposed(agreements: Iterable[str]) -> Proposal:
    """The first name that says hours decides; else the first that says a kind of agreement; else a time bank.

    >>> proposed(["Prepaid Block 40h"])
    Proposal(template='block', hours='40')
    >>> proposed(["Managed Services", "Support 12,5 hours"])
    Proposal(template='bank', hours='12.5')
    """
    names = list(agreements)
    for name in names:
        found = HOURS.search(name)
        if found:
            return Proposal(_kind(name), found[1].replace(",", "."))
    kinds = [kind for kind in map(_kind, names) if kind != "bank"]
    return Proposal(kinds[0] if kinds else "bank")


def _kind(name: str) -> str:
    if BLOCKS.search(name):
        return "block"
    return "hybrid" if FIXED_FEES.search(name) else "bank"
