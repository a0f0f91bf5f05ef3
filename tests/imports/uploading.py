"""A world for the import pages: three clients, a manager who is signed in, and files to upload."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import Role
from accounts.tenancy import tenant_scope
from desk.imports.unattended import publish_unseen
from imports import originals
from imports.models import DraftWording, Import
from retainers.models import CompanyName, Entry, Retainer
from tests.factories import ClientFactory, MembershipFactory, ProviderFactory, a_retainer
from tests.world import Person, World

HEADER = "Entry ID,Client,Date,Hours,Technician,Ticket,Title,Work type"
NOW = "2026-02-16 12:00:00+00:00"


@dataclass(kw_only=True)
class ImportWorld(World):
    """With a manager and files to upload."""

    manager: Person

    def upload(self, *rows: str, name: str = "week.csv", **said: str) -> Import:
        text = "\n".join((HEADER, *rows)) + "\n"
        return self.upload_bytes(text.encode(), name=name, **said)

    def upload_bytes(self, data: bytes, name: str = "week.csv", **said: str) -> Import:
        self.manager.post(reverse("upload_import"), {"file": SimpleUploadedFile(name, data), **said})
        with tenant_scope(self.provider):
            found: Import = Import.objects.first()
        return found

    def page(self, source: Import) -> str:
        return self.manager.get(reverse("import", args=[source.pk])).content.decode()

    def post(self, name: str, source: Import, **fields: object) -> str:
        """Post to one of the import's addresses; the page that follows."""
        answer = self.manager.post(reverse(name, args=[source.pk]), fields, follow=True)
        return answer.content.decode()

    def publish(
        self,
        source: Import,
        publish: tuple[str, ...] = ("acme", "birch", "cobalt"),
        accept: tuple[str, ...] = ("one-company",),
        **fields,
    ) -> str:
        """Publish what the page shows. A week's file is whole, however few companies it names: `accept` says so."""
        page = self.page(source)
        return self.post(
            "publish_import",
            source,
            digest=hidden(page, "digest"),
            shown=hidden(page, "shown"),
            asked=hidden(page, "asked"),
            publish=list(publish),
            accept=list(accept),
            **fields,
        )

    def fresh(self, source: Import) -> Import:
        with tenant_scope(self.provider):
            found: Import = Import.objects.get(pk=source.pk)
        return found

    def live(self, slug: str) -> list[Entry]:
        with tenant_scope(self.provider):
            return list(
                Entry.objects.filter(retainer__client__slug=slug, retired_in=None).order_by("day", "pk")
            )

    def through(self, slug: str) -> object:
        with tenant_scope(self.provider):
            return Retainer.objects.get(client__slug=slug).publication.through

    def words(self, slug: str) -> list[str]:
        return [entry.wording for entry in self.live(slug)]


def an_import_world() -> ImportWorld:
    provider = ProviderFactory()
    manager = Person(MembershipFactory(provider=provider, role=Role.MANAGER))
    with tenant_scope(provider):
        for slug, name in (("acme", "Acme Dental"), ("birch", "Birch & Lowe"), ("cobalt", "Cobalt Freight")):
            client = ClientFactory(provider=provider, slug=slug, name=name)
            CompanyName.objects.create(client=client, name=name, key=name.casefold())
            a_retainer(client)
    return ImportWorld(provider=provider, manager=manager)


def bring(
    world: ImportWorld,
    *rows: str,
    header: str = HEADER,
    words: Iterable[tuple[int, str]] = (),
    **said: object,
) -> Import:
    """Publish a file as a program does, with words given to single lines of it."""
    data = "\n".join((header, *rows, "")).encode()
    with tenant_scope(world.provider):
        options = {"accept": ["all"], **said}
        source = originals.store(
            data=data, file_name="week.csv", client=None, options=options, by=None, at=now()
        )
        for line, text in words:
            DraftWording.objects.create(draft_of=source, line=line, text=text)
        publish_unseen(source=source, by=None, at=now())
    return source


def row(number: int, client: str, day: str, hours: str, title: str = "Backup check", **more: str) -> str:
    ticket, technician = more.get("ticket", ""), more.get("technician", "Priya Nair")
    return (
        f'{number},{client},{day},{hours},{technician},{ticket},"{title}",{more.get("work_type", "Remote")}'
    )


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    return found.group(1) if found else ""


def tick_of(page: str, slug: str) -> bool:
    """Whether the client's tick is set."""
    found = re.search(rf'<input[^>]*name="publish"[^>]*value="{slug}"[^>]*>', page)
    assert found, f"no tick for {slug}"
    return "checked" in found.group(0)
