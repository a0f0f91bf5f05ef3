"""What a preview asks: each question with its rows and hours, and the answers that it takes as a whole or row by
row; what was answered stays in view, to be answered otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.publishing.decided import ALONE, ONE_COMPANY
from imports.publishing.options import INSTEAD, OUT, RIGHT
from imports.publishing.plan import Plan, PlannedRow
from imports.publishing.preview_answers import UNITS
from imports.publishing.questions import ABOUT_ROWS
from imports.reading.formats import display_name
from imports.reading.rows import Question, worked_of
from imports.reading.unread import ASKED
from imports.stages import AskedQuestion
from presentation import counts, days, phrases

AT_ONCE = 12  # rows of one question; answered, they make room for the next ones
MOST_LINES = 8  # named by their numbers
Choice = tuple[str, str, bool]  # value, words, whether it is chosen


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One row of a question with the answers that it takes."""

    field: str
    line: int
    client: str
    day: str
    work: str
    by: str
    hours: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column with what may be said of it: `field` and `index` name it in the form."""

    field: str
    index: int
    header: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """`mark` names it in the form. `facts`: whose rows it is about, and their lines; `ticked`: the file is taken
    at its word.

    `accept`: the words of that tick, "" where there is none; `replaces`: the format whose place the file could
    take instead, `replaces_called` in words, `replaced` that it is said to. `rows_words` sums its rows up.
    """

    mark: str
    text: str
    facts: str
    is_open: bool
    is_preset: bool
    ticked: bool
    accept: str
    replaces: str
    replaces_called: str
    replaced: bool
    column: ColumnChoice | None
    rows: tuple[AskedRow, ...]
    rows_words: str
    more: str
    out_words: str
    may_be_unit: bool


@dataclass(frozen=True, slots=True)
class Questions:
    """`presets`: what stands answered until a person says otherwise, and leaves something out. `asked`: the marks
    of all that have a tick, as the form carries them.
    """

    presets: tuple[QuestionLine, ...]
    open: tuple[QuestionLine, ...]
    answered: tuple[QuestionLine, ...]
    answered_words: str
    asked: str


def questions(plan: Plan) -> Questions:
    rows = _asked_rows(plan)
    lines = [_line(asked, plan, rows) for asked in plan.questions]
    answered = tuple(line for line in lines if not line.is_open and not line.is_preset)
    return Questions(
        presets=tuple(line for line in lines if line.is_preset),
        open=tuple(line for line in lines if line.is_open),
        answered=answered,
        answered_words=_answered_words(len(answered)),
        asked=" ".join(quote(line.mark) for line in lines if line.accept),
    )


def _asked_rows(plan: Plan) -> dict[int, tuple[str, PlannedRow]]:
    """The rows that are asked about, by line, each with its client's name."""
    about = {line for asked in plan.questions for line in asked.question.lines}
    return {
        row.line: (client.client.name, row)
        for client in plan.clients
        if client.client.slug in plan.asked_about
        for row in client.rows
        if row.line in about
    }


def columns_read(plan: Plan) -> tuple[ColumnChoice, ...]:
    """The columns of hours with the unit in which each is read, and what was said of others; those apart that
    a question is open about.
    """
    asked = {each.question.column for each in plan.questions if each.is_open}
    units = dict(plan.options.units)
    found = [
        _unit_choice(plan, header, units.get(header, ""), unit)
        for header, unit in plan.parsed.measured
        if header not in asked
    ]
    found += [_reads_choice(plan, header, field, field) for header, field in plan.options.reads]
    return tuple(found)


def _line(asked: AskedQuestion, plan: Plan, rows: Mapping[int, tuple[str, PlannedRow]]) -> QuestionLine:
    question = asked.question
    one_by_one = asked.answered not in ("", *_TICKED, ALONE)
    other = _other_format(question, plan)
    shown = tuple(_rows(question, plan, rows))
    asked_rows = len(question.lines) if shown else 0
    return QuestionLine(
        mark=question.mark,
        text=_text(asked),
        facts=_facts(question, rows),
        is_open=asked.is_open,
        is_preset=asked.answered == ALONE,
        ticked=asked.answered in _TICKED,
        accept="" if one_by_one else _accept(asked),
        replaces="" if one_by_one else other,
        replaces_called=display_name(other),
        replaced=bool(other) and plan.options.replace == other,
        column=_column_of(asked, plan),
        rows=shown,
        rows_words=_("Answer row by row") if not one_by_one else _("Show these rows"),
        more=_more(asked_rows - AT_ONCE),
        out_words=_out_words(asked_rows) if asked.is_open else "",
        may_be_unit=asked.is_open and question.kind in ("times", "long"),
    )


def _other_format(question: Question, plan: Plan) -> str:
    """The format under which the same work is published; "" where the question is about none."""
    is_other = question.kind == "twice" and question.field != plan.parsed.format
    return question.field if is_other else ""


def _accept(asked: AskedQuestion) -> str:
    """The words of the tick that takes the file at its word; "" where it took another one's place."""
    return "" if asked.answered == "replaced" else _(_ACCEPT.get(asked.question.kind, "It is correct"))


