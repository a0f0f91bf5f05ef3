"""What a file is read into, in HourTab's own words: records, then rows, and all that is said about them.

The values stand in the order in which a file becomes them, and nothing here reads or decides. All rooms of `imports`
know them.
"""

from array import array
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from itertools import chain
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

from retainers.hours import ZERO

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL_CHARS = 100_000
MAX_RECORDS = 5 * MAX_ROWS  # blank ones too: a file of empty lines is no export
TOO_MANY_ROWS = "The file has more than {:,} rows. Export a shorter period, for example one month."

QuestionKind = Literal["columns", "one-company", "times", "long", "negative", "years", "unit", "ids", "twice"]
ACCEPT = "accept"  # the preset of a question whose rows the file itself proves
Said = TypeVar("Said", bound=Hashable)
Its = TypeVar("Its")
Day = date  # within `Row` the word is a field's


MARK = 16  # bytes: no two rows share one by chance, and nobody can make one to order
NO_MARK = bytes(MARK)  # of lines that aren't known


def digests_at(digests: bytes, places: Iterable[int]) -> list[bytes]:
    """Some of many marks that stand one after another, which takes a quarter of the memory that values take."""
    return [digests[at : at + MARK] for at in map(MARK.__mul__, places)]


class Record(NamedTuple):
    """One record of the file; `line` is the physical line (1-based) at which it starts.

    `after_blank`: nothing stands in the line above it. `mark`: by what its lines are known again (`row_marks`).
    """

    line: int
    cells: Sequence[str]
    after_blank: bool = False
    mark: bytes = NO_MARK

    @property
    def is_blank(self) -> bool:
        return is_blank(self.cells)


def is_blank(cells: Sequence[str]) -> bool:
    """Whether nothing stands in a record (an empty line, or only delimiters)."""
    if cells and cells[0] and not cells[0].isspace():
        return False  # nearly all
    return not any(cell and not cell.isspace() for cell in cells)


class EntryRecord(NamedTuple):
    """A record to be read, with what the group headings above it say (field → text)."""

    record: Record
    groups: Mapping[str, str]


class SetAside(NamedTuple):
    """A line that is no entry: `what` is "heading", "subtotal", "total", "preamble" or "table"."""

    line: int
    what: str


class Problem(NamedTuple):
    """Something a manager has to know about the file, with its place where there is one.

    `line` is the physical line (1-based) at which the row starts; 0 means the file as a whole. `worked`: the
    worked hours of a refused row, where they could be read; `entry_id`: its id, where the export has one; `company`:
    whose it is as the file says it, None where that can't be told.
    """

    line: int
    column: str
    value: str
    message: str
    worked: Decimal = ZERO
    entry_id: str = ""
    company: str | None = None


class Question(NamedTuple):
    """Something that only a person can settle (domain.md, "Questions").

    `lines` and `hours`: the rows it is about and their worked hours; none and zero for the file as a whole.
    `text`: a whole sentence for the manager. `preset`: the answer that the file itself proves, "" where it
    proves none: `ACCEPT`, or the name of a unit. `column`: the header that `columns` and `unit` ask about,
    `field` what `columns` takes it for (a field of `Row`, or "clients" where its cells name known clients), the
    other format of `twice`, or which entries `long` is about ("proven", "entries", "days").
    `technicians`: those whom a remembered answer to `long` would hold for.
    """

    kind: QuestionKind
    text: str
    lines: tuple[int, ...] = ()
    hours: Decimal = ZERO
    preset: str = ""
    column: str = ""
    field: str = ""
    technicians: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What it is known by in its file, beside others of its kind."""
        return ":".join(part for part in (self.kind, self.column or self.field) if part)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person has said about files with these headers, in this upload or before; keys are headers.

    `units`: what a column's bare numbers count ("hours", "minutes", …). `reads`: the field of `Row` that a
    column fills. `unread`: columns that may stay unread. `clock`: "12" or "24". `encoding`: a code page.
    """

    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reads: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unread: frozenset[str] = frozenset()
    clock: str = ""
    encoding: str = ""

    def over(self, before: "Answers") -> "Answers":
        """These answers, with what was said before where they say nothing."""
        return Answers(
            units={**before.units, **self.units},
            reads={**before.reads, **self.reads},
            unread=before.unread | self.unread,
            clock=self.clock or before.clock,
            encoding=self.encoding,
        )


