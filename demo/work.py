"""The time entries of the demo: for each cycle of each retainer tickets that draw the hours of its plan.

Everything is drawn from generators seeded by names and dates, so that the same first day gives the same
entries, whenever and wherever they are made. What an entry draws is asked of the ledger's own pricing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

from demo.calendar import DAY, days
from demo.jobs import Job, JobKind, JobPart, catalogue
from demo.scenario import Customer, DemoPlan, Scenario, Story, Technician
from retainers.balance import Work
from retainers.cycles import Cycle, cycles_until
from retainers.pricing import draws_under, hours_drawn
from retainers.terms import Agreement

QUARTER = Decimal("0.25")
TRIES = 40  # tickets that may turn out too large for what is left of a cycle
MINUTES_SAVED = (0, 0, 0, 3, 6, 9)  # what work may take less than what is billed for it
NEAR, ZERO_DAYS = 10 * DAY, 0 * DAY
FIRST_TICKET, STEP = 41_007, 3
LATE_SHARE, CHANGED_SHARE = 0.06, 0.03  # entries that are logged days later, or corrected afterwards
CATEGORIES = {"onsite": "onsite", "after_hours": "after_hours", "travel": "travel"}
MACHINES = {
    "srv": "{code}-SRV{0:02}", "dc": "{code}-DC{0:02}", "fw": "{lower}-fw{0:02}",
    "sw": "{lower}-sw{0:02}", "ap": "{lower}-ap{0:02}", "prn": "{code}-PRN{0:02}",
    "nas": "{lower}-nas{0:02}", "pc": "{code}-LT-0{0:02}",
}  # fmt: skip
COUNT_OF = {"srv": 3, "dc": 2, "fw": 1, "sw": 3, "ap": 5, "prn": 3, "nas": 1, "pc": 6}


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """One entry as the PSA has it: `minutes` worked, `billed` hours after rounding, multiplied by `factor`.

    The PSA's report shows it from the day `logged` on, and before the day `corrected` with other hours.
    """

    number: int
    company: str
    client: str
    psa_agreement: str
    ticket: int
    title: str
    work: str
    option: str
    technician: Technician
    day: date
    start: int  # minutes after midnight
    minutes: int
    billed: Decimal
    factor: Decimal
    notes: str
    opened: date = date.min  # the day of the ticket's first entry
    words: str = ""
    logged: date = date.min
    corrected: date = date.min
    written: str = ""  # hours that stand in the report as somebody typed them


class Worker:
    """Makes the entries of one pool in one cycle."""

    def __init__(
        self, scenario: Scenario, customer: Customer, story: Story, plan: DemoPlan, cycle: Cycle
    ) -> None:
        self.scenario, self.customer, self.story, self.plan = scenario, customer, story, plan
        seed = f"{customer.slug} {story.agreement.key} {plan.pool} {cycle.index}"
        self.random = Random(seed)  # noqa: S311  # invented work, no secret
        self.cycle = cycle
        self.had: set[str] = set()
        self.number = (customer.number * 10 + story.number) * 100_000 + cycle.index * 1000
        self.number += 500 * story.plans.index(plan)

    def entries(self) -> list[TimeEntry]:
        made: list[TimeEntry] = []
        for hours, first, last in self._stretches():
            made += self._stretch(hours, first, last)
        return made

    def _stretches(self) -> Iterator[tuple[Decimal, date, date]]:
        """The hours of the cycle and the days on which they are done; cut in two at the first day."""
        usual = self.plan.hours[self.cycle.index % len(self.plan.hours)]
        first_day = self.scenario.first
        if self.plan.so_far is None or not self.cycle.starts <= first_day <= self.cycle.ends:
            yield usual, self.cycle.starts, self.cycle.ends
            return
        cut = max(first_day - self.plan.until * DAY, self.cycle.starts)
        yield self.plan.so_far, self.cycle.starts, cut
        rest = max(usual - self.plan.so_far, Decimal(1)) if self.plan.ahead is None else self.plan.ahead
        yield rest, min(cut + DAY, self.cycle.ends), self.cycle.ends

    def _stretch(self, hours: Decimal, first: date, last: date) -> list[TimeEntry]:
        tickets: list[list[TimeEntry]] = []
        left, tries = hours, 0
        while left >= QUARTER and tries < TRIES:
            ticket = self._ticket(first, last)
            drawn = self._drawn(ticket)
            if drawn <= left:
                tickets.append(ticket)
                left -= drawn
            else:
                tries += 1
        if left >= QUARTER:
            tickets = self._longer(tickets, left)
        return [entry for ticket in tickets for entry in self._numbered(ticket)]

    def _longer(self, tickets: list[list[TimeEntry]], hours: Decimal) -> list[list[TimeEntry]]:
        """The same tickets with the rest of the hours in the last entry that is charged as it is."""
        for ticket in reversed(tickets):
            for place, entry in enumerate(ticket):
                if entry.option == "B" and entry.work != "travel" and entry.factor == 1:
                    minutes = entry.minutes + round(hours * 60)
                    ticket[place] = replace(entry, billed=entry.billed + hours, minutes=minutes)
                    return tickets
        return tickets

    def _numbered(self, ticket: list[TimeEntry]) -> Iterator[TimeEntry]:
        first = self.number + 1
        for entry in ticket:
            self.number += 1
            yield replace(entry, number=self.number, ticket=first)

    def _ticket(self, first: date, last: date) -> list[TimeEntry]:
        """One ticket of the mix on some day of the stretch: its parts one after the other."""
        found = catalogue()
        mix = found.mixes[self.plan.mix]
        kind = found.kinds[self.random.choices(list(mix), list(mix.values()))[0]]
        job = self._job(kind)
        day = self.random.choice(working_days(first, last, with_weekends=kind.parts[0].evening))
        return list(self._parts(kind, job, day, last))

    def _job(self, kind: JobKind) -> Job:
        """A job of that kind, none twice before each had its turn."""
        fitting = kind.jobs_for(self.customer.trade, self.customer.unworded)
        fresh = [job for job in fitting if job.title not in self.had]
        job = self.random.choice(fresh or fitting)
        self.had = {*self.had, job.title} if fresh else {job.title}
        return job

    def _parts(self, kind: JobKind, job: Job, day: date, last: date) -> Iterator[TimeEntry]:
        people = self.random.sample(self.scenario.technicians, 2)
        things = self._things()
        at = self.random.randrange(8 * 4, 15 * 4) * 15 if not kind.parts[0].evening else 19 * 60 + 30
        before: TimeEntry | None = None
        for part in kind.parts:
            if self.random.random() > part.chance:
                continue
            start = before.start if before and part.together else at
            entry = self._entry(part, job, people[part.tech], later(day, part.day, last), start, before)
            at = entry.start + entry.minutes
            yield replace(entry, title=entry.title.format(**things))
            before = entry

    def _time(self, part: JobPart, before: TimeEntry | None) -> tuple[Decimal, int]:
        """The hours billed and the minutes worked; of work that two did together, the same as the other's."""
        if before and part.together:
            return before.billed, before.minutes
        billed = self.random.choice(part.hours)
        return billed, self._minutes(billed)

    def _entry(
        self,
        part: JobPart,
        job: Job,
        technician: Technician,
        day: date,
        start: int,
        before: TimeEntry | None,
    ) -> TimeEntry:
        (billed, minutes), (logged, corrected) = self._time(part, before), self._delays(day)
        return TimeEntry(
            number=0,
            company=self.customer.company,
            client=self.customer.slug,
            psa_agreement=self.story.psa_agreement,
            ticket=0,
            title=part.title or job.title,
            work=part.work,
            option=part.option,
            technician=technician,
            day=day,
            start=start,
            minutes=minutes,
            billed=billed,
            factor=factor_of(self.story.agreement, part.work, day),
            notes=part.notes or job.notes,
            words="" if part.title else job.words,
            logged=logged,
            corrected=corrected,
        )

    def _minutes(self, billed: Decimal) -> int:
        saved = self.random.choice(MINUTES_SAVED)
        return round(billed * 60) - (saved if billed > QUARTER else saved // 2)

    def _delays(self, day: date) -> tuple[date, date]:
        """When the entry was logged and corrected. Before the first day none is late: its figures are set."""
        chance = self.random.random()
        waits = self.random.randrange(1, 4) if chance < LATE_SHARE else 0
        is_near = ZERO_DAYS <= self.scenario.first - day < NEAR
        return day + (
            0 if is_near else waits
        ) * DAY, day + 5 * DAY if chance > 1 - CHANGED_SHARE else date.min

    def _things(self) -> dict[str, str]:
        """The names of the machines and people that this ticket is about."""
        code = self.customer.code
        found = {
            name: pattern.format(self.random.randint(1, COUNT_OF[name]), code=code, lower=code.lower())
            for name, pattern in MACHINES.items()
        }
        return {**found, "code": code, "who": self.random.choice(self.customer.users)}

    def _drawn(self, ticket: Sequence[TimeEntry]) -> Decimal:
        return sum((drawn(entry, self.story.agreement, self.plan.pool) for entry in ticket), Decimal(0))


def drawn(entry: TimeEntry, agreement: Agreement, pool: str) -> Decimal:
    """What the entry will draw, as the ledger prices it."""
    category = CATEGORIES.get(entry.work)
    work = Work(
        day=entry.day,
        worked=Decimal(entry.minutes) / 60,
        billable=entry.billed,
        deducted=entry.billed * entry.factor,
        is_billable=entry.option == "B",
        categories=frozenset({category} if category else ()),
        pool=pool,
    )
    return hours_drawn(draws_under(agreement, work))


def factor_of(agreement: Agreement, work: str, day: date) -> Decimal:
    """What the PSA multiplies that work by: the agreement's own multiplier."""
    for multiplier in agreement.terms_on(day).multipliers:
        if multiplier.category == CATEGORIES.get(work):
            return multiplier.factor
    return Decimal(1)


def working_days(first: date, last: date, *, with_weekends: bool = False) -> list[date]:
    every = list(days(first, last))
    return [day for day in every if with_weekends or day.weekday() < 5] or every


def later(day: date, number: int, last: date) -> date:
    """So many working days later, within the stretch."""
    following = working_days(day + DAY, last) if day < last else []
    return following[min(number, len(following)) - 1] if number and following else day


def entries_of(scenario: Scenario, until: date) -> list[TimeEntry]:
    """All that was done up to and including that day."""
    made = [
        entry
        for customer in scenario.customers
        for story in customer.stories
        for plan in story.plans
        for cycle in cycles_until(story.agreement, until)
        for entry in Worker(scenario, customer, story, plan, cycle).entries()
    ]
    past = [entry for entry in made if entry.day <= until]
    return with_ticket_numbers(sorted(past, key=lambda entry: (entry.day, entry.number)))


def with_ticket_numbers(entries: list[TimeEntry]) -> list[TimeEntry]:
    """Numbers as a PSA gives them: in the order in which the tickets came up."""
    found: dict[int, tuple[int, date]] = {}
    for entry in entries:
        found.setdefault(entry.ticket, (FIRST_TICKET + STEP * len(found), entry.day))
    return [
        replace(entry, ticket=number, opened=opened)
        for entry in entries
        for number, opened in (found[entry.ticket],)
    ]
