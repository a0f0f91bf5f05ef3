"""`verify [--provider SLUG]`: whether everything holds that the figures rely on; the first fault is named."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.commands import BadInputError
from accounts.commands import Command as BaseCommand
from accounts.providers import all_of_them
from hourtab.verifying.walk import verified


class Command(BaseCommand):
    help = "Checks the whole database and names the first thing that is wrong (exit code 1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--provider", metavar="SLUG", help="only this one's; the guards are looked at anyway"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["provider"]
        providers = [self.find_provider(slug)] if slug else all_of_them()
        for looked in verified(providers):
            if looked.fault:
                raise BadInputError(f"{looked.what}: {looked.fault}.")
            self.stdout.write(f"{looked.what}: ok")
