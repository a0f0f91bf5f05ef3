"""When the demo's deeds were done: the trail takes its own clock, here it is told another moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models.signals import pre_save

from accounts.models import AuditEvent

MARK = "demo: said_at"


@contextmanager
def said_at(moment: datetime) -> Iterator[None]:
    """While this is open, what is recorded in the trail was done at `moment`."""

    def stamp(instance: AuditEvent, **kwargs: Any) -> None:
        instance.at = moment

    pre_save.connect(stamp, sender=AuditEvent, weak=False, dispatch_uid=MARK)
    try:
        yield
    finally:
        pre_save.disconnect(sender=AuditEvent, dispatch_uid=MARK)
