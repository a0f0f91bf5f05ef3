"""When the installation's own periodic work was last done: what falls silent is told to people at their desks."""

from datetime import datetime, timedelta

from accounts.models import Heartbeat

TICK = "tick"  # called every few minutes
SILENT_AFTER = timedelta(hours=1)


def beat(what: str, at: datetime) -> None:
    """It was done just now."""
    Heartbeat.objects.update_or_create(what=what, defaults={"at": at})


def last_beat(what: str) -> datetime | None:
    found: datetime | None = Heartbeat.objects.filter(what=what).values_list("at", flat=True).first()
    return found
