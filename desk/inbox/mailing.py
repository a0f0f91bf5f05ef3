"""What `tick` takes out of the mailbox, for every provider: the attached exports, as files of a folder are taken, and
what mail servers report of mails that could not be delivered.

A provider's mails lie in a folder of the box that has its slug; where there is one provider alone, in the box itself. A
mail is moved only once its files are stored; what is wrong with one stops only that one. Reports are looked for by
themselves, in the box itself and in a second one, where nothing else is touched.
"""

import imaplib
import logging
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError

from accounts import outbox
from accounts.models import Provider
from accounts.providers import all_of_them
from desk.inbox.arrivals import NotTakenError, take_in
from desk.inbox.attached import BadMailError, attached_to
from desk.inbox.box import Box, BoxError, opened
from desk.inbox.box_address import BoxAddress
from desk.inbox.folder import DONE, WAITING
from desk.inbox.returned import read_returned

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
    marks, taken = _that_are_no_reports(box), 0
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


def _that_are_no_reports(box: Box) -> list[str]:
    reports = set(box.reports(AT_ONCE))
    return [mark for mark in box.messages(AT_ONCE) if mark not in reports]


def _make_room(box: Box, folder: str) -> None:
    """The folders into which mails go once they were looked at."""
    for name in (DONE, WAITING):
        box.make(box.inside(folder, name))


def _take(box: Box, mark: str, provider: Provider, at: datetime) -> tuple[int, bool]:
    """How many files it brought, and whether nothing of them waits. They are in the database when this returns."""
    mail, came_at = _fetched(box, mark)
    arrived = [
        take_in(provider, data=each.data, file_name=each.file_name, came_at=min(came_at, at), at=at)
        for each in attached_to(mail)
    ]
    return len(arrived), all(each.is_done for each in arrived)


def _fetched(box: Box, mark: str) -> tuple[bytes, datetime]:
    size, came_at = box.about(mark)
    if size > LARGEST:
        raise BadMailError(f"it has {size // (1024 * 1024)} MB")
    return box.whole(mark), came_at


def note_returned(at: datetime) -> int:
    """How many mails came back, by what is reported in the two boxes."""
    boxes: dict[BoxAddress, None] = dict.fromkeys(filter(None, (settings.INBOX_IMAP, settings.BOUNCES_IMAP)))
    count = 0
    for address in boxes:
        try:
            with opened(address) as box:
                count += _note_in_all(box, address.folder, at)
        except (OSError, imaplib.IMAP4.error, BoxError) as error:
            logger.warning("The mailbox of returned mails at %s can't be read: %s.", address.host, error)
    return count


def _note_in_all(box: Box, folder: str, at: datetime) -> int:
    """A report in a provider's own folder tells of that one's mails alone."""
    count = 0
    if box.choose(folder):
        count += _note_in(box, folder, None, at)
    for provider in all_of_them():
        own = box.inside(folder, provider.slug)
        if box.choose(own):
            count += _note_in(box, own, provider, at)
    return count


def _note_in(box: Box, folder: str, provider: Provider | None, at: datetime) -> int:
    marks, count = box.reports(AT_ONCE), 0
    if marks:
        _make_room(box, folder)
    for mark in marks:
        try:
            count += _note(_fetched(box, mark)[0], provider, at)
        except outbox.NotSentYetError:
            continue
        except BadMailError as error:
            logger.warning("Inbox: a report of a mail server is put aside: %s.", error)
        except DatabaseError as error:
            logger.warning("Inbox: a report of a mail server is left: %s: %s.", type(error).__name__, error)
            continue
        box.put_away(mark, box.inside(folder, DONE))
    return count


def _note(mail: bytes, provider: Provider | None, at: datetime) -> int:
    returned = read_returned(mail)
    return outbox.came_back(returned.names, returned.why, at, provider) if returned and returned.why else 0
