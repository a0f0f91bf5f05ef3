"""The work log for staff: what the client reads beside what the PSA says, and what was not counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.models import SourceRow
from imports.publishing.published import sources_of
from imports.publishing.source_rows import row_of
from presentation.days import plain_day, weekday
from presentation.explanations import Phrases, explain
from presentation.phrases import column
from retainers.balance import CycleBalance, Draw
from retainers.hours import ZERO
from retainers.models import Entry

AT_ONCE = 500  # entries that are looked up by their keys in one query


@dataclass(frozen=True, slots=True)
class Inside:
    """The columns of the PSA that no client sees."""

    technician: str = ""
    ticket: str = ""
    title: str = ""
    work_type: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A counted entry; `mark` leads to its page.

    `waits`: nobody has worded it, and the client reads the pool's fallback text.
    """

    date: str
    weekday: str
    text: str
    waits: bool
    why: str
    hours: str
    inside: Inside
    mark: str = ""


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """An entry that is not counted, and why."""

    date: str
    weekday: str
    hours: str
    reason: str
    inside: Inside
    mark: str = ""


@dataclass(frozen=True, slots=True)
class StaffLog:
    lines: tuple[LogLine, ...]
    total: str
    waiting: str
    left_out: tuple[LeftOutLine, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """What is published of each draw, by the mark it carries: the entry, and the row of the export."""

    entries: Mapping[int, Entry]
    sources: Mapping[int, SourceRow]

    @classmethod
    def read(cls, draws: Iterable[Draw]) -> "Behind":
        """Of all these draws."""
        refs = list({draw.work.ref for draw in draws})
        parts = [refs[start : start + AT_ONCE] for start in range(0, len(refs), AT_ONCE)]
        entries = {entry.pk: entry for part in parts for entry in Entry.objects.filter(pk__in=part)}
        marks = {entry.origin: pk for pk, entry in entries.items()}
        origins = list(marks)
        sources: dict[int, SourceRow] = {}
        for start in range(0, len(origins), AT_ONCE):
            found = sources_of(origins[start : start + AT_ONCE])
            sources |= {marks[origin]: source for origin, source in found.items()}
        return cls(entries, sources)

    def mark(self, draw: Draw) -> str:
        """What leads to the entry's own page; "" where there is none."""
        entry = self.entries.get(draw.work.ref)
        return str(entry.origin) if entry else ""

    def inside(self, draw: Draw) -> Inside:
        source = self.sources.get(draw.work.ref)
        if source is None:
            return Inside()
        row = row_of(source)
        return Inside(row.technician, row.ticket, row.title, row.work_type)


def staff_log(run: Sequence[CycleBalance], draws: Sequence[Draw], behind: Behind) -> StaffLog:
    """These draws of the cycles, newest first; the counted ones add up to the hours used."""
    newest_first = sorted(draws, key=lambda draw: (draw.work.day, draw.work.ref), reverse=True)
    counted = [draw for draw in newest_first if draw.reason is None]
    lines = _lines(counted, run, behind)
    waiting = sum(line.waits for line in lines)
    return StaffLog(
        lines=lines,
        total=column(sum((draw.hours for draw in counted), ZERO)),
        waiting=_waiting(waiting) if waiting else "",
        left_out=tuple(
            _left_out(draw, run[-1].ends, behind) for draw in newest_first if draw.reason is not None
        ),
    )


def _lines(draws: Sequence[Draw], run: Sequence[CycleBalance], behind: Behind) -> tuple[LogLine, ...]:
    phrases = Phrases.here()
    several, newest = len(run[-1].pools) > 1, run[-1].ends
    priced_in = {id(draw): cycle for cycle in run for draw in cycle.draws}
    found = []
    for draw in draws:
        cycle = priced_in[id(draw)]
        entry = behind.entries.get(draw.work.ref)
        pool = cycle.terms.pool(draw.pool)
        why = explain(draw, cycle.terms, phrases)
        found.append(
            LogLine(
                date=plain_day(draw.work.day, newest),
                weekday=weekday(draw.work.day),
                text=(entry.wording if entry else "") or pool.neutral_text,
                waits=entry is not None and not entry.wording,
                why=f"{why} · {pool.name}" if several else why,
                hours=column(draw.hours),
                inside=behind.inside(draw),
                mark=behind.mark(draw),
            )
        )
    return tuple(found)


def _left_out(draw: Draw, newest: date, behind: Behind) -> LeftOutLine:
    return LeftOutLine(
        date=plain_day(draw.work.day, newest),
        weekday=weekday(draw.work.day),
        hours=column(_worked(draw)),
        reason=draw.reason or "",
        inside=behind.inside(draw),
        mark=behind.mark(draw),
    )


def _worked(draw: Draw) -> Decimal:
    return draw.figure if draw.work.worked is None else draw.work.worked


def _waiting(count: int) -> str:
    text = ngettext(
        "%(count)d line shows fallback text to the client because it has no words yet.",
        "%(count)d lines show fallback text to the client because they have no words yet.",
        count,
    )
    return text % {"count": count}


def empty_words(provisional: bool) -> str:
    """What stands in place of a log without lines."""
    return _("No counted work yet.") if provisional else _("No work was counted.")
