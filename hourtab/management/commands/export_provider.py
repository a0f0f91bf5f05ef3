"""`export_provider --provider SLUG --by NAME --reason TEXT FILE.zip`: all that HourTab keeps of a provider."""

import os
import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts.commands import BadInputError, say_who
from accounts.commands import Command as BaseCommand
from hourtab.provider_archive.writing import export


class Command(BaseCommand):
    help = "Writes all rows and files of a provider to a zip file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--provider", required=True)
        say_who(parser, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """A half-written archive never has its final name."""
        provider = self.find_provider(options["provider"])
        target: Path = options["file"]
        part = target.with_name(f"{target.name}.part")
        try:
            with export(provider, by=None) as archive, part.open("wb") as file:
                shutil.copyfileobj(archive, file)
                file.flush()
                os.fsync(file.fileno())
            part.rename(target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise BadInputError(f"{target} can't be written: {error.strerror}.") from error
        self.stdout.write(f"{target}")
