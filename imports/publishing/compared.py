"""What a file says of what is published: the value that `compare` hands on to the plan."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from imports.models import EntryChoice
from imports.publishing.options import Options
from imports.publishing.plan_marks import StillKind
from imports.publishing.standing_rows import PublishedRow
from imports.publishing.still_rows import StillLine
from imports.stages import Classified, Near, Pair, Reconciliation, StandingEntry, Stops, Twin
from retainers.closings import Closings
from retainers.company_names import company_key
from retainers.coverage import Spoken
from retainers.cycles import next_update
from retainers.drawn import Unread
from retainers.kept.handed import OfPublication
from retainers.models import Retainer
from retainers.selectors import Standing
from retainers.tally import Tally
from retainers.terms import Agreement

# of a client's rows that continue no entry, by the retainers that begin: how many there are, and what they come to
AddedUp = Mapping[str, tuple[int, Tally | None]]


class Period(NamedTuple):
    """The days that a file speaks for, first and last included, and the day that it is said to cover."""

    starts: date | None
    ends: date | None
    through: date | None


class Compared(NamedTuple):
    """One client: its rows in the file, what pairs with what, and what stands of it.

    `found` is its part of the reconciliation, `leaving` the pairs whose entry goes to another client's page,
    `replaced` what came from a format that this file takes the place of.
    `spoken_for`: the file is for it; `waits`: a row of it waits for an answer. `published` are the entries
    that were compared, of all clients, by key; `choices` what a person decided of them, by mark. `stills` are its
    further rows, of which nothing changes, and `still_kinds` what these come to.
    """

    slug: str
    rows: tuple[Classified, ...]
    found: Reconciliation
    leaving: tuple[Pair, ...]
    replaced: tuple[StandingEntry, ...]
    spoken_for: bool
    waits: bool
    published: Mapping[int, PublishedRow]
    choices: Mapping[UUID, EntryChoice]
    standings: Sequence[Standing]
    stills: Sequence[StillLine] = ()
    still_kinds: tuple[StillKind, ...] = ()

    @property
    def is_in_file(self) -> bool:
        """Whether the file has a row of it."""
        return bool(self.rows or self.stills)

    @property
    def beginning(self) -> list[Standing]:
        """Its retainers of which no entry stands yet."""
        return [each for each in self.standings if not isinstance(each.works, Unread) and not each.works]

    @property
    def covered(self) -> bool:
        """Whether the file's days count for it: its date must not move while a row of it waits."""
        return self.spoken_for and not self.waits


class Comparison(NamedTuple):
    """Every client of whom the file speaks, by slug.

    `near`: for each unknown company the clients named alike; `stops`: those whose dates wait for it. `twins`:
    new rows that seem to stand published already, under another format or just beyond the file's days. `closed`:
    the closed cycles of every retainer that takes part, by its key. `kept`: of which publications the cycle that runs
    is kept: their standings have no work. `with_work`: reads that, of all that are asked for together.
    """

    clients: tuple[Compared, ...]
    near: Near
    stops: Stops
    twins: tuple[Twin, ...]
    closed: Mapping[int, Closings]
    kept: OfPublication
    with_work: Callable[[Iterable[Standing]], Mapping[int, Standing]]


def period_of(options: Options, days: Collection[date], today: date) -> Period:
    """What was said of the file, else from its first to its last day; it covers nothing past today. `days`: of its
    rows.
    """
    first, last = (min(days), max(days)) if days else (None, None)
    said = options.through or options.ends or last
    through = min(said, today) if said else None
    ends = max(filter(None, (options.ends, through, last)), default=None)
    return Period(options.starts or first, ends, through)


def reaches(period: Period, retainer: Retainer, agreement: Agreement) -> bool:
    """Whether the covers-through date says something of it: it is alive then, or ended since the last."""
    if period.through is None:
        return False
    before = retainer.publication.through if retainer.publication else None
    ended_since = before and agreement.ends and before < agreement.ends <= period.through
    return agreement.alive_on(period.through) or bool(ended_since)


def update_moves(standing: Standing, today: date, zone: ZoneInfo) -> bool:
    """Whether the client reads another day on which to expect the next update, now that a file has come."""
    before, cadence = standing.publication.updated_at, standing.agreement.updates_on
    if before is None:
        return True
    return next_update(cadence, before.astimezone(zone).date()) != next_update(cadence, today)


def spoken_of(agreement: Agreement, named: Iterable[str], period: Period, options: Options) -> Spoken | None:
    """The days and pools of an agreement that the file speaks for; None where it says nothing of it. `named`: what the
    file's rows of that agreement call it.
    """
    if period.through is None:
        return None
    spoken = Spoken(period.starts or period.through, period.through, options.starts is not None)
    if options.covers_all or _is_named(agreement, named, options):
        return spoken
    pools = {pool.key for terms in agreement.terms for pool in terms.pools}
    said = tuple(filter(pools.__contains__, options.pools))
    return replace(spoken, pools=said) if said else None


def _is_named(agreement: Agreement, named: Iterable[str], options: Options) -> bool:
    """Whether all of its names in the PSA are among those that the file is said to cover."""
    names = agreement.psa_agreements or [*named]
    return bool(names) and {*map(company_key, names)} <= {*map(company_key, options.agreements)}
