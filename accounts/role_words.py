"""Roles and invitations as people read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _

from accounts.models import INVITATION_LIFE, ApiKey, Invitation, Role, User


@dataclass(frozen=True, slots=True)
class InvitationLine:
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
        return _("Its 72 hours are over.")
    ends = (invitation.created_at + INVITATION_LIFE).astimezone(zone)
    return _("Can be accepted until %(moment)s.") % {"moment": dateformat.format(ends, "j M Y, H:i")}


def person(user: User | None, key: ApiKey | None = None) -> str:
    """Who did something: a person, else the program with that key, else the command line."""
    if key:
        return _("API key “%(name)s”") % {"name": key.name}
    return str(user) if user else _("command line")
