"""The one-time code that opens the page `/setup/`: who can read the server's output is who may set it up.

It is made from SECRET_KEY, so nothing is kept, and any process knows it. It holds for a day, and for as long as
there is nobody: it counts the people, who are never deleted, so that it is of no use once it was used.
"""

import base64
import hmac
from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import User

LIFE_HOURS = 24
SIGNS = 16  # of base32: 80 bits
GROUP = 4


def new_code(at: datetime) -> str:
    """The code of this hour, in groups that can be typed."""
    code = _code(at, User.objects.count())
    return "-".join(code[start : start + GROUP] for start in range(0, SIGNS, GROUP))


def is_good(typed: str, at: datetime) -> bool:
    """Whether a code of the last day was typed, whatever its case and its dashes."""
    said = "".join(typed.split()).replace("-", "").upper().encode()
    people = User.objects.count()
    hours = (at - timedelta(hours=back) for back in range(LIFE_HOURS))
    return any(hmac.compare_digest(_code(hour, people).encode(), said) for hour in hours)


def _code(at: datetime, people: int) -> str:
    hour = int(at.timestamp()) // 3600
    made = hmac.digest(settings.SECRET_KEY.encode(), f"hourtab setup {hour} {people}".encode(), "sha256")
    return base64.b32encode(made).decode()[:SIGNS]
