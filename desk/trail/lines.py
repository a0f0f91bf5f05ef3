"""Deeds of the trail as lines to read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.audit import ACTIONS
from accounts.models import ActorKind, AuditEvent
from accounts.words import role_name
from presentation import days

TOLD = ("label", "text", "hours", "day", "cycle", "reason", "role")
MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Deed:
    """`clients` are the names of those that it is about."""

    what: str
    about: str
    when: str
    who: str
    clients: str = ""


def deeds(
    events: Iterable[AuditEvent], *, zone: ZoneInfo, names: Mapping[str, str] | None = None
) -> tuple[Deed, ...]:
    """`names` of clients by slug, where a line shall name them: then the events bring their `clients`."""
    return tuple(
        Deed(
            what=_(ACTIONS[event.action]) if event.action in ACTIONS else event.action,
            about=_about(event),
            when=days.moment(event.at, zone),
            who=who(event),
            clients=", ".join(names.get(each.client, each.client) for each in event.clients.all())
            if names
            else "",
        )
        for event in events
    )


def who(event: AuditEvent) -> str:
    """Who did it, by name and kind; a member by the name that they have now."""
    if event.actor_kind == ActorKind.KEY:
        return _("API key “%(name)s”") % {"name": event.actor}
    if event.actor_kind == ActorKind.CONTACT:
        return _("%(name)s, a contact") % {"name": event.actor}
    return _("command line") if event.actor_kind == ActorKind.COMMAND else event.actor


def _about(event: AuditEvent) -> str:
    """What it was done to, and what is on record of it."""
    detail = event.detail
    told = [event.subject, *(str(detail[name]) for name in TOLD if detail.get(name)), *_changes(event)]
    if event.action.startswith("link") and "link" in detail:
        told.insert(0, _("number %(number)s") % {"number": detail["link"]})
    return " · ".join(text for text in told if text)


def _changes(event: AuditEvent) -> list[str]:
    """What became what: roles, settings, and the first things that a saved agreement changed."""
    detail = event.detail
    if event.action == "role changed":
        return [
            _("%(before)s → %(after)s") % {name: _role(detail.get(name, "")) for name in ("before", "after")}
        ]
    changes = [str(each) for each in detail.get("changes") or detail.get("changed") or ()]
    more = len(changes) - MOST_CHANGES
    return [
        ", ".join(changes[:MOST_CHANGES]) + (_(" and %(count)d more") % {"count": more} if more > 0 else "")
    ]


def _role(name: str) -> str:
    return _("no member") if name in ("", "removed") else role_name(name)
