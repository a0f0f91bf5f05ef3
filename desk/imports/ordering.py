"""Long work in the open: a preview or a publication of a large file is ordered, and done outside of the request.

Ordering writes a row and starts nothing itself (`start` is given by who can). The work is done by `carrying_out`.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.audit import record
from accounts.models import User
from desk.models import LongWork
from imports import progress
from imports.models import Import
from imports.publishing.answers import lock_open
from imports.publishing.hindrances import StalePlanError

WORKBOOK, ITS_WEIGHT = ".xlsx", 8  # a workbook's bytes hold about so many times as much text
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
    return progress.progress_of(lock_name(order.source))


@transaction.atomic
def order(*, source: Import, kind: str, digest: str, by: User | None, at: datetime, start: Start) -> LongWork:
    """Order it, or say what is ordered already: two orders at once are one. Raises `ClosedError` once the import is
    published, and `StalePlanError` for a publication while somebody's preview is still being worked out.
    """
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
        record(by, "publication ordered", row.file_name, about=clients_of(row), import_id=row.pk)
    transaction.on_commit(lambda: start(made))
    return made


def withdraw(*, source: Import, by: User | None, at: datetime) -> bool:
    """Takes back the order that nobody is at; whether there was one. The work's own lock is held meanwhile: whoever
    comes to carry it out finds it withdrawn.
    """
    with progress.at_work(lock_name(source)) as is_alone:
        return is_alone and _withdrawn(source, by, at)


@transaction.atomic
def _withdrawn(source: Import, by: User | None, at: datetime) -> bool:
    row = lock_open(source)
    standing = standing_order(row)
    if standing is None:
        return False
    end_order(standing, LongWork.State.WITHDRAWN, at)
    if standing.kind == LongWork.Kind.PUBLISH:
        record(by, "order withdrawn", row.file_name, about=clients_of(row), import_id=row.pk)
    return True


def end_order(order_: LongWork, state: str, at: datetime, said: str = "") -> None:
    order_.state, order_.ended_at, order_.said = state, at, said
    order_.save(update_fields=["state", "ended_at", "said"])


def clients_of(source: Import) -> list[str]:
    """The clients that the trail names beside what became of it."""
    return [source.client.slug] if source.client else []


def lock_name(source: Import) -> str:
    """The lock of whoever is at it, beside the provider's originals."""
    return f"{source.provider_id}/import-{source.pk}.at-work"
