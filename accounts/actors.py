"""Who does something: a member, a program with its key, a contact, or the command line; and what we call them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import INVITATION_LIFE, ActorKind, ApiKey, Invitation, Role, User
from accounts.zones import moment_on_wall


class Actor(NamedTuple):
    """`name` is how the trail keeps it for good: an address, a key's name, or who sits at the command line;
    `reason` is what the command was given for.
    """

    kind: ActorKind
    name: str
    member: User | None = None
    key: ApiKey | None = None
    reason: str = ""


COMMAND_LINE = Actor(ActorKind.COMMAND, "command line")
_nobody: ContextVar[Actor] = ContextVar("hourtab_nobody", default=COMMAND_LINE)


def contact(email: str) -> Actor:
    """Somebody at a client, known by the address at which they pressed the button."""
    return Actor(ActorKind.CONTACT, email)


@contextmanager
def with_key(key: ApiKey) -> Iterator[None]:
    """While this is open, what no person does is done by the program that holds the key."""
    token = _nobody.set(Actor(ActorKind.KEY, key.name, key=key))
    try:
        yield
    finally:
        _nobody.reset(token)


@contextmanager
def at_the_command_line(name: str, reason: str) -> Iterator[None]:
    """While this is open, what no person does is done by who gave the command, for that reason."""
    token = _nobody.set(Actor(ActorKind.COMMAND, name, reason=reason))
    try:
        yield
    finally:
        _nobody.reset(token)


def actor_of(by: User | Actor | None) -> Actor:
    """The actor of a deed; None: no person, so the program whose request this is, or the command line."""
    if isinstance(by, Actor):
        return by
    return Actor(ActorKind.MEMBER, by.email, member=by) if by else _nobody.get()


class InvitationLine(NamedTuple):
    pk: int
    email: str
    role: str
    until: str


def role_name(role: str) -> str:
    return {Role.OWNER: _("owner"), Role.MANAGER: _("manager"), Role.VIEWER: _("viewer")}[Role(role)]


def invitation_lines(
    invitations: Iterable[Invitation], zone: ZoneInfo, now: datetime
) -> tuple[InvitationLine, ...]:
    """Each with the moment, on the provider's wall, until which it can be accepted."""
    return tuple(
        InvitationLine(each.pk, each.email, role_name(each.role), _until(each, zone, now))
        for each in invitations
    )


def _until(invitation: Invitation, zone: ZoneInfo, now: datetime) -> str:
    if not invitation.is_open(now):
        return _("It has expired after 72 hours.")
    ends = moment_on_wall(invitation.created_at + INVITATION_LIFE, zone)
    return _("Can be accepted until %(moment)s.") % {"moment": ends}


def person(user: User | None, key: ApiKey | None = None) -> str:
    """Who did something: a person, else the program with that key, else the command line."""
    if key:
        return _("API key “%(name)s”") % {"name": key.name}
    return str(user) if user else _("command line")
