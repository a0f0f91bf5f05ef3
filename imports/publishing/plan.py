"""What publishing an import would do, as plain values: made by `preview`, shown to the manager, done by `publish`.

Nothing here reads or writes, and nothing holds a row of the database: a plan can be kept and taken up again,
for as long as what it depends on (its `basis`) is what it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from imports.publishing.options import Basis, Options
from imports.publishing.plan_effects import CycleEffect, Effect
from imports.publishing.plan_marks import ClientMark, EntryMark, LeftOut, StillKind, ToWord, Unknown
from imports.publishing.still_rows import StillLine, different
from imports.reading.rows import Grant, ParsedFile, Problem
from imports.stages import AskedQuestion, Classified, Words, tied
from retainers.hours import ZERO
from retainers.kept.handed import Handed

Kind = Literal["new", "changed", "unchanged"]


class PlannedRow(NamedTuple):
    """One row of one client: what becomes of it, and in which words.

    `entry` is the published entry it pairs with. `reason` says why it is not counted, None if it is.
    `counted` is what is counted of it, `hours` what it draws, under the terms of its date.
    """

    classified: Classified
    kind: Kind
    entry: EntryMark | None
    reason: str | None
    counted: Decimal
    hours: Decimal
    stands_in: bool
    words: Words

    @property
    def shown_words(self) -> str:
        """What the client will read; empty while the pool's fallback text stands in."""
        return self.words.shown

    @property
    def line(self) -> int:
        return self.classified.row.line

    @property
    def replaces(self) -> bool:
        """Whether publishing puts a row of its own in the place of the published entry, if there is one."""
        return self.kind != "unchanged" or self.shown_words != (self.entry.wording if self.entry else "")

    @property
    def moved_from(self) -> str:
        """The client (slug) on whose page its entry stands; "" where it is this one's."""
        was = self.entry.client if self.entry else ""
        return was if was != self.classified.place.client else ""

    @property
    def waits(self) -> bool:
        """Whether a counted line still has no words that a client may read."""
        return self.reason is None and (self.words.worded.needs_wording or bool(self.words.hits))


class HourSum(NamedTuple):
    """Rows of a client that are alike to a sum (why not counted, None if they are; retainer, "" for none): from which
    line on there are some, their worked hours, and what is counted of them.
    """

    line: int
    reason: str | None
    retainer: str
    worked: Decimal
    counted: Decimal


class MovedRow(NamedTuple):
    """A row whose entry goes from one client's page (slug) to another's."""

    line: int
    was: str
    becomes: str
    worked: Decimal


