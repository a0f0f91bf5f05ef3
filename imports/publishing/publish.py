"""Publishing a plan, and nothing but what was planned.

The plan was computed before; here the retainers are locked, what it depends on is compared with what it was,
and what it says is written. Where anything has changed, nothing is published and the manager looks once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain

from django.db import transaction

from accounts import database
from accounts.access import zone_of
from accounts.actors import actor_of
from accounts.audit import record
from accounts.models import User
from imports import originals, progress
from imports.models import Import
from imports.publishing.depends import heads_of
from imports.publishing.file_keeper import keep
from imports.publishing.hindrances import HinderedError, NotInPreviewError, StalePlanError, hindrances
from imports.publishing.options import Options
from imports.publishing.plan import ClientPlan, Plan
from imports.publishing.report import report
from imports.publishing.standing_answers import remember
from imports.publishing.store import store
from imports.wording.memory import carry_drafts, remember_staff
from retainers import publishing
from retainers.models import Publication, Restatement, Retainer
from retainers.restating.changes import Law
from retainers.restating.writing import Consent, Deed, LeakingReasonError, restating


@transaction.atomic
def publish(*, source: Import, plan: Plan, by: User | None, at: datetime) -> None:
    """Publish the plan for every client that is neither held nor blocked, or nothing of it. Where there is no such
    client, the import stays a preview.

    Raises `HinderedError`: it is no preview (`NotInPreviewError`), refused rows stand in the way, or (`StalePlanError`)
    the plan is no longer true.
    """
    publish_within(source=source, plan=plan, by=by, at=at)


def publish_within(*, source: Import, plan: Plan, by: User | None, at: datetime) -> None:
    """The same in a transaction of the caller's, by no savepoint of it: for one SQLite holds each page that changes."""
    locked = Import.objects.select_for_update(no_key=True).get(pk=source.pk)
    locked.provider = source.provider  # as the plan saw it: another one now makes the plan stale
    _refuse_hindered(locked, plan)
    if not plan.published_clients:
        return
    retainers = publishing.lock_all()
    _refuse_stale(locked, plan, at)
    locked.format = plan.parsed.format
    origins = _store(plan, locked, retainers, by, at)
    _remember(plan, locked, by, at)
    keep(plan, source=locked, origins=origins, retainers=retainers)
    _close(locked, plan, by, at)
    transaction.on_commit(lambda: originals.let_go(locked))
    transaction.on_commit(database.learn)
    _tell(source, locked)


def _refuse_hindered(source: Import, plan: Plan) -> None:
    if source.state != Import.State.UPLOADED:
        raise NotInPreviewError
    if plan.is_held or plan.bad_rows_block:
        raise HinderedError(*hindrances(plan))


def _store(
    plan: Plan, source: Import, retainers: Mapping[int, Retainer], by: User | None, at: datetime
) -> Sequence[str]:
    """Write what is planned, and what it restates; the origins of the new entries, in their order."""
    clients = plan.published_clients  # who did not agree to a restatement is not among them
    restated = {effect.retainer_id for client in clients for effect, _cycle in client.restated}
    deed = Deed(Restatement.Cause.IMPORT, Law.SETTLED, Consent.to_all(plan.options.restate_reason))
    press = _press(clients, source, by, at)
    try:
        with restating(source.provider, restated, deed, press):
            origins = store(clients, source=source, press=press, retainers=retainers)
            progress.tell(progress.FIGURES)
    except LeakingReasonError as error:
        raise HinderedError(error.said) from error
    return origins


def _press(clients: Iterable[ClientPlan], source: Import, by: User | None, at: datetime) -> publishing.Press:
    handed = dict(chain.from_iterable(client.figures for client in clients))
    return publishing.Press(Publication.Kind.IMPORT, at, by, source.file_name, handed=handed)


def _remember(plan: Plan, source: Import, by: User | None, at: datetime) -> None:
    """What the next file needs not be told again: words, who works for the provider, answers."""
    rows = ((each.client.pk, row) for each in plan.published_clients for row in each.rows)
    given = ((client_id, row.classified.row, row.words.worded.text) for client_id, row in rows)
    carry_drafts(given, source=source, by=by, at=at)
    remember_staff({row.technician for row in plan.parsed.rows} | plan.said_of_stills("technician"))
    remember(plan, source=source, by=by, at=at)


def _refuse_stale(source: Import, plan: Plan, at: datetime) -> None:
    """Under the locks: everything that the plan depends on is what it was."""
    today = at.astimezone(zone_of(source.provider)).date()
    same_answers = Options.read(source.options) == plan.options
    if not same_answers or heads_of(source.provider, today) != plan.basis.heads:
        raise StalePlanError


def _tell(source: Import, locked: Import) -> None:
    """The caller's row says what is written, too."""
    for field in Import._meta.concrete_fields:
        setattr(source, field.attname, getattr(locked, field.attname))


def _close(source: Import, plan: Plan, by: User | None, at: datetime) -> None:
    source.state = Import.State.PUBLISHED
    source.published_at, source.published_by, source.through = at, by, plan.through
    source.published_with = actor_of(by).key
    source.result = report(plan, published=True)
    source.save()
    about, entries = [each.client.slug for each in plan.published_clients], source.result["entries"]
    record(by, "import published", source.file_name, about=about, import_id=source.pk, entries=entries)
