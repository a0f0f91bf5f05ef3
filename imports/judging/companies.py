"""Company names that no client is known by: given to a client for good, or left out of one import."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from imports.models import Import
from imports.publishing.answers import change_options
from retainers.agreements import AgreementError
from retainers.loading import add_company_names
from retainers.models import Client, CompanyName

MOST_CHARACTERS = CompanyName._meta.get_field("name").max_length or 200


class NotMappedError(Exception):
    """The name was not given to the client; the text says why."""


@transaction.atomic
def map_company(*, company: str, client: Client, by: User | None) -> None:
    """From now on the client is known under that name, in every import."""
    name = " ".join(company.split())
    if not name:
        raise NotMappedError(_("These rows name no company: upload the file for one client instead."))
    if len(name) > MOST_CHARACTERS:
        raise NotMappedError(_("That is too long for a company's name. Correct the rows in the PSA."))
    try:
        new = add_company_names(client, [name])
    except AgreementError as error:
        raise NotMappedError(" ".join(problem.message for problem in error.problems)) from error
    if new:
        record(by, "company mapped", name, client=client.slug)


def leave_out(*, source: Import, company: str) -> None:
    """The rows of that company need no answer in this import any more; they stay unpublished."""
    change_options(
        source=source,
        change=lambda options: replace(options, left_out=tuple(dict.fromkeys((*options.left_out, company)))),
    )


def ask_again(*, source: Import) -> None:
    """Take back what was left out."""
    change_options(source=source, change=lambda options: replace(options, left_out=()))
