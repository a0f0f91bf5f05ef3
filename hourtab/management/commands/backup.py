"""`backup [--to FOLDER] [--keep-all]`: database and originals of this moment in one file, read through again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.timezone import now

from accounts.commands import BadInputError
from accounts.commands import Command as BaseCommand
from accounts.database import is_no_room
from hourtab.backing_up.archive import DamagedError
from hourtab.backing_up.making import Made, UnderWayError, make, prune
from presentation.counts import counted, rows


class Command(BaseCommand):
    help = "Writes one file with the database and all uploaded files, while everybody goes on working."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FOLDER", default=settings.BACKUPS_ROOT)
        parser.add_argument("--keep-all", action="store_true", help="delete no older backup")

    def handle(self, *args: Any, **options: Any) -> None:
        made, removed = _made(options["to"], keep_all=options["keep_all"])
        held = rows(sum(made.manifest.rows.values()))
        tables = counted(len(made.manifest.rows), "table")
        files = counted(len(made.manifest.digests), "file")
        self.stdout.write(f"{made.path}: {held} of {tables}, {files}, read through.")
        self.stdout.write(f"It needs these keys, which it doesn’t contain: {', '.join(made.manifest.keys)}.")
        for path in removed:
            self.stdout.write(f"{path} was outdated and is deleted.")
        if made.missing:
            raise BadInputError(
                *(f"{name} is named by the database and not on disk." for name in made.missing)
            )


def _made(folder: Path, *, keep_all: bool) -> tuple[Made, Sequence[Path]]:
    """The backup, and those that it made outdated."""
    try:
        made = make(folder, now())
        return made, [] if keep_all else prune(folder, settings.BACKUP_KEEP)
    except UnderWayError as error:
        raise BadInputError(f"Another backup is being made in {folder}.") from error
    except DamagedError as error:
        raise BadInputError(f"Nothing was saved: {error}.") from error
    except OSError as error:
        if is_no_room(error):
            raise
        raise BadInputError(f"{folder} can't be written: {error.strerror}.") from error
