"""A provider's folder of the inbox: which of its files are whole, reading one, and putting it away once it is stored.

Nothing is ever deleted or overwritten here; what can't be taken stays where it lies.
"""

import os
import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from imports.reading.rows import MAX_FILE_BYTES

DONE, WAITING = "done", "waiting"
SETTLED_AFTER = timedelta(minutes=1)  # a file that was written to since may still grow
UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload", "~")
LONGEST_NAME = 200


class LeftError(Exception):
    """A file that stays where it is; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it was read: `mark` tells it from one that took its place since."""

    path: Path
    data: bytes
    mark: tuple[int, int, int]
    came_at: datetime


def make_ready(folder: Path) -> None:
    """The folders for what is done and what waits: before a file is stored, it is sure that it can be put away."""
    for name in (DONE, WAITING):
        (folder / name).mkdir(exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError("files can't be moved out of this folder")


def whole_files(folder: Path, at: datetime) -> list[Path]:
    """The files that nobody writes to any more, the oldest first. Links, hidden and unfinished ones are none."""
    seen = [(path, path.lstat()) for path in folder.iterdir() if not _is_unfinished(path.name)]
    until = (at - SETTLED_AFTER).timestamp()
    whole = [
        (found.st_mtime, path.name, path)
        for path, found in seen
        if stat.S_ISREG(found.st_mode) and found.st_mtime <= until
    ]
    return [path for _changed, _name, path in sorted(whole)]


def _is_unfinished(name: str) -> bool:
    return name.startswith(".") or name.lower().endswith(UNFINISHED)


def read(path: Path) -> Found:
    """The whole file. Raises `LeftError` for one that is empty, too large or still growing, and `OSError`."""
    before = path.lstat()
    if before.st_size > MAX_FILE_BYTES:
        raise LeftError(f"it has more than {MAX_FILE_BYTES // (1024 * 1024)} MB; export a shorter period")
    if not before.st_size:
        raise LeftError("it is empty")
    data = path.read_bytes()
    if _mark(path.lstat()) != _mark(before) or len(data) != before.st_size:
        raise LeftError("it is still being written")
    return Found(path, data, _mark(before), datetime.fromtimestamp(before.st_mtime).astimezone())


def put_away(found: Found, number: int, *, is_done: bool) -> None:
    """Move a file that is stored, under its import's number. One that took its place meanwhile stays, to be taken."""
    folder = found.path.parent / (DONE if is_done else WAITING)
    target = folder / f"{number}-{found.path.name[-LONGEST_NAME:]}"
    found.path.rename(target)
    if _mark(target.lstat()) != found.mark:
        target.rename(found.path)


def _mark(seen: os.stat_result) -> tuple[int, int, int]:
    return seen.st_ino, seen.st_size, seen.st_mtime_ns
