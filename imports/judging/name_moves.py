"""Published lines of a company whose name is given to another client: found, shown, and moved to its page.

A line that moves is retired on one page and added on the other, with a row of the export of its own that names
the one before (`replaces`): so an import can still be undone, and either page can be shown as it was. Both
pages are published together or not at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from accounts.access import today_at
from accounts.audit import record
from accounts.models import Provider
from accounts.seen import Seen
from imports.judging.classify import Classifier, classifier_of
from imports.judging.entry_overrides import carry_choices, choices_of, chosen
from imports.judging.provider_setup import ProviderSetup, read_setup
from imports.judging.reclassify import judged_columns, words_after
from imports.models import EntryChoice, SourceRow, WordingReview
from imports.publishing.published import published_of
from imports.publishing.source_rows import NewSource, again_of, mark_of_person, mark_of_ticket, write
from imports.publishing.standing_rows import PublishedRow
from imports.reading.rows import worked_of
from imports.stages import Place
from presentation.counts import counted
from retainers import publishing
from retainers.agreements import AgreementError
from retainers.agreements.problems import AgreementProblem
from retainers.balance import Work
from retainers.company_names import company_key
from retainers.effects import BalanceChange, change_of
from retainers.gate.known import Gate, read_gate
from retainers.hours import ZERO, write_hours
from retainers.models import Client, Entry, LiveEntry, Retainer
from retainers.row_values import ENTRY_COLUMNS, work_of

BATCH = 500


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A published entry, and the unsaved rows that would take its place on the other page."""

    was: PublishedRow
    source: NewSource
    entry: Entry
    retainer: Retainer


@dataclass(frozen=True)
class NameMove:
    """The lines of one company that go from one client's page to another's."""

    company: str
    leaves: Client
    joins: Client
    moved: tuple[MovedLine, ...]

    @property
    def lines(self) -> int:
        return len(self.moved)

    @cached_property
    def hours(self) -> Decimal:
        """As they were worked."""
        return sum((worked_of(line.was.row) for line in self.moved), ZERO)

    def __str__(self) -> str:
        lines = counted(self.lines, "published line", "published lines")
        verb = "moves" if self.lines == 1 else "move"
        return (
            f"“{self.company}”: {lines} ({write_hours(self.hours)} h) {verb}"
            f" from {self.leaves.slug} to {self.joins.slug}"
        )


@dataclass(frozen=True, slots=True)
class NameMoves:
    """All that moves in one deed, and what it does to the balances of both sides."""

    moves: tuple[NameMove, ...]
    changes: tuple[BalanceChange, ...]
    seen: Seen

    @property
    def lines(self) -> tuple[MovedLine, ...]:
        return _lines(self.moves)


NOTHING = NameMoves((), (), Seen())


class MovesAskedError(Exception):
    """Published lines would change page, and nobody has agreed to just these moves; nothing is changed."""

    def __init__(self, found: NameMoves) -> None:
        super().__init__("; ".join(map(str, found.moves)))
        self.found = found


@dataclass
class Carrying:
    """What `load` does with lines under names that were given to another client: it moves them where somebody
    has agreed to that; in a form (`form`: the mark that it carries) to just what was in view.

    Raises `MovesAskedError` else, and `AgreementError` where the other client has no agreement for a line.
    """

    agreed: bool
    form: str | None = None
    found: NameMoves = NOTHING

    def __call__(self, provider: Provider, press: publishing.Press, given: Mapping[str, str]) -> list[str]:
        """Move, and say so, a line a move."""
        self.found = find_moves(provider, given)
        if not self.found.moves:
            return []
        if not self.agreed or (self.form is not None and not self.found.seen.is_in(self.form)):
            raise MovesAskedError(self.found)
        move(self.found, press)
        return [str(each) for each in self.found.moves]


def find_moves(provider: Provider, given: Mapping[str, str]) -> NameMoves:
    """What of other clients is published under these names (as they are compared → slug of the client now)."""
    found = _standing_under(given) if given else {}
    if not found:
        return NOTHING
    setup = read_setup(provider)
    moves = tuple(_moves(setup, provider, found))
    changes = tuple(_changes(setup, moves, today_at(provider)))
    return NameMoves(moves, changes, _seen(moves, changes))


def _standing_under(given: Mapping[str, str]) -> dict[UUID, str]:
    """The marks of live entries on the pages of others than the names' clients, each with that client's slug."""
    live = Entry.objects.filter(retired_in=None).values("origin")
    rows = SourceRow.objects.filter(origin__in=live).values_list("origin", "client__slug", "columns__company")
    keys: dict[str, str] = {}
    found = {}
    for origin, slug, company in rows.order_by("pk").iterator():
        name = company or ""
        owner = given.get(keys.setdefault(name, company_key(name)))
        if owner is not None and owner != slug:
            found[origin] = owner
    return found


