"""Hours that a prepay ledger's rows grant: offered with an import, and granted once each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from imports.models import Import
from imports.publishing.answers import save_options
from imports.publishing.options import Options
from imports.reading.rows import Grant
from retainers import publishing
from retainers.agreements import agreement_from_document, check_agreement
from retainers.gate.known import read_gate
from retainers.hours import round_half_up
from retainers.models import Client, Publication, Restatement, Retainer
from retainers.restating.writing import Deed, RestatingError, restating
from retainers.terms import TopUp

CLOSED = gettext_lazy(
    "The hours are dated in a closed cycle, which would be restated: grant them under “Hours granted”, where"
    " its old and new figures are shown."
)


class NotGrantedError(Exception):
    """The hours were not granted; the text says why."""


@transaction.atomic
def top_up(
    *,
    source: Import,
    grant: Grant,
    client: Client | None,
    retainer_key: str,
    pool: str,
    by: User | None,
    at: datetime,
) -> None:
    """Publish the top-up of one row of that import, for one retainer of its client."""
    row = Import.objects.select_for_update(no_key=True).get(pk=source.pk)
    options = Options.read(row.options)
    if grant.line in options.topped_up:
        raise NotGrantedError(_("The hours of line %(line)d were already added.") % {"line": grant.line})
    retainer = _locked(client, retainer_key)
    terms = terms_of(grant, pool)
    _refuse_wrong(retainer, terms)
    press = publishing.Press(Publication.Kind.TOP_UP, at, by, f"{row.file_name}, line {grant.line}")
    try:
        with restating(row.provider, [retainer.pk], Deed(Restatement.Cause.GRANT), press):
            publishing.grant(publication=press.publication(retainer), top_ups=[terms])
    except RestatingError as asked:
        raise NotGrantedError(CLOSED) from asked
    save_options(row, replace(options, topped_up=(*options.topped_up, grant.line)))
    source.refresh_from_db()


def _locked(client: Client | None, key: str) -> Retainer:
    if client is None:
        raise NotGrantedError(_("The row has no client yet. Map its company first."))
    found = Retainer.objects.filter(client=client, key=key, publication__isnull=False)
    locked = publishing.lock(found.values_list("pk", flat=True))
    if not locked:
        raise NotGrantedError(_("%(client)s has no such retainer.") % {"client": client.name})
    return next(iter(locked.values()))


def terms_of(grant: Grant, pool: str = "") -> TopUp:
    """The row as a top-up: hours in hundredths, kept until they are used."""
    return TopUp(grant.date, round_half_up(grant.hours), pool or None, note=grant.note[:200])


def is_there(grant: Grant, standing: Sequence[TopUp]) -> bool:
    """Whether an equal number of hours was granted on that day already."""
    return any((one.date, one.hours) == (grant.date, round_half_up(grant.hours)) for one in standing)


def _refuse_wrong(retainer: Retainer, terms: TopUp) -> None:
    if terms.hours <= 0:
        raise NotGrantedError(
            _("A top-up must be above zero hours. Correct the row, or record a charge instead.")
        )
    document = retainer.version.document if retainer.version else {}
    problems = check_agreement(agreement_from_document(document), (terms,), has_business_hours=True)
    said = [problem.message for problem in problems if problem.place.startswith("top_ups")]
    leaks = read_gate(retainer.provider).find(terms.note, retainer.client.slug)
    said += [hit.why for hit in leaks]
    if said:
        raise NotGrantedError(" ".join(said))
