"""One row of an export in HourTab's own words: what every format is read into.

`read` and `formats` make these values, `classify` and `reconcile` use them; nothing here reads or decides.
"""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a manager has to know about the file, with its place where there is one.

    `line` is the physical line (1-based) at which the row starts; 0 means the file as a whole.
    """

    line: int
    column: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A line that is no entry: `what` is "heading", "subtotal", "total" or "preamble"."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A row that grants hours (a prepay ledger's top-up): excluded as `top-up` and offered as one."""

    line: int
    company: str
    agreement: str
    date: date
    hours: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One time entry. Hours have four places, half up; None where the export has no such figure.

    Texts are clean (no mark-up, no guard prefix, no stray marks), "" where the export has none.
    """

    line: int
    date: date
    worked: Decimal | None
    billable: Decimal | None = None
    deducted: Decimal | None = None
    is_billable: bool = True
    entry_id: str = ""
    company: str = ""
    agreement: str = ""
    start: time | None = None
    end: time | None = None
    technician: str = ""
    ticket: str = ""
    ticket_type: str = ""
    board: str = ""
    title: str = ""
    work_type: str = ""
    work_role: str = ""
    location: str = ""
    notes: str = ""  # may be internal; shown to a client only where the provider trusts the format's notes
    internal_notes: str = ""
    description: str = ""  # a column that was made for the client ("Client description")


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What one export says, row by row. Every line of the file is in exactly one of the lists, or blank.

    `present`: the `Row` fields that the file has columns for. `refused`: problems that each stand for one
    entry row (never published). `warnings`: problems of the file as a whole that refuse nothing.
    """

    format: str
    rows: tuple[Row, ...]
    refused: tuple[Problem, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    grants: tuple[Grant, ...] = ()
    warnings: tuple[Problem, ...] = ()
    present: frozenset[str] = field(default_factory=frozenset)
    encoding: str = "utf-8"
    delimiter: str = ","
    date_order: str = ""  # "mdy", "dmy", "ymd" where the dates needed one


class UnreadableFileError(Exception):
    """The file as a whole can't be read; `problems` says why in sentences, and what to do instead."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
