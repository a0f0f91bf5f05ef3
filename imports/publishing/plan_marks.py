"""What a plan names: clients, published entries, companies that are nobody's yet, and rows that are left out. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from retainers.hours import ZERO
from retainers.models import Client


@dataclass(frozen=True, slots=True)
class ClientMark:
    """Which client: its key, its slug, and its name when the plan was made."""

    pk: int
    slug: str
    name: str


def client_mark(client: Client) -> ClientMark:
    return ClientMark(client.pk, client.slug, client.name)


@dataclass(frozen=True, slots=True)
class EntryMark:
    """A published entry as the plan found it: what it is known by, and what a page says of it."""

    pk: int
    client: str  # its slug
    origin: UUID
    retainer_id: int
    retainer: str
    day: date
    hours: Decimal | None  # worked, else billable, else deducted, as the export had it
    worked: Decimal | None
    pool: str
    wording: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A company that is no client yet, with client names that look alike (offered, never merged).

    `stops`: the clients whose dates don't move before it is settled.
    `agreements`: the names that the file has for its agreements.
    `sign`: by which it is left out. `of`: the client (then `company` is its name) of which not the company is
    unknown but the one agreement in `agreements`, none where its rows name none.
    """

    company: str
    rows: int
    near: tuple[ClientMark, ...] = ()
    hours: Decimal = ZERO  # worked
    stops: tuple[ClientMark, ...] = ()
    agreements: tuple[str, ...] = ()
    sign: str = ""
    of: ClientMark | None = None

    @property
    def agreement(self) -> str:
        """The agreement of a known client that no retainer of it names; "" for rows that name none."""
        return self.agreements[0] if self.of and self.agreements else ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`client` is its slug, "" for an unknown `company`, in whose place a known client's unknown agreement stands;
    `month` is YYYY-MM; `hours` as worked, two places.
    """

    client: str
    company: str
    reason: str
    month: str
    rows: int
    hours: Decimal
