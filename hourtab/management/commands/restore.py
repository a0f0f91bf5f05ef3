"""`restore FILE [--replace] [--other-keys] [--check]`: an installation made of a backup, looked through at the end."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.timezone import now

from accounts.commands import BadInputError
from accounts.commands import Command as BaseCommand
from hourtab.backing_up.archive import DamagedError
from hourtab.backing_up.making import UnderWayError, make
from hourtab.backing_up.restoring import NotRestoredError, is_in_use, opened, put_back
from presentation.counts import rows


class Command(BaseCommand):
    help = "Restores a backup into an empty installation. Stop the servers first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="only check it, and change nothing")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="back up the database in use, then put the file in its place",
        )
        parser.add_argument(
            "--other-keys", action="store_true", help="restore even though the keys are different"
        )

    def check_migrations(self) -> None:
        """The tables come with the backup."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = opened(options["file"], other_keys=options["other_keys"])
            if options["check"]:
                self.stdout.write(f"{options['file']} is whole: {rows(sum(manifest.rows.values()))}.")
                return
            self._make_room(replace=options["replace"])
            for looked in put_back(options["file"], manifest):
                if looked.fault:
                    raise BadInputError(f"It is restored, but {looked.what}: {looked.fault}.")
        except NotRestoredError as error:
            raise BadInputError(*error.lines) from error
        except DamagedError as error:
            raise BadInputError(f"It could not be restored: {error}.") from error
        self.stdout.write(
            f"Restored as of {manifest.made_at}: {rows(sum(manifest.rows.values()))}, all looked through."
        )
        self.stdout.write("Everyone has to sign in again.")

    def _make_room(self, *, replace: bool) -> None:
        if not is_in_use():
            return
        if not replace:
            raise BadInputError(
                "This installation is in use. --replace backs it up, and puts the file in its place."
            )
        try:
            made = make(settings.BACKUPS_ROOT, now())
        except UnderWayError as error:
            raise BadInputError("A backup is being made. Wait until it is done.") from error
        self.stdout.write(f"The previous data is kept in {made.path}.")
