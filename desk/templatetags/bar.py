"""The header bar: its entries, which of them is the current one, and how much waits behind each."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse

from accounts.tenancy import TenantRequiredError
from desk.waiting import things_of

register = template.Library()
SECTIONS = (
    ("admin/imports/wording/", "wording"),
    ("admin/imports/", "imports"),
    ("admin/rules/", "rules"),
    ("incidents/", "incidents"),
    ("month-end/", "month-end"),
    ("requests/", "requests"),
    ("waiting/", "waiting"),
    ("companies/", "companies"),
    ("mappings/", "mappings"),
    ("answers/", "answers"),
    ("leak-check/", "leak-check"),
    ("settings/", "settings"),
    ("trail/", "trail"),
    ("members/", "members"),
    ("mails/", "mails"),
    ("sessions/", "sessions"),
    ("clients", "clients"),
)


@dataclass(frozen=True, slots=True)
class Target:
    """An entry of the bar: its words, the name of its address, its section; and the kind of thing that waits there,
    which is said to who can't see it where it isn't all that waits.
    """

    words: str
    address: str
    section: str = ""
    kind: str = ""
    spoken: str = ""


EVERYTHING = "everything"
MAIN = (
    Target("Clients", "dashboard", "clients"),
    Target("Waiting", "waiting", "waiting", EVERYTHING),
    Target("Imports", "imports", "imports", "previews", "waiting: "),
    Target("Wording", "wording", "wording"),
    Target("Rules", "rules", "rules"),
    Target("Incidents", "incidents", "incidents"),
    Target("Requests", "requests", "requests", "requests", "waiting: "),
    Target("Month-end", "month_end", "month-end"),
)
OF_OWNERS = (
    Target("Members", "members", "members"),
    Target("Settings", "provider_settings", "settings"),
    Target("Who did what", "trail", "trail"),
)
OF_ALL = (
    Target("Companies", "companies", "companies"),
    Target("Mappings", "mappings", "mappings"),
    Target("Answers", "answers", "answers"),
    Target("Leak check", "let_through", "leak-check"),
    Target("Records", "admin:index"),
)
OF_MANAGERS = (Target("Mails", "mails", "mails"),)
OF_ONESELF = (
    Target("Second step", "mfa_index"),
    Target("Where you are signed in", "sessions", "sessions"),
)


@dataclass(frozen=True, slots=True)
class BarEntry:
    """A target as the page shows it; `spoken` is read out before the number that `waits`."""

    words: str
    href: str
    is_here: bool
    waits: int
    spoken: str


@dataclass(frozen=True, slots=True)
class Menu:
    """`main` stands in the bar, `more` behind the member's name."""

    main: tuple[BarEntry, ...]
    more: tuple[BarEntry, ...]


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> Menu:
    """The entries for whoever looks at the page."""
    here, waits, member = _section(context), _waiting(context), context.get("member")
    more = (
        *(OF_OWNERS if member and member.owns else ()),
        *OF_ALL,
        *(OF_MANAGERS if member and member.writes else ()),
        *OF_ONESELF,
    )
    return Menu(*(tuple(_entry(each, here, waits) for each in part) for part in (MAIN, more)))


def _entry(target: Target, here: str, waits: Counter[str]) -> BarEntry:
    is_here = bool(here) and target.section == here
    return BarEntry(target.words, reverse(target.address), is_here, waits[target.kind], target.spoken)


def _waiting(context: dict[str, Any]) -> Counter[str]:
    """What waits at the member's provider, by kind; nothing where no provider is in scope."""
    request = context.get("request")
    if request is None or not context.get("member"):
        return Counter()
    try:
        kinds = Counter(thing.kind for thing in things_of(request))
    except TenantRequiredError:
        return Counter()
    return kinds + Counter({EVERYTHING: kinds.total()})


def _section(context: dict[str, Any]) -> str:
    """The part of the desk that the page belongs to, by its address; "" for any other page."""
    request = context.get("request")
    match = request.resolver_match if request else None
    if match is None:
        return ""
    if match.url_name == "dashboard":
        return "clients"
    return next((name for start, name in SECTIONS if match.route.startswith(start)), "")
