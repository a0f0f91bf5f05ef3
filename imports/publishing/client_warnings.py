"""What a client's line in the preview warns of, in words: odd rows, entries that stay or go, pages that they change."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter

from imports.judging.provider_setup import ProviderSetup
from imports.publishing.compared import Compared
from imports.publishing.plan import PlannedRow
from imports.reading.formats import display_name
from imports.stages import OUTSIDE
from presentation.counts import counted
from retainers.agreements.rules import not_named
from retainers.terms import Agreement


def client_warnings(
    compared: Compared, rows: Sequence[PlannedRow], setup: ProviderSetup, today: date
) -> tuple[str, ...]:
    """Everything that somebody should know before the rows are published, one sentence each."""
    return (*_unreached(compared, setup, today), *_own(compared, rows, today), *_moved(compared, rows, setup))


def _unreached(compared: Compared, setup: ProviderSetup, today: date) -> Iterator[str]:
    """Pools that nothing goes into, said on the first import of their agreement: later they are known."""
    for standing in compared.standings:
        if compared.is_in_file and standing.publication.through is None:
            agreement = standing.agreement
            for pool in not_named(agreement, (*agreement.rules, *setup.rules), today):
                first = agreement.terms[-1].pools[0].name
                yield f"No rule puts work into “{pool}” yet, so all of it counts as “{first}”."


def _own(compared: Compared, rows: Sequence[PlannedRow], today: date) -> Iterator[str]:
    yield from _stand_ins(compared, rows)
    yield from _late(rows, today)
    yield from _outside(compared, rows)
    yield from _replaced(compared)
    kept = len(compared.found.kept)
    if kept:
        one = "published entry stays as it is: its row waits"
        several = "published entries stay as they are: their rows wait"
        yield f"{counted(kept, one, several)}."
    if compared.waits:
        yield "Its date doesn’t change until you decide about the rows that look like this client’s."


def _stand_ins(compared: Compared, rows: Sequence[PlannedRow]) -> Iterator[str]:
    stand_ins = sum(row.reason is None for row in filter(attrgetter("stands_in"), rows))
    stand_ins += sum(kind.number for kind in compared.still_kinds if kind.stands_in and kind.reason is None)
    if stand_ins:
        lack = counted(stand_ins, "row lacks", "rows lack")
        yield f"{lack} the hours column that the agreement counts, so the next best one counts."


def _outside(compared: Compared, rows: Sequence[PlannedRow]) -> Iterator[str]:
    """Work of days on which its agreement isn't alive; what was published so already is known."""
    if OUTSIDE not in map(attrgetter("reason"), rows):
        return
    found = [each.classified for each in rows if each.reason == OUTSIDE and each.kind != "unchanged"]
    for standing in compared.standings:
        agreement = standing.agreement
        yield from _not_alive(
            [each.row.date for each in found if each.place.retainer == agreement.key], agreement
        )


def _not_alive(days: Sequence[date], agreement: Agreement) -> Iterator[str]:
    from presentation.days import full_day  # how each language writes days: few files need it

    early = sum(day < agreement.starts for day in days)
    if early:
        yield _uncounted(early, f"before “{agreement.name}” begins ({full_day(agreement.starts)})")
    if agreement.ends and early < len(days):
        yield _uncounted(len(days) - early, f"after “{agreement.name}” ends ({full_day(agreement.ends)})")


def _uncounted(number: int, when: str) -> str:
    row = counted(number, "row is", "rows are")
    return f"{row} dated {when}; {'it counts' if number == 1 else 'they count'} nowhere."


def _late(rows: Sequence[PlannedRow], today: date) -> Iterator[str]:
    if max(map(attrgetter("classified.row.date"), rows), default=today) <= today:
        return
    late = sum(row.reason is None and row.classified.row.date > today for row in rows)
    if late:
        dated = counted(late, "row is dated after today; it counts", "rows are dated after today; they count")
        yield f"{dated} from {'its' if late == 1 else 'their'} day on."


def _replaced(compared: Compared) -> Iterator[str]:
    if compared.replaced:
        goes = counted(len(compared.replaced), "published entry", "published entries")
        names = sorted(
            {display_name(compared.published[each.ref].source.format) for each in compared.replaced}
        )
        verb = "goes" if len(compared.replaced) == 1 else "go"
        yield f"{goes} from {', '.join(names)} {verb}: this file takes its place."


def _moved(compared: Compared, rows: Iterable[PlannedRow], setup: ProviderSetup) -> Iterator[str]:
    """What comes from other clients' pages and what goes to them, in words."""
    stood = filter(attrgetter("entry"), rows)
    coming = Counter(filter(None, map(attrgetter("moved_from"), stood)))
    going = Counter(pair.row.place.client or "" for pair in compared.leaving)
    if not coming and not going:
        return
    from presentation.phrases import one_stop  # languages again

    for slug, count in sorted(coming.items()):
        come = counted(count, "published entry comes", "published entries come")
        yield one_stop(f"{come} from the page of {setup.clients[slug].name}.")
    for slug, count in sorted(going.items()):
        go = counted(count, "published entry goes", "published entries go")
        yield one_stop(f"{go} to the page of {setup.clients[slug].name}.")
