"""Tokens that open nothing, counted by the address that asks: who tries many is told to wait.

The count has a table of its own, a row for each address and minute, and nothing but time takes a row away. It is
exact whatever the number of processes. A right token is never counted and never refused: it can't be guessed,
and a whole office may stand behind one address. Like every counter of a client's page it waits 50 ms for a lock,
then lets go.
"""

import ipaddress
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from portal.models import Miss
from portal.openings import limit_waiting_for_rows, waiting_briefly

A_MINUTE = 20
KEPT = timedelta(minutes=10)
NETWORK = 64  # bits: one home or one server has so much of IPv6


def too_many_misses(request: HttpRequest) -> bool:
    """Count one more miss of whoever asks; whether that is more than a minute allows."""
    minute = now().replace(second=0, microsecond=0)
    try:
        with waiting_briefly(), transaction.atomic():
            limit_waiting_for_rows()
            return _counted(mark_of(request.META.get("REMOTE_ADDR", "")), minute) > A_MINUTE
    except OperationalError:
        return False


def _counted(mark: str, minute: datetime) -> int:
    row = Miss.objects.filter(mark=mark, minute=minute)
    if not row.update(count=F("count") + 1):
        Miss.objects.filter(minute__lt=minute - KEPT).delete()
        try:
            with transaction.atomic():
                Miss.objects.create(mark=mark, minute=minute, count=1)
        except IntegrityError:  # another process was first
            row.update(count=F("count") + 1)
    return row.values_list("count", flat=True).get()


def mark_of(address: str) -> str:
    """What stands for an address in the table, where the address itself has no business."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return salted_hmac("hourtab.misses", address, algorithm="sha256").hexdigest()
    if read.version == 6:
        read = ipaddress.ip_network(f"{read}/{NETWORK}", strict=False).network_address
    return salted_hmac("hourtab.misses", str(read), algorithm="sha256").hexdigest()
