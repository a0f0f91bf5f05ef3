"""Judges published entries anew after rules or agreements have changed, and publishes what that changes.

The words that a person gave stay; a rule's words are taken from the rules as they are now.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from accounts.models import Provider
from imports.judging.classify import classifier_of
from imports.judging.entry_overrides import choices_of, chosen
from imports.judging.provider_setup import ProviderSetup, read_setup
from imports.keeping import without_collector
from imports.models import EntryChoice
from imports.publishing.published import published_rows
from imports.publishing.standing_rows import PublishedRow
from imports.stages import Place
from retainers import publishing
from retainers.models import Entry, LiveEntry
from retainers.row_values import exclusion_text, part_document

CLIENTS_AT_ONCE = 20
Moved = tuple[str, LiveEntry, Place]  # with the client's slug


@without_collector()
def reclassify(provider: Provider, press: publishing.Press, slugs: Collection[str] | None = None) -> int:
    """Publish every entry (of these clients) that the rules now judge otherwise; how many those were.

    The press makes the publications, so that a changed agreement and what follows from it are one.
    """
    setup = read_setup(provider, slugs)
    changed = 0
    clients = list(setup.clients.values())
    for start in range(0, len(clients), CLIENTS_AT_ONCE):
        part = {client.pk: client.slug for client in clients[start : start + CLIENTS_AT_ONCE]}
        published = published_rows(part)
        choices = choices_of(was.entry.origin for rows in published.values() for was in rows)
        moved = [
            (part[pk], *judged)
            for pk, rows in published.items()
            for judged in judged_otherwise(setup, part[pk], rows, choices)
        ]
        if moved:
            _publish(setup, press, moved)
        changed += len(moved)
    return changed


def _publish(setup: ProviderSetup, press: publishing.Press, moved: Sequence[Moved]) -> None:
    """Retire and add these entries, in one publication a retainer."""
    fresh = [(setup.retainers[slug][now.retainer or ""].pk, _again(entry, now)) for slug, entry, now in moved]
    gone = {entry.pk: entry.retainer_id for _slug, entry, _now in moved}
    wanted = dict.fromkeys((*gone.values(), *(pk for pk, _entry in fresh)))
    locked = publishing.lock(wanted)
    press.publish([(locked[pk], {}) for pk in wanted if pk not in press.made])
    publishing.move_entries(press, retired=list(gone), added=fresh)


def _again(entry: LiveEntry, now: Place) -> publishing.NewEntry:
    words, worded_by = words_after(entry, now)
    return publishing.said_again(entry)._replace(**judged_columns(now), wording=words, worded_by=worded_by)


def judged_columns(now: Place) -> dict[str, Any]:
    """What an entry keeps of how it was judged, beside its retainer and its words."""
    return {
        "pool": now.pool or "",
        "categories": list(now.categories),
        "exclusion": exclusion_text(now.exclusion),
        "parts": [part_document(part) for part in now.parts],
    }


def judged_otherwise(
    setup: ProviderSetup,
    slug: str,
    published: list[PublishedRow],
    choices: Mapping[UUID, EntryChoice] | None = None,
) -> Iterator[tuple[LiveEntry, Place]]:
    """Entries of a client whose retainer, pool, categories, exclusion, parts or rule's words differ now.

    `choices`: those for these entries, where they were read already.
    """
    own = replace(setup, agreements={slug: setup.agreements.get(slug, {})})  # no other client's can take them
    classifier = classifier_of(own, slug)
    if choices is None:
        choices = choices_of(was.entry.origin for was in published)
    for was in published:
        now = chosen(classifier.place(was.row), choices.get(was.entry.origin))
        if now.client == slug and now.retainer is not None and _differs(was.entry, now):
            yield was.entry, now


def _differs(entry: LiveEntry, now: Place) -> bool:
    return _place(entry) != (
        now.retainer,
        now.pool or "",
        sorted(now.categories),
        exclusion_text(now.exclusion),
        [part_document(part) for part in now.parts],
    ) or (entry.wording, entry.worded_by) != words_after(entry, now)


def _place(entry: LiveEntry) -> tuple[str, str, list[str], str, list[object]]:
    return entry.retainer.key, entry.pool, sorted(entry.categories), entry.exclusion, entry.parts


def words_after(entry: LiveEntry, now: Place) -> tuple[str, str]:
    """What the client would read, and whose words they are: a rule's stand below a person's."""
    if entry.worded_by == Entry.WordedBy.PERSON:
        return entry.wording, entry.worded_by
    if now.wording:
        return now.wording[:500], Entry.WordedBy.RULE
    if entry.worded_by == Entry.WordedBy.RULE:
        return "", Entry.WordedBy.NEUTRAL
    return entry.wording, entry.worded_by
