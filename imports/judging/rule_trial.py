"""What other rules or agreements would do to what is published: computed, never written.

Two desks are compared: the provider as it is, and as it would be. The entries that the second one judges
otherwise are those that `reclassify` would publish anew: a trial and the saving after it say the same.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from accounts.seen import Seen
from imports.judging.match_rules import Judge, Verdict
from imports.judging.provider_setup import ProviderSetup
from imports.judging.reclassify import judged_otherwise, words_after
from imports.judging.splitting import pieces_of
from imports.keeping import without_collector
from imports.publishing.published import published_rows
from imports.publishing.standing_rows import PublishedRow
from imports.reading.rows import Row
from imports.stages import Place
from retainers.balance import Work
from retainers.effects import BalanceChange, change_of, change_of_new
from retainers.models import Client, LiveEntry
from retainers.row_values import ENTRY_COLUMNS, exclusion_text, part_document, part_of, work_of
from retainers.selectors import Standing
from retainers.terms import Adjustment, OpeningTimes, Rule, TopUp

CLIENTS_AT_ONCE = 20

Key = tuple[str, str]  # a client's slug and a retainer's key


@dataclass(frozen=True, slots=True)
class TriedEntry:
    """What becomes of an entry; "" where nothing was said (the first pool, counted, fallback text)."""

    retainer: str
    pool: str
    categories: tuple[str, ...]
    exclusion: str
    wording: str
    worded_by: str
    parts: str = ""  # of an entry that is split at the boundary, as its documents' text


@dataclass(frozen=True, slots=True)
class Tried:
    """A published entry that the rule in question catches, or that would be judged otherwise."""

    client: Client
    entry: LiveEntry
    row: Row
    before: TriedEntry
    after: TriedEntry
    caught: bool

    @property
    def moves(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Trial:
    """The answer. `caught` and `unjudged` (no start time) count the entries that the rule in question met.

    `entries` are newest first; `changes` are of every retainer whose entries, agreement or grants differ.
    """

    entries: tuple[Tried, ...] = ()
    changes: tuple[BalanceChange, ...] = ()
    unjudged: int = 0

    @property
    def moved(self) -> tuple[Tried, ...]:
        return tuple(each for each in self.entries if each.moves)

    @property
    def caught(self) -> int:
        return sum(each.caught for each in self.entries)

    @property
    def moved_balances(self) -> tuple[BalanceChange, ...]:
        return tuple(change for change in self.changes if change.cycles)

    @property
    def closed(self) -> tuple[BalanceChange, ...]:
        """The retainers of which figures of a closed cycle would change."""
        return tuple(change for change in self.changes if change.closed)

    @property
    def digest(self) -> str:
        """Names what would change: a person agrees to just that."""
        said = [(each.entry.pk, each.after) for each in self.moved]
        figures = [
            (change.client.pk, change.key, each.cycle.starts, each.cycle.total)
            for change in self.changes
            for each in change.cycles
        ]
        return Seen(words=(said, figures)).digest


@dataclass(frozen=True, slots=True)
class Grants:
    """Hours that would be granted beside what changes, and grants that would go, by retainer."""

    top_ups: Mapping[Key, Sequence[TopUp]] = field(default_factory=dict)
    adjustments: Mapping[Key, Sequence[Adjustment]] = field(default_factory=dict)
    retired: Mapping[Key, Sequence[TopUp | Adjustment]] = field(default_factory=dict)


@without_collector()
def try_out(
    setup: ProviderSetup,
    changed: ProviderSetup,
    *,
    on: date,
    slugs: Collection[str] | None = None,
    rule: Rule | None = None,
    retainer: Key | None = None,
    grants: Grants = Grants(),
) -> Trial:
    """What would become of the published entries (of these clients) and of the balances on that day.

    `rule` is the one in question: entries that it catches are listed though nothing becomes of them;
    `retainer` where it is that retainer's own.
    """
    catch = _Catch(rule, changed, retainer) if rule else None
    entries: list[Tried] = []
    for client, published in _published(setup, slugs):
        entries += _tried(changed, client, published, catch)
    entries.sort(key=lambda each: (each.entry.day, each.entry.pk), reverse=True)
    return Trial(
        entries=tuple(entries),
        changes=tuple(_changes(setup, changed, entries, on, grants)),
        unjudged=catch.unjudged if catch else 0,
    )


class _Catch:
    """The rule in question by itself, whatever stands before it in the list."""

    def __init__(self, rule: Rule, setup: ProviderSetup, retainer: Key | None) -> None:
        self._rule, self._setup = rule, setup
        self._judges: dict[OpeningTimes, Judge] = {}
        self._retainer = retainer
        self.unjudged = 0

    def holds(self, client: Client, was: PublishedRow) -> bool:
        if self._retainer not in (None, (client.slug, was.entry.retainer.key)):
            return False
        hours = self._setup.business_hours_of(client.slug, was.entry.retainer.key)
        if hours not in self._judges:
            self._judges[hours] = Judge((self._rule,), hours)
        judge = self._judges[hours]
        self.unjudged += judge.verdict(was.row).unjudged_time
        moments = [None, *(piece.at for piece in pieces_of(was.row, hours))]
        return any(_says_something(judge.verdict(was.row, at)) for at in moments)


def _says_something(found: Verdict) -> bool:
    said = found.pool, found.exclusion, found.wording
    return bool(found.categories or found.retainers) or any(each is not None for each in said)


def _published(
    setup: ProviderSetup, slugs: Collection[str] | None
) -> Iterator[tuple[Client, list[PublishedRow]]]:
    clients = [client for slug, client in setup.clients.items() if slugs is None or slug in slugs]
    for start in range(0, len(clients), CLIENTS_AT_ONCE):
        part = clients[start : start + CLIENTS_AT_ONCE]
        rows = published_rows([client.pk for client in part])
        yield from ((client, rows[client.pk]) for client in part if client.pk in rows)


def _tried(
    changed: ProviderSetup, client: Client, published: list[PublishedRow], catch: _Catch | None
) -> Iterator[Tried]:
    moved = {entry.pk: now for entry, now in judged_otherwise(changed, client.slug, published)}
    for was in published:
        caught = catch is not None and catch.holds(client, was)
        now = moved.get(was.entry.pk)
        if now or caught:
            before = _before(was.entry)
            yield Tried(client, was.entry, was.row, before, _after(was.entry, now) if now else before, caught)


def _before(entry: LiveEntry) -> TriedEntry:
    return TriedEntry(
        entry.retainer.key,
        entry.pool,
        tuple(sorted(entry.categories)),
        entry.exclusion,
        entry.wording,
        entry.worded_by,
        _parts_said(entry.parts),
    )


def _after(entry: LiveEntry, now: Place) -> TriedEntry:
    return TriedEntry(
        now.retainer or "",
        now.pool or "",
        tuple(sorted(now.categories)),
        exclusion_text(now.exclusion),
        *words_after(entry, now),
        _parts_said([part_document(part) for part in now.parts]),
    )


def _parts_said(documents: Sequence[object]) -> str:
    return json.dumps(documents, sort_keys=True) if documents else ""


def _changes(
    setup: ProviderSetup, changed: ProviderSetup, entries: Iterable[Tried], on: date, grants: Grants
) -> Iterator[BalanceChange]:
    moves = _Moves(entries)
    touched = moves.retainers | set(grants.top_ups) | set(grants.adjustments) | _differing(setup, changed)
    standings = _standings(setup, touched, on)
    for slug, key in sorted(touched):
        agreement = changed.agreements[slug][key]
        top_ups = grants.top_ups.get((slug, key), ())
        adjustments = grants.adjustments.get((slug, key), ())
        standing = standings.get((slug, key))
        if standing is None:
            works = moves.works((slug, key), ())
            client = setup.clients[slug]
            yield change_of_new(
                client, agreement, on=on, works=works, top_ups=top_ups, adjustments=adjustments
            )
        else:
            works = moves.works((slug, key), standing.works)
            yield change_of(
                standing,
                agreement=agreement,
                works=works,
                top_ups=top_ups,
                adjustments=adjustments,
                retired=grants.retired.get((slug, key), ()),
            )


class _Moves:
    """Where the entries that are judged otherwise go, as the ledger sees them."""

    def __init__(self, entries: Iterable[Tried]) -> None:
        self._gone: set[int] = set()
        self._come: dict[Key, list[Work]] = defaultdict(list)
        self.retainers: set[Key] = set()
        for each in entries:
            if each.moves:
                self._gone.add(each.entry.pk)
                self._come[each.client.slug, each.after.retainer].append(_work(each))
                self.retainers |= {
                    (each.client.slug, each.before.retainer),
                    (each.client.slug, each.after.retainer),
                }

    def works(self, key: Key, standing: Iterable[Work]) -> list[Work]:
        """What the retainer would have, of what it has."""
        return [*(work for work in standing if work.ref not in self._gone), *self._come[key]]


def _work(tried: Tried) -> Work:
    was = work_of(tuple(getattr(tried.entry, column) for column in ENTRY_COLUMNS))
    after = tried.after
    return was._replace(
        pool=after.pool or None,
        categories=frozenset(after.categories),
        exclusion=after.exclusion or None,
        parts=tuple(part_of(document) for document in json.loads(after.parts or "[]")),
    )


def _differing(setup: ProviderSetup, changed: ProviderSetup) -> set[Key]:
    """The retainers whose agreement would be another one, own rules aside: those work through the entries."""
    return {
        (slug, key)
        for slug, by_key in changed.agreements.items()
        for key, agreement in by_key.items()
        if replace(agreement, rules=()) != _without_rules(setup, slug, key)
    }


def _without_rules(setup: ProviderSetup, slug: str, key: str) -> object:
    was = setup.agreements.get(slug, {}).get(key)
    return replace(was, rules=()) if was else None


def _standings(setup: ProviderSetup, touched: set[Key], on: date) -> dict[Key, Standing]:
    found = setup.standings({slug for slug, _ in touched}, on)
    return {
        (slug, standing.retainer.key): standing for slug, standings in found.items() for standing in standings
    }
