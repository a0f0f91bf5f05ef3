"""The notices beside the numbers as facts: a manager's word, or a live incident reckoned to the moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.timezone import now

from accounts.worked_out import WorkedOut
from portal.models import ClientRequest
from presentation.facts import LiveIncident, Notice
from presentation.requested import Requested
from retainers.balance import Draw
from retainers.entry_clocks import ONE_DAY, Span, meets, span_of
from retainers.gate.known import Gate
from retainers.hours import ZERO, from_units
from retainers.live import Live, live_from_document
from retainers.models import Notice as PostedNotice
from retainers.models import Publication, Retainer
from retainers.notices import is_counted, is_over, posted_on
from retainers.selectors import Standing


class Marked(Protocol):
    """What is known of an entry: the mark of its ticket, and when it was done on which day."""

    @property
    def incident(self) -> str: ...

    @property
    def clock(self) -> str: ...

    @property
    def day(self) -> date | None: ...


def moment_of(on: date, zone: ZoneInfo) -> datetime:
    """Now, where the page is of today; of an earlier day its end."""
    return min(now(), datetime.combine(on + timedelta(days=1), time.min, zone))


def posted(heads: Iterable[Publication]) -> list[PostedNotice]:
    """Those that may stand at these publications, each of a retainer of its own."""
    by_key = {each.retainer_id: each for each in heads}
    oldest = min((each.made_at for each in by_key.values()), default=now())
    if len(by_key) == 1:
        return list(OF_ONE.rows(*by_key, oldest))
    return list(_posted(Q(retainer__in=by_key), oldest))


def posted_now(retainers: Iterable[Retainer]) -> list[PostedNotice]:
    """Those that hang by what is published now."""
    return posted([row.publication for row in retainers if row.publication])


def _posted(which: Q, oldest: datetime) -> QuerySet[PostedNotice]:
    rows: QuerySet[PostedNotice] = PostedNotice.objects.filter(which).select_related("added_in", "retired_in")
    return rows.filter(Q(retired_in=None) | Q(retired_in__made_at__gt=oldest))


OF_ONE = WorkedOut(lambda retainer, oldest: _posted(Q(retainer=retainer), oldest))


def first_days(rows: Iterable[PostedNotice], zone: ZoneInfo) -> dict[int, date]:
    """From which day on the work of a retainer tells what its live incident has taken so far."""
    found: dict[int, date] = {}
    for row in rows:
        if row.live is not None:
            day = live_from_document(row.live).started.astimezone(zone).date() - ONE_DAY
            found[row.retainer_id] = min(day, found.get(row.retainer_id, day))
    return found


def _stood_at(row: PostedNotice, number: int) -> bool:
    """Whether it was posted by that publication, and not taken down yet."""
    return row.added_in.number <= number and (row.retired_in is None or row.retired_in.number > number)


def notices(
    rows: Iterable[PostedNotice],
    found: Sequence[Standing],
    marks: Mapping[int, Marked],
    gate: Gate,
    zone: ZoneInfo,
    at: datetime,
) -> dict[int, Notice]:
    """By retainer, that of the `posted` which stood at its publication, unless it is over or its text is held back."""
    shown: dict[int, Notice] = {}
    by_key = {each.retainer.pk: each for each in found}
    for row in rows:
        if row.retainer_id not in by_key:
            continue
        standing = by_key[row.retainer_id]
        head = standing.publication.number
        if (
            _stood_at(row, head)
            and not _is_hidden(row, standing)
            and not is_over(row, standing, zone)
            and gate.passes(row.text, standing.retainer.client.slug)
        ):
            shown[row.retainer_id] = notice_of(row, standing, marks, zone, at)
    return shown


def _is_hidden(row: PostedNotice, standing: Standing) -> bool:
    """Whether it is about a pool that the client doesn't see."""
    return row.pool in standing.hidden


def notice_of(
    row: PostedNotice, standing: Standing, marks: Mapping[int, Marked], zone: ZoneInfo, at: datetime
) -> Notice:
    """One row as it reads at that moment."""
    if row.live is not None and standing.current is not None:
        live = _incident(live_from_document(row.live), row.pool, standing, marks, zone, at)
        pending = None if live.settled else max(live.estimate - (live.counted or ZERO), ZERO)
        return Notice(row.text, pending, row.pool, live.since.date(), live)
    pending = None if row.pending_units is None else from_units(row.pending_units)
    return Notice(row.text, pending, row.pool, posted_on(row, zone))


