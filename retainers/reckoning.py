"""What becomes of many retainers whose entries change and whose running cycles are kept (`onward`), in a few queries.

Of their live entries only those of the incidents concerned are read; where these don't tell which incidents are the
longest, all of the cycle that runs.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.many_rows import Among
from retainers.balance import Work
from retainers.kept.handed import Handed
from retainers.models import Entry
from retainers.onward import IncidentsUntoldError, Moving, Onward, onward
from retainers.published_rows import AT_ONCE
from retainers.row_values import work_columns, works_in
from retainers.selectors import Standing

KEY = -1  # the last of what a `Work` needs


class Case(NamedTuple):
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

    def moving(self, stays: Sequence[Work], stood: Mapping[int, str], *, is_whole: bool) -> Moving:
        marks = {**self.marks, **{work.ref: stood[work.ref] for work in stays}}
        return Moving(self.goes, self.comes, stays, marks, self.unworded, is_whole)


def onwards(cases: Sequence[Case]) -> dict[int, Onward]:
    """By the retainer's key; those are left out of which all entries have to be read."""
    found, untold = _onwards(cases, is_whole=False)
    return found | _onwards(untold, is_whole=True)[0]


def _onwards(cases: Sequence[Case], *, is_whole: bool) -> tuple[dict[int, Onward], list[Case]]:
    """Those that are told, and those of which the longest incidents aren't."""
    found: dict[int, Onward] = {}
    untold: list[Case] = []
    stays, marks = _staying(cases, is_whole=is_whole) if cases else ({}, {})
    for case in cases:
        pk = case.standing.retainer.pk
        try:
            its = onward(case.standing, case.kept, case.moving(stays[pk], marks, is_whole=is_whole))
        except IncidentsUntoldError:
            untold.append(case)
        else:
            found |= {pk: its} if its else {}
    return found, untold


def _staying(cases: Sequence[Case], *, is_whole: bool) -> tuple[dict[int, list[Work]], dict[int, str]]:
    """The live entries in these running cycles that stay of the incidents concerned, or all (`is_whole`), by retainer,
    and the incidents.
    """
    starts, pks = zip(
        *((each.standing.cycles[-1].starts, each.standing.retainer.pk) for each in cases), strict=True
    )
    live = Entry.objects.filter(retired_in=None, day__gte=min(starts))
    if not is_whole:
        live = live.filter(incident__in=Among(set().union(*(case.concerned for case in cases))))
    mine = live.filter(retainer__in=pks) if len(pks) <= AT_ONCE else live
    return _read(mine, {work.ref for case in cases for work in case.goes})


def _read(entries: QuerySet[Entry], but: AbstractSet[int]) -> tuple[dict[int, list[Work]], dict[int, str]]:
    """Their work by retainer, and their incidents by key, of all `but` those with these keys."""
    every = work_columns(entries.order_by(), "incident")
    rows = [(tuple(said), incident) for *said, incident in every if said[KEY] not in but]
    found: dict[int, list[Work]] = defaultdict(list)
    for retainer_id, work in works_in(said for said, _incident in rows):
        found[retainer_id].append(work)
    return found, {said[KEY]: incident for said, incident in rows}
