"""What a statement was issued with: its figures, its log, its rate and the names of that moment, as one document.

A statement writes all of it down when it is issued. Those of before the log was kept have their figures only: the
rest is put together from the publication that they were issued with, never from what is published by now.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from retainers.agreements.words import words_document
from retainers.balance import CycleBalance, Draw
from retainers.hours import round_half_up, write_factor, write_hours
from retainers.models import Entry, Statement
from retainers.selectors import Standing, standings_at
from retainers.stated import closed_cycle, figures_document
from retainers.terms import Terms

ONE_DAY = timedelta(days=1)
AT_ONCE = 500  # entries whose words are read by one query


class Said(NamedTuple):
    """What is said of an entry beside its figures: words, and the marks of its ticket and of who did the work."""

    words: str = ""
    incident: str = ""
    person: str = ""


def whole_document(standing: Standing, cycle: CycleBalance, said: Mapping[int, Said]) -> dict[str, Any]:
    """All that a statement of that closed cycle keeps, were it issued now. `said` of its entries."""
    return {
        **figures_document(standing, cycle),
        "client": standing.retainer.client.name,
        "agreement": standing.agreement.name,
        "pools": {pool.key: pool.name for pool in cycle.terms.pools},
        "multipliers": {each.category: each.name for each in cycle.terms.multipliers},
        "neutral_texts": {pool.key: pool.neutral_text for pool in cycle.terms.pools},
        "words": words_document(cycle.terms.words),
        "log": log_document(cycle, said),
    }


def issued_for(
    retainers: Collection[int], starts: Collection[date]
) -> dict[tuple[int, date], list[Statement]]:
    """The statements of the cycles of these retainers (their keys) that start on one of these days, by retainer and
    day, the oldest first; whole as `issued_documents` wants them.
    """
    rows = Statement.objects.filter(retainer__in=retainers, cycle_starts__in=starts).order_by("number")
    found: dict[tuple[int, date], list[Statement]] = defaultdict(list)
    for row in rows.select_related("publication__version", "retainer__client"):
        found[row.retainer_id, row.cycle_starts].append(row)
    return found


def issued_documents(statements: Iterable[Statement], zone: ZoneInfo) -> list[dict[str, Any]]:
    """The documents, each whole. The rows come with their retainer, its client, and their publication's version."""
    return [each.document if "log" in each.document else _put_together(each, zone) for each in statements]


def _put_together(statement: Statement, zone: ZoneInfo) -> dict[str, Any]:
    """An older statement with the log and the rates of its publication; what it wrote down itself stands."""
    heads = {statement.retainer_id: statement.publication}
    last_day = date.fromisoformat(statement.document["cycle"]["ends"])
    on = last_day + ONE_DAY  # whatever the time zone is by now, the cycle has closed
    (standing,) = standings_at(heads, [statement.retainer], on=on, zone=zone)
    cycle = closed_cycle(standing, statement.cycle_starts)
    if cycle is None:
        return {"agreement": standing.agreement.name, "pools": {}, "log": [], **statement.document}
    return {**whole_document(standing, cycle, said_of([cycle])), **statement.document}


def said_of(cycles: Iterable[CycleBalance]) -> dict[int, Said]:
    """What is said of the counted entries, by their key; without words where the fallback text stands in."""
    refs = [draw.work.ref for cycle in cycles for draw in cycle.draws if draw.reason is None]
    said: dict[int, Said] = {}
    for start in range(0, len(refs), AT_ONCE):
        rows = Entry.objects.filter(pk__in=refs[start : start + AT_ONCE]).order_by()
        said.update(
            (pk, Said(*each)) for pk, *each in rows.values_list("pk", "wording", "incident", "person")
        )
    return said


def log_document(cycle: CycleBalance, said: Mapping[int, Said]) -> list[dict[str, Any]]:
    """The lines that add up to the hours used, as `balance.json` prints them, with the marks that group them."""
    draws = [draw for draw in cycle.draws if draw.reason is None and draw.hours]
    numbers = {ref: number for number, ref in enumerate(dict.fromkeys(draw.work.ref for draw in draws), 1)}
    return [
        _line(draw, cycle.terms, said.get(draw.work.ref, Said()), numbers[draw.work.ref]) for draw in draws
    ]


def _line(draw: Draw, terms: Terms, said: Said, number: int) -> dict[str, Any]:
    """`number` is the entry's in the log: one that is split at the boundary has several lines."""
    names = {each.category: each.name for each in terms.multipliers}
    worked = draw.counted if draw.work.worked is None else round_half_up(draw.work.worked)
    return {
        "date": draw.work.day.isoformat(),
        "description": said.words or terms.pool(draw.pool).neutral_text,
        "worked": write_hours(worked),
        "counted": write_hours(draw.counted),
        "factor": None if draw.factor is None else write_factor(draw.factor),
        "hours": write_hours(draw.hours),
        "multipliers": [names[category] for category in draw.multipliers if category in names],
        "pool": draw.pool,
        "entry": number,
        "incident": said.incident,
        "person": said.person,
    }
