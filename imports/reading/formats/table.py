"""The declaration of an export's shape, and how one is matched against a header.

A format is data: which headers give it away, which column fills which field of a `Row`, and its quirks.
Reading by such a table is the business of `columns` and `build`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache


class Unit(StrEnum):
    """What a bare number in a column of hours counts. OPEN: nothing says so."""

    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    QUARTERS = "quarter hours"
    DAYS = "days"
    WHOLE_DAYS = "days of 24 hours"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Measure:
    """A column's unit; `is_proven` False: nothing says so, and it makes a difference. `is_said`: by a person."""

    unit: Unit
    is_proven: bool
    is_said: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a column of hours, with the hours that its row's own times say where both are known."""

    text: str
    span: Decimal | None = None


# What any export may have: whether a row is internal, and the entry's own status.
COMMON: Mapping[str, str] = {
    "hidden": "Hidden | Is Hidden | ActionHide | Private | Is Private | Internal | Is Internal | Internal Only | "
    "Visibility | Visible to Client | Visible to Customer | Public | Is Public | Confidential",
    "status": "Approval Status | Approval | Entry Status | Timesheet Status | Time Status",
}
# Headers under which Yes says that clients may see the row.
SHOWING = frozenset({"visible", "visibletoclient", "visibletocustomer", "public", "ispublic", "showtoclient"})
HOURS_FIELDS = ("worked", "billable", "deducted")
GROUP_FIELDS = ("company", "agreement", "technician")
BLOCK_FIELDS = frozenset({"notes", "internal_notes", "description"})
INVERTED_FLAGS = frozenset({"non-billable", "nonbillable", "isnonbillable", "forcenonbillable", "donotbill"})
Aliases = str | tuple[str | tuple[str, ...], ...]
_DROPPED = str.maketrans("", "", " _\t\r\n\u00a0\u202f\ufeff\u200b")


def key(header: str) -> str:
    """A header for comparing: no case, no spaces or underscores; `?`, `#`, `(…)` and hyphens stay.

    >>> key("\\ufeffTime_RecID") == key("Time RecId"), key("Billable?")
    (True, 'billable?')
    """
    return _key_of(header[:200])


@lru_cache(maxsize=8192)  # the headers that are known are asked for with each file
def _key_of(header: str) -> str:
    return header.translate(_DROPPED).casefold()


def header_keys(header: Sequence[str]) -> frozenset[str]:
    """The set of a header's keys, empty ones left out."""
    return frozenset(found for cell in header if (found := key(cell)))


def alternatives(aliases: Aliases) -> tuple[tuple[str, ...], ...]:
    """The headers of "a | b + c", best first, each as the columns it takes; a tuple holds headers as they are.

    >>> alternatives("Member | First Name + Last Name")
    (('Member',), ('First Name', 'Last Name'))
    """
    if isinstance(aliases, tuple):
        return tuple((header,) if isinstance(header, str) else header for header in aliases)
    return tuple(tuple(part.strip() for part in alias.split(" + ")) for alias in aliases.split(" | "))


@dataclass(frozen=True, slots=True)
class Format:
    """One shape of one PSA's export.

    `needs`: headers that must all be there, each "a | b" where either will do; `never`: headers of which
    none may be. `columns`: for each field of `Row` its headers, best first; where a cell is empty the next
    header stands in. `units`: what bare numbers count under a header that doesn't say so itself.
    """

    name: str
    shape: str
    needs: tuple[str, ...]
    columns: Mapping[str, Aliases]
    never: tuple[str, ...] = ()
    units: Mapping[str, Unit] = field(default_factory=dict)
    usual_unit: Unit = Unit.HOURS
    whole_numbers: Unit = Unit.OPEN  # what a column of large whole numbers counts
    date_order: str = ""  # where the export fixes it
    empty: frozenset[str] = frozenset({"null"})  # casefolded cells that mean nothing
    is_unit_given: bool = False  # the unit is a person's word, so large values are no doubt of it
    flag_is_inverted: bool = False  # Yes means non-billable, whatever the header
    letter_flags: frozenset[str] = frozenset()  # headers in which B bills, and nothing else does
    rate_names: frozenset[str] = frozenset()  # headers whose cell bills by being there at all
    dated_by_end: frozenset[str] = frozenset()  # headers of dates that are the end of the work
    times_give_hours: bool = False  # start and end stand in where there is no column of hours
    top_ups: str = ""  # the header whose "Top Up" makes a row a grant of hours
    ledger_sign: int = 0  # -1: usage is negative; 1: usage is positive, top-ups carry a "+"
    passed_over: str = ""  # headers "a | b" that are known and not read, so that nobody is asked about them
    is_printed: bool = False  # a layout for paper: taken for granted only with a preamble, headings or totals
    zero_bills_not: bool = False  # a row without billable hours is non-billable
    passed_headers: tuple[str, ...] = ()  # whole headers that a person has passed over
    yes_shows: bool = False  # Yes in the column of `hidden` lets clients see the row, whatever the header
    hidden_if: str = ""  # the cell of `hidden` that makes a row internal, where a person said one
    first_wins: bool = False  # two columns of one name: the first is the PSA's own
    # keys of headers of which a person said what they hold, not which way
    answered: frozenset[str] = frozenset()
    is_template: bool = False  # taken for granted only where all headers are its own

    @property
    def reads_each_row_alone(self) -> bool:
        """Whether no more than a row's own cells, and what is decided over the file, makes it what it is."""
        return not self.dated_by_end and not self.ledger_sign

    def score(self, keys: frozenset[str]) -> int:
        """How well a header (its keys) fits: 0 not at all, else how many of its columns are known."""
        if not _matches(self.needs, self.never, keys):
            return 0
        return len(self.needs) + len(keys & self.known_keys())

    def known_keys(self) -> frozenset[str]:
        """The keys of every header that this format reads."""
        return frozenset(
            key(part)
            for aliases in self.columns.values()
            for parts in alternatives(aliases)
            for part in parts
        )

    def reading(self, reads: Mapping[str, str]) -> "Format":
        """The format with more columns, as a person said: header → field. They come first in their fields."""
        if not reads:
            return self
        columns: dict[str, Aliases] = dict(self.columns)
        for header, field_name in reads.items():
            columns[field_name] = (header, *alternatives(columns.get(field_name, ())))
        return replace(self, columns=columns, answered=self.answered | {key(header) for header in reads})

    def passed_keys(self) -> frozenset[str]:
        """The keys of the headers that are known and not read."""
        return frozenset(key(name) for name in (*self.passed_over.split(" | "), *self.passed_headers))


@dataclass(frozen=True, slots=True)
class RefusedShape:
    """A shape that looks like time entries and is none: what it is, and which report to take instead."""

    name: str
    shape: str
    needs: tuple[str, ...]
    remedy: str
    never: tuple[str, ...] = ()
    needs_prefix: str = ""  # at least one header starts with this
    unless_dated: bool = False  # its rows have no day: with one in most of them it is no summary

    def score(self, keys: frozenset[str]) -> int:
        """How well a header fits: 0 not at all, else more for a closer description."""
        if not _matches(self.needs, self.never, keys):
            return 0
        if self.needs_prefix and not any(header.startswith(key(self.needs_prefix)) for header in keys):
            return 0
        return len(self.needs) + len(self.needs_prefix)


def _matches(needs: Iterable[str], never: Iterable[str], keys: frozenset[str]) -> bool:
    if any(key(name) in keys for name in never):
        return False
    return all(any(key(name) in keys for name in group.split(" | ")) for group in needs)
