"""A plan with what a person has said since it was made, where that changes no figure, and with what the browser
presets. Pure.
"""

from collections.abc import Callable
from dataclasses import replace

from imports.publishing.options import Options
from imports.publishing.plan import ClientPlan, Plan
from imports.publishing.questions import held_by
from imports.reading.rows import ACCEPT
from imports.stages import AskedQuestion

# answers that change nothing of what was planned
LIGHT = (
    "held", "allowed_removals", "skip_bad_rows", "doubted", "restate", "restate_reason", "quiet_stays",
)  # fmt: skip
ONE_COMPANY, ALONE, PROVEN = "one-company", "alone", "proven"


def decided(plan: Plan, options: Options) -> Plan:
    """As the browser publishes it under these options."""
    return preset(under(plan, options))


def preset(plan: Plan) -> Plan:
    """What needs no stop in the browser: it stands answered already, and can be answered otherwise."""
    return _for_those_named(_as_proven(plan))


def stands_under(plan: Plan, options: Options) -> bool:
    """Whether the plan is the same under these options, but for who is held and what was agreed to."""
    light = {name: getattr(options, name) for name in LIGHT}
    return replace(plan.options, **light) == options


def under(plan: Plan, options: Options) -> Plan:
    """The plan once it was said who is held back, and which removals are meant. Figures stay as they are."""
    clients = tuple(
        replace(
            client,
            held=options.holds(client.client.slug, is_quiet=client.quiet),
            allowed=options.applies_removals(client.client.slug),
            may_restate=options.restate,
        )
        for client in plan.clients
    )
    return replace(plan, options=options, clients=clients)


def _as_proven(plan: Plan) -> Plan:
    """What the file's own times prove is taken to be right, until a person says otherwise."""

    def is_proven(asked: AskedQuestion) -> bool:
        question = asked.question
        return asked.is_open and question.preset == ACCEPT and question.mark not in plan.options.doubted

    if not any(map(is_proven, plan.questions)):
        return plan
    questions = _answered(plan, is_proven, PROVEN)
    clients = tuple(replace(each, questions=held_by(questions, each.client.slug)) for each in plan.clients)
    return replace(plan, questions=questions, clients=clients)


def _for_those_named(plan: Plan) -> Plan:
    """A file that names one company, or far fewer than the last ones did, is taken as theirs alone, and says
    nothing of anybody else.
    """

    def is_about_others(asked: AskedQuestion) -> bool:
        return asked.is_open and asked.question.kind == ONE_COMPANY

    if not any(map(is_about_others, plan.questions)):
        return plan
    clients = tuple(replace(client, held=client.held or not _is_named(client)) for client in plan.clients)
    return replace(plan, questions=_answered(plan, is_about_others, ALONE), clients=clients)


def _is_named(client: ClientPlan) -> bool:
    """Whether the file has rows of it, or its work goes to one that it has rows of."""
    return bool(client.is_in_file or client.leaving)


def _answered(plan: Plan, which: Callable[[AskedQuestion], bool], answer: str) -> tuple[AskedQuestion, ...]:
    return tuple(asked._replace(answered=answer) if which(asked) else asked for asked in plan.questions)
