"""Publishing from the browser: what was looked at, with the ticks that were set beside it.

A tick only holds a client back or lets one go. Whatever would change a figure, or put words on a page that
the leak check has something to say about, is kept and shown first.
"""

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from desk.imports.ordering import Start, is_long, order
from desk.models import LongWork
from imports.models import Import
from imports.publishing.answers import ClosedError
from imports.publishing.decided import decided
from imports.publishing.hindrances import HinderedError, NotInPreviewError, StalePlanError, hindrances
from imports.publishing.plan import Plan
from imports.publishing.preview import ToBeWorkedOutError, kept_plan, preview
from imports.publishing.preview_answers import save_choices
from imports.publishing.preview_form import Choices
from imports.publishing.publish import publish

WEIGHTY = ("accept", "replace", "rows", "again", "units", "reads")  # answers that may change what is planned


def confirm(
    *, source: Import, digest: str, choices: Choices, by: User | None, at: datetime, today: date
) -> Plan:
    """Publish the import as it was seen under `digest`, with these choices.

    The choices are kept even when nothing is published. Raises `HinderedError`, and `UnreadableFileError` as
    the preview does.
    """
    seen = kept_plan(source, whole=True)
    if seen is None or seen.basis.digest != digest:
        seen = preview(source, today=today, whole=True)
    plan = _agreed(source, seen, digest, choices, by, today)
    publish(source=source, plan=plan, by=by, at=at)
    return plan


def order_publication(
    *, source: Import, digest: str, choices: Choices, by: User, at: datetime, today: date, start: Start
) -> None:
    """The same for a large file: what would be published is looked at here, and published by who carries it out.

    Raises `HinderedError`.
    """
    seen = kept_plan(source)
    if seen is None or seen.basis.digest != digest:
        raise StalePlanError
    _agreed(source, seen, digest, choices, by, today)
    try:
        looked_at = preview(source, today=today, kept_only=True)
        order(
            source=source,
            kind=LongWork.Kind.PUBLISH,
            digest=looked_at.basis.digest,
            by=by,
            at=at,
            start=start,
        )
    except ToBeWorkedOutError as error:
        raise StalePlanError from error
    except ClosedError as error:
        raise NotInPreviewError from error


def _agreed(source: Import, seen: Plan, digest: str, choices: Choices, by: User | None, today: date) -> Plan:
    """What was seen, with the choices, which are kept; if it may be published so."""
    plan = _keep(source, seen, choices, by, today)
    if seen.basis.digest != digest or plan is None:
        raise StalePlanError
    hindrance = _hindrance(seen, plan)
    if hindrance:
        raise HinderedError(hindrance)
    return plan


def _keep(source: Import, seen: Plan, choices: Choices, by: User | None, today: date) -> Plan | None:
    """The plan with the choices, None where somebody else has answered since; words are weighed anew."""
    try:
        saved = save_choices(source=source, plan=seen, choices=choices, by=by)
    except ClosedError as error:
        raise NotInPreviewError from error
    if not saved.fresh:
        return None
    said, before = saved.options, seen.options
    weigh_again = saved.words or any(getattr(said, name) != getattr(before, name) for name in WEIGHTY)
    if not weigh_again:
        return decided(seen, said)
    is_ordered = is_long(source)  # and published by another process
    try:
        return decided(preview(source, today=today, kept_only=is_ordered, whole=not is_ordered), said)
    except ToBeWorkedOutError:
        return None  # it is worked out anew, and looked at once more


def _hindrance(seen: Plan, plan: Plan) -> str:
    if _kept(seen, plan) != _kept(plan, plan) or _figures(seen, plan) != _figures(plan, plan):
        return _(
            "Your answers were saved, but they change figures. Please check the figures again, then publish."
        )
    if plan.is_held or plan.bad_rows_block:
        return " ".join(hindrances(plan))
    if not plan.published_clients:
        return _("Nothing to publish: every client is held back or waits for an answer.")
    if _flagged(plan) - _flagged(seen):
        return _("The leak check found something in your words. Please check the marked lines first.")
    return ""


def _flagged(plan: Plan) -> set[int]:
    return {line for client in plan.clients for line in client.sums.flagged}


def _figures(of: Plan, plan: Plan) -> dict[str, list[object]]:
    """The figures in `of` for the clients that `plan` publishes."""
    going = plan.going
    return {
        client.client.slug: [(effect.after, effect.over_after, effect.closed) for effect in client.effects]
        for client in of.clients
        if client.client.slug in going
    }


def _kept(of: Plan, plan: Plan) -> set[str]:
    """Whose entries stay although the file lacks them: the one answer that changes figures."""
    going = {client.client.slug for client in plan.clients if not client.held}
    return going & set(of.options.kept_removals)
