"""What a person has said of a plan since it was made, and what they have to say before it can be published. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from imports.publishing.options import Options
from imports.publishing.plan import AskedQuestion, ClientPlan, Plan
from imports.publishing.questions import held_by
from imports.reading.how_many import how_many
from imports.reading.rows import ACCEPT
from retainers.hours import write_hours

ONE_COMPANY, ALONE, PROVEN = "one-company", "alone", "proven"


def decided(plan: Plan, options: Options) -> Plan:
    """As the browser publishes it under these options."""
    return preset(_under(plan, options))


def preset(plan: Plan) -> Plan:
    """What needs no stop in the browser: it stands answered already, and can be answered otherwise."""
    return _for_those_named(_as_proven(plan))


def _under(plan: Plan, options: Options) -> Plan:
    """The plan once it was said who is held back, and which removals are meant. Figures stay as they are."""
    clients = tuple(
        replace(
            client,
            held=client.client.slug in options.held or (client.quiet and options.quiet_stays),
            allowed=options.removals == "apply" or client.client.slug in options.allowed_removals,
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
    return tuple(replace(asked, answered=answer) if which(asked) else asked for asked in plan.questions)


SHOWN_CYCLES = 3


def hindrances(plan: Plan) -> tuple[str, ...]:
    """Everything that waits for somebody, one sentence each; none where nothing does."""
    return (*_refusals(plan), *_questions(plan), *_clients(plan))


def _refusals(plan: Plan) -> Iterator[str]:
    if plan.asks_about_refused:
        first = plan.refused[0]
        yield (
            f"{how_many(len(plan.refused), 'row is', 'rows are')} refused, the first at line {first.line}:"
            f" {first.message.removesuffix('.')}. Correct the file, or publish without these rows."
        )


def _questions(plan: Plan) -> Iterator[str]:
    for asked in plan.questions:
        if asked.is_open:
            yield f"{asked.question.kind}: {asked.question.text}"


def _clients(plan: Plan) -> Iterator[str]:
    for client in plan.clients:
        if client.asks_removals and not client.held:
            gone = how_many(len(client.removed), "published entry is", "published entries are")
            yield (
                f"{client.client.name}: {gone} not in this file and would be removed. {' '.join(client.asks)}"
                f" Say expressly whether to remove or to keep {'it' if len(client.removed) == 1 else 'them'}."
            )
        if client.asks_restating and not client.held:
            yield (
                f"{client.client.name}: figures of settled cycles would change ({_cycles(client)})."
                " Say expressly that they may be restated."
            )


def _cycles(client: ClientPlan) -> str:
    changes = [
        f"{effect.retainer} from {cycle.starts}: {write_hours(cycle.before)} → {write_hours(cycle.after)}"
        for effect, cycle in client.restated
    ]
    more = len(changes) - SHOWN_CYCLES
    return "; ".join(changes[:SHOWN_CYCLES]) + (f"; {more} more" if more > 0 else "")
