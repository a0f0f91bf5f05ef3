"""A plan with what a person has said since it was made, where that changes no figure. Pure."""

from dataclasses import replace

from imports.publishing.options import Options
from imports.publishing.plan import Plan

ONE_COMPANY, ALONE = "one-company", "alone"


def decided(plan: Plan, options: Options) -> Plan:
    """As the browser publishes it under these options."""
    return for_those_named(_under(plan, options))


def _under(plan: Plan, options: Options) -> Plan:
    """The plan once it was said who is held back, and which removals are meant. Figures stay as they are."""
    clients = tuple(
        replace(
            client,
            held=client.client.slug in options.held,
            allowed=options.removals == "apply" or client.client.slug in options.allowed_removals,
            may_restate=options.restate,
        )
        for client in plan.clients
    )
    return replace(plan, options=options, clients=clients)


def for_those_named(plan: Plan) -> Plan:
    """In the browser a file that names one company is no stop: it is taken as that company's alone, and says
    nothing of anybody else.
    """
    open_ones = [asked for asked in plan.questions if asked.is_open and asked.question.kind == ONE_COMPANY]
    if not open_ones or sum(not client.quiet for client in plan.clients) > 1:
        return plan
    questions = tuple(
        replace(asked, answered=ALONE) if asked in open_ones else asked for asked in plan.questions
    )
    clients = tuple(replace(client, held=client.held or client.quiet) for client in plan.clients)
    return replace(plan, questions=questions, clients=clients)
