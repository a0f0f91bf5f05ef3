"""What changed in a cycle: line by line once it is settled, counted since the last update until then.

A cycle that is settled has been filed and paid by, so each line that reads otherwise since says so
(domain.md, "Settled"). Until then lines come and change as the files do, and the page counts them once. What
is internal of an entry, and its words, are no change.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts import scope
from accounts.access import zone_of
from accounts.models import Provider
from accounts.worked_out import WorkedOut
from portal.changed_lines import Difference, ShownEntry, difference, lines_of
from presentation.facts import Since
from retainers.agreements.fields import agreement_from_document
from retainers.balance import CycleBalance
from retainers.hiding import hidden_pools
from retainers.models import AgreementVersion, Entry, Publication
from retainers.settled import closing
from retainers.settling.acts import SettlingDays, settling_days
from retainers.terms import Agreement

CAME_AND_WENT = ("added_in", "retired_in")
OF_ENTRY = tuple(name for name in ShownEntry._fields if name not in CAME_AND_WENT)
OF_PUBLICATION = ("id", "number", "kind", "made_at", "through", "version_id")


@dataclass(frozen=True, slots=True)
class Correction:
    """`on`: the day of publication. `was`: the hours of each part before; none of a line that is new."""

    on: date
    was: tuple[Decimal, ...] = ()

    def hours_before(self, part: int) -> Decimal | None:
        """The hours before of that line of the entry, counted from 0."""
        return self.was[part] if part < len(self.was) else None


@dataclass(frozen=True, slots=True)
class Corrections:
    """`corrected` by entry, and `taken_back`: how many lines on which day; or, not yet settled, `since`."""

    corrected: dict[int, Correction] = field(default_factory=dict)
    taken_back: tuple[tuple[date, int], ...] = ()
    since: Since | None = None


@dataclass(frozen=True, slots=True)
class _Press:
    """A publication, as far as it matters here; `on`: its day with the provider."""

    number: int
    on: date
    through: date | None
    is_import: bool
    version: int


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the cycles of a retainer share: the publications, what settles cycles, agreements by version."""

    head: Publication
    made: Sequence[_Press]
    acts: SettlingDays
    after_days: int
    zone: ZoneInfo
    agreed: dict[int, Agreement]

    def hidden(self, cycle: CycleBalance) -> frozenset[str]:
        """The pools that the client doesn't see there, by what is shown."""
        return hidden_pools(self.agreement(self.head.version_id), cycle.starts)

    def agreement(self, version: int) -> Agreement:
        if version not in self.agreed:
            row = AgreementVersion.objects.get(pk=version)
            self.agreed[version] = agreement_from_document(row.document)
        return self.agreed[version]


def entries_of(shown: Iterable[tuple[Publication, Sequence[CycleBalance]]]) -> list[ShownEntry]:
    """The entries that each publication shows in its cycles, and those that stood before it, in one query.

    Also those that began in the week before: split at midnight they may go on in the cycle.
    """
    asked = [
        (head.retainer_id, cycles[0].starts - timedelta(days=7), cycles[-1].ends, head.number)
        for head, cycles in shown
    ]
    if len(asked) == 1:
        return list(_with_publications(OF_ONE.records(*asked[0]).read_only()))
    which = reduce(or_, (_within(*each) for each in asked), Q())
    return list(_with_publications(_columns(which))) if asked else []


def _within(retainer: int, first: date, last: date, number: int) -> Q:
    return Q(retainer=retainer, day__range=(first, last), added_in__number__lte=number)


def _columns(which: Q) -> QuerySet[Any, Any]:
    columns = (*OF_ENTRY, *(f"{name}__{each}" for name in CAME_AND_WENT for each in OF_PUBLICATION))
    return Entry.objects.filter(which).values_list(*columns)


OF_ONE = WorkedOut(lambda *asked: _columns(_within(*asked)))


def _with_publications(records: Iterable[tuple[Any, ...]]) -> Iterator[ShownEntry]:
    """The entries; a publication that a hundred of them came with is made once."""
    made: dict[int | None, Any] = {None: None}
    own, size, at = len(OF_ENTRY), len(OF_PUBLICATION), scope.read_from.get()
    for record in records:
        came, went = record[own : own + size], record[own + size :]
        for said in (came, went):
            if said[0] not in made:
                made[said[0]] = Publication.from_db(at, OF_PUBLICATION, said)
        yield ShownEntry._make((*record[:own], made[came[0]], made[went[0]]))


def corrections(
    entries: Sequence[ShownEntry],
    head: Publication,
    cycles: Sequence[CycleBalance],
    provider: Provider,
    on: date,
) -> dict[int, Corrections]:
    """What changed of the cycles' lines by `head`, by the cycle's index: of one that is settled on that day since
    then, else by the last update.

    `entries` are `entries_of` them.
    """
    ground = _ground(entries, head, cycles, provider)
    return {cycle.index: _of_cycle(_near(entries, cycle), ground, cycle, on) for cycle in cycles}


def _near(entries: Sequence[ShownEntry], cycle: CycleBalance) -> list[ShownEntry]:
    first = cycle.starts - timedelta(days=7)
    return [each for each in entries if first <= each.day <= cycle.ends]


