"""The bar at the foot of a preview: what publishing now would do, and what stays back, in true words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.publishing.plan import ClientPlan, Plan
from presentation import counts, days, phrases


@dataclass(frozen=True, slots=True)
class PublishBar:
    """`button` says what pressing it does now, `count` for how many clients of the file; `rest` and `has_rest`: what it
    does, and whether anything, once none of these is ticked. `waits` what stands in the way,
    `stays` what is left as it is, `aside` what else to know.
    """

    button: str
    count: int
    ready: bool
    rest: str
    has_rest: bool
    waits: tuple[str, ...]
    stays: tuple[str, ...]
    aside: str


def publish_bar(plan: Plan) -> PublishBar:
    """Of the plan with what was answered so far."""
    stopped = plan.is_held or plan.bad_rows_block
    going = () if stopped else plan.published_clients
    working = [client for client in going if not client.quiet]
    dated = [client for client in going if client.is_dated]
    has_rest = len(going) > len(working)
    return PublishBar(
        button=_button(len(working), len(dated), ready=bool(going)),
        count=len(working),
        ready=bool(going),
        rest=_button(0, len(dated), ready=has_rest),
        has_rest=has_rest,
        waits=tuple(_waits(plan)),
        stays=tuple(_stays(plan, len(dated))),
        aside=_("You can undo this until the next import.") if going else "",
    )


def _button(working: int, dated: int, *, ready: bool) -> str:
    if working:
        return ngettext("Publish %(count)d client", "Publish %(count)d clients", working) % {"count": working}
    if dated:
        text = ngettext("Move the date of %(count)d client", "Move the dates of %(count)d clients", dated)
        return text % {"count": dated}
    return _("Publish without changes") if ready else _("Nothing to publish yet")


def _waits(plan: Plan) -> list[str]:
    """What has to be answered before more of it can be published."""
    words = []
    if plan.bad_rows_block:
        words.append(_("Refused rows block it: correct them, or tick “publish without these rows”."))
    if plan.is_held:
        words.append(_("The whole file waits for an answer above."))
    to_publish = [each for each in plan.clients if not each.held]
    removals = [each.client.name for each in to_publish if each.asks_removals]
    if removals:
        values = {"names": phrases.some(removals)}
        words.append(_("%(names)s: choose what happens to the missing entries.") % values)
    questions = [each.client.name for each in to_publish if _is_asked(each)]
    if questions:
        words.append(_("%(names)s: answer the questions above.") % {"names": phrases.some(questions)})
    return words


def _is_asked(client: ClientPlan) -> bool:
    return bool(client.questions or client.asks_restating)


def _stays(plan: Plan, dated: int) -> list[str]:
    """What this publication leaves as it is, and what it does beside."""
    words = []
    held = [each.client.name for each in plan.clients if each.held and not each.quiet]
    if held:
        text = ngettext("%(names)s stays as it is.", "%(names)s stay as they are.", len(held))
        words.append(text % {"names": phrases.some(held)})
    if plan.unknown_rows:
        text = ngettext(
            "%(rows)s of an unknown company waits.", "%(rows)s of unknown companies wait.", plan.unknown_rows
        )
        words.append(text % {"rows": counts.rows(plan.unknown_rows)})
    if dated and plan.through:
        text = ngettext(
            "%(count)d client without work is covered through %(day)s.",
            "%(count)d clients without work are covered through %(day)s.",
            dated,
        )
        words.append(text % {"count": dated, "day": days.full_day(plan.through)})
    return words
