"""Writes what the forms say, through the services that load a file: one way in, whatever the door."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from accounts.models import Provider, User
from accounts.providers import lock_provider
from accounts.seen import digest_of
from desk.agreements.judging import file_of, seen_of
from imports.judging.reclassify import reclassify
from retainers import publishing
from retainers.loading import load
from retainers.models import Client, Retainer
from retainers.restating.writing import Agreed
from retainers.seen import require
from retainers.terms import Adjustment, Agreement, TopUp


@transaction.atomic
def save_agreement(
    *,
    provider: Provider,
    client: Client,
    agreement: Agreement,
    form: str,
    today: date,
    by: User,
    at: datetime,
    others: Sequence[Agreement] = (),
    top_ups: Sequence[TopUp] = (),
    charges: Sequence[Adjustment] = (),
    agreed: Agreed = "",
) -> list[str]:
    """Save and publish the agreement; what changed, a line each. Raises `AgreementError` as `load` does.

    `form` is the mark of what was in view `today`: raises `DoneError` where it was used before, `StaleError`
    where something that its figures come from has changed since, and `RestatingError` for closed cycles that
    `agreed` does not name.
    """
    fresh = lock_provider(provider)
    locked = publishing.lock(Retainer.objects.values_list("pk", flat=True))  # as many as `load` will
    seen = seen_of(fresh, client, (*others, agreement), (*top_ups, *charges), on=today)
    require(seen, form, [row for row in locked.values() if row.client_id == client.pk])
    file = file_of(provider, client, agreement, others=others, top_ups=top_ups, charges=charges)
    seen_as = digest_of(form)
    return load(file, at=at, by=by, reclassify=reclassify, note="", seen=seen_as, agreed=agreed).changes
