"""Publishing from the browser: what was looked at, with the ticks that were set beside it.

A tick only holds a client back or lets one go. Whatever would change a figure, or put words on a page that
the leak check has something to say about, is kept and shown first.
"""

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from imports.models import Import
from imports.publishing.plan import Plan
from imports.publishing.preview import preview
from imports.publishing.preview_answers import Choices, ClosedError, save_choices
from imports.publishing.publish import DONE, STALE, HinderedError, publish


def confirm(
    *, source: Import, digest: str, choices: Choices, by: User | None, at: datetime, today: date
) -> Plan:
    """Publish the import as it was seen under `digest`, with these choices.

    The choices are kept even when nothing is published. Raises `HinderedError`, and `UnreadableFileError` as
    the preview does.
    """
    seen = preview(source, today=today)
    changed = _keep(source, seen, choices, by)
    if seen.digest != digest:
        raise HinderedError(STALE)
    plan = preview(source, today=today) if changed else seen
    hindrance = _hindrance(seen, plan)
    if hindrance:
        raise HinderedError(hindrance)
    return publish(source=source, by=by, at=at, digest=plan.digest)


def _keep(source: Import, plan: Plan, choices: Choices, by: User | None) -> bool:
    try:
        return save_choices(source=source, plan=plan, choices=choices, by=by)
    except ClosedError as error:
        raise HinderedError(DONE) from error


def _hindrance(seen: Plan, plan: Plan) -> str:
    if not plan.published_clients:
        return _("Nothing would be published: every client is held back or waits for an answer.")
    if _flagged(plan) - _flagged(seen):
        return _("The leak check has found something in words that you gave. Look at the marked lines first.")
    if _figures(seen, plan) != _figures(plan, plan):
        return _("Your answers change figures. They are saved: look at the figures once more, then publish.")
    return ""


def _flagged(plan: Plan) -> set[int]:
    return {row.line for client in plan.clients for row in client.rows if row.hits and row.reason is None}


def _figures(of: Plan, plan: Plan) -> dict[str, list[tuple[object, ...]]]:
    """The figures in `of` for the clients that `plan` publishes."""
    slugs = {client.client.slug for client in plan.published_clients}
    return {
        client.client.slug: [(e.after, e.over_after, e.closed_cycles) for e in client.effects]
        for client in of.clients
        if client.client.slug in slugs
    }
