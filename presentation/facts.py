"""What the balance page is made from: the published facts, already fetched, in values of the ledger.

A view fills these; `page` turns them into finished words. Nothing here is shown as it stands, and nothing
of the PSA's internal columns has a place in it: what has no field here cannot reach a client.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Self

from django.http import QueryDict

from presentation.accounts import is_block, run_of
from presentation.coverage import Covered
from presentation.requested import Requested
from presentation.restated import Restated
from presentation.uncharged import Uncharged
from presentation.when_kinds import Clock
from retainers.balance import CycleBalance, Draw
from retainers.endings import Ending
from retainers.renewals import Beginning
from retainers.terms import Adjustment, Agreement, Approval, Terms, TopUp

LONGEST_SEARCH = 80  # signs


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """`look` is the address of a style sheet in its colour, `logo` and `icon` those of pictures; "" for none.

    `logo_ground` is the ground that the logo needs (`on-light`, `on-dark`, "" for any).
    `states_fee`: statements name the fee.
    `country` is where its clocks hang, an ISO code: a number without a country code is dialled there.
    """

    name: str
    phone: str = ""
    email: str = ""
    look: str = ""
    logo: str = ""
    logo_ground: str = ""
    country: str = ""
    states_fee: bool = False
    icon: str = ""


class LogEntry(NamedTuple):
    """One published entry: its client-facing words and the draw that prices it.

    `corrected_on`: when it came to read so, where the cycle was settled before; `was`: its hours until then,
    None of a line that is new. `incident` is the mark that entries of one ticket share, `person` that of who did
    the work; "" where that is not known. `terms`: those that priced it, where they are not the shown cycle's.
    """

    description: str
    draw: Draw
    corrected_on: date | None = None
    was: Decimal | None = None
    incident: str = ""
    person: str = ""
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """How many lines of a cycle that isn't settled the last update changed, brought and took, since that day."""

    on: date
    changed: int
    new: int
    gone: int


