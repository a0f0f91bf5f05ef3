"""Statements: a cycle's figures as they were stated to the client, frozen when they are issued.

A statement keeps the number, the log and the rate that it was issued with, in words and figures of its own. What is
published later changes the page, not the statement. A figure that has changed since can be issued again, as a
restatement with its reason; both stay.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.access import zone_of
from accounts.audit import Recorded, record_all
from accounts.models import Provider, User
from retainers import publishing
from retainers.balance import CycleBalance
from retainers.gate.letting import require_passing
from retainers.issued import Said, said_of, whole_document
from retainers.models import Retainer, Statement
from retainers.selectors import Standing, retainers_of, standings
from retainers.settling.acts import CycleKey, require_in_view
from retainers.stated import closed_cycle, figures_document, says_the_same


class NothingToStateError(Exception):
    """There is no such cycle, it is still open, or a restatement lacks its reason."""


class StatedError(NothingToStateError):
    """The last statement says what the cycle says: whoever sends the same form again finds it done."""


def document_of(standing: Standing, cycle_starts: date) -> dict[str, Any]:
    """The figures that a statement of that closed cycle would state now."""
    return figures_document(standing, _closed(standing, cycle_starts))


def _closed(standing: Standing, cycle_starts: date) -> CycleBalance:
    cycle = closed_cycle(standing, cycle_starts)
    if cycle is None:
        raise NothingToStateError("A statement can be issued once a cycle has closed.")
    return cycle


@transaction.atomic
def issue(
    *, standing: Standing, cycle_starts: date, form: str, by: User | None, at: datetime, reason: str = ""
) -> Statement:
    """Freeze the cycle's figures as a statement; the second and later ones of a cycle need a reason.

    `form` is the mark of what was in view. Raises `StaleError` where the cycle is no longer so, `StatedError`
    where it is stated already as it stands.
    """
    retainer = Retainer.objects.select_for_update(no_key=True).get(pk=standing.retainer.pk)
    cycle = _closed(standing, cycle_starts)
    last = Statement.objects.filter(retainer=retainer, cycle_starts=cycle_starts).order_by("-number").first()
    if last and says_the_same(last.document, figures_document(standing, cycle)):
        raise StatedError("Nothing has changed since the last statement.")
    require_in_view([CycleKey(retainer.pk, cycle_starts)], form)
    if last and not reason.strip():
        raise NothingToStateError("A restatement needs a reason.")
    require_passing(retainer.provider, retainer.client.slug, [reason])
    statement = _unsaved(standing, cycle, said_of([cycle]), by, at)
    statement.number, statement.reason = (last.number + 1 if last else 1), reason.strip()
    statement.save()
    record_all([_told(statement, by)])
    return statement


@transaction.atomic
def issue_all(
    *, provider: Provider, cycles: Collection[CycleKey], form: str, by: User | None, at: datetime
) -> tuple[Statement, ...]:
    """State these closed cycles, those of which nothing is stated yet; the new statements.

    `form` is the mark of what was in view. Raises `StaleError` where one of them is no longer so.
    """
    publishing.lock(cycle.retainer for cycle in cycles)
    wanted = sorted(set(cycles) - _stated(cycles))
    require_in_view(wanted, form)
    zone = zone_of(provider)
    rows = retainers_of().filter(pk__in=[cycle.retainer for cycle in wanted])
    found = {each.retainer.pk: each for each in standings(rows, on=at.astimezone(zone).date(), zone=zone)}
    chosen = [(found[key.retainer], _closed(found[key.retainer], key.starts)) for key in wanted]
    said = said_of([cycle for _standing, cycle in chosen])
    made = [_unsaved(standing, cycle, said, by, at) for standing, cycle in chosen]
    Statement.objects.bulk_create(made, batch_size=publishing.BATCH)
    record_all([_told(statement, by) for statement in made])
    return tuple(made)


def _stated(cycles: Collection[CycleKey]) -> set[CycleKey]:
    """Every cycle of these agreements that has a statement."""
    issued = Statement.objects.filter(retainer__in={cycle.retainer for cycle in cycles}).order_by()
    return {CycleKey(*row) for row in issued.values_list("retainer_id", "cycle_starts")}


def _unsaved(
    standing: Standing, cycle: CycleBalance, said: Mapping[int, Said], by: User | None, at: datetime
) -> Statement:
    """The first statement of that cycle, with all that it keeps."""
    return Statement(
        retainer=standing.retainer,
        cycle_starts=cycle.starts,
        number=1,
        publication=standing.publication,
        document=whole_document(standing, cycle, said),
        issued_at=at,
        issued_by=by,
    )


def _told(statement: Statement, by: User | None) -> Recorded:
    retainer, cycle = statement.retainer, statement.cycle_starts.isoformat()
    detail = {"cycle": cycle, "number": statement.number}
    return Recorded(by, "statement issued", retainer.key, (retainer.client.slug,), detail)