def _incident(
    live: Live, pool: str, standing: Standing, marks: Mapping[int, Marked], zone: ZoneInfo, at: datetime
) -> LiveIncident:
    cycle = standing.current
    if cycle is None:
        raise ValueError("an incident is reckoned in a cycle")
    opens = datetime.combine(cycle.starts, time.min, zone)
    settled = is_counted(live, standing, zone)
    return LiveIncident(
        as_of=at.astimezone(zone),
        since=live.started.astimezone(zone),
        people=live.people,
        most=live.most,
        kinds=live.kinds,
        estimate=live.estimate(cycle.terms, opens, at),
        an_hour=live.an_hour_counts(cycle.terms),
        ahead=live.ahead_of_clock(cycle.terms, opens, at),
        ended=live.ended.astimezone(zone) if live.ended else None,
        counted=_counted(live, standing, marks, zone, by_day=settled),
        settled=settled,
    )


def _near(standing: Standing, first: date, last: date) -> list[Draw]:
    """What was counted on those days, and on the one before: work may run past midnight."""
    since = first - ONE_DAY
    cycles = [cycle for cycle in standing.cycles if cycle.ends >= since]
    draws = [draw for cycle in cycles for draw in cycle.draws if draw.reason is None]
    return [draw for draw in draws if since <= draw.work.day <= last]


def _counted(
    live: Live, standing: Standing, marks: Mapping[int, Marked], zone: ZoneInfo, *, by_day: bool
) -> Decimal | None:
    """The hours of its ticket's entries; without any, once it is settled, of those of its hours.

    Of an entry without times its day and its kind decide.
    """
    first = live.started.astimezone(zone).date()
    near = _near(standing, first, _last_day(live, standing, zone))
    mine = [draw for draw in near if first <= draw.work.day and _is_marked(draw, live, marks)]
    if not mine and by_day:
        spans = _spans(live, zone)
        mine = [draw for draw in near if _is_of_it(draw, live, first, spans, marks)]
    return sum((draw.hours for draw in mine), ZERO) if mine else None


def _last_day(live: Live, standing: Standing, zone: ZoneInfo) -> date:
    return live.ended.astimezone(zone).date() if live.ended else standing.on


def _spans(live: Live, zone: ZoneInfo) -> list[Span]:
    """When somebody was on it, by the clock on the provider's wall."""
    return [(_wall(one, zone), _wall(other, zone)) for one, other in live.spans(live.ended or now())]


def _is_marked(draw: Draw, live: Live, marks: Mapping[int, Marked]) -> bool:
    """Whether it is an entry of the incident's own ticket."""
    marked = marks.get(draw.work.ref)
    return bool(live.mark) and marked is not None and marked.incident == live.mark


def _is_of_it(
    draw: Draw, live: Live, first: date, spans: Sequence[Span], marks: Mapping[int, Marked]
) -> bool:
    """Whether an entry was done while somebody was on the incident, as far as its times are known."""
    marked = marks.get(draw.work.ref)
    span = span_of(marked.day, marked.clock) if marked is not None and marked.day else None
    if span is not None:
        return meets(span, spans)
    return first <= draw.work.day and live.kinds <= draw.work.categories


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


WAITS_IN_SIGHT = timedelta(days=30)
ANSWERED_IN_SIGHT = timedelta(days=14)


def requests_shown(found: Sequence[Standing], zone: ZoneInfo, gate: Gate) -> dict[int, tuple[Requested, ...]]:
    """By retainer, newest first. An answer that may not leave is left out, its request is not."""
    slugs = {each.retainer.pk: each.retainer.client.slug for each in found}
    start = datetime.combine(found[0].on, time.min, zone)
    waits = Q(answered_at=None, made_at__gte=start - WAITS_IN_SIGHT)
    answered = Q(answered_at__gte=start - ANSWERED_IN_SIGHT)
    rows = ClientRequest.objects.filter(waits | answered, retainer__in=slugs, confirmed_at=None)
    shown: dict[int, list[Requested]] = defaultdict(list)
    for row in rows.select_related("top_up"):
        shown[row.retainer_id].append(_requested(row, zone, gate, slugs[row.retainer_id]))
    return {pk: tuple(each) for pk, each in shown.items()}


def _requested(row: ClientRequest, zone: ZoneInfo, gate: Gate, slug: str) -> Requested:
    return Requested(
        kind=row.kind,
        hours=None if row.hours_units is None else from_units(row.hours_units),
        on=row.made_at.astimezone(zone).date(),
        answered_on=row.answered_at.astimezone(zone).date() if row.answered_at else None,
        answer=gate.out(row.answer or "", slug),
        granted=from_units(row.top_up.hours_units) if row.top_up else None,
    )
