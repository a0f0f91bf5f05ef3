"""The same work under two names: rows of a file that seem to stand published already (the question `twice`).

Pure: the caller brings what stands. Source: domain.md, "Questions".

How the pipeline calls it: `twins` gets the rows that are new (only they can double something), how many rows each
client has in the file, and as `elsewhere` the live entries of these clients of every *other* format in the file's
days; `twice` makes one question for each format. With "both count" remembered for two formats, nothing is asked.
`shifted` gets the new rows without an id, and as `near` the entries of the file's own format; `repeated` the new rows
of a form, whose ids are the form's and not the work's. `--replace FORMAT` takes `replaced` with this publication.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from imports.reading.formats import display_name
from imports.reading.formats.by_hand import FORMAT as BY_HAND
from imports.reading.rows import Question, Row
from imports.stages import Classified, Scope, StandingEntry, Twin
from presentation.counts import counted
from retainers.hours import ZERO, round_half_up, write_hours

EDGE = timedelta(days=2)


def twins(
    rows: Iterable[Classified],
    sizes: Mapping[str, int],
    elsewhere: Mapping[str, Sequence[StandingEntry]],
    *,
    both_count: Collection[str] = (),
) -> list[Twin]:
    """New rows of the same client, day, hours and (where both have one) technician as entries of another format.

    `sizes`: the rows of each client in the file; `elsewhere`: what stands, by format. A client has twins only
    where they are at least half of its rows. `both_count`: formats of which a person said so, beside this one.
    """
    asked = list(rows)
    found = []
    for name, entries in elsewhere.items():
        if name not in both_count:
            pairs = _matched(asked, entries)
            counts: dict[str, int] = defaultdict(int)
            for row, _ in pairs:
                counts[row.place.client or ""] += 1
            doubled = {client for client, count in counts.items() if 2 * count >= sizes.get(client, 0)}
            found += [Twin(row, entry, name) for row, entry in pairs if row.place.client in doubled]
    return found


def shifted(
    rows: Iterable[Classified], near: Iterable[StandingEntry], scope: Scope, format_name: str
) -> list[Twin]:
    """New rows without an id that an entry just beyond the file's edge says too, at most two days away."""
    by_work = _by_work(near, scope)
    found = []
    for row in rows if by_work else ():
        candidates = by_work.get((row.place.client or "", *_work(row.row)), [])
        taken = next((each for each in candidates if abs(each.row.date - row.row.date) <= EDGE), None)
        if taken and row.row.title and not row.row.entry_id:
            candidates.remove(taken)
            found.append(Twin(row, taken, format_name))
    return found


def repeated(rows: Iterable[Classified], entries: Iterable[StandingEntry], format_name: str) -> list[Twin]:
    """New rows that say what an entry of the same format says: client, day, technician, words and hours.

    As a multiset: two equal rows need two entries.
    """
    standing: dict[tuple[object, ...], list[StandingEntry]] = defaultdict(list)
    for entry in entries:
        standing[entry.client, entry.row.date, *_work(entry.row)].append(entry)
    found = []
    for row in rows:
        same = standing.get((row.place.client, row.row.date, *_work(row.row)))
        if same:
            found.append(Twin(row, same.pop(), format_name))
    return found


def _by_work(near: Iterable[StandingEntry], scope: Scope) -> dict[tuple[object, ...], list[StandingEntry]]:
    """Entries without an id just beyond the file's edge, by client and work."""
    found: dict[tuple[object, ...], list[StandingEntry]] = defaultdict(list)
    for entry in near:
        if not entry.row.entry_id and _is_just_beyond(entry.row.date, scope):
            found[entry.client, *_work(entry.row)].append(entry)
    return found


def _is_just_beyond(day: date, scope: Scope) -> bool:
    return scope.starts - EDGE <= day < scope.starts or scope.ends < day <= scope.ends + EDGE


def twice(found: Sequence[Twin], format_name: str) -> list[Question]:
    """One question for each format that the twins stand under; `format_name` is the file's own."""
    by_format: dict[str, list[Row]] = defaultdict(list)
    for twin in found:
        by_format[twin.format].append(twin.row.row)
    return [_question(rows, name, same=name == format_name) for name, rows in by_format.items()]


def replaced(entries: Iterable[StandingEntry], scope: Scope, clients: Collection[str]) -> list[StandingEntry]:
    """What `--replace FORMAT` retires: of that format's entries those in the file's period and cover.

    Only of clients with rows in the file: a file that is silent about a client takes nothing of another format.
    """
    return [entry for entry in entries if entry.client in clients and scope.compares(entry)]


def _question(rows: Sequence[Row], name: str, *, same: bool) -> Question:
    hours = sum((_hours(row) for row in rows), ZERO)
    size = counted(len(rows), "row", "rows")
    first, other = f"the first at line {rows[0].line}", display_name(name)
    if same and name == BY_HAND:
        text = (
            f"{size} of {write_hours(hours)} h in all, {first}, say what hours by hand already say: the same "
            "day, hours and work. Choose whether this is other work, or leave them out."
        )
    elif same:
        text = (
            f"{size} of {write_hours(hours)} h in all, {first}, match entries up to two days beyond this "
            "file’s days. Choose whether this is other work, or leave them out."
        )
    else:
        text = (
            f"{size} of {write_hours(hours)} h in all, {first}, seem to be already published, from "
            f"{other}: the same client, day and hours. Choose whether both count, or whether this file "
            f"replaces {other}."
        )
    return Question("twice", text, tuple(row.line for row in rows), hours, field=name)


def _matched(
    rows: Sequence[Classified], entries: Iterable[StandingEntry]
) -> list[tuple[Classified, StandingEntry]]:
    """As a multiset: two equal rows need two entries. Equal technicians first, then those that may be equal."""
    waiting = _by_day(entries)
    candidates = [waiting.get((row.place.client, row.row.date, _hours(row.row)), []) for row in rows]
    found: dict[int, StandingEntry] = {}
    for alike in (_is_same, _may_be_same):
        for index, row in enumerate(rows):
            if index in found:
                continue
            taken = next((each for each in candidates[index] if alike(row.row, each.row)), None)
            if taken:
                candidates[index].remove(taken)
                found[index] = taken
    return [(rows[index], entry) for index, entry in sorted(found.items())]


def _by_day(entries: Iterable[StandingEntry]) -> dict[tuple[str | None, date, Decimal], list[StandingEntry]]:
    """By client, day and hours."""
    found: dict[tuple[str | None, date, Decimal], list[StandingEntry]] = defaultdict(list)
    for entry in entries:
        found[entry.client, entry.row.date, _hours(entry.row)].append(entry)
    return found


def _is_same(one: Row, other: Row) -> bool:
    return _names(one) == _names(other)


def _may_be_same(one: Row, other: Row) -> bool:
    """Where one of them has no technician, or says less of the name: "Jo" and "Doe, Jo"."""
    here, there = _names(one), _names(other)
    return here <= there or there <= here


def _names(row: Row) -> frozenset[str]:
    return frozenset(row.technician.casefold().replace(",", " ").split())


def _hours(row: Row) -> Decimal:
    """To the hundredth, as one tool keeps seconds and the other does not."""
    figures = (row.worked, row.billable, row.deducted)
    return round_half_up(next((each for each in figures if each is not None), ZERO))


def _work(row: Row) -> tuple[object, ...]:
    return _names(row), row.title.casefold(), _hours(row)