@dataclass(frozen=True, slots=True)
class LiveIncident:
    """An incident that runs or ran, at the moment `as_of`; all moments on the provider's wall.

    `people` are on it now, 0 while it pauses; `ended` None until it has. `estimate` are the hours that it would draw
    from the shown cycle, `ahead` is what rounding alone added to it, `an_hour` what an hour on the clock would draw.
    `counted` are those of its entries that are in, None where none can be told; `settled`: an import has covered it,
    and they are what counts.
    """

    as_of: datetime
    since: datetime
    people: int
    most: int
    kinds: frozenset[str]
    estimate: Decimal
    an_hour: Decimal
    ahead: Decimal = Decimal(0)
    ended: datetime | None = None
    counted: Decimal | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A manager's word beside the number; `pending_hours` are hours not yet counted, if they are known.

    `pool` is the key of the pool that it is about, "" for the one that leads; `day` when it was put up. Of a `live`
    incident `pending_hours` are those of its estimate that are not in yet.
    """

    text: str
    pending_hours: Decimal | None = None
    pool: str = ""
    day: date | None = None
    live: LiveIncident | None = None


@dataclass(frozen=True, slots=True)
class RetainerFacts:
    """One retainer as the page shows it.

    `cycles` are all cycles up to today, oldest first, none before the retainer starts; `shown` is one of
    them. `log` holds the entries of the shown cycle, of a prepaid block those of its life (of `year`, where it is
    long: one of the `years`). `late`: the promised update has not come. `first_days`: no
    work of the current cycle is in yet. `provisional`: the shown cycle is not covered to its last day.
    `taken_back`: how many lines of the shown cycle were taken back on which day, once it was settled; `since`:
    what the last update changed of its lines until then.
    `stated`: the shown cycles of which there is a statement; `restated`: when it was closed and said something else.
    `covered`: what more there is to say of the covered days.
    `approvals`: hours past the cap agreed to for the shown cycle. `renewed`: the agreement that follows it.
    `endings`: the hours that are left and end, by day. `grants`: all that was bought, credited and charged.
    `uncharged`: what was not counted in the shown cycle, as far as the provider shows it.
    `awaited_since`: from when on the first import is awaited, where there was none. `requests`: what was asked for
    and waits, or was answered lately, newest first. `clock`: what decides of a kind of work by the clock.
    `hidden`: the pools that the client does not see.
    """

    agreement: Agreement
    cycles: tuple[CycleBalance, ...]
    shown: CycleBalance | None
    through: date | None
    next_update: date | None = None
    late: bool = False
    first_days: bool = False
    provisional: bool = False
    log: tuple[LogEntry, ...] = ()
    years: tuple[int, ...] = ()
    year: int | None = None
    notice: Notice | None = None
    approvals: tuple[Approval, ...] = ()
    taken_back: tuple[tuple[date, int], ...] = ()
    since: Since | None = None
    stated: tuple[CycleBalance, ...] = ()
    restated: tuple[Restated, ...] = ()
    covered: Covered = field(default_factory=Covered)
    renewed: Beginning | None = None
    endings: tuple[Ending, ...] = ()
    grants: tuple[TopUp | Adjustment, ...] = ()
    awaited_since: date | None = None
    uncharged: tuple[Uncharged, ...] = ()
    requests: tuple[Requested, ...] = ()
    clock: Clock | None = None
    hidden: frozenset[str] = frozenset()

    @property
    def is_current(self) -> bool:
        return self.shown is not None and self.shown.index == self.cycles[-1].index

    @property
    def is_block(self) -> bool:
        """Whether what is shown is a prepaid block: it knows no cycle."""
        return self.shown is not None and is_block(self.shown.terms)

    @property
    def run(self) -> tuple[CycleBalance, ...]:
        """The cycles of which the page tells: the shown one, of a prepaid block its life up to it."""
        return run_of(self.cycles, self.shown)


@dataclass(frozen=True, slots=True)
class Asked:
    """The address's question, as typed: `?cycle=2026-10-01&retainer=support&pool=…&hours=3&people=2&kind=…`.

    `pool` and `find` (words) filter the log, `year` the long one of a prepaid block; `hours`, `people`, `kinds`
    (each a category) and `from_pool` (`from=…`) are the form "before you call".
    """

    retainer: str = ""
    cycle: str = ""
    pool: str = ""
    hours: str = ""
    people: str = ""
    kinds: tuple[str, ...] = ()
    from_pool: str = ""
    find: str = ""
    year: str = ""
    still: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str] | QueryDict) -> Self:
        """From a query string's values; names that the page does not know are left alone."""
        return cls(
            retainer=query.get("retainer", ""),
            cycle=query.get("cycle", ""),
            pool=query.get("pool", ""),
            hours=query.get("hours", "").strip(),
            people=query.get("people", "").strip(),
            kinds=tuple(query.getlist("kind")) if isinstance(query, QueryDict) else (),
            from_pool=query.get("from", ""),
            find=" ".join(query.get("find", "").split())[:LONGEST_SEARCH],
            year=query.get("year", ""),
            still=bool(query.get("still", "")),
        )

    def chooses(self, agreement: Agreement) -> bool:
        """Whether the question is about this retainer: it is named, or none is."""
        return self.retainer in ("", agreement.key)

    def cycle_of(self, agreement: Agreement) -> str:
        """The cycle of this retainer that is asked for."""
        return self.cycle if self.chooses(agreement) else ""


def shown_cycles(
    retainers: Iterable[tuple[Agreement, tuple[CycleBalance, ...]]], asked: Asked
) -> tuple[CycleBalance | None, ...]:
    """The cycle to show of each retainer: the one that starts on the day asked for, else the newest.

    None stands for a retainer that has not started. A day on which no chosen retainer starts a cycle is a
    `LookupError`: the address is wrong, and so is a retainer that the client does not have.
    """
    known = tuple(retainers)
    chosen = tuple(cycles for agreement, cycles in known if asked.chooses(agreement))
    starts = {cycle.starts.isoformat() for cycles in chosen for cycle in cycles}
    if not chosen or (asked.cycle and asked.cycle not in starts):
        raise LookupError("the client has no such retainer or cycle")
    return tuple(_newest_or_asked(cycles, asked.cycle_of(agreement)) for agreement, cycles in known)


def _newest_or_asked(cycles: tuple[CycleBalance, ...], starts: str) -> CycleBalance | None:
    asked = (cycle for cycle in cycles if cycle.starts.isoformat() == starts)
    return next(asked, cycles[-1] if cycles else None)
