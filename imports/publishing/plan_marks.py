"""What a plan names: clients, published entries, companies that are nobody's yet, and rows that are left out. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from leaks import Hit
from retainers.hours import ZERO
from retainers.models import Client


class ClientMark(NamedTuple):
    """Which client: its key, its slug, and its name when the plan was made."""

    pk: int
    slug: str
    name: str


def client_mark(client: Client) -> ClientMark:
    return ClientMark(client.pk, client.slug, client.name)


class EntryMark(NamedTuple):
    """A published entry as the plan found it: what it is known by, and what a page says of it."""

    pk: int
    client: str  # its slug
    origin: UUID
    retainer_id: int
    retainer: str
    day: date
    hours: Decimal | None  # worked, else billable, else deducted, as the export had it
    worked: Decimal | None
    pool: str
    wording: str


class Unknown(NamedTuple):
    """A company that is no client yet, with client names that look alike (offered, never merged).

    `stops`: the clients whose dates don't move before it is settled.
    `agreements`: the names that the file has for its agreements.
    `sign`: by which it is left out. `of`: the client (then `company` is its name) of which not the company is
    unknown but the one agreement in `agreements`, none where its rows name none.
    """

    company: str
    rows: int
    near: tuple[ClientMark, ...] = ()
    hours: Decimal = ZERO  # worked
    stops: tuple[ClientMark, ...] = ()
    agreements: tuple[str, ...] = ()
    sign: str = ""
    of: ClientMark | None = None

    @property
    def agreement(self) -> str:
        """The agreement of a known client that no retainer of it names; "" for rows that name none."""
        return self.agreements[0] if self.of and self.agreements else ""


class LeftOut(NamedTuple):
    """`client` is its slug, "" for an unknown `company`, in whose place a known client's unknown agreement stands;
    `month` is YYYY-MM; `hours` as worked, two places.
    """

    client: str
    company: str
    reason: str
    month: str
    rows: int
    hours: Decimal


class LineGroup(NamedTuple):
    """Lines of a preview that take the same words. `text` is what stands for them now, "" where nothing does.

    `key`: the first of them, by which a form names the group; `number`: how many they are, `spans`: which, in words.
    `days`: their first and last; the first of their `titles`, how many more there are, and some of the `notes`, for
    staff. `drafted`: somebody gave words, or let words through, in this preview; `waits`: a client can't read words
    for one of them yet.
    """

    key: int
    number: int
    spans: str
    clients: tuple[ClientMark, ...]
    days: tuple[date, date]
    hours: Decimal
    titles: tuple[str, ...]
    more_titles: int
    ticket: str
    notes: tuple[str, ...]
    text: str
    source: str
    hits: tuple[Hit, ...]
    drafted: bool
    let_through: bool
    waits: bool


class Members(NamedTuple):
    """All that is in a group: its lines, and their titles, each once. A file may have a hundred thousand."""

    lines: tuple[int, ...]
    titles: tuple[str, ...]


class ToWord(NamedTuple):
    """What a preview asks words for, group by group, with the `members` of each; and whom and what the file names:
    words may not name these.
    """

    groups: Sequence[LineGroup]
    members: Sequence[Members]
    technicians: Sequence[str]
    tickets: Sequence[str]


class StillKind(NamedTuple):
    """Rows of a client that stand as they are and are alike to sums: the first one's line, how many they are, and what
    each says (`Still`).
    """

    line: int
    number: int
    retainer: str
    reason: str | None
    worked: Decimal
    counted: Decimal
    stands_in: bool
    waits: bool
