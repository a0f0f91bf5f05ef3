"""When removals must be asked for expressly: a filtered or wrong export must not empty a page.

Source: domain.md, "Importing the same period again".
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from imports.stages import StandingEntry

TENTH, HALF = Fraction(1, 10), Fraction(1, 2)
FEW_OF_A_FILE, FEW_OF_A_GROUP = 5, 2


def asks(
    removed: Sequence[StandingEntry], compared: Sequence[StandingEntry], *, empty: bool
) -> dict[str, tuple[str, ...]]:
    """Why each client's removals must be asked for, in sentences; clients that need no asking are left out.

    Only counted entries are on a page, so only they are looked at. `empty`: the file has no entry at all.
    """
    gone = _counted(removed)
    if not gone:
        return {}
    before = _counted(compared)
    found: dict[str, list[str]] = defaultdict(list)
    whole = list(_of_the_file(gone, before, empty=empty))
    for client in sorted({entry.client for entry in gone}):
        found[client] += whole
    for what, key in _GROUPS:
        _add_groups(found, gone, before, what, key)
    for client, days in _settled(gone).items():
        found[client].append(f"Entries of settled cycles would be removed, dated {_listed(days)}.")
    return {client: tuple(why) for client, why in found.items() if why}


def _of_the_file(
    gone: Sequence[StandingEntry], before: Sequence[StandingEntry], *, empty: bool
) -> Iterator[str]:
    if empty:
        yield "The file has no entries."
    if _many(len(gone), len(before), TENTH, FEW_OF_A_FILE):
        yield f"{len(gone)} of {len(before)} compared entries would be removed, more than a tenth."


def _add_groups(
    found: Mapping[str, list[str]],
    gone: Sequence[StandingEntry],
    before: Sequence[StandingEntry],
    what: str,
    key: Callable[[StandingEntry], tuple[str, str]],
) -> None:
    """Say it of every group of which more than half would go, to each client that would lose some of it."""
    sizes, losses = Counter(map(key, before)), Counter(map(key, gone))
    losers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in gone:
        losers[key(entry)].add(entry.client)
    for group, count in losses.items():
        if _many(count, sizes[group], HALF, FEW_OF_A_GROUP):
            name = f"{what} {group[1]}".strip()
            for client in losers[group]:
                found[client].append(
                    f"{count} of {sizes[group]} compared entries of the {name} would be removed, more than half."
                )


def _many(gone: int, before: int, part: Fraction, few: int) -> bool:
    return gone > few and gone > before * part


def _settled(gone: Iterable[StandingEntry]) -> dict[str, list[str]]:
    days: dict[str, set[str]] = defaultdict(set)
    for entry in gone:
        if entry.settled:
            days[entry.client].add(entry.row.date.isoformat())
    return {client: sorted(found) for client, found in days.items()}


def _counted(entries: Iterable[StandingEntry]) -> list[StandingEntry]:
    return [entry for entry in entries if entry.counted]


def _pool(entry: StandingEntry) -> tuple[str, str]:
    return (entry.client, f"{entry.pool or '(first)'} ({entry.retainer or 'no retainer'})")


# A technician works for several clients; a client, its pools and its agreements are its own.
_GROUPS: tuple[tuple[str, Callable[[StandingEntry], tuple[str, str]]], ...] = (
    ("client", lambda entry: (entry.client, "")),
    ("pool", _pool),
    ("agreement", lambda entry: (entry.client, entry.row.agreement or "without a name")),
    ("technician", lambda entry: ("", entry.row.technician or "without a name")),
)


def _listed(names: Iterable[str], most: int = 5) -> str:
    """The first few of some names, in words.

    >>> _listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    found = list(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more
