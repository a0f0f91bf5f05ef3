"""Sends what waits in the outbox, outside of any request: `tick` in one round, `send_mails` round after round.

Whatever is wrong with one mail is that mail's: it is counted, kept with its reason and tried again after
longer and longer pauses, for days; then it is given up. Where the mail server itself does not answer, the
round ends after a second try, and the other mails are left as they are: no round lasts for hours. The way to the
server is bounded as a whole too: one that trickles, or never ends an answer, holds nobody up.
Between sending and noting that it was sent a crash can send a mail twice: its Message-ID stays the same, so that a
mail program shows it once.

A time-out alone is one for each piece that comes: a line without end, a sign every ten seconds, and a sender would
listen for ever.
"""

import contextlib
import logging
import smtplib
import socket
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from email.errors import MessageError
from enum import Enum
from threading import Event, Timer
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import F, Q
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.urls import NoReverseMatch
from django.utils.timezone import now

from accounts import adapter, outbox
from accounts.models import OutboxMail
from accounts.tenancy import all_tenants

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=10)
PAUSES = (1, 5, 15, 60)  # minutes before the next try; the last one from then on
GIVES_UP_AFTER = timedelta(days=4)
ENDS_THE_ROUND = 2  # mails one after the other that the server did not even answer
BETWEEN_LOOKS = 2.0  # seconds
AFTER_TROUBLE = 60.0

REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
OF_ONE_MAIL = (
    OSError,  # smtplib's errors are of this family
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    MessageError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    NoReverseMatch,
)


class SendingOutcome(Enum):
    SENT = "sent"
    FAILED = "failed"
    NO_SERVER = "no server"


def send_due(clock: Callable[[], datetime] = now, *, stop: Event | None = None) -> Counter[SendingOutcome]:
    """Send what is waiting and due, the longest due first; how it went, a count for each outcome."""
    done: Counter[SendingOutcome] = Counter()
    in_a_row = 0
    for mail in _due(clock()):
        if stop is not None and stop.is_set():
            break
        outcome = _send_if_free(mail, clock)
        if outcome is None:
            continue
        done[outcome] += 1
        in_a_row = in_a_row + 1 if outcome is SendingOutcome.NO_SERVER else 0
        if in_a_row == ENDS_THE_ROUND:
            break
    return done


def _send_if_free(mail: OutboxMail, clock: Callable[[], datetime]) -> SendingOutcome | None:
    """None where another sender has it already."""
    with outbox.scope_of(mail.provider):
        return _send(mail, clock) if claim(mail, clock()) else None


def _due(at: datetime) -> list[OutboxMail]:
    with all_tenants("the sender sends everybody's mails"):
        due = OutboxMail.objects.filter(sent_at=None, given_up_at=None, next_try_at__lte=at)
        return list(due.select_related("provider").order_by("next_try_at", "pk"))


def claim(mail: OutboxMail, at: datetime) -> bool:
    """Take the mail for this process: another one that found it too lets go of it.

    The try is counted here. Who dies while sending gives the mail back after `CLAIM`.
    """
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    mine = OutboxMail.objects.filter(
        free, pk=mail.pk, sent_at=None, given_up_at=None, next_try_at=mail.next_try_at
    )
    taken = mine.update(claimed_until=at + CLAIM, attempts=F("attempts") + 1) == 1
    mail.attempts += taken
    return taken


def _send(mail: OutboxMail, clock: Callable[[], datetime]) -> SendingOutcome:
    try:
        made = _message(mail)
        if made is not None:
            made.send()
    except OF_ONE_MAIL as error:
        _note_failure(mail, error, clock())
        return SendingOutcome.NO_SERVER if _is_the_server(error) else SendingOutcome.FAILED
    _note_sent(mail, clock())
    return SendingOutcome.SENT


def _message(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """The mail as it goes out; None where the address that asked for a new password has no account."""
    if mail.kind == adapter.KIND:
        return adapter.message(mail)
    return outbox.message(mail)


def _is_the_server(error: Exception) -> bool:
    """Whether the next mail is likely to fail in the same way."""
    return isinstance(error, OSError) and not isinstance(error, REFUSED)


def _note_failure(mail: OutboxMail, error: Exception, at: datetime) -> None:
    mail.next_try_at = at + timedelta(minutes=PAUSES[min(mail.attempts, len(PAUSES)) - 1])
    mail.last_error = f"{type(error).__name__}: {error}"[:200]
    mail.claimed_until = None
    if at - mail.created_at >= GIVES_UP_AFTER and mail.attempts > len(PAUSES):
        mail.given_up_at = at
    mail.save(update_fields=["next_try_at", "last_error", "claimed_until", "given_up_at"])


def _note_sent(mail: OutboxMail, at: datetime) -> None:
    if mail.provider_id is None:
        mail.delete()
        return
    mail.sent_at, mail.last_error, mail.claimed_until = at, "", None
    mail.save(update_fields=["sent_at", "last_error", "claimed_until"])


def keep_sending(stop: Event) -> None:
    """Round after round, until `stop` is set; the mail that is on its way then is still sent."""
    while not stop.is_set():
        stop.wait(_round(stop))


def _round(stop: Event) -> float:
    """Send what is due; how many seconds to wait before the next look."""
    close_old_connections()
    try:
        done = send_due(stop=stop)
    except (OperationalError, InterfaceError) as error:
        log.warning("The outbox could not be read: %s", error)
        connection.close()
        return AFTER_TROUBLE
    if done[SendingOutcome.NO_SERVER]:
        log.warning("The mail server does not answer; the next try is in a minute.")
        return AFTER_TROUBLE
    return BETWEEN_LOOKS


MOST_SECONDS = 120.0  # for a conversation, from the first look for the server to its last word


class _Bounded(smtplib.SMTP):
    _watch: Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # smtplib's own hook
        self._watch = Timer(MOST_SECONDS, self._cut, [found])
        self._watch.daemon = True
        self._watch.start()
        return found

    def _cut(self, first: socket.socket) -> None:
        """End it from outside: whoever waits for a word is told that there will be none."""
        with contextlib.suppress(OSError):
            (self.sock or first).shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        super().close()


class _BoundedSSL(_Bounded, smtplib.SMTP_SSL):
    """The same where the conversation is encrypted from its first word."""


class Backend(EmailBackend):
    @property
    def connection_class(self) -> Any:
        return _BoundedSSL if self.use_ssl else _Bounded
