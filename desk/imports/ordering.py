"""Long work in the open: a preview or a publication of a large file is ordered, and done outside of the request.

Ordering writes a row and starts nothing itself (`start` is given by who can). Whoever carries an order out holds the
import's lock (`imports.progress`), so it is done by one process at a time; where that process dies, the order stands
and another one carries on from the start, because a publication is one transaction: it is made whole or not at all.

What reads and publishes a file is imported by the functions that do so: `tick`, and the pages that list what waits,
look here too, most often have nothing to do with a file, and would load it each time.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.access import zone_of
from accounts.audit import record
from accounts.models import Membership, Role, User
from desk.models import LongWork
from imports import progress
from imports.keeping import without_collector
from imports.models import Import

WORKBOOK, ITS_WEIGHT = ".xlsx", 8  # a workbook's bytes hold about so many times as much text
MOST_TRIES = 5
NO_LONGER = "The person who asked for it may no longer publish. Publish it again."
WORDS = {
    (LongWork.Kind.LOOK, LongWork.State.ORDERED): "its preview is being prepared",
    (LongWork.Kind.LOOK, LongWork.State.FAILED): "its preview stopped",
    (LongWork.Kind.PUBLISH, LongWork.State.ORDERED): "ordered to be published",
    (LongWork.Kind.PUBLISH, LongWork.State.FAILED): "ordered to be published, and was not",
}
Start = Callable[[LongWork], None]


def is_long(source: Import) -> bool:
    """Whether reading or publishing the file takes longer than a request should."""
    weight = ITS_WEIGHT if source.file_name.lower().endswith(WORKBOOK) else 1
    enough: bool = source.size * weight >= settings.LONG_IMPORT_BYTES
    return enough


def standing_order(source: Import) -> LongWork | None:
    """What is ordered for this import and has not ended."""
    found: LongWork | None = (
        LongWork.objects.filter(source=source, state=LongWork.State.ORDERED)
        .select_related("ordered_by")
        .first()
    )
    return found


def last_order(source: Import) -> LongWork | None:
    """What was ordered last for this import, ended or not."""
    found: LongWork | None = LongWork.objects.filter(source=source).select_related("ordered_by").first()
    return found


def why_not_made(source: Import) -> str:
    """Why the publication that was ordered last was not made; "" where it was, or none was ordered."""
    last = LongWork.objects.filter(source=source, kind=LongWork.Kind.PUBLISH).first()
    return last.said if last and last.state == LongWork.State.FAILED else ""


def orders_in_words() -> dict[int, str]:
    """By import in preview, what became of its last order, where that is to be known."""
    orders = LongWork.objects.filter(source__state=Import.State.UPLOADED).order_by("pk")
    last = {source: (kind, state) for source, kind, state in orders.values_list("source", "kind", "state")}
    return {source: WORDS[said] for source, said in last.items() if said in WORDS}


def progress_of(order: LongWork) -> progress.Progress:
    """How far the work is, as whoever is at it writes it down."""
    return progress.progress_of(_mark(order.source))


@transaction.atomic
def order(*, source: Import, kind: str, digest: str, by: User | None, at: datetime, start: Start) -> LongWork:
    """Order it, or say what is ordered already: two orders at once are one. Raises `ClosedError` once the import is
    published, and `StalePlanError` for a publication while somebody's preview is still being worked out.
    """
    from imports.publishing.answers import lock_open
    from imports.publishing.publish import StalePlanError

    row = lock_open(source)
    standing = standing_order(row)
    if standing is not None:
        if kind == LongWork.Kind.PUBLISH and standing.kind != kind:
            raise StalePlanError
        return standing
    made: LongWork = LongWork.objects.create(
        source=row, kind=kind, digest=digest, ordered_by=by, ordered_at=at, started_at=at
    )
    if kind == LongWork.Kind.PUBLISH:
        record(by, "publication ordered", row.file_name, about=_about(row), import_id=row.pk)
    transaction.on_commit(lambda: start(made))
    return made


def withdraw(*, source: Import, by: User | None, at: datetime) -> bool:
    """Takes back the order that nobody is at; whether there was one. The work's own lock is held meanwhile: whoever
    comes to carry it out finds it withdrawn.
    """
    with progress.at_work(_mark(source)) as is_alone:
        return is_alone and _withdrawn(source, by, at)


@transaction.atomic
def _withdrawn(source: Import, by: User | None, at: datetime) -> bool:
    from imports.publishing.answers import lock_open

    row = lock_open(source)
    standing = standing_order(row)
    if standing is None:
        return False
    _end(standing, LongWork.State.WITHDRAWN, at)
    if standing.kind == LongWork.Kind.PUBLISH:
        record(by, "order withdrawn", row.file_name, about=_about(row), import_id=row.pk)
    return True


def carry_out(order_id: int) -> bool:
    """Do what is ordered, unless somebody is at it or it has ended; whether it was done here. In the scope of its
    provider.
    """
    found = LongWork.objects.filter(pk=order_id, state=LongWork.State.ORDERED).first()
    if found is None:
        return False
    with progress.at_work(_mark(found.source)) as is_alone:
        begun = _begin(order_id) if is_alone else None
        if begun is None:
            return False
        _do(begun)
    return True


@transaction.atomic
def _begin(order_id: int) -> LongWork | None:
    """The order, begun once more; None where it has ended, or was begun too often to be begun again."""
    found: LongWork | None = (
        LongWork.objects.select_for_update(no_key=True)
        .filter(pk=order_id, state=LongWork.State.ORDERED)
        .first()
    )
    if found is None:
        return None
    if found.source.state != Import.State.UPLOADED:  # published, and then it died before it could say so
        _end(found, LongWork.State.DONE, now())
        return None
    if found.tries >= MOST_TRIES:
        _fail(found, _("It stopped %(tries)d times and won’t be tried again.") % {"tries": found.tries})
        return None
    found.begun_at, found.tries = now(), found.tries + 1
    found.save(update_fields=["begun_at", "tries"])
    return found


@without_collector()
def _do(order_: LongWork) -> None:
    """What ends an order in words is what would have been said in the request; anything else breaks it off."""
    from imports.publishing.preview import preview
    from imports.publishing.publish import HinderedError
    from imports.reading.rows import UnreadableFileError

    source = Import.objects.select_related("provider", "client").get(pk=order_.source_id)
    try:
        if order_.kind == LongWork.Kind.PUBLISH:
            _publish(order_, source)
        else:
            preview(source, today=_today(source))
    except (UnreadableFileError, FileNotFoundError):
        _ended(order_.pk, LongWork.State.DONE)  # the import's own page says why it can't be read
    except HinderedError as error:
        _ended(order_.pk, LongWork.State.FAILED, " ".join(error.hindrances))
    else:
        _ended(order_.pk, LongWork.State.DONE)


def _publish(order_: LongWork, source: Import) -> None:
    """Exactly what was looked at when it was ordered: the digest covers all that it depends on."""
    from imports.publishing.decided import preset
    from imports.publishing.preview import preview
    from imports.publishing.publish import HinderedError, StalePlanError, publish

    if not _may_publish(order_):
        raise HinderedError(NO_LONGER)
    plan = preset(preview(source, today=_today(source), whole=True))
    if plan.basis.digest != order_.digest:
        raise StalePlanError
    publish(source=source, plan=plan, by=order_.ordered_by, at=now())


def _may_publish(order_: LongWork) -> bool:
    """Whether who ordered it is still somebody who publishes here."""
    writing = Membership.objects.filter(role__in=(Role.OWNER, Role.MANAGER), user__is_active=True)
    found: bool = writing.filter(provider=order_.provider_id, user=order_.ordered_by_id).exists()
    return found


@transaction.atomic
def _ended(order_id: int, state: str, said: str = "") -> None:
    found = LongWork.objects.select_for_update(no_key=True).get(pk=order_id)
    if found.state != LongWork.State.ORDERED:
        return
    if state == LongWork.State.FAILED:
        _fail(found, said)
    else:
        _end(found, state, now())


def _fail(order_: LongWork, said: str) -> None:
    _end(order_, LongWork.State.FAILED, now(), said)
    source = order_.source
    if order_.kind == LongWork.Kind.PUBLISH:
        about = _about(source)
        record(
            order_.ordered_by,
            "publication not made",
            source.file_name,
            about=about,
            import_id=source.pk,
            why=said,
        )


def _end(order_: LongWork, state: str, at: datetime, said: str = "") -> None:
    order_.state, order_.ended_at, order_.said = state, at, said
    order_.save(update_fields=["state", "ended_at", "said"])


def _about(source: Import) -> list[str]:
    return [source.client.slug] if source.client else []


def _today(source: Import) -> date:
    return now().astimezone(zone_of(source.provider)).date()


def _mark(source: Import) -> str:
    """Beside the provider's originals."""
    return f"{source.provider_id}/import-{source.pk}.at-work"
