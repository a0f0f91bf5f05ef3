"""What a row of a file becomes on its way to a publication: one value a stage, known by all rooms. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Literal, NamedTuple, TypeVar

from imports.reading.rows import Question, Row
from leaks import Hit
from retainers.balance import Part, Work
from retainers.company_names import company_key

OUTSIDE = "outside the retainer"
REPEATED = "repeated"
NOT_A_CLIENT = "not a client"
REJECTED = "rejected"
LEFT_OUT = "left out"  # by a person, in the preview
NO_ENTRY = frozenset({REPEATED, LEFT_OUT})


def claim_key(client: str, agreement: str) -> str:
    """A client's (slug) agreement of the PSA as it is remembered; no company's key holds a tab.

    >>> claim_key("acme", "Web  Care")
    'acme\\tweb care'
    """
    return f"{client}\t{company_key(agreement)}"


class Place(NamedTuple):
    """What is judged of a row; many rows share one. `client` None: the company is unknown and the row is held,
    unjudged, or the company is never ours and the row is excluded as "not a client".

    `retainer` and `pool` are keys; `retainer` None: no retainer of the client takes the row; `pool` None: no
    rule chose one (the retainer's first pool). `exclusion` is a rule's reason, "outside the retainer" where
    there is no retainer, "repeated" or "left out". `wording` is what a rule says that the client reads. All of that is
    judged by the start; `parts` are two or more where the row is cut at the boundary and they differ.
    `unclaimed`: the client's retainers all name agreements of the PSA and none the row's; in a file it waits.
    """

    client: str | None
    retainer: str | None = None
    pool: str | None = None
    categories: tuple[str, ...] = ()
    exclusion: str | None = None
    wording: str | None = None
    unjudged_time: bool = False
    parts: tuple[Part, ...] = ()
    unclaimed: bool = False

    @property
    def takes_part(self) -> bool:
        """Whether the row is an entry: a repeat is none, nor is one left out, nor one that no retainer takes."""
        return self.retainer is not None and self.exclusion not in NO_ENTRY


class Classified(NamedTuple):
    """A row with its place."""

    row: Row
    place: Place

    def work(self, ref: int = 0) -> Work:
        """The row as the ledger sees it; `ref` is the caller's mark."""
        row, place = self
        return Work(
            day=row.date,
            worked=row.worked,
            billable=row.billable,
            deducted=row.deducted,
            is_billable=row.is_billable,
            categories=frozenset(place.categories),
            pool=place.pool,
            exclusion=place.exclusion,
            ref=ref,
            parts=place.parts,
        )


def taking_part(rows: Iterable[Classified]) -> list[Classified]:
    """Those that are entries, most often all."""
    return [row for row in rows if row.place.takes_part]


def taking_no_part(rows: Iterable[Classified]) -> list[Classified]:
    """The others, most often none."""
    return [row for row in rows if not row.place.takes_part]


_worked = attrgetter(
    "row.date", "row.worked", "row.billable", "row.deducted", "row.is_billable",
    "place.categories", "place.pool", "place.exclusion", "place.parts",
)  # fmt: skip


def works_of(rows: Iterable[Classified], refs: Iterable[int]) -> list[Work]:
    """The same of many rows, column by column; rows with the same categories share them."""
    columns = list(zip(*map(_worked, rows), strict=True))
    if not columns:
        return []
    *figures, categories, pools, exclusions, parts = columns
    kinds = {each: frozenset(each) for each in set(categories)}
    found = zip(*figures, map(kinds.__getitem__, categories), pools, exclusions, refs, parts, strict=False)
    return list(map(Work._make, found))


class StandingEntry(NamedTuple):
    """A published entry with the row behind it; `ref` is the caller's mark and comes back untouched.

    `client` is a slug, `retainer` and `pool` are keys. `settled`: it lies in a settled cycle. `counted`: it
    draws hours, or would if it had some; an excluded entry does not.
    """

    ref: int
    row: Row
    client: str = ""
    retainer: str | None = None
    pool: str | None = None
    settled: bool = False
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """What a file speaks for: its period, first and last day included, and what the uploader says it covers.

    `agreements` (names of the PSA) and `pools` (keys) narrow it; an entry that fits one of them is covered,
    and without any everything is. `client`: the one that the export is for; None: all clients.
    """

    starts: date
    ends: date
    agreements: Collection[str] = ()
    pools: Collection[str] = ()
    client: str | None = None

    def covers(self, entry: StandingEntry) -> bool:
        """Whether the uploader's word includes the entry, whatever its date."""
        if self.client is not None and entry.client != self.client:
            return False
        if not self.agreements and not self.pools:
            return True
        named = company_key(entry.row.agreement) in map(company_key, self.agreements)
        return named or entry.pool in self.pools

    def compares(self, entry: StandingEntry) -> bool:
        """Whether the entry counts as removed when the file does not have it."""
        return self.starts <= entry.row.date <= self.ends and self.covers(entry)


class Pair(NamedTuple):
    """A row of the file and the published entry that it continues."""

    row: Classified
    published: StandingEntry

    @property
    def moves(self) -> bool:
        """Whether the entry goes to another client's page."""
        return self.row.place.client != self.published.client


class Waiting(NamedTuple):
    """What of the file waits for an answer: rows of unknown companies and agreements, and ids (`id_key`) of refused
    rows.
    """

    rows: Sequence[Row] = ()
    ids: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Every row is in `new`, `changed` or `unchanged`, in the order of the file.

    `moved` are those of the changed whose entry stood on another client's page: one change on two pages,
    published together or not at all. `anew` are those of the changed whose ids seem to have begun anew (the
    question `ids`). `removed` are the compared entries that no row pairs with; `kept` those that stay as they
    are because their row waits; `compared` is how many counted ones the scope holds. `asks`: by client, why
    its removals must be asked for expressly.
    """

    new: tuple[Classified, ...]
    changed: tuple[Pair, ...]
    unchanged: tuple[Pair, ...]
    removed: tuple[StandingEntry, ...]
    compared: int
    kept: tuple[StandingEntry, ...] = ()
    anew: tuple[Pair, ...] = ()
    asks: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def moved(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.changed if pair.moves)


Source = Literal["person", "rule", "memory", "notes", "neutral"]


class Worded(NamedTuple):
    """Client-facing words and their source; `text` None: the page shows the pool's fallback text."""

    text: str | None
    source: Source

    @property
    def needs_wording(self) -> bool:
        """Whether the entry waits in the wording queue."""
        return self.source == "neutral"


NEUTRAL = Worded(None, "neutral")


class Words(NamedTuple):
    """The words for a row, with what the leak check finds in them: while that is something the page shows the pool's
    fallback text. `title_before`: the title to which a person gave them, where that has changed since.
    """

    worded: Worded
    hits: tuple[Hit, ...] = ()
    title_before: str | None = None

    @property
    def shown(self) -> str:
        """What the client will read; empty while the pool's fallback text stands in."""
        return "" if self.hits else self.worded.text or ""


NO_WORDS = Words(NEUTRAL)


# what is unknown (`unsettled.sign_of`) -> slugs of clients that it may be of, best first, each with its likeness
Near = Mapping[str, Mapping[str, float]]
Stops = Mapping[str, Sequence[str]]  # what is unknown -> slugs of clients whose dates wait for it


class Twin(NamedTuple):
    """A new row, and the entry of `format` that seems to be the same work."""

    row: Classified
    entry: StandingEntry
    format: str


Mark = TypeVar("Mark", str, int)


def tied(some: Iterable[Mark], moves: Iterable[tuple[Mark, Mark]]) -> frozenset[Mark]:
    """Some clients with all those that moved entries tie to them: both pages change together or not at all.

    >>> sorted(tied({"acme"}, [("acme", "birch"), ("birch", "cobalt"), ("delta", "echo")]))
    ['acme', 'birch', 'cobalt']
    """
    neighbours: dict[Mark, set[Mark]] = defaultdict(set)
    for here, there in moves:
        neighbours[here].add(there)
        neighbours[there].add(here)
    found: set[Mark] = set()
    asked = list(some)
    while asked:
        mark = asked.pop()
        if mark not in found:
            found.add(mark)
            asked += neighbours[mark]
    return frozenset(found)


class AskedQuestion(NamedTuple):
    """A question about this file, and what was said to it.

    `clients` are the slugs of the rows' clients, which wait for it; none: the whole file does. `answered`: ""
    while nobody has said anything.
    """

    question: Question
    clients: tuple[str, ...] = ()
    answered: str = ""

    @property
    def is_open(self) -> bool:
        return not self.answered
