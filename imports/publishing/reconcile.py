"""A new export against what is published from the same format: new, changed, moved, unchanged, removed.

Nothing is fetched or written: the caller brings the published entries and acts on the answer. Which words an
entry keeps is for `wording`. Source: domain.md, "Importing the same period again".

How the pipeline calls it: once for a file. `published` are the live entries of the file's format of *all*
clients: those within the scope's days, and those of any day whose id is in the file (in a refused row or under
an unknown company too). `rows` are all rows of known clients that are entries (no repeats, none outside of
every retainer), `waiting` says what of the file waits, and `present` are the `Row` fields with a column.
`anew`: lines whose ids are said to have begun anew: what stands under their ids is left alone. `empty`: the
file has no entry at all, of whatever company and however it is judged.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter, eq
from typing import TypeVar

from imports.publishing.pairing import partners_of, waiting_entries
from imports.publishing.removals import asks
from imports.reading.rows import Row
from imports.reading.same_row import contents, id_key
from imports.stages import Classified, Pair, Reconciliation, Scope, StandingEntry, Waiting

T = TypeVar("T")

MANY_ANEW = 3


def reconcile(
    published: Sequence[StandingEntry],
    rows: Sequence[Classified],
    *,
    scope: Scope,
    present: Collection[str],
    waiting: Waiting | None = None,
    anew: Collection[int] = (),
    empty: bool = False,
) -> Reconciliation:
    """Pair the rows of a file with what is published from its format, across clients."""
    has, waits = frozenset(present), waiting or Waiting()
    partners = partners_of(published, rows, scope=scope, present=has, anew=anew)
    pairs = [Pair(row, entry) for row, entry in zip(rows, partners, strict=True) if entry is not None]
    free = _without(published, (pair.published for pair in pairs))
    kept = waiting_entries(free, waits.rows, waits.ids, has)
    removed = tuple(filter(scope.compares, _without(free, kept)))
    compared = list(filter(scope.compares, published))
    changed, unchanged = _sorted(pairs, has)
    return Reconciliation(
        new=tuple(row for row, entry in zip(rows, partners, strict=True) if entry is None),
        changed=changed,
        unchanged=unchanged,
        removed=removed,
        compared=sum(entry.counted for entry in compared),
        kept=tuple(kept),
        anew=tuple(_begun_anew(pairs, has, scope)),
        asks=asks(removed, compared, empty=empty),
    )


def _without(entries: Iterable[StandingEntry], others: Iterable[StandingEntry]) -> list[StandingEntry]:
    """Those that are none of the others; equal ones stay apart."""
    known = set(map(id, others))
    return [entry for entry in entries if id(entry) not in known]


def _sorted(pairs: Sequence[Pair], present: frozenset[str]) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """The pairs that say something else than before (another page too), and those that don't."""
    rows, before = (list(map(attrgetter(name), pairs)) for name in ("row.row", "published.row"))
    changed: list[Pair] = []
    unchanged: list[Pair] = []
    for pair, same in zip(pairs, map(eq, contents(rows, present), contents(before, present)), strict=True):
        (unchanged if same and not pair.moves else changed).append(pair)
    return tuple(changed), tuple(unchanged)


def _begun_anew(pairs: Sequence[Pair], present: frozenset[str], scope: Scope) -> list[Pair]:
    """Pairs by id with another day, ticket, technician and title.

    Where one technician does all the work the name says nothing: then it is half of the pairs by id, and at
    least three, with another day, ticket and title; where there is neither ticket nor title, with a day that this
    file does not even speak for.
    """
    by_id = [pair for pair in pairs if _is_by_id(pair)]
    moved = [pair for pair in by_id if pair.row.row.date != pair.published.row.date]
    for other in (
        _of_other_work(moved, ("ticket", "title"), present),
        [pair for pair in by_id if _is_of_another_time(pair, scope)],
    ):
        if len(other) >= MANY_ANEW and len(other) * 2 >= len(by_id):
            return other
    return _of_other_work(moved, ("ticket", "technician", "title"), present)


def _is_by_id(pair: Pair) -> bool:
    return bool(pair.row.row.entry_id and pair.published.row.entry_id)


def _of_other_work(moved: Sequence[Pair], fields: Sequence[str], present: frozenset[str]) -> list[Pair]:
    return [pair for pair in moved if _is_other_work(pair, fields, present)]


def _is_other_work(pair: Pair, fields: Sequence[str], present: frozenset[str]) -> bool:
    """Whether each of these fields differs too; a field that neither says anything in is left aside."""
    row, was = pair.row.row, pair.published.row
    said = [
        (_compared(name, row), _compared(name, was))
        for name in fields
        if name in present and (getattr(row, name) or getattr(was, name))
    ]
    return bool(said) and all(now != before for now, before in said)


def _is_of_another_time(pair: Pair, scope: Scope) -> bool:
    """Whether nothing but the day tells of the work, and the published one's lies outside of the file's days."""
    row, was = pair.row.row, pair.published.row
    if scope.starts <= was.date <= scope.ends:
        return False
    return not (row.ticket or was.ticket or row.title or was.title)


def _compared(name: str, row: Row) -> str:
    text: str = getattr(row, name)
    return id_key(text) if name == "ticket" else text.casefold()


NOTHING = Reconciliation((), (), (), (), 0)


def without(found: Reconciliation, lines: Collection[int]) -> Reconciliation:
    """Without these rows where they are new or changed: what stands where they would go stays as it is."""
    if not lines:
        return found

    def rest(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
        return tuple(pair for pair in pairs if pair.row.row.line not in lines)

    new = tuple(row for row in found.new if row.row.line not in lines)
    return replace(found, new=new, changed=rest(found.changed), anew=rest(found.anew))


def by_client(found: Reconciliation) -> dict[str, Reconciliation]:
    """Each client's part: its rows, and the entries of its own that go or stay."""
    new = _grouped(found.new, lambda row: row.place.client)
    removed, kept = (_grouped(part, lambda entry: entry.client) for part in (found.removed, found.kept))
    changed, unchanged, anew = (
        _grouped(part, lambda pair: pair.row.place.client)
        for part in (found.changed, found.unchanged, found.anew)
    )
    return {
        slug: Reconciliation(
            new=tuple(new[slug]),
            changed=tuple(changed[slug]),
            unchanged=tuple(unchanged[slug]),
            removed=tuple(removed[slug]),
            compared=0,
            kept=tuple(kept[slug]),
            anew=tuple(anew[slug]),
            asks={slug: found.asks[slug]} if slug in found.asks else {},
        )
        for slug in {*new, *changed, *unchanged, *anew, *removed, *kept}
    }


def _grouped(values: Iterable[T], client_of: Callable[[T], str | None]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for value in values:
        found[client_of(value) or ""].append(value)
    return found