class RowSums(NamedTuple):
    """What the rows of one client come to. `kinds`: of those that are counted; `excluded`: by reason.

    `waiting`: how many wait for words, `flagged` the lines of those in whose words the leak check found something;
    `waits_unchanged`: whether one of them stands published as it is. `changes`: whether an entry comes, changes or
    moves, `rewords` whether one is replaced, be it by other words alone.
    """

    rows: int
    kinds: Mapping[str, int]
    excluded: Mapping[str, int]
    hours: tuple[HourSum, ...]
    waiting: int
    flagged: tuple[int, ...]
    waits_unchanged: bool
    reviews: int
    changes: bool
    rewords: bool
    moved: tuple[MovedRow, ...]


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """A client's line in the preview. `sums` is what its rows come to: who needs no more of them looks at none."""

    client: ClientMark
    rows: Sequence[PlannedRow]
    sums: RowSums
    removed: tuple[EntryMark, ...]
    uncounted_removed: tuple[EntryMark, ...]
    leaving: tuple[EntryMark, ...]  # what goes to other clients' pages
    replaced: tuple[EntryMark, ...]  # what this file takes the place of, from another format
    kept: int  # entries that stay as they are because their row waits
    covered: bool  # whether the file's days count for it: not where a row of it waits
    effects: tuple[Effect, ...]
    asks: tuple[str, ...]  # why its removals must be asked for expressly
    warnings: tuple[str, ...]
    quiet: bool  # nothing of it is in the file and nothing goes: only its covers-through date moves
    held: bool
    allowed: bool  # its removals were expressly agreed to
    may_restate: bool = False  # it was expressly said that settled cycles may change
    questions: tuple[str, ...] = ()  # the kinds of open questions about its rows
    figures: Sequence[tuple[int, Handed]] = ()  # of its retainers, by their keys, for those who keep them
    stills: Sequence[StillLine] = ()  # its further rows, which stand published as they are
    still_kinds: tuple[StillKind, ...] = ()  # what those come to

    @property
    def is_in_file(self) -> bool:
        """Whether the file has a row of it."""
        return bool(self.sums.rows or self.stills)

    @property
    def taken(self) -> Iterator[tuple[int, PlannedRow]]:
        """Its rows that are entries, each with the key of its retainer."""
        ids = {effect.retainer: effect.retainer_id for effect in self.effects}
        for row in self.rows:
            place = row.classified.place
            if place.takes_part and (retainer_id := ids.get(place.retainer or "")):
                yield retainer_id, row

    @property
    def blocked(self) -> bool:
        """Whether somebody has to say something before anything of it can be published."""
        return not self.held and (self.asks_removals or self.asks_restating or bool(self.questions))

    @property
    def asks_removals(self) -> bool:
        return bool(self.asks) and not self.allowed

    @property
    def asks_restating(self) -> bool:
        return bool(self.restated) and not self.may_restate

    @property
    def restated(self) -> tuple[tuple[Effect, CycleEffect], ...]:
        """The settled cycles whose figures change, each with its retainer's effect."""
        return tuple((effect, cycle) for effect in self.effects for cycle in effect.closed if cycle.settled)

    @property
    def moves(self) -> bool:
        """Whether publishing changes what its pages say: their entries, their words or their dates."""
        return any(effect.moves for effect in self.effects) or self.sums.rewords

    @property
    def is_dated(self) -> bool:
        """Whether it has no work in the file, and its date moves all the same."""
        return self.quiet and any(effect.date_moves for effect in self.effects)

    def count(self, kind: Kind) -> int:
        stills = self.still_kinds if kind == "unchanged" else ()
        return sum(each.number for each in stills if each.reason is None) + self.sums.kinds.get(kind, 0)

    @property
    def excluded(self) -> int:
        still = sum(each.number for each in self.still_kinds if each.reason is not None)
        return still + sum(self.sums.excluded.values())

    @property
    def waiting(self) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.waits)

    @property
    def waits(self) -> int:
        """How many of its lines wait for words."""
        return self.sums.waiting + sum(each.number for each in self.still_kinds if each.waits)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole preview. `rows` = new + changed + unchanged + excluded + refused + unknown.

    `only`: the client that the file is for, None for all.
    """

    import_id: int
    basis: Basis
    only: ClientMark | None
    options: Options
    parsed: ParsedFile
    through: date | None
    starts: date | None
    ends: date | None  # the last day that the file speaks for: of its rows, its period, or what it covers
    clients: tuple[ClientPlan, ...]
    refused: tuple[Problem, ...]
    excluded: Mapping[str, tuple[int, ...]]  # the lines of all excluded rows, by reason
    unknown: tuple[Unknown, ...]
    grants: tuple[Grant, ...]
    unjudged_times: int
    left_out: tuple[LeftOut, ...] = ()
    doubts: tuple[Problem, ...] = ()  # about what was said of the file
    questions: tuple[AskedQuestion, ...] = ()
    asked_about: tuple[str, ...] = ()  # slugs of the clients that have rows which a question is about
    not_clients: Decimal = ZERO  # worked hours of companies that are never clients
    refused_of: tuple[str, ...] | None = None  # slugs of whom rows are refused; None: of nobody knows whom
    holds_refused: bool = False  # refused rows hold their clients, and nobody else
    open_since: date | None = None  # begin of the earliest cycle that isn't settled, of whom the file covers
    kept_before: int = 0  # how many rows are kept of the last such file, just as they would be of this one
    to_word: ToWord | None = None  # None: nobody looks at this plan

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return (*self.parsed.warnings, *self.doubts)

    def count(self, kind: Kind) -> int:
        return sum(client.count(kind) for client in self.clients)

    @property
    def removed(self) -> int:
        return sum(len(client.removed) for client in self.clients)

    @property
    def unknown_rows(self) -> int:
        return sum(unknown.rows for unknown in self.unknown)

    @property
    def total(self) -> int:
        counted = sum(self.count(kind) for kind in ("new", "changed", "unchanged"))
        return counted + self.excluded_rows + len(self.refused) + self.unknown_rows

    @property
    def excluded_rows(self) -> int:
        return sum(map(len, self.excluded.values()))

    @property
    def waiting(self) -> int:
        return sum(client.waits for client in self.clients if not client.held)

    @property
    def moved(self) -> tuple[MovedRow, ...]:
        """Rows whose entry goes from one client's page to another's."""
        return tuple(row for client in self.clients for row in client.sums.moved)

    @property
    def published_clients(self) -> tuple[ClientPlan, ...]:
        """Who is neither held nor blocked, nor tied by a moved entry to one who is; nobody while the file waits."""
        if self.is_held:
            return ()
        themselves = [client.client.slug for client in self.clients if client.held or client.blocked]
        stopped = tied((*themselves, *self._held_by_refused), ((row.was, row.becomes) for row in self.moved))
        return tuple(client for client in self.clients if client.client.slug not in stopped)

    @property
    def _held_by_refused(self) -> tuple[str, ...]:
        return self.refused_of or () if self.holds_refused and self.asks_about_refused else ()

    @property
    def going(self) -> frozenset[str]:
        """The same clients by their slugs."""
        return frozenset(client.client.slug for client in self.published_clients)

    def said_of_stills(self, name: str) -> set[Any]:
        """What the rows that stand published as they are say in a field that many have alike."""
        return set().union(*(different(client.stills, name) for client in self.clients))

    @property
    def is_held(self) -> bool:
        """Whether a question about the whole file is open."""
        return any(asked.is_open and not asked.clients for asked in self.questions)

    @property
    def bad_rows_block(self) -> bool:
        """Whether refused rows hold the whole file."""
        return self.asks_about_refused and not (self.holds_refused and self.refused_of is not None)

    @property
    def asks_about_refused(self) -> bool:
        return bool(self.refused) and not self.options.skip_bad_rows