def _moves(setup: ProviderSetup, provider: Provider, found: Mapping[UUID, str]) -> Iterator[NameMove]:
    rows = published_of(found)
    choices = choices_of(found)
    gate = read_gate(
        provider,
        technicians={each.row.technician for each in rows},
        tickets={each.row.ticket for each in rows},
    )
    mover = _Mover(setup, classifier_of(setup), choices, gate)
    groups: dict[tuple[str, int, str], list[PublishedRow]] = defaultdict(list)
    for each in rows:
        groups[company_key(each.row.company), each.source.client_id, found[each.entry.origin]].append(each)
    by_key = {client.pk: client for client in setup.clients.values()}
    for (_name, leaves, joins), lines in sorted(groups.items()):
        target = setup.clients[joins]
        yield NameMove(
            " ".join(lines[0].row.company.split()),
            by_key[leaves],
            target,
            tuple(mover.moved(each, target) for each in lines),
        )


@dataclass(frozen=True, slots=True)
class _Mover:
    setup: ProviderSetup
    classifier: Classifier
    choices: Mapping[UUID, EntryChoice]
    gate: Gate

    def moved(self, was: PublishedRow, target: Client) -> MovedLine:
        now = chosen(self.classifier.place(was.row), self.choices.get(was.entry.origin))
        if now.client != target.slug or now.retainer is None:
            message = f"no agreement takes the published line of {was.entry.day} (line {was.row.line})"
            raise AgreementError((AgreementProblem(f"clients[{target.slug}]", message),))
        source = again_of(was.source, client_id=target.pk)
        retainer = self.setup.retainers[target.slug][now.retainer]
        return MovedLine(was, source, self._entry(was.entry, source, now, target.slug), retainer)

    def _entry(self, was: LiveEntry, source: NewSource, now: Place, slug: str) -> Entry:
        """The entry as it is judged there; words that must not be read there stay behind."""
        words, worded_by = words_after(was, now)
        if not self.gate.passes(words, slug):
            words, worded_by = "", Entry.WordedBy.NEUTRAL
        return publishing.again(
            was,
            origin=source.origin,
            replaces=source.replaces,
            **judged_columns(now),
            wording=words,
            worded_by=worded_by,
            incident=mark_of_ticket(source.client_id, source.ticket),
            person=mark_of_person(source.client_id, source.technician),
        )


def _changes(setup: ProviderSetup, moves: Sequence[NameMove], on: date) -> Iterator[BalanceChange]:
    """The balances of every retainer that loses or gets lines."""
    lines = _lines(moves)
    gone = {line.was.entry.pk for line in lines}
    come: dict[int, list[Work]] = defaultdict(list)
    for line in lines:
        come[line.retainer.pk].append(_work(line))
    slugs = dict.fromkeys(each.slug for move in moves for each in (move.leaves, move.joins))
    for standings in setup.standings(slugs, on).values():
        for standing in standings:
            works = [work for work in standing.works if work.ref not in gone]
            yield change_of(standing, works=[*works, *come[standing.retainer.pk]])


def _lines(moves: Sequence[NameMove]) -> tuple[MovedLine, ...]:
    return tuple(line for move in moves for line in move.moved)


def _touched(lines: Sequence[MovedLine]) -> set[int]:
    """The retainers that lose lines, and those that get them."""
    return {line.was.entry.retainer_id for line in lines} | {line.retainer.pk for line in lines}


def _work(line: MovedLine) -> Work:
    values = tuple(getattr(line.entry, column) for column in ENTRY_COLUMNS)
    return work_of(values)._replace(ref=line.was.entry.pk)


def _seen(moves: Sequence[NameMove], changes: Iterable[BalanceChange]) -> Seen:
    """What was in view: which lines go where, and what that does to the figures."""
    touched = _touched(_lines(moves))
    heads = Retainer.objects.filter(pk__in=touched).values_list("pk", "publication_id")
    words = [
        (move.company, move.joins.slug, [str(line.was.entry.origin) for line in move.moved]) for move in moves
    ]
    figures = [
        (change.client.slug, change.key, str(each.cycle.starts), str(each.cycle.total))
        for change in changes
        for each in change.cycles
    ]
    return Seen(publications=dict(heads), words=(words, figures))


def move(found: NameMoves, press: publishing.Press) -> None:
    """Publish both pages of every move, in the press's publications."""
    lines = found.lines
    for retainer in publishing.lock(_touched(lines)).values():
        press.publication(retainer)
    write(line.source for line in lines)
    publishing.move_entries(
        press,
        retired=[line.was.entry.pk for line in lines],
        added=[(line.retainer.pk, line.entry) for line in lines],
    )
    carried = {line.was.entry.origin: line.source.origin for line in lines}
    carry_choices({was: now.hex for was, now in carried.items()})
    _carry_reviews(carried)
    for each in found.moves:
        record(
            press.by,
            "lines moved",
            each.company,
            clients=[each.leaves.slug, each.joins.slug],
            to=each.joins.slug,
            lines=each.lines,
            hours=write_hours(each.hours),
        )


def _carry_reviews(carried: Mapping[UUID, UUID]) -> None:
    """Words whose title has changed are to be looked at there too."""
    marks = list(carried)
    for start in range(0, len(marks), BATCH):
        open_ones = WordingReview.objects.filter(origin__in=marks[start : start + BATCH])
        WordingReview.objects.bulk_create(
            WordingReview(
                origin=carried[each.origin],
                title_before=each.title_before,
                title_after=each.title_after,
                raised_at=each.raised_at,
            )
            for each in open_ones
        )
