"""What members get by the calendar: a reminder on the morning of an update day, a digest on Monday."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.access import zone_of
from accounts.models import Provider
from alerts.posting import lacks, post_to_members
from desk.dashboard.kept import names_in
from desk.dashboard.reasons import chip_name, reason
from desk.dashboard.selectors import client_cases
from desk.dashboard.states import URGENCY, ClientState
from desk.dashboard.status import ClientCase

MORNING = 7  # o'clock, on the provider's wall
MONDAY = 0
IN_DIGEST = (
    ClientState.OVER,
    ClientState.EMPTY,
    ClientState.RUNS_OUT,
    ClientState.LOW,
    ClientState.ENDING,
    ClientState.INCIDENT,
    ClientState.CLOSED_OVER,
    ClientState.LATE,
    ClientState.ASKED,
    ClientState.GAP,
    ClientState.WORDING,
    ClientState.NEVER_OPENED,
)


@transaction.atomic
def remind(provider: Provider, at: datetime) -> int:
    """On the morning of an update day, whose update is promised for today; how many mails were written."""
    local = at.astimezone(zone_of(provider))
    if local.hour < MORNING:
        return 0
    key = f"due:{provider.pk}:{local.date()}"
    names = names_in(provider, ClientState.DUE, local.date()) if lacks(provider, "reminders", key) else []
    if not names:
        return 0
    context = {"names": names, "count": len(names), "path": "/?state=due"}
    return post_to_members(provider, "reminders", "due", key, context)


@transaction.atomic
def send_digest(provider: Provider, at: datetime) -> int:
    """On Monday morning, every client that wants something, with the reason; how many mails were written."""
    zone = zone_of(provider)
    local = at.astimezone(zone)
    if local.hour < MORNING or local.weekday() != MONDAY:
        return 0
    today = local.date()
    key = f"digest:{provider.pk}:{today}"
    if not lacks(provider, "digest", key):
        return 0
    cases = client_cases(provider, today)
    lines = [
        {
            "client": case.name,
            "states": ", ".join(chip_name(state) for state in _states(case)),
            "reason": reason(case, today, zone),
            "path": f"/clients/{case.slug}/",
        }
        for case in _urgent_first(cases)
    ]
    context = {"lines": lines, "count": len(lines), "clients": len(cases)}
    return post_to_members(provider, "digest", "digest", key, context)


def _urgent_first(cases: Sequence[ClientCase]) -> list[ClientCase]:
    wanted = [case for case in cases if not case.states.isdisjoint(IN_DIGEST)]
    return sorted(wanted, key=lambda case: (URGENCY[case.first], case.share, case.name))


def _states(case: ClientCase) -> list[ClientState]:
    return [state for state in IN_DIGEST if state in case.states]
