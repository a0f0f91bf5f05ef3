"""What the demo's files say: agreements as they were known on a day, and what happens under them."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tomli_w

from demo.calendar import DAY, Calendar
from retainers.agreements.reading import read_file
from retainers.files import ProviderFile
from retainers.terms import Agreement

FOLDER = Path(__file__).parent
FILES = ("kestrel_row", "tidewell")
GIVEN_ON_THEIR_DATE = ("top_ups", "adjustments")
NOTICE = 3 * DAY  # an agreement is entered so long before it starts
READ_IN = 5  # days before the first one by which the hours `so_far` are done: the newest update has them

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """The hours that one pool draws: in each cycle by turns, and `so_far` in the cycle of the first day.

    `so_far` is done `until` so many days before that day; `ahead` is what the cycle's rest brings (None: as
    much as makes it a usual cycle).
    """

    pool: str
    mix: str
    hours: tuple[Decimal, ...]
    so_far: Decimal | None = None
    until: int = READ_IN
    ahead: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """What happens under one retainer."""

    number: int
    agreement: Agreement
    psa_agreement: str
    plans: tuple[DemoPlan, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    """A client as its PSA and its people know it. `code` begins the names of its machines."""

    number: int
    slug: str
    name: str
    company: str
    code: str
    trade: str
    unworded: int  # how often work comes up that the manager has no words for yet
    users: tuple[str, ...]
    shown: str
    links: tuple[Table, ...]
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class Technician:
    name: str
    login: str
    role: str


@dataclass(frozen=True, slots=True)
class Export:
    """A report that the provider runs on these weekdays: of all clients, of some, or of one (`client`)."""

    format: str
    days: tuple[str, ...]
    at: time
    file: str
    clients: tuple[str, ...]
    client: str = ""

    def name_on(self, day: date) -> str:
        return self.file.format(day=day.isoformat())


@dataclass(frozen=True)
class Scenario:
    """One provider's file, with its dates counted from the first day."""

    document: Table
    first: date

    @property
    def slug(self) -> str:
        slug: str = self.document["provider"]["slug"]
        return slug

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.document["provider"]["timezone"])

    @property
    def demo(self) -> Table:
        table: Table = self.document["demo"]
        return table

    @cached_property
    def technicians(self) -> tuple[Technician, ...]:
        return tuple(Technician(**each) for each in self.demo["technicians"])

    @cached_property
    def customers(self) -> tuple[Customer, ...]:
        whole = self.known_on(date.max)
        agreements = {
            (client.slug, retainer.agreement.key): retainer.agreement
            for client in whole.clients
            for retainer in client.retainers
        }
        return tuple(
            _customer(number, client, agreements) for number, client in enumerate(self.document["clients"], 1)
        )

    @cached_property
    def exports(self) -> tuple[Export, ...]:
        every = tuple(client["slug"] for client in self.document["clients"])
        return tuple(_export(each, every) for each in self.demo["exports"])

    @property
    def starts(self) -> date:
        """The first day with work."""
        return min(story.agreement.starts for customer in self.customers for story in customer.stories)

    @property
    def begins(self) -> date:
        """The day on which the first agreements are entered."""
        starts = [
            retainer["starts"] for client in self.document["clients"] for retainer in client["retainers"]
        ]
        first: date = min(starts)
        return first - NOTICE

    def agreed_on(self) -> tuple[date, ...]:
        """The days after the first on which something was agreed, in order."""
        return tuple(sorted({day for day in _known_days(self.document) if day > self.begins}))

    def known_on(self, day: date) -> ProviderFile:
        """The provider's agreement file as it read at the end of that day."""
        return read_file(tomli_w.dumps(_known(self.document, day)))

    def news_of(self, day: date) -> ProviderFile:
        """A file of no more than what was agreed on that day: the clients that it is about."""
        now, before = (_known(self.document, each) for each in (day, day - DAY))
        clients = [client for client in now["clients"] if client not in before["clients"]]
        return read_file(tomli_w.dumps({"provider": now["provider"], "clients": clients}))


def read_scenario(name: str, first: date) -> Scenario:
    """One of `FILES`, counted from the provider's local day on which the demo was first loaded."""
    return Scenario(Calendar(first).fill(read_table(name)), first)


def read_table(name: str) -> Table:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), parse_float=Decimal)


def _known(value: Any, day: date) -> Any:
    """The document without what was agreed after that day, and without the demo's own keys."""
    if isinstance(value, dict):
        return {
            key: _known(_dated(key, each), day) for key, each in value.items() if key not in ("demo", "known")
        }
    if isinstance(value, list):
        return [_known(each, day) for each in value if not (_known_from(each) or date.min) > day]
    return value


def _known_days(value: Any) -> Iterator[date]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _known_days(_dated(key, each))
    elif isinstance(value, list):
        for each in value:
            if known := _known_from(each):
                yield known
            yield from _known_days(each)


def _dated(key: str, value: Any) -> Any:
    """Grants are known from their own date on, where nothing else is said."""
    return [{"known": each["date"], **each} for each in value] if key in GIVEN_ON_THEIR_DATE else value


def _known_from(value: Any) -> date | None:
    return value.get("known") if isinstance(value, dict) else None


def _customer(number: int, client: Table, agreements: dict[tuple[str, str], Agreement]) -> Customer:
    demo = client["demo"]
    stories = tuple(
        Story(
            place,
            agreements[client["slug"], retainer["key"]],
            retainer["demo"]["agreement"],
            tuple(DemoPlan(**{**plan, "hours": tuple(plan["hours"])}) for plan in retainer["demo"]["work"]),
        )
        for place, retainer in enumerate(client["retainers"])
    )
    return Customer(
        number=number,
        slug=client["slug"],
        name=client["name"],
        company=client.get("psa_names", [client["name"]])[0],
        code=demo["code"],
        trade=demo["trade"],
        unworded=demo.get("unworded", 0),
        users=tuple(demo["users"]),
        shown=demo.get("shown", ""),
        links=tuple(demo["links"]),
        stories=stories,
    )


def _export(table: Table, every: tuple[str, ...]) -> Export:
    one = table.get("client", "")
    return Export(
        format=table["format"],
        days=tuple(table["days"]),
        at=time.fromisoformat(table["at"]),
        file=table["file"],
        clients=(one,) if one else tuple(table.get("clients", every)),
        client=one,
    )
