"""Which words a client reads for an entry, and where they come from; an internal title is never among them.

Reading the provider's memory from the database, the leak check and the wording queue are left to others.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from imports.reading.rows import Row
from imports.reading.same_row import id_key
from imports.stages import NEUTRAL, Source, Worded
from retainers.terms import collapse

NotesColumn = Literal["description", "notes"]

MOST_CHARACTERS = 500
WITH_CLIENT_DESCRIPTION = frozenset({"generic"})


@dataclass(frozen=True, slots=True)
class Memory:
    """The provider's translation memory: words by title and by ticket, under `title_key` and `ticket_key`."""

    by_title: Mapping[str, str] = field(default_factory=dict)
    by_ticket: Mapping[str, str] = field(default_factory=dict)

    def recall(self, row: Row) -> str | None:
        """The words given before to this title, else to this ticket; an empty title or ticket is no key."""
        by_title = self.by_title.get(title_key(row.title)) if row.title else None
        return by_title or (self.by_ticket.get(ticket_key(row.ticket)) if row.ticket else None)


def title_key(title: str) -> str:
    return collapse(title)


def ticket_key(ticket: str) -> str:
    """A ticket number as the memory keeps it.

    >>> ticket_key(" 0048211 ")
    '48211'
    """
    return id_key(collapse(ticket))


def notes_column(format_name: str, trusted: Collection[str], present: Collection[str]) -> NotesColumn | None:
    """The column that may be shown to the client, None where the provider does not trust the format.

    A format with a column made for the client (`description`) shows that one and never its notes.
    """
    if format_name not in trusted:
        return None
    has_description = format_name in WITH_CLIENT_DESCRIPTION or "description" in present
    return "description" if has_description else "notes"


def word(
    row: Row,
    *,
    person: str | None = None,
    rule: str | None = None,
    memory: Memory = Memory(),
    notes: NotesColumn | None = None,
) -> Worded:
    """The words for an entry, in the order of domain.md, "What the client may see".

    `person` is what somebody gave to this very entry, `rule` what a wording rule says, `notes` the column
    that the provider trusts (see `notes_column`).
    """
    shown = clip(getattr(row, notes)) if notes else ""
    offers: tuple[tuple[str | None, Source], ...] = (
        (person, "person"),
        (rule, "rule"),
        (memory.recall(row), "memory"),
        (shown, "notes"),
    )
    return next((Worded(text, source) for text, source in offers if text and text.strip()), NEUTRAL)


def clip(text: str) -> str:
    """Notes as one line that the log has room for.

    >>> clip("Replaced the  switch.\\nTested.")
    'Replaced the switch. Tested.'
    """
    line = " ".join(text.split())
    if len(line) <= MOST_CHARACTERS:
        return line
    cut = line[: MOST_CHARACTERS - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


class Titles:
    """Titles that somebody worded before, ready to be searched for one that looks alike."""

    MOST_COMPARED = 50
    ALIKE = 0.6

    def __init__(self, titles: Iterable[str]) -> None:
        self._by_word: dict[str, list[str]] = defaultdict(list)
        for title in dict.fromkeys(titles):
            for one in set(collapse(title).split()):
                self._by_word[one].append(title)

    def similar(self, title: str, most: int = 3) -> list[str]:
        """The most similar titles, best first, never the same one.

        Only a bounded number of titles that share a word are looked at, those with the rarest words first.
        """
        wanted = collapse(title)
        matcher = SequenceMatcher(b=wanted, autojunk=False)
        scored: list[tuple[float, str]] = []
        for candidate in self._candidates(wanted):
            matcher.set_seq1(collapse(candidate))
            if matcher.real_quick_ratio() >= self.ALIKE and matcher.quick_ratio() >= self.ALIKE:
                scored.append((-matcher.ratio(), candidate))
        return [candidate for score, candidate in sorted(scored)[:most] if -score >= self.ALIKE]

    def _candidates(self, wanted: str) -> list[str]:
        known = [self._by_word[one] for one in set(wanted.split()) if one in self._by_word]
        found: dict[str, None] = {}
        for titles in sorted(known, key=len):
            for title in titles[: self.MOST_COMPARED]:
                if collapse(title) != wanted:
                    found[title] = None
            if len(found) >= self.MOST_COMPARED:
                break
        return list(found)[: self.MOST_COMPARED]


def similar(title: str, titles: Iterable[str], most: int = 3) -> list[str]:
    """The titles that look most like `title`, best first. To search for many, keep a `Titles`.

    >>> similar("VPN down at branch", ["VPN down at main office", "Printer jam"])
    ['VPN down at main office']
    """
    return Titles(titles).similar(title, most)
