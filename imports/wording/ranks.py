"""Which words a client reads for an entry, and where they come from; an internal title is never among them.

Reading the provider's memory from the database, the leak check and the wording queue are left to others.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeGuard

from imports.reading.rows import Row
from imports.reading.same_row import id_key
from imports.stages import NEUTRAL, Worded
from imports.wording.shapes import of_one_mind, open_places, shape_of, with_one_open
from retainers.terms import collapse

NotesColumn = Literal["description", "notes"]

MOST_CHARACTERS = 500
WITH_CLIENT_DESCRIPTION = frozenset({"generic"})


@dataclass(frozen=True)
class Memory:
    """The provider's translation memory: words by title and by ticket, under `title_key` and `ticket_key`."""

    by_title: Mapping[str, str] = field(default_factory=dict)
    by_ticket: Mapping[str, str] = field(default_factory=dict)

    def recall(self, row: Row) -> str | None:
        """The words given before to this title, to titles of its shape, or to its ticket; an empty one is no key."""
        by_title = self._recalled(row.title) if row.title and self.by_title else None
        return by_title or (
            self.by_ticket.get(ticket_key(row.ticket)) if row.ticket and self.by_ticket else None
        )

    def _recalled(self, title: str) -> str | None:
        """The words of a title; a file says the same one in many rows."""
        if title not in self._known:
            self._known[title] = self._of_title(title)
        return self._known[title]

    @cached_property
    def _known(self) -> dict[str, str | None]:
        return {}

    def _of_title(self, title: str) -> str | None:
        found = self.by_title.get(title_key(title))
        shape = "" if found else shape_of(title)
        if found or not shape:
            return found
        if shape in self._by_shape:
            return self._by_shape[shape]
        opened = {self._opened[each] for each in with_one_open(shape) if each in self._opened}
        return opened.pop() if len(opened) == 1 else None

    @cached_property
    def _by_shape(self) -> Mapping[str, str]:
        return of_one_mind(self.by_title.items())

    @cached_property
    def _opened(self) -> Mapping[str, str]:
        return open_places(self._by_shape)


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
    if _says(person):
        return Worded(person, "person")
    if _says(rule):
        return Worded(rule, "rule")
    if _says(recalled := memory.recall(row)):
        return Worded(recalled, "memory")
    shown = clip(getattr(row, notes)) if notes else ""
    return Worded(shown, "notes") if _says(shown) else NEUTRAL


def _says(text: str | None) -> TypeGuard[str]:
    """Whether it is more than blank."""
    return bool(text and text.strip())


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
