"""`undo_import ID [--client SLUG] [--restate [--restate-reason TEXT]]`: take back what an import brought."""

from collections.abc import Collection
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.commands import BadInputError, say_who
from accounts.commands import Command as BaseCommand
from accounts.tenancy import all_tenants, tenant_scope
from imports.models import Import
from imports.publishing.undo import NotUndoableError, undo
from presentation.phrases import one_stop
from retainers.merging import client_of_command
from retainers.models import Client
from retainers.restating.saying import read_consent, say_why
from retainers.restating.writing import Consent, LeakingReasonError, RestatingError


class Command(BaseCommand):
    help = "Takes back what an import brought: newest first, for one client or for all of its clients."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int)
        say_who(parser)
        parser.add_argument("--client", metavar="SLUG")
        parser.add_argument("--restate", action="store_true", help="let figures of settled cycles change")
        say_why(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        consent = read_consent(options)
        with all_tenants("an import is named by its id alone"):
            source = Import.objects.select_related("provider").filter(pk=options["id"]).first()
        if source is None:
            raise BadInputError(f"There is no import {options['id']}.")
        with tenant_scope(source.provider):
            client = client_of_command(source.provider, options["client"])
            clients = _undone(source, client, consent)
        names = ", ".join(sorted(each.name for each in clients))
        self.stdout.write(one_stop(f"Import {source.pk} is undone for {names}."))


def _undone(source: Import, client: Client | None, consent: Consent) -> Collection[Client]:
    try:
        return undo(source=source, by=None, at=timezone.now(), client=client, agreed=consent)
    except NotUndoableError as error:
        raise BadInputError(*error.reasons) from error
    except LeakingReasonError as error:
        raise BadInputError(error.said, "Nothing was undone.") from error
    except RestatingError as error:
        lines = [f"{each.line()}: this changes a settled cycle." for each in error.restated]
        raise BadInputError(*lines, "Nothing was undone: --restate lets them.") from error
