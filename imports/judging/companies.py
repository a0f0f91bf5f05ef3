"""Company names that no client is known by: given to a client, never ours for good, or left out of one import."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import record
from accounts.models import User
from imports.models import Import, NeverOurs, SourceRow
from imports.publishing.answers import change_options
from retainers.agreements import AgreementError
from retainers.company_names import company_key, is_garbled
from retainers.hours import WORKED_PLACES, from_units, write_hours
from retainers.loading import add_company_names
from retainers.models import Client, CompanyName, Entry

MOST_CHARACTERS = CompanyName._meta.get_field("name").max_length or 200


class NotMappedError(Exception):
    """The name was not given to the client; the text says why."""


@transaction.atomic
def map_company(*, company: str, client: Client, by: User | None) -> None:
    """From now on the client is known under that name, in every import."""
    name = learnable(company)
    try:
        new = add_company_names(client, [name])
    except AgreementError as error:
        raise NotMappedError(" ".join(problem.message for problem in error.problems)) from error
    NeverOurs.objects.filter(key=company_key(name)).delete()
    if new:
        record(by, "company mapped", name, client=client.slug)


def learnable(company: str) -> str:
    """The name as it may be remembered. Raises `NotMappedError` for one that must not be."""
    name = " ".join(company.split())
    if not name:
        raise NotMappedError(_("These rows name no company: upload the file for one client instead."))
    if len(name) > MOST_CHARACTERS:
        raise NotMappedError(_("That is too long for a company's name. Correct the rows in the PSA."))
    if is_garbled(name):
        raise NotMappedError(
            _("“%(company)s” was read in the wrong code page: read the file another way first.")
            % {"company": name}
        )
    return name


@transaction.atomic
def never_ours(*, companies: Sequence[str], by: User | None, at: datetime) -> tuple[str, ...]:
    """From now on these are no clients: their rows are excluded in every file and stop nothing; the new ones."""
    clients = set(CompanyName.objects.values_list("key", flat=True))
    names = {company_key(name): name for name in map(learnable, companies)}
    new = []
    for key in sorted(names.keys() - clients):
        settled = {"name": names[key], "settled_by": by, "settled_at": at}
        _row, created = NeverOurs.objects.get_or_create(key=key, defaults=settled)
        if created:
            new.append(names[key])
            record(by, "company never ours", names[key])
    return tuple(new)


@transaction.atomic
def ask_about_again(*, row: NeverOurs, by: User | None) -> None:
    """The company is unknown again: the next file that names it asks."""
    gone, _models = NeverOurs.objects.filter(pk=row.pk).delete()
    if gone:
        record(by, "company asked about again", row.name)


def stands_under(row: CompanyName) -> str:
    """What stands published of its client under that company name, in words; "" where nothing does."""
    live = Entry.objects.filter(retainer__client=row.client_id, retired_in=None)
    worked = dict(live.values_list("origin", "worked_units"))
    sources = SourceRow.objects.filter(client=row.client_id).values_list("origin", "columns__company")
    mine = [
        worked[origin] or 0
        for origin, name in sources
        if origin in worked and company_key(name or "") == row.key
    ]
    if not mine:
        return ""
    said = {"count": len(mine), "hours": write_hours(from_units(sum(mine), WORKED_PLACES))}
    text = ngettext(
        "%(count)d published line (%(hours)s h) stands under it on that client’s page",
        "%(count)d published lines (%(hours)s h) stand under it on that client’s page",
        len(mine),
    )
    return text % said


def leave_out(*, source: Import, company: str) -> None:
    """The rows of that company need no answer in this import any more; they stay unpublished."""
    change_options(
        source=source,
        change=lambda options: replace(options, left_out=tuple(dict.fromkeys((*options.left_out, company)))),
    )


def ask_again(*, source: Import) -> None:
    """Take back what was left out."""
    change_options(source=source, change=lambda options: replace(options, left_out=()))
