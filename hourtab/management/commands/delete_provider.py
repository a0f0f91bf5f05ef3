"""`delete_provider --provider SLUG --by NAME --reason TEXT --yes`: every row and file of a provider, gone for good."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.commands import BadInputError, BadUsageError, say_who
from accounts.commands import Command as BaseCommand
from hourtab.whole_provider import erase
from presentation.counts import rows


class Command(BaseCommand):
    help = "Deletes a provider with everything that belongs to it. Export it first: this can't be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--provider", required=True)
        say_who(parser, required=True)
        parser.add_argument("--yes", action="store_true", help="without it nothing is deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        provider = self.find_provider(options["provider"])
        if not options["yes"]:
            raise BadUsageError(f"This would delete {provider.name} for good. Say --yes to do it.")
        kept = erase(provider, reason=options["reason"])
        self.stdout.write(f"{options['provider']} is gone: {rows(kept.rows)}.")
        if kept.files_left:
            raise BadInputError(
                f"{kept.files_left} of its uploaded files could not be removed; the log names them."
            )
