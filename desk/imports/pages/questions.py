"""What a preview asks: each question with its rows and hours, and a tick that takes the file at its word."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from imports.publishing.plan import AskedQuestion, Plan
from presentation.counts import lines, rows
from presentation.days import full_day
from presentation.phrases import hours, left


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """`facts`: its rows, hours and lines; `ticked`: the file is taken at its word for it.

    `replaces`: the format whose place the file could take instead, `replaced` that it is said to.
    """

    kind: str
    text: str
    facts: str
    ticked: bool
    answer: str
    replaces: str
    replaced: bool


def question_lines(plan: Plan) -> tuple[QuestionLine, ...]:
    """Open questions first, each as the file has it."""
    return tuple(_line(asked, plan) for asked in sorted(plan.questions, key=lambda asked: not asked.is_open))


def kinds_asked(plan: Plan) -> str:
    """The kinds of question that the form has a tick for."""
    return " ".join(sorted({asked.question.kind for asked in plan.questions}))


def restated_lines(plan: Plan) -> tuple[str, ...]:
    """Settled cycles whose figures would change, old and new."""
    return tuple(
        _("%(client)s, cycle from %(day)s: %(before)s → %(after)s")
        % {
            "client": client.client.name,
            "day": full_day(cycle.starts),
            "before": left(cycle.before, cycle.over_before),
            "after": left(cycle.after, cycle.over_after),
        }
        for client in plan.clients
        for _effect, cycle in client.restated
    )


def _line(asked: AskedQuestion, plan: Plan) -> QuestionLine:
    question = asked.question
    other = question.field if question.kind == "twice" and question.field != plan.parsed.format else ""
    parts = [_("%(hours)s h") % {"hours": hours(question.hours)}] if question.hours else []
    if question.lines:
        parts += [rows(len(question.lines)), _("lines %(lines)s") % {"lines": lines(question.lines)}]
    return QuestionLine(
        kind=question.kind,
        text=question.text,
        facts=" · ".join(parts),
        ticked=asked.answered == "accepted",
        answer=_(_ANSWERS.get(question.kind, "It is right")),
        replaces=other,
        replaced=bool(other) and plan.options.replace == other,
    )


_ANSWERS = {
    "columns": "It may stay unread",
    "one-company": "The file is whole: nobody else had work",
    "unit": "It is read right",
    "ids": "The ids have begun anew",
    "twice": "Both count",
}
