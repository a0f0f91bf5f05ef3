"""Company names that no client is known by: given to a client, never ours for good, or left out of one import."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from imports.judging.name_moves import NameMoves, find_moves
from imports.models import Import, NeverOurs
from imports.publishing.answers import change_options
from retainers.agreements import AgreementError
from retainers.company_names import company_key, is_garbled
from retainers.models import Client, CompanyName
from retainers.naming import add_company_names

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
        raise NotMappedError(" ".join(error.messages)) from error
    moves = find_moves(client.provider, dict.fromkeys(new, client.slug))
    if moves.moves:
        raise NotMappedError(standing_elsewhere(moves))
    NeverOurs.objects.filter(key=company_key(name)).delete()
    if new:
        record(by, "company mapped", name, client=client.slug)


def standing_elsewhere(found: NameMoves) -> str:
    """Why a name is not given with one click: lines that stand under it on another page would move."""
    return _("%(moves)s. Add the name on the client’s own page; it shows first what would move.") % {
        "moves": "; ".join(map(str, found.moves))
    }


def learnable(company: str) -> str:
    """The name as it may be remembered. Raises `NotMappedError` for one that must not be."""
    name = " ".join(company.split())
    if not name:
        raise NotMappedError(_("These rows don’t name a company. Upload the file for one client instead."))
    if len(name) > MOST_CHARACTERS:
        raise NotMappedError(_("That’s too long for a company’s name. Correct the rows in the PSA."))
    if is_garbled(name):
        raise NotMappedError(
            _("“%(company)s” was read in the wrong encoding. Change how the file is read first.")
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
def ask_about_again(*, row: NeverOurs, by: User | None) -> bool:
    """The company is unknown again: the next file that names it asks. False where somebody was quicker."""
    gone, _models = NeverOurs.objects.filter(pk=row.pk).delete()
    if gone:
        record(by, "company asked about again", row.name, number=row.pk)
    return bool(gone)


def leave_out(*, source: Import, company: str) -> None:
    """The rows of that company need no answer in this import any more; they stay unpublished."""
    change_options(
        source=source,
        change=lambda options: replace(options, left_out=tuple(dict.fromkeys((*options.left_out, company)))),
    )


def ask_again(*, source: Import) -> None:
    """Take back what was left out."""
    change_options(source=source, change=lambda options: replace(options, left_out=()))
