"""What an approval of hours past the cap would be about, as the form, the mail and the confirming page say it."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from presentation.approvals import Offer, offer
from retainers.gate.known import Gate
from retainers.models import Retainer
from retainers.selectors import retainers_of, standings


def offer_of(
    retainer: Retainer, cycle: date | None, hours: Decimal | None, *, today: date, zone: ZoneInfo, gate: Gate
) -> Offer | None:
    """The offer for the cycle that begins on that day; None where there is no such cycle (any more)."""
    rows = retainers_of().filter(pk=retainer.pk)
    for standing in standings(rows, on=today, zone=zone, gate=gate):
        for found in standing.cycles:
            if found.starts == cycle:
                return offer(standing.agreement.name, found, hours)
    return None
