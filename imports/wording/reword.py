"""New words for published lines: checked for leaks, published as a wording, remembered for the next time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.models import Provider, User
from imports.models import SourceRow, WordingReview
from imports.publishing.published import sources_of
from imports.publishing.source_rows import row_of
from imports.wording.memory import are_remembered, remember
from leaks import Hit
from retainers import publishing
from retainers.gate.known import Gate, read_gate
from retainers.gate.letting import let_lines
from retainers.models import Entry, Publication, Retainer

SHOWN_TITLE = 80


@dataclass(frozen=True, slots=True)
class NewWords:
    """Words for the published lines with these marks; `let_through`: the person has seen what was found."""

    origins: tuple[UUID, ...]
    text: str
    let_through: bool = False


@dataclass(frozen=True, slots=True)
class Flagged:
    """Words that were not published, because of what the leak check found in them."""

    words: NewWords
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Reworded:
    lines: int
    flagged: tuple[Flagged, ...]


def _locked(origins: Collection[UUID]) -> tuple[dict[UUID, Entry], dict[int, Retainer]]:
    """The published lines of these rows, and their retainers, locked; a line that was moved meanwhile is left out."""
    live = Entry.objects.filter(origin__in=origins, retired_in=None)
    retainers = publishing.lock(live.values_list("retainer", flat=True))
    still_there = live.filter(retainer__in=retainers).select_related("retainer__client")
    return {entry.origin: entry for entry in still_there}, retainers


@transaction.atomic
def reword(
    *, provider: Provider, given: Sequence[NewWords], by: User | None, at: datetime, seen: str = ""
) -> Reworded:
    """Publish the words for every line that is still published; flagged ones stay as they were.

    `seen` is the digest of what was in view in the form that gave them.
    """
    origins = set(chain.from_iterable(words.origins for words in given))
    entries, retainers = _locked(origins)
    sources = sources_of(origins)
    gate = gate_for(provider, sources.values())
    press = publishing.Press(Publication.Kind.WORDING, at, by, "Wording", seen)
    flagged: list[Flagged] = []
    let: list[tuple[int, str, int | None]] = []
    lines = 0
    for words in given:
        mine = [entries[origin] for origin in words.origins if origin in entries]
        hits = _stopped_by(words, mine, gate)
        if hits:
            flagged.append(Flagged(words, hits))
        elif mine and words.text:
            lines += len(mine)
            changed = _publish(words, mine, press, retainers)
            _settle(words, mine, sources, by, at, changed=changed)
            let += [(entry.retainer.client_id, words.text, None) for entry in mine if words.let_through]
    let_lines(let, by=by, at=at)
    return Reworded(lines, tuple(flagged))


def _stopped_by(words: NewWords, entries: Collection[Entry], gate: Gate) -> tuple[Hit, ...]:
    """What the check finds in words that nobody let through and that don't stand on these lines already."""
    if words.let_through or all(entry.wording == words.text for entry in entries):
        return ()
    return hits_in(gate, words.text, entries)


def gate_for(provider: Provider, sources: Collection[SourceRow]) -> Gate:
    """The gate for words on these lines: it knows their tickets too."""
    return read_gate(
        provider,
        technicians={source.technician for source in sources},
        tickets={source.ticket for source in sources},
    )


def hits_in(gate: Gate, text: str, entries: Collection[Entry]) -> tuple[Hit, ...]:
    """What in the words must not reach any of the clients on whose pages they would stand."""
    slugs = dict.fromkeys(entry.retainer.client.slug for entry in entries)
    found = (hit for slug in slugs for hit in gate.find(text, slug))
    return tuple(dict.fromkeys(found))


def _publish(
    words: NewWords, entries: list[Entry], press: publishing.Press, retainers: Mapping[int, Retainer]
) -> int:
    """A line that says these very words already stays as it is; how many changed."""
    changed: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if (entry.wording, entry.worded_by) != (words.text, Entry.WordedBy.PERSON):
            changed[entry.retainer_id].append(entry)
    for retainer_id, mine in changed.items():
        publication = press.publication(retainers[retainer_id])
        publishing.retire_entries(publication, [entry.pk for entry in mine])
        again = [
            publishing.again(entry, wording=words.text, worded_by=Entry.WordedBy.PERSON) for entry in mine
        ]
        publishing.add_entries(publication, again)
    return sum(map(len, changed.values()))


def _settle(
    words: NewWords,
    entries: list[Entry],
    sources: Mapping[UUID, SourceRow],
    by: User | None,
    at: datetime,
    *,
    changed: int,
) -> None:
    """Remember the words for each title, take the lines off the list for review, and write it down.

    Where `changed` lines are none, no line waited for review and each title has these words already, it is no act.
    """
    found = [sources[entry.origin] for entry in entries if entry.origin in sources]
    titles = {source.title or source.ticket: row_of(source) for source in found}
    waited, _models = WordingReview.objects.filter(origin__in=[entry.origin for entry in entries]).delete()
    if changed or waited or not are_remembered(titles.values(), words.text):
        remember(rows=titles.values(), text=words.text, by=by, at=at)
        _write_down(words, entries, next(iter(titles), ""), by)


def _write_down(words: NewWords, entries: list[Entry], title: str, by: User | None) -> None:
    clients = {entry.retainer.client.slug for entry in entries}
    passed: dict[str, Any] = {"let_through": True} if words.let_through else {}
    said = {"text": words.text, "lines": len(entries), "clients": sorted(clients), **passed}
    record(by, "worded", title[:SHOWN_TITLE], **said)
