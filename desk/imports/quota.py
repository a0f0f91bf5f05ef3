"""How much a key may drop off: a program that has gone wild fills no disk."""

from datetime import datetime, timedelta

from django.db.models import Sum

from accounts.models import ApiKey
from imports.models import Import

AN_HOUR = 60  # files
A_DAY = 1024**3  # bytes


def seconds_to_wait(key: ApiKey, at: datetime) -> int:
    """After how many seconds the key may drop off another file; 0: now."""
    mine = Import.objects.filter(uploaded_with=key)
    if mine.filter(uploaded_at__gt=at - timedelta(hours=1)).count() >= AN_HOUR:
        return 3600
    today = mine.filter(uploaded_at__gt=at - timedelta(days=1)).aggregate(size=Sum("size"))
    return 24 * 3600 if (today["size"] or 0) >= A_DAY else 0
