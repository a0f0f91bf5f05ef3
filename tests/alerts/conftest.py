"""A provider with one client of ten hours a month, an owner, and a short way to publish work and to tick."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils.timezone import now

from accounts.access import zone_of
from accounts.models import Provider, Role
from accounts.tenancy import tenant_scope
from portal import links
from retainers.models import Client, Retainer
from tests.factories import MembershipFactory, publish_work
from tests.shared_rows import shared_rows

AGREEMENT = """
[provider]
slug = "north"
name = "North IT"
timezone = "America/Chicago"
[[clients]]
slug = "acme"
name = "Acme Dental"
contacts = [{{ name = "Pat Lee", email = "pat@acme.example", alerts = true }}]
[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-01
updates_on = ["mon"]
{more}
[[clients.retainers.terms]]
hours_from = "worked"
{terms}
"""
BANK = 'pools = [{ key = "support", name = "IT support", hours = "10" }]'
NOON = datetime(2026, 11, 18, 18, tzinfo=UTC)  # a Wednesday


@dataclass
class House:
    provider: Provider
    clock: Callable[..., None]
    folder: object
    file: int = 0

    def load(self, more: str = "", terms: str = BANK) -> None:
        path = self.folder / "a.toml"
        path.write_text(AGREEMENT.format(more=more, terms=terms))
        call_command("load_retainers", str(path), stdout=StringIO())

    def work(self, *rows: tuple[date, str], ticket: str = "T1") -> None:
        """Publish the rows, complete through today."""
        at = now()
        today = at.astimezone(zone_of(self.provider)).date()
        with tenant_scope(self.provider):
            retainer = Retainer.objects.get(key="support")
        publish_work(retainer, *rows, at=at, through=today, incident=ticket)

    def bring(self, *rows: tuple[date, str], ticket: str = "T1", options: tuple[str, ...] = ()) -> int:
        """Publish the rows as one more import; its number."""
        self.file += 1
        path = self.folder / f"{self.file}.csv"
        lines = [
            f"{self.file}{n},Acme Dental,{day},{hours},Mel Stone,{ticket},Switch edge01 down"
            for n, (day, hours) in enumerate(rows)
        ]
        head = "Entry ID,Client,Date,Hours,Technician,Ticket,Title"
        path.write_text("\n".join([head, *lines]) + "\n")
        call_command(
            "import_csv",
            str(path),
            "--provider",
            "north",
            "--publish",
            "--accept",
            "one-company",
            "--removals",
            "keep",
            *options,
            stdout=StringIO(),
        )
        return self.file

    def tick(self) -> list[mail.EmailMultiAlternatives]:
        """The mails that a tick sends."""
        before = len(mail.outbox)
        call_command("tick", stdout=StringIO())
        return mail.outbox[before:]

    def at(self, moment: datetime) -> None:
        self.clock(moment)


@shared_rows
def agreed(tmp_path, time_machine) -> None:
    time_machine.move_to(NOON, tick=False)
    house_in(tmp_path, time_machine, Provider()).load()
    provider = Provider.objects.get()
    MembershipFactory(provider=provider, role=Role.OWNER, user__email="dana@north.example")
    MembershipFactory(provider=provider, role=Role.VIEWER, user__email="vic@north.example")
    with tenant_scope(provider):
        links.create(client=Client.objects.get(), by=None)


@pytest.fixture
def house(transactional_db, agreed, tmp_path, time_machine) -> House:
    mail.outbox.clear()
    return house_in(tmp_path, time_machine, Provider.objects.get())


def house_in(folder: Path, time_machine: Any, provider: Provider) -> House:
    return House(provider, lambda moment: time_machine.move_to(moment, tick=False), folder)


def to(mails, address):
    return [each for each in mails if each.to == [address]]
