"""What `tick` takes out of the inbox, for every provider: one tick at a time, and a fault stops nothing else.

What can't be taken is told in the log and left where it is.
"""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from accounts.models import Provider
from accounts.providers import all_of_them
from desk.inbox import folder as folders
from desk.inbox.arrivals import NotTakenError, take_in
from desk.inbox.mailing import note_returned, take_from_box

logger = logging.getLogger("hourtab.inbox")
LOCK = ".inbox.lock"


def take_all(at: datetime) -> int:
    """How many files were taken; none where another tick is at it, or there is no inbox."""
    root: Path | None = settings.INBOX_DIR
    if root is None and settings.INBOX_IMAP is None:
        return 0
    with _alone() as is_alone:
        if not is_alone:
            return 0
        return (_take_from(root, at) if root is not None else 0) + take_from_box(at)


def take_returned(at: datetime) -> int:
    """How many mails came back; none where another tick is at it, or there is no mailbox."""
    if settings.INBOX_IMAP is None and settings.BOUNCES_IMAP is None:
        return 0
    with _alone() as is_alone:
        return note_returned(at) if is_alone else 0


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other tick has the inbox. The lock goes with its process, however that ends."""
    settings.ORIGINALS_ROOT.mkdir(parents=True, exist_ok=True)
    with (settings.ORIGINALS_ROOT / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _take_from(root: Path, at: datetime) -> int:
    try:
        inside = sorted(path for path in root.iterdir() if not path.name.startswith("."))
    except OSError as error:
        logger.warning("The inbox %s can't be read: %s.", root, error.strerror)
        return 0
    providers = {provider.slug: provider for provider in all_of_them()}
    taken = 0
    for path in inside:
        if path.name in providers and path.is_dir():
            taken += _take_from_folder(path, providers[path.name], at)
        else:
            what = "no provider has that name" if path.is_dir() else "it lies in no provider's folder"
            logger.warning("Inbox: %s is left: %s.", path.name, what)
    return taken


def _take_from_folder(path: Path, provider: Provider, at: datetime) -> int:
    try:
        folders.make_ready(path)
        files = folders.whole_files(path, at)
    except OSError as error:
        logger.warning("Inbox: the folder %s is left: %s.", path.name, error.strerror or error)
        return 0
    return sum(_take(file, provider, at) for file in files)


def _take(path: Path, provider: Provider, at: datetime) -> bool:
    """Whether the file was taken: stored for good, and only then moved."""
    place = f"{provider.slug}/{path.name}"
    try:
        found = folders.read(path)
        arrival = take_in(provider, data=found.data, file_name=path.name, came_at=found.came_at, at=at)
        folders.put_away(found, arrival.number, is_done=arrival.is_done)
    except (folders.LeftError, NotTakenError) as error:
        logger.warning("Inbox: %s is left: %s.", place, error)
    except OSError as error:
        logger.warning("Inbox: %s is left: %s.", place, error.strerror or error)
    except (DatabaseError, ValueError, LookupError) as error:
        logger.warning("Inbox: %s is left: %s: %s.", place, type(error).__name__, error)
    else:
        return True
    return False
