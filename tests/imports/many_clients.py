"""A provider with many clients, and a week's file of which some of them, or all, ask something.

Each of those that ask does so in another way, in turn: published entries that the file lacks, times that don't fit,
entries over a day, hours below zero, words with a leak, a company that is nearly the client's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.timezone import now

from accounts.models import Membership, Provider, Role
from accounts.tenancy import tenant_scope
from desk.imports.unattended import publish_unseen
from imports import originals
from imports.models import Import
from tests.factories import MembershipFactory, agreement_file, client_table, load_agreements, pool_table

HEADER = "Entry ID,Client,Date,Start,End,Hours,Technician,Ticket,Title,Client description"
KINDS = ("removals", "times", "long", "negative", "leak", "company")
PLACES = (
    "Dental Group",
    "Freight & Logistics",
    "Wirtschaftsprüfungsgesellschaft",
    "Legal",
    "Hotel am Marktplatz",
)
HEADS = (
    "Alder",
    "Brightwater",
    "Copperline",
    "Donaudampfschifffahrt",
    "Elm Street",
    "Fenwick",
    "Gorse",
    "Halden",
)


@dataclass(frozen=True)
class ManyClients:
    """`source`: the week's file, in preview."""

    provider: Provider
    member: Membership
    source: Import


def name_of(number: int) -> str:
    return f"{HEADS[number % len(HEADS)]} {PLACES[number % len(PLACES)]} {number:03}"


def kind_of(number: int, count: int, asking: int) -> str:
    """How that client asks; "" for one that does not. Those that ask are spread over all."""
    step = count / asking if asking else count + 1
    nth = int(number / step)
    return KINDS[nth % len(KINDS)] if nth < asking and int(nth * step + 0.999999) == number else ""


def many_clients(count: int, asking: int, folder) -> ManyClients:
    """A provider of that many clients, `asking` of whom ask something about this week's file."""
    today = now().date()
    agreed = _agreements(count, _starts(today))
    load_agreements(folder, agreement_file(*agreed, slug="many", name="Harbor Point IT"))
    provider = Provider.objects.get(slug="many")
    member: Membership = MembershipFactory(provider=provider, role=Role.MANAGER)
    kinds = {number: kind_of(number, count, asking) for number in range(count)}
    assert sum(map(bool, kinds.values())) == asking
    with tenant_scope(provider):
        before = _import(member, "last-week.csv", _last_week(kinds, today))
        publish_unseen(source=before, by=member.user, at=now())
        source = _import(member, "this-week.csv", _this_week(kinds, today))
    return ManyClients(provider, member, source)


def _starts(today: date) -> date:
    """A month before a cycle that has run for ten days or some more: on the first of a month the file's days lie in it
    too, so that nobody asks whether a closed cycle is restated.
    """
    begins = today - timedelta(days=10)
    day = min(begins.day, 28)
    return (begins.replace(day=1) - timedelta(days=1)).replace(day=day)


def _agreements(count: int, starts: date) -> Iterator[dict[str, Any]]:
    for number in range(count):
        pools = [pool_table("reactive", "12", "Reactive support")]
        if number % 5 == 0:
            pools.append(pool_table("scheduled", "8", "Scheduled maintenance"))
        said = {"starts": starts, "overage": "queue", "pools": pools}
        yield client_table(name_of(number), slug=f"client-{number:03}", **said)


def _import(member: Membership, name: str, lines: Iterator[str]) -> Import:
    data = "\n".join((HEADER, *lines, "")).encode()
    return originals.store(data=data, file_name=name, client=None, options={}, by=member.user, at=now())


def _row(entry: int, number: int, day: date, hours: str, **more: str) -> str:
    name, start, end = more.get("name", name_of(number)), more.get("start", ""), more.get("end", "")
    title = more.get("title", f"Mailbox of {number:03} grows, WKS-{number:03} slow")
    words = more.get("words", "")
    by = f"Kenji Watanabe {number:03},{7000 + number}"
    return f'{entry},"{name}",{day},{start},{end},{hours},{by},"{title}",{words}'


def _last_week(kinds: dict[int, str], today: date) -> Iterator[str]:
    for number, kind in kinds.items():
        for part in range(4 if kind == "removals" else 1):
            yield _row(10_000 + 10 * number + part, number, today - timedelta(days=2), "0.75")


def _this_week(kinds: dict[int, str], today: date) -> Iterator[str]:
    day = today - timedelta(days=1)
    for number, kind in kinds.items():
        yield _row(10_000 + 10 * number, number, today - timedelta(days=2), "0.75")
        yield _row(20_000 + 10 * number, number, day, "1.25")
        if kind in _ASKS:
            yield _row(20_001 + 10 * number, number, day, **_ASKS[kind])
        elif kind == "company":
            yield _row(20_001 + 10 * number, number, day, "2.5", name=f"{name_of(number)} Holding Inc")


_ASKS = {
    "times": {"hours": "6.5", "start": "09:00", "end": "09:45"},
    "long": {"hours": "31", "title": "Migration of the file server"},
    "negative": {"hours": "-9.5", "title": "Goodwill after the outage"},
    "leak": {"hours": "1.0", "words": "Kenji Watanabe 001 restarted SRV-DC01 at 10.0.0.7"},
}
