"""What is kept: originals and last files as they were read, mails in one state each, nothing of one provider tied to
another's.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.audit import ACTIONS
from accounts.models import ActorKind, AuditEvent, EventClient, OutboxMail, Provider
from accounts.seal import unseal
from accounts.tenancy import TenantModel
from hourtab.verifying.places import portions
from imports.models import Import, LastFile
from imports.publishing.depends import judged_now
from imports.publishing.kept_files import Kept, read_again, unpacked
from imports.publishing.still_rows import Still
from retainers.agreements.fields import agreement_from_document
from retainers.balance import Work
from retainers.hours import WORKED_PLACES, to_units
from retainers.models import Client, Entry, MergedClient, Retainer
from retainers.pricing import Prices, hours_counted, reason_against
from retainers.row_values import ENTRY_COLUMNS, work_of


def original_faults() -> Iterator[str]:
    for row in portions(Import.objects.order_by("pk")):
        path = settings.ORIGINALS_ROOT / row.original
        if not path.is_file():
            yield f"import {row.pk}: its original is gone ({row.original})"
            continue
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != row.sha256:
            yield f"import {row.pk}: its original is not what was uploaded ({row.original})"


def file_faults(provider: Provider) -> Iterator[str]:
    """What the next file's rows would be taken for: true of the entries, or of no use any more (`last_files`).

    A provider that has moved brings no rows along.
    """
    rows = LastFile.objects.filter(judged_by=judged_now(provider)).exclude(kept=b"")
    for row in portions(rows.order_by("pk")):
        name = f"the last file ({row.format}{f', {row.whose}' if row.whose else ''})"
        try:
            kept = unpacked(bytes(row.kept))
            kept.cells()
        except ValueError:
            yield f"{name}: what is kept of its rows can't be read"
            continue
        beside = read_again(bytes(row.read)) if row.read else None
        if beside and len(beside.lines) != len(kept.rows):
            yield f"{name}: there is not a line for each row that is kept of it"
        for still in _untrue(kept):
            where = f"{still.entry_id} ({still.client}/{still.retainer})"
            yield f"{name}: what is kept of its row {where} differs from its entry"


def _untrue(kept: Kept) -> Iterator[Still]:
    """The rows that say another thing than their entries, of agreements of which nothing was published since."""
    retainers = Retainer.objects.select_related("publication__version").in_bulk()
    for pk, own in groupby(sorted(kept.rows, key=OF_RETAINER), key=OF_RETAINER):
        retainer = retainers.get(pk)
        head = retainer.publication if retainer else None
        if head is None or head.pk != kept.heads.get(pk):
            continue
        prices = Prices(agreement_from_document(head.version.document))
        entries = Entry.objects.filter(retainer=pk, retired_in=None)
        standing = {
            origin.hex: (_said(work_of(record), prices), wording)
            for *record, origin, wording in entries.values_list(*ENTRY_COLUMNS, "origin", "wording")
        }
        for still in own:
            said = (
                still.date,
                to_units(still.worked, WORKED_PLACES),
                still.counted,
                still.reason,
                still.stands_in,
            )
            if standing.get(still.origin) != (said, still.wording):
                yield still


OF_RETAINER = attrgetter("retainer_id")


def _said(work: Work, prices: Prices) -> tuple[date, int, Decimal, str | None, bool]:
    """What an entry says and comes to."""
    worked = next(each for each in (work.worked, work.billable, work.deducted) if each is not None)
    draws = prices.draws_of(work)
    units = to_units(worked, WORKED_PLACES)
    return work.day, units, hours_counted(draws), reason_against(draws), draws[0].stands_in


def mail_faults(provider: Provider) -> Iterator[str]:
    rows = OutboxMail.objects.filter(provider=provider).order_by("pk")
    wrong = (
        (Q(sent_at__isnull=False, given_up_at__isnull=False), "is sent and given up"),
        (Q(sent_at__isnull=False, attempts=0), "is sent without a try"),
        (Q(sent_at__isnull=False, claimed_until__isnull=False), "is sent, and a sender is still at it"),
        (Q(recipient=""), "is to nobody"),
    )
    for where, what in wrong:
        for mail in portions(rows.filter(where)):
            yield f"mail {mail.pk} ({mail.kind}) {what}"
    for mail in portions(rows.filter(sent_at=None, given_up_at=None).exclude(sealed=b"")):
        if unseal(mail.sealed) is None:
            yield f"mail {mail.pk} ({mail.kind}) waits, and its address was sealed with another HOURTAB_LINK_KEY"


OF_A_MEMBER = Q(actor_kind=ActorKind.MEMBER)
OF_A_KEY = Q(actor_kind=ActorKind.KEY)


def provider_faults() -> Iterator[str]:
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            yield from _foreign(model)
    yield from _merged()
    yield from _trail()


def _foreign(model: type[TenantModel]) -> Iterator[str]:
    """A row that points at another provider's, or at nothing: at no row of the provider in scope."""
    for name, parent in _links(model):
        own = parent.objects.filter(pk=OuterRef(name))
        for row in portions(model.objects.filter(~Exists(own), **{f"{name}__isnull": False}).order_by("pk")):
            yield f"{model._meta.verbose_name} {row.pk}: its {name} is another provider's"


def _links(model: type[models.Model]) -> Iterator[tuple[str, type[TenantModel]]]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and issubclass(field.remote_field.model, TenantModel):
            yield field.name, field.remote_field.model


def _merged() -> Iterator[str]:
    """A client that was merged is no client any more, and its key is nobody else's."""
    alive = MergedClient.objects.filter(
        Exists(Client.objects.filter(Q(pk=OuterRef("was")) | Q(slug=OuterRef("slug"))))
    )
    for row in portions(alive.order_by("pk")):
        yield f"the client {row.slug} was merged into another, and is still one"


def _trail() -> Iterator[str]:
    rows = AuditEvent.objects.order_by("pk")
    for event in portions(rows.exclude(action__in=list(ACTIONS))):
        yield f"the trail's line {event.pk} is of no kind that there is: {event.action}"
    nobody = (OF_A_MEMBER & Q(member=None)) | (OF_A_KEY & Q(key=None)) | Q(actor="")
    for event in portions(rows.filter(nobody)):
        yield f"the trail's line {event.pk} ({event.action}) does not say who did it"
    for named in portions(EventClient.objects.filter(client="")):
        yield f"the trail's line {named.event_id} is about a client without a name"
