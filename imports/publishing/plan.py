"""What publishing an import would do, as values: made by `preview`, shown to the manager, done by `publish`.

Nothing here reads or writes; a plan is computed, never a write that is rolled back.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from imports.judging.classify import REPEATED, Classified
from imports.judging.uncounted import LeftOut
from imports.models import Import
from imports.publishing.options import Options
from imports.reading.rows import Grant, ParsedFile, Problem
from imports.wording.ranks import Worded
from leaks import Hit
from retainers.coverage import Coverage
from retainers.models import Client, Entry, Retainer

Kind = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of one client: what becomes of it, and in which words.

    `entry` is the published entry it pairs with. `reason` says why it is not counted, None if it is.
    `hours` is what it draws under the terms of its date. `hits` are the leak check's, in `worded.text`;
    while there are some the page shows the pool's neutral text.
    """

    classified: Classified
    kind: Kind
    entry: Entry | None
    reason: str | None
    hours: Decimal
    stands_in: bool
    worded: Worded
    hits: tuple[Hit, ...] = ()
    review: bool = False
    title_before: str = ""

    @property
    def shown_words(self) -> str:
        """What the client will read; empty while the pool's neutral text stands in."""
        return "" if self.hits else (self.worded.text or "")

    @property
    def takes_part(self) -> bool:
        """Whether it is an entry: a repeat is none, nor is a row that no retainer takes."""
        return self.classified.retainer is not None and self.classified.exclusion != REPEATED

    @property
    def line(self) -> int:
        return self.classified.row.line

    @property
    def replaces(self) -> bool:
        """Whether publishing puts a row of its own in the place of the published entry, if there is one."""
        return self.kind != "unchanged" or self.shown_words != (self.entry.wording if self.entry else "")

    @property
    def waits(self) -> bool:
        """Whether a counted line still has no words that a client may read."""
        return self.reason is None and (self.worded.source == "neutral" or bool(self.hits))


@dataclass(frozen=True, slots=True)
class Effect:
    """What a retainer's page says before and after, of its current cycle (totals, in hours)."""

    retainer: Retainer
    name: str
    before: Decimal
    after: Decimal
    over_before: Decimal
    over_after: Decimal
    closed_cycles: tuple[date, ...]  # first days of closed cycles whose figures change
    through: date | None
    coverage: Coverage
    reached: bool  # whether the file's covers-through date says something of it
    moves: bool  # whether its entries, its coverage or the day of its next update change


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """A client's line in the preview."""

    client: Client
    rows: tuple[PlannedRow, ...]
    removed: tuple[Entry, ...]
    uncounted_removed: tuple[Entry, ...]
    effects: tuple[Effect, ...]
    asks: tuple[str, ...]  # why its removals must be asked for expressly
    warnings: tuple[str, ...]
    quiet: bool  # it has no row in the file: only its covers-through date moves
    held: bool
    allowed: bool  # its removals were expressly agreed to

    @property
    def blocked(self) -> bool:
        return bool(self.asks) and not self.allowed and not self.held

    @property
    def moves(self) -> bool:
        """Whether publishing changes what its pages say: their entries, their words or their dates."""
        return any(effect.moves for effect in self.effects) or any(
            row.takes_part and row.replaces for row in self.rows
        )

    def count(self, kind: Kind) -> int:
        return sum(row.reason is None and row.kind == kind for row in self.rows)

    @property
    def excluded(self) -> int:
        return sum(row.reason is not None for row in self.rows)

    @property
    def waiting(self) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.waits)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A company that is no client yet, with client names that look alike (offered, never merged)."""

    company: str
    rows: int
    near: tuple[Client, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole preview. `rows` = new + changed + unchanged + excluded + refused + unknown."""

    source: Import
    options: Options
    parsed: ParsedFile
    through: date | None
    starts: date | None
    ends: date | None  # the last day that the file speaks for: of its rows, its period, or what it covers
    clients: tuple[ClientPlan, ...]
    refused: tuple[Problem, ...]
    excluded: tuple[tuple[int, str], ...]  # every excluded row's line and reason
    unknown: tuple[Unknown, ...]
    grants: tuple[Grant, ...]
    unjudged_times: int
    left_out: tuple[LeftOut, ...] = ()

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
        return counted + len(self.excluded) + len(self.refused) + self.unknown_rows

    @property
    def waiting(self) -> int:
        return sum(len(client.waiting) for client in self.clients if not client.held)

    @property
    def published_clients(self) -> tuple[ClientPlan, ...]:
        return tuple(client for client in self.clients if not client.held and not client.blocked)

    @property
    def hindrances(self) -> tuple[str, ...]:
        """Why this can't be published as it stands, in sentences; empty when it can."""
        return (*self._refusals(), *self._removals())

    def _refusals(self) -> Iterator[str]:
        if self.refused and not self.options.skip_bad_rows:
            noun = "row is" if len(self.refused) == 1 else "rows are"
            first = self.refused[0]
            yield (
                f"{len(self.refused)} {noun} refused, the first at line {first.line}:"
                f" {first.message.removesuffix('.')}. Correct the file, or publish without these rows."
            )

    def _removals(self) -> Iterator[str]:
        for client in self.clients:
            if client.blocked:
                yield (
                    f"{client.client.name}: {len(client.removed)} published entries are not in this file and would"
                    f" be removed. {' '.join(client.asks)} Say expressly whether to remove or to keep them."
                )

    @property
    def digest(self) -> str:
        """Names exactly what would be published: what a confirmation must be about."""
        said = hashlib.sha256()
        said.update(
            f"{self.source.pk} {self.source.sha256} {self.options.document()} {self.through}".encode()
        )
        for client in self.clients:
            said.update(f"|{client.client.pk} {client.held} {client.blocked} {client.asks}".encode())
            said.update(repr([entry.pk for entry in (*client.removed, *client.uncounted_removed)]).encode())
            for effect in client.effects:
                said.update(f"{effect.retainer.publication_id} {effect.before} {effect.after}".encode())
                said.update(repr(effect.coverage.document()).encode())
            for row in client.rows:
                said.update(
                    f"{row.line} {row.kind} {row.entry and row.entry.pk} {row.reason} {row.hours}"
                    f" {row.worded} {row.hits}".encode()
                )
        return said.hexdigest()

    def reasons(self) -> Counter[str]:
        return Counter(reason for _, reason in self.excluded)
