"""`dump_retainers --provider SLUG`: a provider's agreements as the file that `load_retainers` reads."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.commands import Command as BaseCommand
from accounts.tenancy import tenant_scope
from retainers.agreements.writing import write_file
from retainers.standing_file import state


class Command(BaseCommand):
    help = "Writes a provider's agreements as TOML to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--provider", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        provider = self.find_provider(options["provider"])
        with tenant_scope(provider):
            self.stdout.write(write_file(state(provider)), ending="")
