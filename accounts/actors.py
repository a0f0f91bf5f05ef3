"""Who does something: a member, a program with its key, a contact from their own mail, or the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from accounts.models import ActorKind, ApiKey, User


@dataclass(frozen=True, slots=True)
class Actor:
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
