"""What a sender does beside the product: takes what waits in the outbox and sends it."""

from collections.abc import Callable
from datetime import datetime

from django.core import mail
from django.utils.timezone import now

from accounts import sending


def deliver(clock: Callable[[], datetime] = now) -> list[mail.EmailMultiAlternatives]:
    """Send what is due; the mails that went out by it."""
    before = len(mail.outbox)
    sending.send_due(clock)
    return mail.outbox[before:]
