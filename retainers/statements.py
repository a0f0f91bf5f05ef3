"""Statements: a cycle's figures as they were stated to the client, frozen when they are issued.

What is published later changes the page, not the statement. A figure that has changed since can be issued
again, as a restatement with its reason; both stay.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from retainers.gate.requiring import require_passing
from retainers.models import Retainer, Statement
from retainers.selectors import Standing
from retainers.wire import cycle_json


class NothingToStateError(Exception):
    """There is no such cycle, it is still open, or it says what the last statement said."""


def document_of(standing: Standing, cycle_starts: date) -> dict[str, Any]:
    """What a statement of that closed cycle would say now."""
    cycle = next((each for each in standing.cycles if each.starts == cycle_starts), None)
    if cycle is None or not cycle.closed:
        raise NothingToStateError("Only a cycle that is over can be stated.")
    through = standing.freshness.through
    return {
        "cycle": cycle_json(cycle, provisional=standing.is_provisional(cycle)),
        "through": min(through, cycle.ends).isoformat() if through else None,
    }


@transaction.atomic
def issue(
    *, standing: Standing, cycle_starts: date, by: User | None, at: datetime, reason: str = ""
) -> Statement:
    """Freeze the cycle's figures as a statement; the second and later ones of a cycle need a reason."""
    retainer = Retainer.objects.select_for_update(no_key=True).get(pk=standing.retainer.pk)
    document = document_of(standing, cycle_starts)
    last = Statement.objects.filter(retainer=retainer, cycle_starts=cycle_starts).order_by("-number").first()
    if last and last.document == document:
        raise NothingToStateError("Nothing has changed since the last statement.")
    if last and not reason.strip():
        raise NothingToStateError("A restatement needs its reason.")
    require_passing(retainer.provider, retainer.client.slug, [reason])
    statement: Statement = Statement.objects.create(
        retainer=retainer,
        cycle_starts=cycle_starts,
        number=last.number + 1 if last else 1,
        publication=standing.publication,
        document=document,
        issued_at=at,
        issued_by=by,
        reason=reason.strip(),
    )
    about, cycle = [retainer.client.slug], cycle_starts.isoformat()
    record(by, "statement issued", retainer.key, about=about, cycle=cycle, number=statement.number)
    return statement