_TICKED = ("accepted", "proven", "replaced")
_ACCEPT = {
    "columns": "It doesn’t need to be read",
    ONE_COMPANY: "The file is complete: nobody else had work",
    "unit": "It is read correctly",
    "ids": "The ids started over",
    "twice": "Both count",
}


def _text(asked: AskedQuestion) -> str:
    if asked.answered == ALONE:
        return _(
            "%(text)s Until you do, the file counts as theirs alone: other clients’ dates don’t "
            "change, and none of their entries are removed."
        ) % {"text": asked.question.text}
    return asked.question.text


def _facts(question: Question, rows: Mapping[int, tuple[str, PlannedRow]]) -> str:
    """Whose rows they are, and where they stand."""
    if not question.lines:
        return phrases.h(question.hours) if question.hours else ""
    first = counts.lines(sorted(question.lines)[:MOST_LINES])
    lines = f"{first} …" if len(question.lines) > MOST_LINES else first
    where = ngettext("line %(lines)s", "lines %(lines)s", len(question.lines)) % {"lines": lines}
    names = sorted({rows[line][0] for line in question.lines if line in rows})
    return " · ".join([*([phrases.some(names)] if names else []), where])


def _rows(question: Question, plan: Plan, rows: Mapping[int, tuple[str, PlannedRow]]) -> Iterator[AskedRow]:
    """The first of its rows, where each takes an answer of its own."""
    said = {(line, kind): answer for line, kind, answer in plan.options.rows}
    for line in question.lines[:AT_ONCE] if question.kind in ABOUT_ROWS else ():
        if line in rows:
            client, planned = rows[line]
            read = planned.classified.row
            yield AskedRow(
                field=f"row-{line}-{question.kind}",
                line=line,
                client=client,
                day=days.full_day(read.date),
                work=read.title or (_("Ticket %(ticket)s") % {"ticket": read.ticket} if read.ticket else ""),
                by=_by(planned),
                hours=phrases.column(worked_of(read)),
                choices=_answers(question.kind, said.get((line, question.kind), "")),
            )


def _by(planned: PlannedRow) -> str:
    """The technician, and from when to when."""
    read = planned.classified.row
    times = f"{read.start:%H:%M}–{read.end:%H:%M}" if read.start and read.end else ""
    return ", ".join(part for part in (read.technician, times) if part)


def _answers(kind: str, answer: str) -> tuple[Choice, ...]:
    words = {"": _("Choose an answer"), RIGHT: _("It is correct"), OUT: _("Leave it out")}
    if kind == "twice":
        words = {
            "": _("Choose an answer"),
            RIGHT: _("Both count"),
            OUT: _("Keep the published one"),
            INSTEAD: _("This one counts, the other goes"),
        }
    elif kind == "ids":
        words[RIGHT] = _("It is new work")
    return tuple((value, text, value == answer) for value, text in words.items())


def _column_of(asked: AskedQuestion, plan: Plan) -> ColumnChoice | None:
    question = asked.question
    if not asked.is_open or not question.column:
        return None
    if question.kind == "unit":
        return _unit_choice(plan, question.column, "", question.field)
    return _reads_choice(plan, question.column, question.field, "")


def _unit_choice(plan: Plan, header: str, said: str, read_as: str) -> ColumnChoice:
    unsaid = _("as the file says: %(unit)s") % {"unit": read_as} if not said else _("as the file says")
    choices = [("", unsaid, not said), *((unit, _(unit), unit == said) for unit in UNITS)]
    return ColumnChoice("unit", _index(plan, header), header, tuple(choices))


def _reads_choice(plan: Plan, header: str, likely: str, said: str) -> ColumnChoice:
    first = "company" if likely == "clients" else likely
    names = [first, *(name for name in ASKED if name != first)] if first in ASKED else list(ASKED)
    choices = [("", _("nothing HourTab needs"), not said)]
    choices += [(name, _(_HOLDS[name]), name == said) for name in names]
    return ColumnChoice("reads", _index(plan, header), header, tuple(choices))


_HOLDS = {
    "company": "the client",
    "is_billable": "whether it is billable",
    "worked": "worked hours",
    "billable": "billable hours",
    "deducted": "deducted hours",
    "pause": "how long breaks were",
    "hidden": "whether it is internal",
    "status": "the entry’s status",
}


def _index(plan: Plan, header: str) -> int:
    return plan.parsed.headers.index(header) if header in plan.parsed.headers else len(plan.parsed.headers)


def _more(count: int) -> str:
    if count <= 0:
        return ""
    text = ngettext(
        "%(count)d more row appears once these are answered.",
        "%(count)d more rows appear once these are answered.",
        count,
    )
    return text % {"count": count}


def _out_words(count: int) -> str:
    if not count:
        return ""
    return ngettext("Leave this row out", "Leave these %(count)d rows out", count) % {"count": count}


def _answered_words(count: int) -> str:
    if not count:
        return ""
    text = ngettext("%(count)d question is answered", "%(count)d questions are answered", count)
    return text % {"count": count}
