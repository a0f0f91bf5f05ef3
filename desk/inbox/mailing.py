"""What `tick` takes out of the mailbox, for every provider: the attached exports, as files of a folder are taken.

A provider's mails lie in a folder of the box that has its slug; where there is one provider alone, in the box itself. A
mail is moved only once its files are stored; what is wrong with one stops only that one.
"""

import imaplib
import logging
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError

from accounts.models import Provider
from accounts.providers import all_of_them
from desk.inbox.arrivals import NotTakenError, take_in
from desk.inbox.attached import BadMailError, attached_to
from desk.inbox.box import Box, BoxError, opened
from desk.inbox.box_address import BoxAddress
from desk.inbox.folder import DONE, WAITING

logger = logging.getLogger("hourtab.inbox")
AT_ONCE = 50  # mails of a provider
LARGEST = 75 * 1024 * 1024  # a file of 50 MB as a mail carries it, and what is around it


def take_from_box(at: datetime) -> int:
    """How many files were taken; a mailbox that does not answer is told in the log and asked again by the next tick."""
    address: BoxAddress | None = settings.INBOX_IMAP
    if address is None:
        return 0
    try:
        with opened(address) as box:
            return _take_for_all(box, address.folder, at)
    except (OSError, imaplib.IMAP4.error, BoxError) as error:
        logger.warning("The mailbox of the inbox at %s can't be read: %s.", address.host, error)
        return 0


def _take_for_all(box: Box, folder: str, at: datetime) -> int:
    providers = all_of_them()
    taken = 0
    for provider in providers:
        own = box.inside(folder, provider.slug)
        if box.choose(own):
            taken += _take_for(box, own, provider, at)
    if len(providers) == 1 and box.choose(folder):
        taken += _take_for(box, folder, providers[0], at)
    return taken


def _take_for(box: Box, folder: str, provider: Provider, at: datetime) -> int:
    marks, taken = box.messages(AT_ONCE), 0
    if marks:
        _make_room(box, folder)
    for mark in marks:
        try:
            files, is_done = _take(box, mark, provider, at)
        except BadMailError as error:
            logger.warning("Inbox: a mail to %s waits: %s.", provider.slug, error)
            files, is_done = 0, False
        except NotTakenError as error:
            logger.warning("Inbox: mails to %s are left: %s.", provider.slug, error)
            return taken
        except DatabaseError as error:
            logger.warning("Inbox: a mail to %s is left: %s: %s.", provider.slug, type(error).__name__, error)
            continue
        except (ValueError, LookupError) as error:
            logger.warning("Inbox: a mail to %s waits: %s: %s.", provider.slug, type(error).__name__, error)
            files, is_done = 0, False
        taken += files
        box.put_away(mark, box.inside(folder, DONE if is_done else WAITING))
    return taken


def _make_room(box: Box, folder: str) -> None:
    """The folders into which mails go once they were looked at."""
    for name in (DONE, WAITING):
        box.make(box.inside(folder, name))


def _take(box: Box, mark: str, provider: Provider, at: datetime) -> tuple[int, bool]:
    """How many files it brought, and whether nothing of them waits. They are in the database when this returns."""
    size, came_at = box.about(mark)
    if size > LARGEST:
        raise BadMailError(f"it has {size // (1024 * 1024)} MB")
    arrived = [
        take_in(provider, data=each.data, file_name=each.file_name, came_at=min(came_at, at), at=at)
        for each in attached_to(box.whole(mark))
    ]
    return len(arrived), all(each.is_done for each in arrived)
