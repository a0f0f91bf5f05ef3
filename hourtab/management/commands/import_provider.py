"""`import_provider FILE.zip --by NAME --reason TEXT`: what `export_provider` wrote, put into an empty installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import now

from accounts.commands import BadInputError, say_who
from accounts.commands import Command as BaseCommand
from hourtab.provider_archive.bringing import InUseError, bring_in
from hourtab.provider_archive.contents import DamagedError
from hourtab.provider_archive.reading import opened
from presentation.counts import rows

SAID = (
    "Links, badges and API keys came without their secrets: create new ones. Members set a password "
    "with “Forgot your password?”."
)


class Command(BaseCommand):
    help = "Loads a provider's archive into an installation that has no provider yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        say_who(parser, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with opened(path) as archive:
                count = bring_in(archive, at=now())
        except InUseError as error:
            raise BadInputError(
                "This installation already has a provider. Load the archive into an empty one."
            ) from error
        except DamagedError as error:
            raise BadInputError(f"{path} can't be loaded: {error}. Nothing was changed.") from error
        except OSError as error:
            raise BadInputError(f"{path} can't be read: {error.strerror}.") from error
        self.stdout.write(f"{archive.manifest.provider} is here: {rows(count)}, all looked through.")
        for number, mark in archive.manifest.originals.items():
            if mark is None:
                self.stdout.write(f"The file of import {number} was not in the archive.")
        self.stdout.write(SAID)
