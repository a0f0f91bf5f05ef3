"""What an agreement file says of a provider, as immutable values: its clients, their retainers, its people.

`agreements` reads and writes them, `loading` stores them; what a retainer's agreement says is in `terms`.
"""

from dataclasses import dataclass
from typing import Literal

from retainers.terms import Adjustment, Agreement, OpeningTimes, Rule, TopUp

Role = Literal["owner", "manager", "viewer"]


@dataclass(frozen=True, slots=True)
class RetainerFile:
    """A retainer as a file states it: the agreement and what was granted beside it."""

    agreement: Agreement
    top_ups: tuple[TopUp, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    email: str
    approves: bool = False
    alerts: bool = False


@dataclass(frozen=True, slots=True)
class ClientFile:
    slug: str
    name: str
    psa_names: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] | None = None  # None: the file does not speak of them
    retainers: tuple[RetainerFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    email: str
    role: Role


COLUMNS = (
    "name",
    "timezone",
    "support_email",
    "support_phone",
    "date_order",
    "trusted_notes",
    "shows_uncharged",
    "states_fee",
)


@dataclass(frozen=True, slots=True)
class ProviderFile:
    """Everything one `load_retainers` file says. `None`: the file does not speak of it."""

    slug: str
    name: str
    timezone: str | None = None
    support_email: str | None = None
    support_phone: str | None = None
    date_order: Literal["mdy", "dmy", "ymd"] | None = None
    trusted_notes: tuple[str, ...] | None = None
    shows_uncharged: tuple[str, ...] | None = None
    states_fee: bool | None = None
    business_hours: OpeningTimes | None = None
    rules: tuple[Rule, ...] | None = None
    members: tuple[Member, ...] = ()
    clients: tuple[ClientFile, ...] = ()

    @property
    def columns(self) -> dict[str, object]:
        """What the file says of the provider itself, as its columns hold it; what it leaves out stays."""
        said = {name: getattr(self, name) for name in COLUMNS}
        told = {name: value for name, value in said.items() if value is not None}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}
