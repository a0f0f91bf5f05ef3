"""What the rules say now of entries that are published: found, not yet written."""

from collections.abc import Iterator
from dataclasses import replace

from imports.judging.classify import classifier_of
from imports.judging.entry_overrides import choices_of, chosen
from imports.judging.provider_rules import Desk
from imports.publishing.standing_rows import PublishedRow
from imports.stages import Classified
from retainers.models import Entry
from retainers.row_values import part_document


def judged_otherwise(
    desk: Desk, slug: str, published: list[PublishedRow]
) -> Iterator[tuple[Entry, Classified]]:
    """Entries of a client whose retainer, pool, categories, exclusion, parts or rule's words differ now."""
    own = replace(desk, agreements={slug: desk.agreements.get(slug, {})})  # no other client's can take them
    classifier = classifier_of(own, slug)
    choices = choices_of(was.entry.origin for was in published)
    for was in published:
        now = chosen(classifier.place(was.row), choices.get(was.entry.origin))
        if now.client == slug and now.retainer is not None and _differs(was.entry, now):
            yield was.entry, now


def _differs(entry: Entry, now: Classified) -> bool:
    return _place(entry) != (
        now.retainer,
        now.pool or "",
        sorted(now.categories),
        (now.exclusion or "")[:200],
        [part_document(part) for part in now.parts],
    ) or (entry.wording, entry.worded_by) != words_after(entry, now)


def _place(entry: Entry) -> tuple[str, str, list[str], str, list[object]]:
    return entry.retainer.key, entry.pool, sorted(entry.categories), entry.exclusion, entry.parts


def words_after(entry: Entry, now: Classified) -> tuple[str, str]:
    """What the client would read, and whose words they are: a rule's stand below a person's."""
    if entry.worded_by == Entry.WordedBy.PERSON:
        return entry.wording, entry.worded_by
    if now.wording:
        return now.wording[:500], Entry.WordedBy.RULE
    if entry.worded_by == Entry.WordedBy.RULE:
        return "", Entry.WordedBy.NEUTRAL
    return entry.wording, entry.worded_by
