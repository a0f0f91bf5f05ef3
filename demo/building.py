"""The whole demo, brought up to a moment: both providers, their people, their links."""

import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.providers import called, existing
from accounts.services import find_user
from accounts.tenancy import tenant_scope
from demo import open_matters, visitors
from demo.months import bring_up, scenario_of
from demo.scenario import FILES, Scenario, read_table


@dataclass(frozen=True, slots=True)
class Page:
    """A client's page to look at, and why."""

    client: str
    shown: str
    address: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What there is to look at. `steps`: how much was missing; none where the demo was up to date.

    A manager (`email`) and the owner sign in, with the same password.
    """

    steps: int
    since: date
    clients: int
    email: str
    owner: str
    password: str
    pages: tuple[Page, ...]


def is_loaded() -> bool:
    """Whether the demo was loaded before, up to whatever day."""
    return called(read_table(FILES[0])["provider"]["slug"]) is not None


@transaction.atomic
def load_demo(now: datetime, *, thin: bool = False) -> Demo:
    """Load the demo, or bring it up to `now`. `thin`: see `months.bring_up`."""
    password = kept_password(Path(settings.VAR) / "demo-password")
    steps = sum(bring_up(name, now, thin=thin) for name in FILES)
    scenarios = [scenario_of(name, now) for name in FILES]
    pages = tuple(page for scenario in scenarios for page in _receive(scenario, now))
    manager, owner = _who_signs_in(scenarios)
    for email in (manager, owner):
        let_in(email, password)
    since = min(scenario.starts for scenario in scenarios)
    clients = sum(len(scenario.customers) for scenario in scenarios)
    return Demo(steps, since, clients, manager, owner, password, pages)


def _who_signs_in(scenarios: Sequence[Scenario]) -> tuple[str, str]:
    """The manager and the owner of the provider that is looked at first."""
    first = next(each.demo for each in scenarios if "signs_in" in each.demo)
    return first["manager"], first["owner"]


def _receive(scenario: Scenario, now: datetime) -> Iterator[Page]:
    """Name the people, make the links; the pages that the file wants to be looked at."""
    name_people(scenario)
    with tenant_scope(existing(scenario.slug)):
        visitors.invite(scenario, now)
        open_matters.happen(scenario, now)
        for customer in scenario.customers:
            if customer.shown:
                yield Page(customer.name, customer.shown, visitors.address(customer, now))


SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another one
GROUPS, GROUP = 4, 4


def kept_password(path: Path) -> str:
    """The sign-ins' password: made at random on first use, kept where only the file's owner can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    groups = ("".join(secrets.choice(SIGNS) for _ in range(GROUP)) for _ in range(GROUPS))
    password = "-".join(groups)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(password + "\n")
    return password


def name_people(scenario: Scenario) -> None:
    """Give the members their names, where they have none yet."""
    for email, name in scenario.demo["people"].items():
        User.objects.filter(email=email, name="").update(name=name)


def let_in(email: str, password: str) -> None:
    """Make this the person's password, unless it is."""
    user = find_user(email)
    if user and not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
