"""Why a plan can't be published as it stands, in sentences: what a person has to say first.

`--publish` and programs print them; the pages show each where it can be answered. Here are the errors that carry them
too, and how a file's problem is told with its place: who only looks at a plan loads nothing that publishes one.
"""

from collections.abc import Iterator

from imports.publishing.plan import ClientPlan, Plan
from imports.reading.rows import Problem
from presentation.counts import counted
from retainers.hours import write_hours

SHOWN_CYCLES = 3
STALE = "What would be published has changed since the preview. Please check the preview again."
DONE = "This import has already been published."


class HinderedError(Exception):
    """The import can't be published as it stands; `hindrances` says why, in sentences."""

    def __init__(self, *hindrances: str) -> None:
        super().__init__(" ".join(hindrances))
        self.hindrances = hindrances


class StalePlanError(HinderedError):
    """What the plan depends on is no longer what it was."""

    def __init__(self) -> None:
        super().__init__(STALE)


class NotInPreviewError(HinderedError):
    """It was published already, or discarded."""

    def __init__(self) -> None:
        super().__init__(DONE)


def hindrances(plan: Plan) -> tuple[str, ...]:
    """Everything that waits for somebody, one sentence each; none where nothing does."""
    return (*_refusals(plan), *_questions(plan), *_clients(plan))


def _refusals(plan: Plan) -> Iterator[str]:
    if plan.asks_about_refused:
        first = plan.refused[0]
        yield (
            f"{counted(len(plan.refused), 'row is', 'rows are')} refused, the first at line {first.line}:"
            f" {first.message.removesuffix('.')}. Correct the file, or publish without these rows."
        )


def _questions(plan: Plan) -> Iterator[str]:
    for asked in plan.questions:
        if asked.is_open:
            yield f"{asked.question.kind}: {asked.question.text}"


def _clients(plan: Plan) -> Iterator[str]:
    for client in plan.clients:
        if client.asks_removals and not client.held:
            gone = counted(len(client.removed), "published entry is", "published entries are")
            yield (
                f"{client.client.name}: {gone} not in this file and would be removed. "
                f"{' '.join(client.asks)} Choose whether to remove or keep "
                f"{'it' if len(client.removed) == 1 else 'them'}."
            )
        if client.asks_restating and not client.held:
            yield (
                f"{client.client.name}: figures of settled cycles would change ({_cycles(client)})."
                " Confirm that they may be restated."
            )


def _cycles(client: ClientPlan) -> str:
    changes = [
        f"{effect.retainer} from {cycle.starts}: {write_hours(cycle.before)} → {write_hours(cycle.after)}"
        for effect, cycle in client.restated
    ]
    more = len(changes) - SHOWN_CYCLES
    return "; ".join(changes[:SHOWN_CYCLES]) + (f"; {more} more" if more > 0 else "")


def place_of(problem: Problem) -> str:
    """Where in the file it is: `Line 3, column Hours:`; "" where it is about the file."""
    line = f"line {problem.line}" if problem.line else ""
    column = f"column {problem.column}" if problem.column else ""
    place = ", ".join(filter(None, (line, column)))
    return f"{place[:1].upper()}{place[1:]}:" if place else ""


def problem_words(problem: Problem) -> str:
    """A problem with its place, as one sentence."""
    return f"{place_of(problem)} {problem.message}".strip()
