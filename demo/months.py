"""Lets the demo's past happen: agreements entered on their days, every report sent at its moment.

Nothing is written around the services; each step is what a person would have done in the browser then.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.providers import called, existing
from accounts.services import find_user
from accounts.tenancy import tenant_scope
from demo.calendar import said_at
from demo.dropping_off import Sender
from demo.scenario import Scenario, read_scenario, read_table
from demo.uploads import Schedule, Upload
from demo.work import entries_of
from imports.judging.reclassify import reclassify
from imports.models import Import
from retainers.files import ProviderFile
from retainers.loading import load
from retainers.models import Client

OFFICE_OPENS = time(7)


@transaction.atomic
def bring_up(name: str, now: datetime, *, thin: bool = False) -> int:
    """Let everything happen that is missing until `now` at that file's provider; how many steps that were.

    With `thin` there is one upload a month before the last weeks: the same figures in less time.
    """
    scenario = scenario_of(name, now)
    is_new = called(scenario.slug) is None
    if is_new:
        _enter(scenario, scenario.known_on(scenario.begins), scenario.begins)
    with tenant_scope(existing(scenario.slug)):
        if is_new:
            Client.objects.update(created_at=_opening(scenario, scenario.begins))
        return is_new + _Past(scenario, now).happen(thin=thin)


def scenario_of(name: str, now: datetime) -> Scenario:
    """The file's scenario, counted from the day on which it was first loaded: today, if it never was."""
    said = read_table(name)["provider"]
    provider = called(said["slug"])
    first = provider.created_at if provider else now
    return read_scenario(name, first.astimezone(ZoneInfo(said["timezone"])).date())


Step = tuple[datetime, Callable[[], object]]  # when, and what is done then


class _Past:
    """What is missing of one provider's past, with the provider in scope."""

    def __init__(self, scenario: Scenario, now: datetime) -> None:
        self.scenario, self.now = scenario, now
        self.today = now.astimezone(scenario.zone).date()
        self.files = set(Import.objects.values_list("file_name", flat=True))
        self.sender = Sender(scenario, find_user(scenario.demo["manager"]))

    def happen(self, *, thin: bool) -> int:
        left_over = self._publish_left_over()
        schedule = Schedule(self.scenario, entries_of(self.scenario, self.today), self._mornings(), self.now)
        uploads = schedule.uploads(thin=thin)
        done_at = max((each.at for each in uploads if each.file_name in self.files), default=None)
        steps = [*self._agreeing(), *self._sending(uploads)]
        missing = [(at, step) for at, step in steps if at <= self.now and (done_at is None or at > done_at)]
        for at, step in sorted(missing, key=lambda pair: pair[0]):
            with said_at(at):
                step()
        return left_over + len(missing) + self._leave_open(schedule)

    def _sending(self, uploads: Iterable[Upload]) -> Iterator[Step]:
        return ((each.at, partial(self.sender.send, each)) for each in uploads)

    def _agreeing(self) -> Iterator[Step]:
        """Each version of an agreement, on the morning of its day."""
        for day in self.scenario.agreed_on():
            yield _opening(self.scenario, day), partial(_agree, self.scenario, day)

    def _publish_left_over(self) -> int:
        """Uploads of past mornings that are still in preview: their managers came back to them."""
        names = self._morning_files()
        left = Import.objects.filter(file_name__in=names, state=Import.State.UPLOADED).order_by("pk")
        before = [
            each for each in left if each.uploaded_at.astimezone(self.scenario.zone).date() < self.today
        ]
        for each in before:
            with said_at(each.uploaded_at):
                self.sender.publish_left_over(each)
        return len(before)

    def _leave_open(self, schedule: Schedule) -> int:
        upload = schedule.morning()
        if upload is None or upload.file_name in self.files:
            return 0
        with said_at(upload.at):
            self.sender.leave_open(upload, self.today)
        return 1

    def _mornings(self) -> list[date]:
        """The days of the uploads that were left in preview, today's among them."""
        if "morning" not in self.scenario.demo:
            return []
        return sorted({*self._morning_files().values(), self.today})

    def _morning_files(self) -> dict[str, date]:
        pattern = self.scenario.demo.get("morning", {"file": "{day}"})["file"]
        head, tail = pattern.split("{day}")
        return {
            name: date.fromisoformat(name.removeprefix(head).removesuffix(tail))
            for name in self.files
            if tail and name.startswith(head) and name.endswith(tail)
        }


def _agree(scenario: Scenario, day: date) -> None:
    """Enter what was agreed on that day."""
    _enter(scenario, scenario.news_of(day), day)


def _enter(scenario: Scenario, file: ProviderFile, day: date) -> None:
    at = _opening(scenario, day)
    with said_at(at):
        load(file, at=at, by=find_user(scenario.demo["owner"]), reclassify=reclassify)


def _opening(scenario: Scenario, day: date) -> datetime:
    return datetime.combine(day, OFFICE_OPENS, tzinfo=scenario.zone)
