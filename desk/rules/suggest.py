"""From one title to all that are like it: what may differ the next time becomes `*`."""

import re
from collections.abc import Iterable

from accounts.models import Provider
from desk.rules.draft import ConditionRow, RuleDraft
from imports.wording.ranks import MOST_CHARACTERS
from leaks import Hit
from retainers.gate.known import read_gate

ANY = "*"
FEWEST_LETTERS = 4
LONGEST_NAME = 120
LONGEST_TITLE = 2000
_RUN = re.compile(r"\*(?:[\s,;:/#()-]*\*)+")
_TOKEN = re.compile(r"[^\s,;:()]*\d[^\s,;:()]*")


def title_pattern(title: str, hits: Iterable[Hit] = ()) -> str:
    """A text for "title is": numbers, names with a number in them, and what the leak check found as `*`.

    A title of which too little would be left stays as it is.

    >>> title_pattern("LBL printers offline - dock3-zt411 10.2.0.44")
    'LBL printers offline - *'
    >>> title_pattern("Ticket #48211: VPN down")
    'Ticket *: VPN down'
    >>> title_pattern("48211")
    '48211'
    """
    text = " ".join(title.split())
    for hit in sorted(hits, key=lambda hit: hit.start, reverse=True):
        text = text.replace(hit.text, ANY)
    text = _RUN.sub(ANY, _TOKEN.sub(ANY, text))
    letters = sum(sign.isalpha() for sign in text)
    return text if letters >= FEWEST_LETTERS else " ".join(title.split())


def suggested(provider: Provider, *, title: str, wording: str) -> RuleDraft:
    """The form of a new rule that words titles like this one so; blank where nothing is said."""
    title = title[:LONGEST_TITLE]
    hits = read_gate(provider).find(title)
    pattern = title_pattern(title, hits)
    rows = (ConditionRow("title", text=pattern),) if pattern else ()
    return RuleDraft(
        name=pattern[:LONGEST_NAME].strip(), rows=rows, wording=wording.strip()[:MOST_CHARACTERS]
    )
