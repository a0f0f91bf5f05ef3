"""The form of business hours, exactly as typed: from what stands, from a post, and back to what is meant.

It becomes the table that a file would hold and is read by the file's own reader, as rules are.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _

from desk.rules.draft import GENERAL, Errors
from desk.rules.listing import book_name
from desk.rules.tried import TrialPage
from imports.judging.books import ALL, Book
from imports.judging.rulebook import retainer_books
from retainers.agreements.business_hours import read_business_hours
from retainers.agreements.problems import Finding, Place
from retainers.agreements.tables import Table
from retainers.terms import WEEKDAYS, BusinessHours, OpeningTimes

MOST_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class HoursDraft:
    """One version as it is typed; `holidays` are one a line."""

    since: str = ""
    days: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    split: str = "boundary"
    holidays: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.since or self.days or self.start or self.end or self.holidays.strip())

    @property
    def lines(self) -> int:
        return min(max(self.holidays.count("\n") + 2, 3), 12)

    def table(self) -> dict[str, Any]:
        said = {"from": self.since, "start": self.start, "end": self.end, "split": self.split}
        table: dict[str, Any] = {name: text for name, text in said.items() if text}
        return table | {"days": list(self.days), "holidays": self.holidays.replace(",", " ").split()}


@dataclass(frozen=True, slots=True)
class HoursInput:
    """A version on the page, with what is wrong with each of its inputs."""

    index: int
    draft: HoursDraft
    errors: Errors


@dataclass(frozen=True, slots=True)
class HoursPage:
    """`owner` says whose they are, `books` whose they could be.

    `asks`: closed cycles would change, and nobody has looked at that yet.
    """

    book_key: str
    owner: str
    books: tuple[tuple[str, str], ...]
    versions: tuple[HoursInput, ...]
    weekdays: tuple[tuple[str, str], ...]
    errors: tuple[str, ...]
    trial: TrialPage | None
    asks: bool


def drafts_of(times: OpeningTimes) -> tuple[HoursDraft, ...]:
    return tuple(_draft_of(hours) for hours in times)


def _draft_of(hours: BusinessHours) -> HoursDraft:
    return HoursDraft(
        since=hours.since.isoformat() if hours.since else "",
        days=hours.days,
        start=f"{hours.start:%H:%M}",
        end=f"{hours.end:%H:%M}",
        split=hours.split,
        holidays="\n".join(day.isoformat() for day in hours.holidays),
    )


def read_drafts(post: QueryDict) -> tuple[HoursDraft, ...]:
    """The versions that were typed; blank ones are left out."""
    found = []
    for index in range(MOST_VERSIONS):
        at = f"v-{index}-"
        if f"{at}start" not in post:
            continue
        texts = {name: post.get(at + name, "").strip() for name in ("since", "start", "end", "split")}
        days = tuple(day for day in WEEKDAYS if day in post.getlist(f"{at}days"))
        holidays = post.get(f"{at}holidays", "").replace("\r\n", "\n")
        found.append(HoursDraft(**texts, days=days, holidays=holidays))
    return tuple(draft for draft in found if not draft.is_blank)


def with_spare(drafts: tuple[HoursDraft, ...], since: str) -> tuple[HoursDraft, ...]:
    """One more version, from that day on, that says what the last one says; the first one has no day."""
    if not drafts:
        return (HoursDraft(days=WEEKDAYS[:5], start="08:00", end="17:00"),)
    return (*drafts, replace(drafts[-1], since=since))


def times_in(drafts: tuple[HoursDraft, ...]) -> tuple[OpeningTimes, list[Finding]]:
    """The business hours that are meant, and what is wrong with them."""
    findings: list[Finding] = []
    table = {"business_hours": [draft.table() for draft in drafts]} if drafts else {}
    return read_business_hours(Table(table, Place(), findings)), findings


def hours_page(
    of: Book,
    drafts: tuple[HoursDraft, ...],
    *,
    findings: Iterable[Finding] = (),
    trial: TrialPage | None = None,
    asks: bool = False,
) -> HoursPage:
    by_version: dict[int, Errors] = defaultdict(lambda: defaultdict(list))
    general = []
    for place, message in findings:
        if place.path[:1] == ("business_hours",) and len(place.path) > 1:
            name = str(place.path[2]) if len(place.path) > 2 else GENERAL
            by_version[int(place.path[1])][{"from": "since"}.get(name, name)].append(message)
        else:
            general.append(f"{place.label}: {message}")
    return HoursPage(
        book_key=of.key,
        owner=book_name(of),
        books=((ALL, _("All clients")), *((book.key, book_name(book)) for book in retainer_books())),
        versions=tuple(
            HoursInput(index, draft, dict(by_version[index])) for index, draft in enumerate(drafts)
        ),
        weekdays=tuple((day, str(WEEKDAY_NAMES[index])) for index, day in enumerate(WEEKDAYS)),
        errors=tuple(general),
        trial=trial,
        asks=asks,
    )
