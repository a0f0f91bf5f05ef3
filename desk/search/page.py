"""What a search finds, in finished lines: a few of each kind, the nearest first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Member
from desk.dashboard.selectors import company_names
from desk.search.acts import ACTS, fits, may, of_client
from imports.models import Import, SourceRow
from retainers.models import Client, Entry, Retainer
from retainers.selectors import retainers_of

MOST = 8  # of a kind
CLIENTS_WITH_ACTS = 3
LOOKED_AT = 300  # rows of exports
SHORTEST = 2
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Found:
    """A line that leads somewhere; `more` is what tells it from others of that name."""

    name: str
    href: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class FoundGroup:
    name: str
    lines: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`told`: how much was found, as a screen reader says it."""

    words: str
    groups: tuple[FoundGroup, ...]
    told: str


def search_page(member: Member, typed: str) -> SearchPage:
    """What is found for these words at the member's provider; without words, what can be done."""
    said = " ".join(typed.split())[:LONGEST]
    words = said.casefold().split()
    clients = _clients(words) if words else []
    groups = [
        FoundGroup(_("Clients"), tuple(_client_line(row) for row, rest in clients if not rest)[:MOST]),
        FoundGroup(_("Acts"), (*_client_acts(member, clients), *_acts(member, words))[: MOST * 2]),
        FoundGroup(_("Tickets"), tuple(_tickets(said)) if len(said) >= SHORTEST else ()),
        FoundGroup(_("Imports"), tuple(_imports(said)) if words else ()),
    ]
    kept = tuple(group for group in groups if group.lines)
    return SearchPage(said, kept, _told(sum(len(group.lines) for group in kept)))


def _told(count: int) -> str:
    if not count:
        return _("Nothing was found.")
    return _("1 found") if count == 1 else _("%(count)d found") % {"count": count}


def _clients(words: list[str]) -> list[tuple[Client, list[str]]]:
    """The clients that some of the words name, with the words that don't; those that all of them name first."""
    known = company_names()
    found = []
    for row in Client.objects.all():
        said = f"{row.name} {row.slug} {known.get(row.slug, '')}".casefold()
        rest = [word for word in words if word not in said]
        if len(rest) < len(words):
            found.append((row, rest))
    return sorted(found, key=lambda each: (len(each[1]), each[0].name.casefold()))


def _client_line(row: Client) -> Found:
    return Found(row.name, reverse("client", args=[row.slug]))


def _client_acts(member: Member, clients: list[tuple[Client, list[str]]]) -> Iterator[Found]:
    """What can be done for the clients that are named, where further words say what."""
    named = [(row, rest) for row, rest in clients if rest or len(clients) == 1][:CLIENTS_WITH_ACTS]
    retainers: Mapping[str, list[Retainer]] = _retainers(row.slug for row, _rest in named)
    for row, rest in named:
        for act, href, agreement in of_client(row.slug, retainers.get(row.slug, []), member):
            if fits(act, rest):
                yield Found(str(act.name), href, " · ".join(part for part in (row.name, agreement) if part))


def _retainers(slugs: Iterable[str]) -> dict[str, list[Retainer]]:
    found: dict[str, list[Retainer]] = defaultdict(list)
    for row in retainers_of(list(slugs)):
        found[row.client.slug].append(row)
    return found


def _acts(member: Member, words: list[str]) -> Iterator[Found]:
    for act in ACTS:
        if may(member, act) and fits(act, words):
            yield Found(str(act.name), reverse(act.address))


def _tickets(said: str) -> Iterator[Found]:
    """Tickets whose number begins like this, or whose title says it; each leads to its newest published entry."""
    rows = SourceRow.objects.filter(Q(ticket__istartswith=said) | Q(title__icontains=said)).exclude(ticket="")
    looked = {row.origin: row for row in rows.order_by("-pk")[:LOOKED_AT]}
    live = Entry.objects.filter(origin__in=list(looked), retired_in=None).select_related("retainer__client")
    seen: set[tuple[str, str]] = set()
    for entry in live.order_by("-day", "-pk"):
        row, slug = looked[entry.origin], entry.retainer.client.slug
        if (slug, row.ticket) in seen or len(seen) == MOST:
            continue
        seen.add((slug, row.ticket))
        href = reverse("entry", args=[slug, entry.retainer.key, entry.origin])
        yield Found(f"{row.ticket} {row.title}".strip(), href, entry.retainer.client.name)


def _imports(said: str) -> Iterator[Found]:
    number = said.casefold().removeprefix("import").strip(" #")
    wanted = Q(file_name__icontains=said)
    if number.isascii() and number.isdigit() and len(number) < 10:
        wanted |= Q(pk=int(number))
    for row in Import.objects.filter(wanted).order_by("-pk")[:MOST]:
        name = _("Import %(number)d") % {"number": row.pk}
        yield Found(name, reverse("import", args=[row.pk]), row.file_name)
