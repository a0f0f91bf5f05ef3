"""What is ordered for a large file is done: its preview, or the publication that was looked at.

Whoever does it holds the import's lock (`imports.progress`), so it is done by one process at a time; where that process
dies, the order stands and another one carries on from the start, because a publication is one transaction: it is made
whole or not at all.
"""

from datetime import date

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.access import zone_of
from accounts.audit import record
from accounts.models import Membership, Role
from desk.imports.ordering import clients_of, end_order, lock_name
from desk.models import LongWork
from imports import progress
from imports.keeping import without_collector
from imports.models import Import
from imports.publishing.decided import preset
from imports.publishing.hindrances import HinderedError, StalePlanError
from imports.publishing.preview import preview
from imports.publishing.publish import publish
from imports.reading.rows import UnreadableFileError

MOST_TRIES = 5
NO_LONGER = "The person who asked for it may no longer publish. Publish it again."


def carry_out(order_id: int) -> bool:
    """Do what is ordered, unless somebody is at it or it has ended; whether it was done here. In the scope of its
    provider.
    """
    found = LongWork.objects.filter(pk=order_id, state=LongWork.State.ORDERED).first()
    if found is None:
        return False
    with progress.at_work(lock_name(found.source)) as is_alone:
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
        end_order(found, LongWork.State.DONE, now())
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
        end_order(found, state, now())


def _fail(order_: LongWork, said: str) -> None:
    end_order(order_, LongWork.State.FAILED, now(), said)
    source = order_.source
    if order_.kind == LongWork.Kind.PUBLISH:
        by, about = order_.ordered_by, clients_of(source)
        record(by, "publication not made", source.file_name, about=about, import_id=source.pk, why=said)


def _today(source: Import) -> date:
    return now().astimezone(zone_of(source.provider)).date()