def _ground(
    entries: Sequence[ShownEntry],
    head: Publication,
    cycles: Sequence[CycleBalance],
    provider: Provider,
) -> _Ground:
    zone = zone_of(provider)
    any_closed = any(cycle.closed for cycle in cycles)
    made = _presses(head, zone) if any_closed else _presses_of(entries, head, zone)
    acts = settling_days([head.retainer_id], zone) if any_closed else SettlingDays()
    whole = agreement_from_document(head.version.document)
    return _Ground(head, made, acts, provider.settles_after_days, zone, {head.version_id: whole})


def _of_cycle(entries: Sequence[ShownEntry], ground: _Ground, cycle: CycleBalance, on: date) -> Corrections:
    made = ground.made
    settled = _settled_by(ground, cycle, on)
    base = settled or _update_before(made)
    if base is None:
        return Corrections()
    found = _difference(entries, ground, base, cycle)
    if settled is None:
        return Corrections(since=_since(found, base))
    version = ground.head.version_id
    newest_terms = next((each.on for each in made if each.version == version), base.on)
    return Corrections(
        corrected=dict(_corrected(found, base, newest_terms, ground.zone)),
        taken_back=_taken_back(found.gone, ground.zone),
    )


def _presses_of(entries: Iterable[ShownEntry], head: Publication, zone: ZoneInfo) -> list[_Press]:
    """The publications that these entries came and went with: enough for a cycle that runs, in no query more."""
    found = {
        made.number: made
        for each in entries
        for made in (each.added_in, each.retired_in)
        if made is not None and made.number <= head.number
    }
    return [_press(made, zone) for _number, made in sorted(found.items())]


def _press(made: Publication, zone: ZoneInfo) -> _Press:
    is_import = made.kind == Publication.Kind.IMPORT
    return _Press(made.number, _made_on(made, zone), made.through, is_import, made.version_id)


def _presses(head: Publication, zone: ZoneInfo) -> list[_Press]:
    """All publications of the retainer up to `head`, oldest first."""
    rows = Publication.objects.filter(retainer=head.retainer_id, number__lte=head.number).order_by("number")
    return [_press(made, zone) for made in rows]


def _settled_by(ground: _Ground, cycle: CycleBalance, on: date) -> _Press | None:
    """The last publication before the cycle was settled; None while it isn't."""
    if not cycle.closed:
        return None
    acts = ground.acts.of(ground.head.retainer_id, cycle.starts, cycle.ends)
    reached = [(each.on, each.through) for each in ground.made]
    found = closing(cycle.ends, reached, acts=acts, after_days=ground.after_days)
    if found.complete_on is None or found.settled_on is None or not found.is_settled(on):
        return None
    if found.settled_on > found.complete_on:
        return [each for each in ground.made if each.on < found.settled_on][-1]
    return _completing(ground.made, found.complete_on, cycle.ends)


def _completing(made: Sequence[_Press], on: date, ends: date) -> _Press:
    """The first publication of that day that reaches to the cycle's end."""
    whole = (each for each in made if each.on == on and each.through)
    return next(each for each in whole if each.through and each.through >= ends)


def _update_before(made: Sequence[_Press]) -> _Press | None:
    """What stood before the day of the newest import, if files had been published by then."""
    days = [each.on for each in made if each.is_import]
    before = [each for each in made if days and each.on < days[-1]]
    return before[-1] if before and before[-1].through else None


def _difference(
    entries: Sequence[ShownEntry], ground: _Ground, base: _Press, cycle: CycleBalance
) -> Difference:
    before, now = (
        lines_of(
            [each for each in entries if _stands(each, number)],
            ground.agreement(version),
            cycle,
            ground.hidden(cycle),
        )
        for number, version in ((base.number, base.version), (ground.head.number, ground.head.version_id))
    )
    return difference(before, now, entries)


def _stands(entry: ShownEntry, number: int) -> bool:
    return entry.added_in.number <= number and (entry.retired_in is None or entry.retired_in.number > number)


def _corrected(
    found: Difference, base: _Press, newest_terms: date, zone: ZoneInfo
) -> Iterable[tuple[int, Correction]]:
    for entry, before in found.changed:
        is_same = entry.added_in.number <= base.number  # the entry stands as it was: the terms have changed
        on = newest_terms if is_same else _made_on(entry.added_in, zone)
        yield entry.pk, Correction(on, tuple(hours for _day, _pool, hours, _factor, _names in before))
    for entry in found.new:
        yield entry.pk, Correction(_made_on(entry.added_in, zone))


def _taken_back(gone: Iterable[ShownEntry], zone: ZoneInfo) -> tuple[tuple[date, int], ...]:
    """The lines that are there no more, in any form, by the day on which they went."""
    counts: dict[date, int] = {}
    for entry in gone:
        if entry.retired_in is not None:
            on = _made_on(entry.retired_in, zone)
            counts[on] = counts.get(on, 0) + 1
    return tuple(sorted(counts.items()))


def _since(found: Difference, base: _Press) -> Since | None:
    said = Since(base.on, len(found.changed), len(found.new), len(found.gone))
    return said if said.changed or said.new or said.gone else None


def _made_on(publication: Publication, zone: ZoneInfo) -> date:
    day: date = publication.made_at.astimezone(zone).date()
    return day
