"""How far long work is, and whether somebody is at it.

A process at work holds a lock on a file of its own, which ends with the process however that ends: so it is known at
once, and no work is done twice at the same time. Into that file it writes how far it is: a database that has one
writer would keep that from everybody until the work is done.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

Tell = Callable[[str, int, int], None]

MOST_BYTES = 80
TRIES, A_MOMENT = 20, 0.05  # seconds
READING, PLANNING, KEEPING, WRITING, FIGURES = "reading", "planning", "keeping", "writing", "figures"
_tell: ContextVar[Tell | None] = ContextVar("hourtab_progress", default=None)


class Progress(NamedTuple):
    """`at_work`: whether a process is at it now. `stage` is what it does, "" before its first word."""

    at_work: bool
    stage: str = ""
    done: int = 0
    of: int = 0


def tell(stage: str, done: int = 0, of: int = 0) -> None:
    """Say how far the work is to who listens, if anybody does."""
    telling = _tell.get()
    if telling is not None:
        telling(stage, done, of)


@contextmanager
def at_work(mark: str) -> Iterator[bool]:
    """Whether nobody else is at the work of that mark. What is told meanwhile is written down."""
    with _opened(mark) as file:
        if not _locked(file):
            yield False
            return
        _write(file, ("", 0, 0))
        listening = _tell.set(lambda *said: _write(file, said))
        try:
            yield True
        finally:
            _tell.reset(listening)


def progress_of(mark: str) -> Progress:
    with _opened(mark) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return Progress(True, *_read(os.pread(file, MOST_BYTES, 0)))
        return Progress(at_work=False)


@contextmanager
def _opened(mark: str) -> Iterator[int]:
    path: Path = settings.ORIGINALS_ROOT / mark
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield file
    finally:
        os.close(file)


def _locked(file: int) -> bool:
    """Whoever only looks holds the file for a moment: that is waited for."""
    for _try in range(TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(A_MOMENT)
        else:
            return True
    return False


def _write(file: int, said: tuple[str, int, int]) -> None:
    os.pwrite(file, json.dumps(said).ljust(MOST_BYTES).encode(), 0)


def _read(said: bytes) -> tuple[str, int, int]:
    try:
        stage, done, of = json.loads(said)
    except ValueError:  # nothing is told yet
        return "", 0, 0
    return stage, done, of
