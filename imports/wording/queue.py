"""The lines of a preview that wait for words, drawn together so that each text is typed once.

Lines whose internal titles have one shape (else the same ticket), whatever their client, are one group, as long as
the same words stand for them and the leak check finds the same in these.

Drafts are offered from the words of titles that look most alike. Texts are compared by their shapes, word by word
in any order (rapidfuzz); no model, nothing leaves the machine. What is alike is measured in `bench/drafts.py`.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from decimal import Decimal
from operator import itemgetter

from imports.models import DraftWording
from imports.publishing.plan import ClientPlan, Plan, PlannedRow
from imports.publishing.plan_marks import LineGroup, Members, ToWord
from imports.reading.rows import Row
from imports.wording.ranks import ticket_key, title_key
from imports.wording.shapes import ANY, shape_of
from presentation.counts import lines
from retainers.hours import ZERO
from retainers.terms import collapse

MOST_NOTES = 3
MOST_TITLES = 50  # of one group that are shown beside the first
Rows = list[tuple[ClientPlan, PlannedRow]]


def to_word(plan: Plan, drafts: Mapping[int, DraftWording]) -> ToWord:
    """All that the queue of a preview says, with the words that were given there."""
    groups, members = groups_of(plan, drafts)
    return ToWord(
        groups=groups,
        members=members,
        technicians=tuple(sorted({row.technician for row in plan.parsed.rows})),
        tickets=tuple(sorted({row.ticket for row in plan.parsed.rows})),
    )


def groups_of(
    plan: Plan, drafts: Mapping[int, DraftWording]
) -> tuple[tuple[LineGroup, ...], tuple[Members, ...]]:
    """Flagged words first, then what has none, then what was worded here; each with the most hours first. With all
    that is in each.
    """
    found: dict[Hashable, Rows] = {}
    for client, row in _candidates(plan, drafts):
        draft = drafts.get(row.line) if drafts else None
        key = (_subject(row), row.words.worded.text, row.words.hits, draft is not None, _passes(row, draft))
        found.setdefault(key, []).append((client, row))
    pairs = sorted((_group(rows, drafts) for rows in found.values()), key=_order)
    return tuple(group for group, _members in pairs), tuple(members for _group, members in pairs)


def _order(pair: tuple[LineGroup, Members]) -> tuple[bool, bool, Decimal, int]:
    group = pair[0]
    return group.drafted and not group.waits, not group.hits, -group.hours, group.key


def _candidates(plan: Plan, drafts: Mapping[int, DraftWording]) -> Iterator[tuple[ClientPlan, PlannedRow]]:
    for line, client, row in _counted(client for client in plan.clients if drafts or client.sums.waiting):
        stays_back = client.held and row.kind == "unchanged"
        if line in drafts or (row.waits and not stays_back):
            yield client, row


def _counted(clients: Iterable[ClientPlan]) -> list[tuple[int, ClientPlan, PlannedRow]]:
    """The rows that count, each behind its line, in the order of the file."""
    found = [
        (row.classified.row.line, client, row)
        for client in clients
        for row in client.rows
        if row.reason is None
    ]
    return sorted(found, key=itemgetter(0))


def _group(rows: Rows, drafts: Mapping[int, DraftWording]) -> tuple[LineGroup, Members]:
    first, reads = rows[0][1], [row.classified.row for _client, row in rows]
    draft, on = drafts.get(first.line), [read.date for read in reads]
    members = Members(tuple(read.line for read in reads), told_apart(read.title for read in reads))
    group = LineGroup(
        key=members.lines[0],
        number=len(members.lines),
        spans=lines(members.lines),
        clients=tuple({client.client.pk: client.client for client, _row in rows}.values()),
        days=(min(on), max(on)),
        hours=sum([row.hours for _client, row in rows], ZERO),
        titles=members.titles[: MOST_TITLES + 1],
        more_titles=max(len(members.titles) - MOST_TITLES - 1, 0),
        ticket=reads[0].ticket,
        notes=_notes(reads),
        text=first.words.worded.text or "",
        source=first.words.worded.source,
        hits=first.words.hits,
        drafted=draft is not None,
        let_through=_passes(first, draft),
        waits=any(map(_waits, rows)),
    )
    return group, members


def _waits(member: tuple[ClientPlan, PlannedRow]) -> bool:
    return member[1].waits


def told_apart(titles: Iterable[str]) -> tuple[str, ...]:
    """Each title once, as it is written first.

    >>> told_apart(["VPN down", "Mail", "vpn  down"])
    ('VPN down', 'Mail')
    """
    found: dict[str, str] = {}
    for title in dict.fromkeys(titles):
        found.setdefault(title_key(title), title)
    return tuple(found.values())


def _notes(reads: Iterable[Row]) -> tuple[str, ...]:
    """The first few of what technicians wrote, each once."""
    found: dict[str, None] = {}
    for read in reads:
        if line := " ".join(read.notes.split()):
            found.setdefault(line)
        if len(found) == MOST_NOTES:
            break
    return tuple(found)


def _passes(row: PlannedRow, draft: DraftWording | None) -> bool:
    return bool(draft and draft.let_through and draft.let_through == row.words.worded.text)


def _subject(row: PlannedRow) -> Hashable:
    read = row.classified.row
    return shape_of(read.title) or title_key(read.title) or ("ticket", ticket_key(read.ticket) or row.line)


ALIKE = 60.0  # of 100


class Titles:
    """Titles that somebody worded before, ready to be searched for one that looks alike."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._titles = list(dict.fromkeys(titles))
        self._looks = [_look(title) for title in self._titles]

    def similar(self, title: str, most: int = 3) -> list[str]:
        """The most similar titles, best first: never the same one, nor one that shares no word."""
        from rapidfuzz import fuzz, process  # for who looks at the words, not for who publishes

        look, same = _look(title), collapse(title)
        found = process.extract(
            look, self._looks, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=most + 1
        )
        words = set(look.split()) - {ANY}
        near = [self._titles[at] for other, _score, at in found if words & set(other.split())]
        return [each for each in near if collapse(each) != same][:most]


def _look(title: str) -> str:
    return shape_of(title) or collapse(title)


def similar(title: str, titles: Iterable[str], most: int = 3) -> list[str]:
    """The titles that look most like `title`, best first. To search for many, keep a `Titles`.

    >>> similar("VPN down at branch", ["VPN down at main office", "Printer jam"])
    ['VPN down at main office']
    """
    return Titles(titles).similar(title, most)