class ReadingOption(NamedTuple):
    """What nothing in the file proves and a person can say: `option` is "encoding", "date_order" or "clock".

    `readings`: for each answer, the likeliest first, a few rows as they would be read.
    """

    option: str
    readings: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]


class UnreadableFileError(Exception):
    """The file as a whole can't be read; `problems` says why in sentences, and what to do instead.

    `choice`: what would make it readable, where that is one answer.
    """

    def __init__(self, *problems: Problem, choice: ReadingOption | None = None) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
        self.choice = choice


class Row(NamedTuple):
    """One time entry. Hours have four places, half up; None where the export has no such figure.

    Texts are clean (no mark-up, no guard prefix, no stray marks), "" where the export has none. `elapsed`:
    the hours that passed from start to end in the provider's zone, below zero where the file says that the
    end came first; None where a time is missing. `end_date`: the day of the end where it is another than the
    entry's. `status`: the entry's own (Approved, Rejected …). `hidden`: the file marks the row as internal.
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
    status: str = ""
    hidden: bool = False
    end_date: Day | None = None
    elapsed: Decimal | None = None


class Beginning(NamedTuple):
    """When an entry, or a part of it, begins; `start` None: the export had no time."""

    date: date
    start: time | None


def worked_of(row: Row) -> Decimal:
    """The hours that a row says were worked, else the nearest that it has."""
    if row.worked is not None:
        return row.worked
    return row.billable if row.billable is not None else row.deducted or ZERO


class Grant(NamedTuple):
    """A row that grants hours (a prepay ledger's top-up): excluded as `top-up` and offered as one."""

    line: int
    company: str
    agreement: str
    date: date
    hours: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spared:
    """Lines of rows that are known, and so were not read, in their order; and as what each is known. They are numbers
    in arrays, as there may be as many as a file has rows.
    """

    lines: Sequence[int] = ()
    places: Sequence[int] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def among(self, lines: Sequence[int], places: Sequence[int]) -> "Spared":
        """The same among others."""
        if not lines:
            return self
        found = [array("I", chain(*both)) for both in ((self.lines, lines), (self.places, places))]
        order = sorted(range(len(found[0])), key=found[0].__getitem__)
        return Spared(*(array("I", map(each.__getitem__, order)) for each in found))


NONE_SPARED = Spared()


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What one export says, row by row. Every line of the file is in exactly one of the lists, or blank.

    `present`: the `Row` fields that the file has columns for. `refused`: problems that each stand for one
    entry row (never published). `warnings`: problems of the file as a whole that refuse nothing.
    """

    format: str
    rows: Sequence[Row]
    refused: tuple[Problem, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    grants: tuple[Grant, ...] = ()
    warnings: tuple[Problem, ...] = ()
    present: frozenset[str] = field(default_factory=frozenset)
    encoding: str = "utf-8"
    delimiter: str = ","
    date_order: str = ""  # "mdy", "dmy", "ymd" where the dates needed one
    questions: tuple[Question, ...] = ()  # about the file: `columns`, `unit`
    unread_columns: tuple[str, ...] = ()  # headers of the columns that fill no field
    stated: Decimal | None = None  # the file's own total of worked hours
    headers: tuple[str, ...] = ()  # the header as the file writes it
    measured: tuple[tuple[str, str], ...] = ()  # the columns of hours, and the unit in which each was read
    # of each row what it is known by (`row_marks`), `NO_MARK` where nothing may be; and one name for how all were read
    marks: bytes = b""
    decided: str = ""
    spared: Spared = NONE_SPARED
    # of a list of rows the cells by which that was decided, those of all entries in their order (`deciding_cells`)
    deciding: bytes = b""


def by_kind(said: Sequence[Said], rows: Sequence[Its]) -> dict[Said, tuple[Its, int]]:
    """Rows by what is said of each, in the order in which that is met: the first of a kind, and how many there are.

    >>> by_kind(["a", "b", "a"], [1, 2, 3])
    {'a': (1, 2), 'b': (2, 1)}
    """
    first = dict(zip(reversed(said), reversed(rows), strict=True))
    return {kind: (first[kind], number) for kind, number in Counter(said).items()}
