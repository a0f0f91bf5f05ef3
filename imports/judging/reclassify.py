"""Judges published entries anew after rules or agreements have changed, and publishes what that changes.

The words that a person gave stay; a rule's words are taken from the rules as they are now.
"""

from collections import defaultdict
from collections.abc import Collection

from accounts.models import Provider
from imports.judging.anew import judged_otherwise, words_after
from imports.judging.provider_rules import Desk, read_desk
from imports.publishing.published import published_rows
from imports.stages import Classified
from retainers import publishing
from retainers.models import Entry
from retainers.row_values import part_document


def reclassify(provider: Provider, press: publishing.Press, slugs: Collection[str] | None = None) -> int:
    """Publish every entry (of these clients) that the rules now judge otherwise; how many those were.

    The press makes the publications, so that a changed agreement and what follows from it are one.
    """
    desk = read_desk(provider, slugs)
    changed = 0
    for client in desk.clients.values():
        moved = list(judged_otherwise(desk, client.slug, published_rows([client.pk]).get(client.pk, [])))
        _publish(desk, client.slug, press, moved)
        changed += len(moved)
    return changed


def _publish(desk: Desk, slug: str, press: publishing.Press, moved: list[tuple[Entry, Classified]]) -> None:
    if not moved:
        return
    locked = publishing.lock(row.pk for row in desk.retainers[slug].values())
    ids = {row.key: row.pk for row in locked.values()}
    gone: dict[int, list[int]] = defaultdict(list)
    fresh: dict[int, list[Entry]] = defaultdict(list)
    for entry, now in moved:
        words, worded_by = words_after(entry, now)
        gone[entry.retainer_id].append(entry.pk)
        fresh[ids[now.retainer or ""]].append(
            publishing.again(
                entry,
                pool=now.pool or "",
                categories=list(now.categories),
                exclusion=(now.exclusion or "")[:200],
                parts=[part_document(part) for part in now.parts],
                wording=words,
                worded_by=worded_by,
            )
        )
    for retainer_id, entry_ids in gone.items():
        publishing.retire_entries(press.publication(locked[retainer_id]), entry_ids)
    for retainer_id, entries in fresh.items():
        publishing.add_entries(press.publication(locked[retainer_id]), entries)
