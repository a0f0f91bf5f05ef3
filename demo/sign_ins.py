"""The demo's people: their names, and those who can sign in."""

import os
import secrets
from pathlib import Path

from accounts.models import User
from accounts.services import find_user
from demo.scenario import Scenario

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
