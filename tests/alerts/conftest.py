"""A provider with one client of ten hours a month, an owner, and a short way to publish work and to tick."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
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
from tests.factories import (
    PAT,
    MembershipFactory,
    agreement_file,
    client_table,
    load_agreements,
    publish_export,
    publish_work,
    retainer_table,
)
from tests.shared_rows import shared_rows
from tests.world import World

NOON = datetime(2026, 11, 18, 18, tzinfo=UTC)  # a Wednesday


@dataclass(kw_only=True)
class AlertWorld(World):
    clock: Callable[..., None]
    folder: Path
    file: int = 0

    def load(self, *further: dict[str, Any], **differences: Any) -> None:
        """Acme's agreement, where it differs in this, and further ones of Acme."""
        support = retainer_table(**{"updates_on": ["mon"], **differences})
        acme = client_table("Acme Dental", support, *further, contacts=[PAT | {"alerts": True}])
        load_agreements(self.folder, agreement_file(acme, timezone="America/Chicago"))

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
        lines = [
            f"{self.file}{n},Acme Dental,{day},{hours},Mel Stone,{ticket},Switch edge01 down"
            for n, (day, hours) in enumerate(rows)
        ]
        text = "\n".join(["Entry ID,Client,Date,Hours,Technician,Ticket,Title", *lines]) + "\n"
        publish_export(self.folder, text, "--accept", "one-company", "--removals", "keep", *options)
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
    world_in(tmp_path, time_machine, Provider()).load()
    provider = Provider.objects.get()
    MembershipFactory(provider=provider, role=Role.OWNER, user__email="dana@north.example")
    MembershipFactory(provider=provider, role=Role.VIEWER, user__email="vic@north.example")
    with tenant_scope(provider):
        links.create(client=Client.objects.get(), by=None)


@pytest.fixture
def world(transactional_db, agreed, tmp_path, time_machine) -> AlertWorld:
    mail.outbox.clear()
    return world_in(tmp_path, time_machine, Provider.objects.get())


def world_in(folder: Path, time_machine: Any, provider: Provider) -> AlertWorld:
    clock = partial(time_machine.move_to, tick=False)
    return AlertWorld(provider=provider, clock=clock, folder=folder)


def to(mails, address):
    return [each for each in mails if each.to == [address]]
