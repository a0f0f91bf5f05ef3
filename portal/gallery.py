"""Every state of the balance page, made up: for looking at them, and for tests that look.

The figures come from the real ledger over invented agreements and work, so that a state shown here is one
that can happen. `manage.py gallery` writes them to a folder.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from portal import gallery_data as data
from portal import gallery_incident as incident
from portal import gallery_long as long
from portal.page import BalancePage, build_page
from presentation.accounts import run_of
from presentation.coverage import Covered
from presentation.facts import Asked, LogEntry, Notice, ProviderFacts, RetainerFacts
from presentation.requested import Requested
from presentation.uncharged import Uncharged
from retainers.balance import CycleBalance, Draw
from retainers.coverage import is_provisional
from retainers.endings import endings
from retainers.hours import ZERO
from retainers.ledger import balance
from retainers.terms import Adjustment, Agreement, Approval, Overage, TopUp

TODAY = date(2026, 11, 22)
PROTECTION = "protection.html"
LOOK = "look.css"  # a provider's colours


@dataclass(frozen=True, slots=True)
class Scene:
    """One retainer on one day: the agreement, its work in lines of `gallery_data`, and what was granted."""

    agreement: Agreement = data.SUPPORT
    lines: tuple[data.WorkLine, ...] = data.NOVEMBER
    top_ups: tuple[TopUp, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    today: date = TODAY
    through: date | None = date(2026, 11, 19)
    next_update: date | None = date(2026, 11, 23)
    cycle: str = ""
    notice: Notice | None = None
    awaited_since: date | None = None
    uncharged: tuple[Uncharged, ...] = ()
    approvals: tuple[Approval, ...] = ()
    requests: tuple[Requested, ...] = ()
    later: tuple[data.WorkLine, ...] = ()  # dated after the covered days, and in already

    def facts(self) -> RetainerFacts:
        """The facts as a view would fetch them."""
        known = (*self.lines, *self.later)
        works = [line.work(ref) for ref, line in enumerate(known) if self._is_in(line)]
        cycles = balance(self.agreement, works, self.top_ups, self.adjustments, self.today, self.approvals)
        shown = data.shown_of(cycles, self.cycle)
        draws = [draw for cycle in run_of(cycles, shown) for draw in cycle.draws]
        facts = RetainerFacts(
            agreement=self.agreement,
            cycles=cycles,
            shown=shown,
            through=self.through,
            next_update=self.next_update,
            late=self.next_update is not None and self.next_update < self.today,
            log=tuple(_entry(known[draw.work.ref], draw) for draw in draws),
            notice=self.notice,
            covered=Covered(later_hours=self._later_hours(shown)),
            awaited_since=self.awaited_since if self.through is None else None,
            grants=(*self.top_ups, *self.adjustments),
            uncharged=self.uncharged,
            requests=self.requests,
            clock=incident.CLOCK,
        )
        return self._of_the_cycle(facts, shown) if shown is not None else facts

    def _of_the_cycle(self, facts: RetainerFacts, shown: CycleBalance) -> RetainerFacts:
        """With what there is to say once a cycle has begun."""
        through, newest = self.through, facts.cycles[-1]
        return replace(
            facts,
            first_days=through is not None and through < newest.starts and not self.later,
            provisional=is_provisional(shown.ends, through),
            endings=endings(newest, self.agreement),
            approvals=tuple(each for each in self.approvals if each.cycle == shown.starts),
        )

    def _later_hours(self, shown: CycleBalance | None) -> Decimal:
        late = [d for d in shown.draws if self.through and d.work.day > self.through] if shown else []
        return sum((draw.hours for draw in late), ZERO)

    def _is_in(self, line: data.WorkLine) -> bool:
        return self.through is not None and (line.day <= self.through or line in self.later)


def _entry(line: data.WorkLine, draw: Draw) -> LogEntry:
    return LogEntry(line.text, draw, incident=line.ticket, person=line.person)


def page(
    *scenes: Scene,
    asked: Asked | None = None,
    client: str = "Marlow & Finch Dental",
    provider: ProviderFacts = data.PROVIDER,
) -> BalancePage:
    return build_page(
        provider=provider,
        client_name=client,
        retainers=[scene.facts() for scene in scenes],
        today=scenes[0].today,
        asked=asked,
        protection_href=PROTECTION,
    )


def over(policy: Overage, lines: tuple[data.WorkLine, ...] = data.OUTAGE) -> Scene:
    terms = replace(data.SUPPORT.terms[-1], overage=policy)
    agreement = replace(data.SUPPORT, terms=(*data.SUPPORT.terms[:-1], terms))
    return Scene(agreement, (*data.NOVEMBER, *lines))


def states() -> Mapping[str, BalancePage]:
    """Each state by its name, in the order in which a reviewer would look at them."""
    return {name: make() for name, make in STATES.items()}


def _asked(hours: str, *kinds: str, people: str = "") -> Asked:
    return Asked(hours=hours, kinds=kinds, people=people)


def _between() -> BalancePage:
    """One agreement is over, the next one has not begun."""
    ended = Scene(
        replace(data.SUPPORT, ends=date(2026, 11, 30)),
        today=date(2026, 12, 9),
        through=date(2026, 11, 30),
        next_update=None,
    )
    to_come = replace(data.SUPPORT, key="support_2027", name="Managed support 2027", starts=date(2027, 1, 1))
    return page(ended, replace(ended, agreement=to_come, lines=(), through=None))


def _corrected() -> BalancePage:
    """A settled cycle of which lines read otherwise since, one is new and two are gone."""
    facts, on = Scene(cycle="2026-09-01").facts(), date(2026, 10, 22)
    first, second, new, *others = facts.log
    same = first._replace(corrected_on=on, was=first.draw.hours)
    other = second._replace(corrected_on=on, was=second.draw.hours + 1)
    log = (same, other, new._replace(corrected_on=on), *others)
    changed = replace(facts, log=log, taken_back=((on, 2),))
    return build_page(
        provider=data.PROVIDER,
        client_name="Marlow & Finch Dental",
        retainers=[changed],
        today=TODAY,
        asked=Asked(cycle="2026-09-01"),
        protection_href=PROTECTION,
    )


def _three() -> BalancePage:
    return page(
        Scene(),
        Scene(data.PROJECTS, data.PROJECT_WORK),
        Scene(data.BLOCK, data.BLOCK_WORK, top_ups=data.BLOCK_BOUGHT),
    )


STATES: Mapping[str, Callable[[], BalancePage]] = {
    "usual": lambda: page(Scene()),
    "single-pool": lambda: page(Scene(data.BANK, data.BANK_WORK)),
    "asked": lambda: page(Scene(), asked=_asked("3", "after_hours")),
    "asked-over": lambda: page(Scene(), asked=_asked("4:30", "after_hours")),
    "asked-for-people-at-night-on-site": lambda: page(
        Scene(data.STACKED), asked=_asked("1", "after_hours", "onsite", people="2")
    ),
    "asked-where-a-rule-places-it": lambda: page(
        Scene(data.PLACED, data.PLACED_WORK), asked=_asked("1", "onsite")
    ),
    "asked-nonsense": lambda: page(Scene(), asked=_asked("a few")),
    "one-pool-of-two": lambda: page(Scene(), asked=Asked(pool="scheduled")),
    "low": lambda: page(Scene(lines=(*data.NOVEMBER, *data.SMALL_HOURS))),
    "empty": lambda: page(Scene(lines=(*data.NOVEMBER, *data.TO_THE_LAST))),
    "over-bill": lambda: page(over("bill")),
    "over-queue": lambda: page(over("queue")),
    "over-decline": lambda: page(over("decline")),
    "over-and-approved": lambda: page(replace(over("decline"), approvals=data.APPROVED)),
    "over-and-approved-in-part": lambda: page(replace(over("decline"), approvals=data.APPROVED[:1])),
    "asked-for": lambda: page(replace(over("decline"), requests=data.REQUESTED)),
    "over-both-pools": lambda: page(over("bill", (*data.OUTAGE, *data.PATCHING))),
    "closed-over": lambda: page(
        replace(
            over("bill"),
            today=date(2026, 12, 2),
            through=date(2026, 11, 30),
            next_update=date(2026, 12, 3),
        )
    ),
    "hours-end-soon": lambda: page(Scene(data.CARRYING, top_ups=data.ENDING_SOON)),
    "late": lambda: page(Scene(next_update=date(2026, 11, 19), through=date(2026, 11, 15))),
    "notice": lambda: page(Scene(notice=data.NOTICE), asked=_asked("2", "after_hours")),
    "incident-runs": lambda: page(Scene(notice=incident.INCIDENT)),
    "incident-runs-over": lambda: page(replace(over("decline"), notice=incident.INCIDENT)),
    "incident-paused": lambda: page(Scene(notice=incident.PAUSED)),
    "incident-over": lambda: page(Scene(notice=incident.ENDED)),
    "incident-counted": lambda: page(Scene(notice=incident.COUNTED)),
    "notice-of-a-pool": lambda: page(
        Scene(notice=replace(data.NOTICE, pool="scheduled")), asked=Asked(hours="1", from_pool="scheduled")
    ),
    "late-by-weeks": lambda: page(Scene(next_update=date(2026, 10, 19), through=date(2026, 10, 16))),
    "old-without-a-cadence": lambda: page(
        Scene(replace(data.SUPPORT, updates_on=()), through=date(2025, 12, 4), next_update=None)
    ),
    "never-published-and-late": lambda: page(
        Scene(through=None, next_update=None, awaited_since=date(2026, 11, 10))
    ),
    "later-work": lambda: page(Scene(later=data.LATER_WORK)),
    "first-day-with-work": lambda: page(
        Scene(
            today=date(2026, 12, 1),
            through=date(2026, 11, 29),
            next_update=date(2026, 12, 3),
            later=(replace(data.LATER_WORK[0], day=date(2026, 12, 1)),),
        )
    ),
    "notice-without-hours": lambda: page(Scene(notice=replace(data.NOTICE, pending_hours=None))),
    "no-entries": lambda: page(Scene(lines=())),
    "never-published": lambda: page(Scene(through=None, next_update=None)),
    "not-started": lambda: page(Scene(replace(data.SUPPORT, starts=date(2027, 1, 1)), ())),
    "first-day": lambda: page(
        Scene(today=date(2026, 12, 1), through=date(2026, 11, 29), next_update=date(2026, 12, 3))
    ),
    "last-day": lambda: page(
        Scene(today=date(2026, 11, 30), through=date(2026, 11, 29), next_update=date(2026, 12, 3))
    ),
    "earlier-cycle": lambda: page(Scene(cycle="2026-09-01"), asked=Asked(cycle="2026-09-01")),
    "corrected": _corrected,
    "provisional": lambda: page(
        Scene(
            today=date(2026, 12, 2),
            through=date(2026, 11, 26),
            next_update=date(2026, 12, 3),
            cycle="2026-11-01",
        ),
        asked=Asked(cycle="2026-11-01"),
    ),
    "ended": lambda: page(
        Scene(
            replace(data.SUPPORT, ends=date(2026, 11, 30)),
            today=date(2026, 12, 9),
            through=date(2026, 11, 30),
            next_update=None,
        )
    ),
    "between-two-agreements": _between,
    "no-agreement": lambda: build_page(
        provider=data.PROVIDER, client_name="Marlow & Finch Dental", retainers=(), today=TODAY
    ),
    "last-cycle": lambda: page(Scene(replace(data.SUPPORT, ends=date(2026, 11, 30)))),
    "given-back": lambda: page(
        Scene(data.BANK, (data.WorkLine(date(2026, 11, 5), "-2.5", "Hours of October given back"),))
    ),
    "carried-over-from-open-days": lambda: page(
        Scene(
            data.CARRYING, today=date(2026, 12, 2), through=date(2026, 11, 26), next_update=date(2026, 12, 3)
        )
    ),
    "granted-and-owed": lambda: page(Scene(data.CARRYING, top_ups=data.TOPPED_UP, adjustments=data.ADJUSTED)),
    "block": lambda: page(Scene(data.BLOCK, data.BLOCK_WORK, top_ups=data.BLOCK_BOUGHT)),
    "block-over": lambda: page(Scene(data.BLOCK, (*data.BLOCK_WORK, *data.OUTAGE), data.BLOCK_BOUGHT)),
    "years-of-quarters": lambda: page(Scene(data.QUARTERLY, data.QUARTERS_OF_WORK)),
    "older-cycle": lambda: page(Scene(cycle="2025-11-01"), asked=Asked(cycle="2025-11-01")),
    "shared-pools": lambda: page(Scene(data.SHARED)),
    "deducted-hours": lambda: page(Scene(data.DEDUCTED, data.DEDUCTED_WORK)),
    "three-retainers": _three,
    "incidents": lambda: page(Scene(data.LARGE, (*data.NOVEMBER, *data.INCIDENTS))),
    "not-charged": lambda: page(Scene(uncharged=data.NOT_CHARGED)),
    "branded": lambda: page(Scene(), provider=replace(data.PROVIDER, look=LOOK)),
    "logo-white": lambda: page(Scene(), provider=data.WHITE_LOGO),
    "logo-black": lambda: page(Scene(), provider=data.BLACK_LOGO),
    "found-in-the-log": lambda: page(
        Scene(data.LARGE, tuple(long.many_lines(500))), asked=Asked(find="scanner")
    ),
    "much-found-in-the-log": lambda: page(
        Scene(data.LARGE, tuple(long.many_lines(500))), asked=Asked(find="room")
    ),
    "nothing-found-in-the-log": lambda: page(Scene(), asked=Asked(find="telescope")),
    "long-log": lambda: page(Scene(data.LARGE, tuple(long.many_lines(500)))),
    "year-of-lines": lambda: page(
        Scene(data.YEAR_OF_WORK, tuple(long.year_of_lines(600)), through=data.YEAR_ENDS)
    ),
    "hundred-lines": lambda: page(Scene(data.LARGE, tuple(long.many_lines(100)))),
    "long-names": lambda: page(
        Scene(data.LONG_NAMES),
        client="The Very Reverend Archibald Featherstonehaugh Memorial Hospital Trust",
        provider=ProviderFacts("Consolidated Managed Infrastructure Partners of Upper Wexcombe", "", ""),
    ),
    "right-to-left": lambda: page(Scene(data.RIGHT_TO_LEFT, data.RIGHT_TO_LEFT_WORK), client=data.GARDEN),
}
