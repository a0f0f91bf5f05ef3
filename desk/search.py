"""One search over the desk: clients, tickets, imports and acts, as a page and as the palette of the keyboard.

Acts are found by the words that somebody would look for; only what the member may do.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import Member, the_member, viewer
from desk.dashboard.selectors import company_names
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


Words = str | Promise
LITTLE = frozenset({"a", "an", "the", "of", "for", "to", "my", "our"})  # words that say nothing of an act


@dataclass(frozen=True, slots=True)
class Act:
    """`more`: further words that lead to it. `writes`, `owns`: for managers, for owners alone."""

    name: Words
    address: str
    more: str = ""
    writes: bool = False
    owns: bool = False


ACTS = (
    Act(gettext_lazy("Upload an export"), "imports", "import file csv excel", writes=True),
    Act(gettext_lazy("New client"), "client_new", "add company", writes=True),
    Act(gettext_lazy("New rule"), "rule_new", "add", writes=True),
    Act(
        gettext_lazy("Business hours and holidays"),
        "business_hours",
        "opening times after hours",
        writes=True,
    ),
    Act(gettext_lazy("What waits"), "waiting", "todo previews held"),
    Act(gettext_lazy("Word titles"), "wording", "wording lines"),
    Act(gettext_lazy("Rules"), "rules", "categories"),
    Act(gettext_lazy("Incidents"), "incidents", "tickets"),
    Act(gettext_lazy("Requests"), "requests", "approvals top-up"),
    Act(gettext_lazy("Month-end"), "month_end", "invoice statements billing close"),
    Act(gettext_lazy("Not counted"), "month_end_uncounted", "month excluded refused nobody"),
    Act(gettext_lazy("Effective rate"), "month_end_rates", "month fee per hour uses too little"),
    Act(gettext_lazy("Remembered words"), "remembered", "memory forget titles"),
    Act(gettext_lazy("Companies that are never clients"), "companies", "strangers unknown"),
    Act(gettext_lazy("Saved mappings"), "mappings", "columns"),
    Act(gettext_lazy("Answers about files"), "answers", "questions"),
    Act(gettext_lazy("Leak check"), "let_through", "allowed texts"),
    Act(gettext_lazy("Mails"), "mails", "alerts outbox", writes=True),
    Act(gettext_lazy("Members"), "members", "people invite roles", owns=True),
    Act(gettext_lazy("API keys"), "api_keys", "programs push drop off", owns=True),
    Act(gettext_lazy("Webhooks"), "webhooks", "teams slack channel", owns=True),
    Act(gettext_lazy("Settings"), "provider_settings", "logo colour zone phone", owns=True),
    Act(gettext_lazy("Who did what"), "trail", "audit history", owns=True),
)
OF_CLIENT = (
    Act(gettext_lazy("View as client"), "view_as_client", "page"),
    Act(gettext_lazy("Links and contacts"), "client_sharing", "share copy send"),
    Act(gettext_lazy("History"), "client_history", "publications imports"),
    Act(gettext_lazy("Edit the client"), "client_edit", "name contacts", writes=True),
    Act(gettext_lazy("Hours by hand"), "by_hand", "enter type paste", writes=True),
    Act(gettext_lazy("New agreement"), "agreement_new", "retainer", writes=True),
)
OF_RETAINER = (
    Act(gettext_lazy("Agreement"), "agreement", "terms cap"),
    Act(gettext_lazy("Notice"), "notice", "incident note", writes=True),
    Act(gettext_lazy("Hours granted"), "grants", "top-up credit charge", writes=True),
    Act(gettext_lazy("Statements"), "statements", "pdf"),
    Act(gettext_lazy("Renew"), "renew", "extend", writes=True),
    Act(gettext_lazy("What if"), "agreement_what_if", "try terms"),
)


def may(member: Member, act: Act) -> bool:
    return (member.writes or not act.writes) and (member.owns or not act.owns)


def fits(act: Act, words: list[str]) -> bool:
    """Whether each of the words is in the act's name, or among the words that lead to it."""
    said = f"{act.name} {act.more}".casefold()
    meant = [word for word in words if word not in LITTLE] or words
    return all(word in said for word in meant)


def of_client(slug: str, retainers: list[Retainer], member: Member) -> Iterator[tuple[Act, str, str]]:
    """Each act on that client, its address, and the agreement's name where there are several."""
    for act in OF_CLIENT:
        if may(member, act):
            yield act, reverse(act.address, args=[slug]), ""
    for row in retainers:
        for act in OF_RETAINER:
            if may(member, act):
                yield (
                    act,
                    reverse(act.address, args=[slug, row.key]),
                    _named(row) if len(retainers) > 1 else "",
                )


def _named(row: Retainer) -> str:
    return str(row.publication.version.document["name"]) if row.publication else row.key


@require_safe
@viewer
def search(request: HttpRequest) -> HttpResponse:
    page = search_page(the_member(request), request.GET.get("q", ""))
    return render(request, "search/page.html", {"page": page})
