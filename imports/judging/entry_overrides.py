"""What a person decided of single entries, laid over what the rules say of them.

A choice belongs to the entry's mark (`origin`). A row that comes again unchanged keeps its entry and so its choice;
a changed row gets a new mark, to which the choice is carried. Rules that are judged anew never undo it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from imports.judging.splitting import joined
from imports.models import EntryChoice
from imports.stages import Place
from retainers.balance import Part

AT_ONCE = 500


def choices_of(origins: Iterable[UUID]) -> dict[UUID, EntryChoice]:
    """The choices for these entries, by mark. A person makes few: for many entries all of them are read."""
    marks = list(origins)
    rows = EntryChoice.objects.all()
    if len(marks) <= AT_ONCE:
        rows = rows.filter(origin__in=marks)
    found = {row.origin: row for row in rows}
    return {mark: found[mark] for mark in marks if mark in found} if found else {}


def chosen(judged: Place, choice: EntryChoice | None) -> Place:
    """The place of a row with the parts that a person has decided; another retainer's pools are no choice."""
    if choice is None or judged.retainer is None:
        return judged
    return judged._replace(
        pool=_decided(choice.pool, judged.pool),
        categories=judged.categories if choice.categories is None else tuple(choice.categories),
        exclusion=_decided(choice.exclusion, judged.exclusion),
        parts=joined(_chosen_part(part, choice) for part in judged.parts),
    )


def _decided(said: str | None, judged: str | None) -> str | None:
    """What a person said, "" for none at all; None leaves what was judged."""
    return judged if said is None else said or None


def _chosen_part(part: Part, choice: EntryChoice) -> Part:
    """A part of a split entry: what was decided of the entry holds for all of it."""
    return replace(
        part,
        pool=_decided(choice.pool, part.pool),
        categories=part.categories if choice.categories is None else frozenset(choice.categories),
        exclusion=_decided(choice.exclusion, part.exclusion),
    )


def carry_choices(moved: Mapping[UUID, str]) -> None:
    """Give the choices of entries that were replaced to the entries in their place (old mark → new one's digits)."""
    kept = choices_of(moved)
    EntryChoice.objects.bulk_create(
        EntryChoice(
            origin=UUID(moved[mark]),
            pool=choice.pool,
            categories=choice.categories,
            exclusion=choice.exclusion,
            reason=choice.reason,
            given_by=choice.given_by,
            given_at=choice.given_at,
        )
        for mark, choice in kept.items()
    )
