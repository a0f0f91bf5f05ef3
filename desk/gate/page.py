"""What the leak check lets through, with who and when, and what it holds back: a page to look at and take back."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts import actors as account_words
from accounts.access import zone_of
from accounts.models import Provider
from desk.wording.marked import Marked, marked
from presentation import days
from retainers.gate.known import read_gate
from retainers.gate.waiting import AGREEMENT, GRANT, NAME, NOTICE, STATEMENT, WORDS, HeldBack, held_back
from retainers.models import Client, LetThrough

MOST_HELD_BACK = 200


@dataclass(frozen=True, slots=True)
class LetLine:
    pk: int
    text: str
    where: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """`href` leads to where it can be reworded."""

    client: str
    href: str
    what: str
    text: Marked


@dataclass(frozen=True, slots=True)
class GatePage:
    let: tuple[LetLine, ...]
    held: tuple[HeldLine, ...]
    more: str


def gate_page(provider: Provider) -> GatePage:
    rows = LetThrough.objects.select_related("client", "let_by")
    zone = zone_of(provider)
    names = dict(Client.objects.values_list("slug", "name"))
    held = held_back(provider, read_gate(provider))
    more = len(held) - MOST_HELD_BACK
    return GatePage(
        let=tuple(
            LetLine(
                row.pk, row.text, _where(row), account_words.person(row.let_by), days.moment(row.let_at, zone)
            )
            for row in rows
        ),
        held=tuple(_held(each, names) for each in held[:MOST_HELD_BACK]),
        more=_("and %(count)d more") % {"count": more} if more > 0 else "",
    )


def _where(row: LetThrough) -> str:
    if row.kind == LetThrough.Kind.FIND:
        return _("wherever it appears")
    if row.client is None:
        return _("these very words, at every client")
    return _("these very words, at %(client)s") % {"client": row.client.name}


def _held(each: HeldBack, names: Mapping[str, str]) -> HeldLine:
    return HeldLine(
        client=names.get(each.slug, ""),
        href=f"/clients/{each.slug}/" if each.slug else "/settings/",
        what=what_it_is(each.what),
        text=marked(each.text, each.hits),
    )


def what_it_is(kind: str) -> str:
    """A kind of text as people call it."""
    return {
        AGREEMENT: _("Agreement"),
        NOTICE: _("Notice"),
        GRANT: _("Note of a grant"),
        STATEMENT: _("Reason of a restatement"),
        WORDS: _("Words of an entry"),
        NAME: _("Name"),
    }[kind]
