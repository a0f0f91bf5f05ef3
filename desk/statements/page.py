"""A retainer's closed cycles with what was stated of each, and whether it could be stated again."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import actors as account_words
from desk.doors import OpenedRetainer
from presentation import days
from presentation.days import span
from presentation.phrases import h
from retainers.balance import CycleBalance
from retainers.models import Statement
from retainers.settling.acts import CycleKey, mark_of_each
from retainers.stated import says_the_same
from retainers.statements import document_of


@dataclass(frozen=True, slots=True)
class IssuedLine:
    number: int
    when: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class StatementCycle:
    """`may_issue`: nothing is stated yet, or today's figures are others (`restates`: then with a reason).

    `mark` names what is in view of the cycle.
    """

    starts: str
    name: str
    used: str
    state: str
    tone: str
    issued: tuple[IssuedLine, ...]
    may_issue: bool
    restates: bool
    mark: str


def cycle_lines(opened: OpenedRetainer) -> tuple[StatementCycle, ...]:
    """The closed cycles, the newest first."""
    by_cycle: dict[object, list[Statement]] = {}
    rows = Statement.objects.filter(retainer=opened.retainer).select_related("issued_by")
    for row in rows.order_by("number"):
        by_cycle.setdefault(row.cycle_starts, []).append(row)
    closed = [cycle for cycle in reversed(opened.standing.cycles) if cycle.closed]
    keys = {cycle.starts: CycleKey(opened.retainer.pk, cycle.starts) for cycle in closed}
    marks = mark_of_each(keys.values())
    return tuple(
        _line(opened, cycle, by_cycle.get(cycle.starts, []), marks[keys[cycle.starts]]) for cycle in closed
    )


def _line(opened: OpenedRetainer, cycle: CycleBalance, issued: list[Statement], mark: str) -> StatementCycle:
    differs = bool(issued) and not says_the_same(
        issued[-1].document, document_of(opened.standing, cycle.starts)
    )
    state, tone = _state(opened, cycle, issued, differs=differs)
    return StatementCycle(
        starts=cycle.starts.isoformat(),
        name=span(cycle.starts, cycle.ends),
        used=h(cycle.total.used),
        state=state,
        tone=tone,
        issued=tuple(
            IssuedLine(
                row.number,
                days.moment(row.issued_at, opened.zone),
                account_words.person(row.issued_by),
                row.reason,
            )
            for row in issued
        ),
        may_issue=differs or not issued,
        restates=differs,
        mark=mark,
    )


def _state(
    opened: OpenedRetainer, cycle: CycleBalance, issued: list[Statement], *, differs: bool
) -> tuple[str, str]:
    if differs:
        return _("figures differ today"), "amber"
    if issued:
        count = len(issued)
        return ngettext("stated", "stated %(count)d times", count) % {"count": count}, ""
    if opened.standing.is_provisional(cycle):
        return _("provisional: its last days are not in yet"), "amber"
    return _("not stated"), "plain"
