"""When the demo's reports are run, and what is in them: its uploads, in the order of their moments."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from demo.calendar import DAY, days
from demo.exports import write
from demo.scenario import Export, Scenario
from demo.work import TimeEntry, working_days
from imports.publishing.options import Options
from retainers.terms import WEEKDAYS

LOOKS_BACK = 10 * DAY  # a report begins with the month that it lies in so many days before
LATE = 8 * DAY  # so long the late client's updates are held back
WHOLE = 21 * DAY  # of a thinned history these last weeks are whole
THIN_FROM = 5  # of the months before, the first upload from this day on: it has the rest of the month before
CORRECTION = Decimal("0.25")
MORNING_NUMBERS, MORNING_TICKETS = 9_000_000, 90_000
STRANGERS_NUMBER = 899_999


@dataclass(frozen=True, slots=True)
class Upload:
    """One report: `client` is the slug of the client that it is uploaded for, "" where it is for all."""

    at: datetime
    format: str
    file_name: str
    client: str
    options: Options
    entries: tuple[TimeEntry, ...]

    def content(self) -> bytes:
        return write(self.format, self.entries)


class Schedule:
    """The uploads of one provider until `now`. `mornings`: the days of uploads that were left in preview."""

    def __init__(
        self, scenario: Scenario, entries: Sequence[TimeEntry], mornings: Sequence[date], now: datetime
    ) -> None:
        self.scenario, self.now = scenario, now
        self.today = now.astimezone(scenario.zone).date()
        self.asides = [aside for day in mornings for aside in _morning_rows(scenario, day)]
        kept = [aside for aside in self.asides if aside.client and not aside.written]
        self.entries = sorted((*entries, *kept), key=lambda entry: (entry.day, entry.number))

    def uploads(self, *, thin: bool = False) -> list[Upload]:
        """Every upload that was made and published; with `thin` one a month before the last weeks."""
        found = [
            self._upload(export, day)
            for export in self.scenario.exports
            for day in self._days(export, thin=thin)
        ]
        made = [upload for upload in found if upload.entries and upload.at <= self.now]
        made.sort(key=lambda upload: upload.at)
        if made and "stranger" in self.scenario.demo:
            stranger = _stranger(self.scenario, made[-1].at.astimezone(self.scenario.zone).date() - DAY)
            made[-1] = replace(made[-1], entries=(*made[-1].entries, stranger))
        return made

    def morning(self) -> Upload | None:
        """Today's upload that is still in preview, with rows that nobody could publish as they are."""
        table = self.scenario.demo.get("morning")
        if table is None:
            return None
        export = replace(self.scenario.exports[0], file=table["file"], at=time.fromisoformat(table["at"]))
        upload = self._upload(export, self.today)
        here = [aside for aside in self.asides if aside.number // 100 == _morning_number(self.today) // 100]
        entries = {entry.number: entry for entry in (*upload.entries, *here)}
        options = replace(upload.options, held=())
        return replace(upload, at=min(upload.at, self.now), entries=tuple(entries.values()), options=options)

    def _days(self, export: Export, *, thin: bool) -> Iterator[date]:
        starts = min(self._starts(slug) for slug in export.clients)
        every = (
            day
            for day in days(starts + DAY, self.today)
            if WEEKDAYS[day.weekday()] in export.days and not self._is_morning(export, day)
        )
        return self._thinned(every) if thin else every

    def _thinned(self, every: Iterable[date]) -> Iterator[date]:
        """Of what is long past the first one late in each month."""
        month = None
        for day in every:
            if day >= self.today - WHOLE:
                yield day
            elif day.day >= THIN_FROM and (day.year, day.month) != month:
                month = (day.year, day.month)
                yield day

    def _is_morning(self, export: Export, day: date) -> bool:
        """Whether that day's report of all clients is the one in preview."""
        return day == self.today and not export.client and "morning" in self.scenario.demo

    def _starts(self, slug: str) -> date:
        stories = next(each.stories for each in self.scenario.customers if each.slug == slug)
        return min(story.agreement.starts for story in stories)

    def _upload(self, export: Export, day: date) -> Upload:
        last = day - DAY
        first = (day - LOOKS_BACK).replace(day=1)
        held = self._held(export, day)
        return Upload(
            at=datetime.combine(day, export.at, tzinfo=self.scenario.zone),
            format=export.format,
            file_name=export.name_on(day),
            client=export.client,
            options=Options(starts=first, ends=last, through=last, held=held),
            entries=tuple(
                _as_of(entry, day)
                for entry in self.entries
                if first <= entry.day <= last and entry.logged < day and entry.client in export.clients
            ),
        )

    def _held(self, export: Export, day: date) -> tuple[str, ...]:
        """Clients that are kept back: the late one, and those whose work comes in other reports."""
        if export.client:
            return ()
        others = {each.slug for each in self.scenario.customers} - set(export.clients)
        late = self.scenario.demo.get("late")
        return tuple(sorted({*others, late} if late and day > self.today - LATE else others))


def _as_of(entry: TimeEntry, day: date) -> TimeEntry:
    """The entry as the report of that day has it: a correction is not in before its day."""
    if day > entry.corrected:
        return entry
    return replace(entry, billed=entry.billed + CORRECTION, minutes=entry.minutes + 15)


def _stranger(scenario: Scenario, day: date) -> TimeEntry:
    """A row of a company that is no client: it stands in the newest report, and counts for nobody."""
    table = scenario.demo["stranger"]
    return TimeEntry(
        number=STRANGERS_NUMBER,
        company=table["company"],
        client="",
        psa_agreement="",
        ticket=STRANGERS_NUMBER,
        title=table["title"],
        work=table["work"],
        option="B",
        technician=scenario.technicians[0],
        day=day,
        opened=day,
        start=14 * 60,
        minutes=round(table["hours"] * 60),
        billed=table["hours"],
        factor=Decimal(1),
        notes=table["notes"],
    )


def _morning_number(day: date) -> int:
    return MORNING_NUMBERS + day.toordinal() % 9_000 * 100


def _morning_rows(scenario: Scenario, day: date) -> Iterator[TimeEntry]:
    """The rows of that morning's upload that are not in the plan: strangers, a typing error, new titles."""
    customers = {customer.slug: customer for customer in scenario.customers}
    done = working_days(day - 4 * DAY, day - DAY)[-1]
    for place, row in enumerate(scenario.demo["morning"]["rows"]):
        customer = customers.get(row.get("client", ""))
        yield TimeEntry(
            number=_morning_number(day) + place,
            company=customer.company if customer else row["company"],
            client=customer.slug if customer else "",
            psa_agreement=customer.stories[-1].psa_agreement if customer else "",
            ticket=MORNING_TICKETS + day.toordinal() % 900 * 10 + place,
            title=row["title"],
            work=row["work"],
            option="B",
            technician=scenario.technicians[place % len(scenario.technicians)],
            day=done,
            opened=done,
            start=(9 + place) * 60,
            minutes=round(row["hours"] * 60),
            billed=row["hours"],
            factor=Decimal(1),
            notes=row["notes"],
            written=row.get("written", ""),
        )
