"""The form of a client: its name, the names that the PSA knows it by, and its contacts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.http import QueryDict

from desk.agreements.draft import MOST
from retainers.agreements.readers import key_of
from retainers.agreements.reading import read_client
from retainers.files import ClientFile
from retainers.models import Client


@dataclass(frozen=True, slots=True)
class ContactRow:
    name: str = ""
    email: str = ""
    approves: bool = False
    alerts: bool = False


@dataclass(frozen=True, slots=True)
class ClientDraft:
    """`psa_names` are new names, one a line; `dropped` are known ones that were ticked to go."""

    slug: str = ""
    name: str = ""
    psa_names: str = ""
    dropped: tuple[str, ...] = ()
    contacts: tuple[ContactRow, ...] = ()

    @classmethod
    def read(cls, post: QueryDict) -> Self:
        name = " ".join(post.get("name", "").split())
        rows = [_contact(post, at) for at in range(MOST) if f"contacts-{at}-email" in post]
        return cls(
            slug=post.get("slug", "").strip() or slug_of(name),
            name=name,
            psa_names=post.get("psa_names", "").replace("\r\n", "\n"),
            dropped=tuple(post.getlist("drop")),
            contacts=tuple(row for row in rows if row.name or row.email),
        )

    @property
    def named(self) -> str:
        """The short name, unless it is the name's own."""
        return "" if self.slug == slug_of(self.name) else self.slug

    @property
    def rows(self) -> tuple[ContactRow, ...]:
        """The contacts, with a row to fill in."""
        return (*self.contacts, ContactRow())

    def judged(self) -> tuple[ClientFile, Mapping[str, Sequence[str]]]:
        """What would be saved, and what is wrong with it by the name of the input."""
        raw: dict[str, Any] = {
            "slug": self.slug,
            "name": self.name,
            "psa_names": [line.strip() for line in self.psa_names.splitlines() if line.strip()],
            "contacts": [
                {"name": row.name, "email": row.email, "approves": row.approves, "alerts": row.alerts}
                for row in self.contacts
            ],
        }
        said, findings = read_client(raw)
        errors: dict[str, list[str]] = defaultdict(list)
        for place, message in findings:
            errors["-".join(str(part) for part in place.path)].append(f"{message[:1].upper()}{message[1:]}.")
        return said, dict(errors)


def slug_of(name: str) -> str:
    """The short name that a client gets from its name."""
    return key_of(name).replace("_", "-")


def _contact(post: QueryDict, at: int) -> ContactRow:
    prefix = f"contacts-{at}-"
    return ContactRow(
        name=" ".join(post.get(f"{prefix}name", "").split()),
        email=post.get(f"{prefix}email", "").strip(),
        approves=f"{prefix}approves" in post,
        alerts=f"{prefix}alerts" in post,
    )


def draft_of_client(client: Client) -> ClientDraft:
    return ClientDraft(
        slug=client.slug,
        name=client.name,
        contacts=tuple(ContactRow(c.name, c.email, c.approves, c.alerts) for c in client.contacts.all()),
    )
