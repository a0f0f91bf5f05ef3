"""What can be done at the desk, by the words that somebody would look for; only what the member may do."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Member
from retainers.models import Retainer

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Act:
    """`more`: further words that lead to it. `writes`, `owns`: for managers, for owners alone."""

    name: Words
    address: str
    more: str = ""
    writes: bool = False
    owns: bool = False


ACTS = (
    Act(_("Upload an export"), "imports", "import file csv excel", writes=True),
    Act(_("New client"), "client_new", "add company", writes=True),
    Act(_("New rule"), "rule_new", "add", writes=True),
    Act(_("Business hours and holidays"), "business_hours", "opening times after hours", writes=True),
    Act(_("What waits"), "waiting", "todo previews held"),
    Act(_("Word titles"), "wording", "wording lines"),
    Act(_("Rules"), "rules", "categories"),
    Act(_("Incidents"), "incidents", "tickets"),
    Act(_("Requests"), "requests", "approvals top-up"),
    Act(_("Month-end"), "month_end", "invoice statements billing close"),
    Act(_("Companies that are never clients"), "companies", "strangers unknown"),
    Act(_("Saved mappings"), "mappings", "columns"),
    Act(_("Answers about files"), "answers", "questions"),
    Act(_("Leak check"), "let_through", "allowed texts"),
    Act(_("Mails"), "mails", "alerts outbox", writes=True),
    Act(_("Members"), "members", "people invite roles", owns=True),
    Act(_("Settings"), "provider_settings", "logo colour zone phone", owns=True),
    Act(_("Who did what"), "trail", "audit history", owns=True),
)
OF_CLIENT = (
    Act(_("View as client"), "view_as_client", "page"),
    Act(_("Links and contacts"), "client_sharing", "share copy send"),
    Act(_("History"), "client_history", "publications imports"),
    Act(_("Edit the client"), "client_edit", "name contacts", writes=True),
    Act(_("Hours by hand"), "by_hand", "enter type paste", writes=True),
    Act(_("New agreement"), "agreement_new", "retainer", writes=True),
)
OF_RETAINER = (
    Act(_("Agreement"), "agreement", "terms cap"),
    Act(_("Notice"), "notice", "incident note", writes=True),
    Act(_("Hours granted"), "grants", "top-up credit charge", writes=True),
    Act(_("Statements"), "statements", "pdf"),
    Act(_("Renew"), "renew", "extend", writes=True),
    Act(_("What if"), "agreement_what_if", "try terms"),
)


def may(member: Member, act: Act) -> bool:
    return (member.writes or not act.writes) and (member.owns or not act.owns)


def fits(act: Act, words: list[str]) -> bool:
    """Whether each of the words is in the act's name, or among the words that lead to it."""
    said = f"{act.name} {act.more}".casefold()
    return all(word in said for word in words)


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
