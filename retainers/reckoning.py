"""What becomes of many retainers whose entries change and whose running cycles are kept (`onward`), in a few queries.

Of their live entries the incidents are read, and of these only the entries of the incidents concerned.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from retainers.balance import Work
from retainers.kept.handed import Handed
from retainers.models import Entry
from retainers.onward import Moving, Onward, onward
from retainers.published_rows import AT_ONCE as RETAINERS_AT_ONCE
from retainers.row_values import works_of
from retainers.selectors import Standing

AT_ONCE = 500  # entries that are read by one query


@dataclass(frozen=True, slots=True)
class Case:
    """A retainer whose running cycle is kept, with its entries that go and those that come. `marks`: the incidents that
    these are of, by their keys; `unworded`: which of them have no words.
    """

    standing: Standing
    kept: Handed
    goes: Sequence[Work]
    comes: Sequence[Work]
    marks: Mapping[int, str]
    unworded: AbstractSet[int]

    @property
    def concerned(self) -> set[str]:
        """The incidents whose hours may change, and the longest."""
        return {*self.marks.values(), *(each.mark for each in self.kept.incidents.sums)}

    def moving(self, stays: Sequence[Work], stood: Mapping[int, str]) -> Moving:
        marks = {**self.marks, **{work.ref: stood[work.ref] for work in stays}}
        return Moving(self.goes, self.comes, stays, marks, self.unworded)


def onwards(cases: Sequence[Case]) -> dict[int, Onward]:
    """By the retainer's key; those are left out of which all entries have to be read."""
    if not cases:
        return {}
    marks = _incidents(cases)
    stays, found = _staying(cases, marks), dict[int, Onward]()
    for case in cases:
        pk = case.standing.retainer.pk
        its = onward(case.standing, case.kept, case.moving(stays[pk], marks))
        found |= {pk: its} if its else {}
    return found


def _incidents(cases: Sequence[Case]) -> dict[int, str]:
    """Of all live entries in these running cycles."""
    starts, pks = zip(
        *((each.standing.cycles[-1].starts, each.standing.retainer.pk) for each in cases), strict=True
    )
    live = Entry.objects.filter(retired_in=None, day__gte=min(starts)).exclude(incident="")
    mine = live.filter(retainer__in=pks) if len(pks) <= RETAINERS_AT_ONCE else live
    return dict(mine.order_by().values_list("pk", "incident"))


def _staying(cases: Sequence[Case], marks: Mapping[int, str]) -> Mapping[int, Sequence[Work]]:
    """The entries that stay of the incidents concerned, by retainer."""
    concerned = set().union(*(case.concerned for case in cases))
    going = {work.ref for case in cases for work in case.goes}
    refs = [ref for ref, mark in marks.items() if mark in concerned and ref not in going]
    found: dict[int, list[Work]] = defaultdict(list)
    for start in range(0, len(refs), AT_ONCE):
        rows = Entry.objects.filter(pk__in=refs[start : start + AT_ONCE])
        for retainer_id, work in works_of(rows.order_by()):
            found[retainer_id].append(work)
    return found
