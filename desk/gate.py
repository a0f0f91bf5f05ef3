"""The leak check in forms, and the page of what it lets through and what it holds back.

Typed words on their way to a client are shown with what was found, and wait for a person. What was let through is
listed with who and when, and taken back by a manager.

A form hands its client-facing texts to `look`. The tick “let it through” names the very words that were shown, so
words that were changed since are looked at again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actors as account_words
from accounts.access import Member, manager, the_member, theirs, viewer, zone_of
from accounts.already import DoneAlreadyError, tells_who, to_list
from accounts.models import Provider, User
from leaks import Hit
from presentation import days
from retainers.gate.known import read_gate, spelled, words_key
from retainers.gate.letting import letting, take_back
from retainers.gate.waiting import AGREEMENT, GRANT, NAME, NOTICE, STATEMENT, WORDS, HeldBack, held_back
from retainers.models import Client, LetThrough


@dataclass(frozen=True, slots=True)
class MarkedPiece:
    """A stretch of text; `why` is what the leak check says of it, "" where it says nothing."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """`whys`: each sentence once, in order."""

    pieces: tuple[MarkedPiece, ...]
    whys: tuple[str, ...] = ()


def marked(text: str, hits: Sequence[Hit]) -> Marked:
    """The text in pieces. Of finds that overlap, the first one is marked; every sentence is said."""
    pieces: list[MarkedPiece] = []
    at = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= at:
            pieces += [MarkedPiece(text[at : hit.start]), MarkedPiece(text[hit.start : hit.end], hit.why)]
            at = hit.end
    pieces.append(MarkedPiece(text[at:]))
    whys = tuple(dict.fromkeys(hit.why for hit in hits))
    return Marked(tuple(piece for piece in pieces if piece.text), whys)


def marked_if_found(text: str, hits: Sequence[Hit]) -> Marked | None:
    """The text with what was found in it; None where nothing was."""
    return marked(text, hits) if hits else None


TICK = "let_words"


@dataclass(frozen=True, slots=True)
class FoundLeaks:
    """A text that leaks: `label` names its field, `key` is what the tick beside it says."""

    label: str
    text: Marked
    key: str


@dataclass(frozen=True, slots=True)
class Looked:
    """`found` stops the form; `let` are the texts that somebody lets through with it."""

    found: tuple[FoundLeaks, ...]
    let: tuple[str, ...]
    client: Client | None
    by: User

    @property
    def kept(self) -> tuple[str, ...]:
        """The ticks that were set already, for a form that is looked at once more before it saves."""
        return tuple(words_key(text) for text in self.let)

    @contextmanager
    def letting_through(self) -> Iterator[None]:
        """Write down what is let through, in the transaction of what is saved with it."""
        if not self.let:
            yield
            return
        with letting(self.let, self.client, by=self.by, at=timezone.now()):
            yield


def look(
    request: HttpRequest,
    client: Client | None,
    texts: Iterable[tuple[str, str]],
    *,
    own: Mapping[str, str] | None = None,
    keys: Iterable[tuple[str, str]] = (),
) -> Looked:
    """Look through the texts of a sent form, each with the label of its field, for one client (None: for all).

    `own` are names and addresses by which somebody calls themselves, `keys` those that stand in addresses and JSON.
    """
    member, slug = the_member(request), client.slug if client else ""
    gate = read_gate(member.provider)
    ticked = set(request.POST.getlist(TICK))
    searched = (
        *((label, text, gate.find(text, slug)) for label, text in texts),
        *((label, text, gate.find_in_own(text, slug)) for label, text in (own or {}).items()),
        *((label, spelled(key), gate.find_in_key(key, slug)) for label, key in keys),
    )
    return _looked(member, client, [each for each in searched if each[2]], ticked)


def _looked(
    member: Member, client: Client | None, leaking: Sequence[tuple[str, str, Sequence[Hit]]], ticked: set[str]
) -> Looked:
    """What leaks and was not let through, and what was: `ticked` are the keys of those texts."""
    return Looked(
        found=tuple(
            FoundLeaks(label, marked(text, hits), words_key(text))
            for label, text, hits in leaking
            if words_key(text) not in ticked
        ),
        let=tuple(text for _label, text, _hits in leaking if words_key(text) in ticked),
        client=client,
        by=member.user,
    )


LONGEST_TRIED = 500
MOST_HELD_BACK = 200
A_PAGE = 50


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
    """`words`: what both lists are narrowed to; `pages`: the pages of what is let through."""

    let: tuple[LetLine, ...]
    pages: Page[Any]
    held: tuple[HeldLine, ...]
    more: str
    words: str


def gate_page(provider: Provider, asked: Mapping[str, str]) -> GatePage:
    """`asked`: `q`, a part of a text or of a client's name, and `page`."""
    words = asked.get("q", "").strip()[:LONGEST_TRIED]
    zone = zone_of(provider)
    pages = Paginator(_let(words), A_PAGE).get_page(asked.get("page"))
    held = _held_lines(provider, words)
    more = len(held) - MOST_HELD_BACK
    return GatePage(
        let=tuple(
            LetLine(
                row.pk, row.text, _where(row), account_words.person(row.let_by), days.moment(row.let_at, zone)
            )
            for row in pages
        ),
        pages=pages,
        held=tuple(held[:MOST_HELD_BACK]),
        more=_("and %(count)d more: search for them above") % {"count": more} if more > 0 else "",
        words=words,
    )


def _let(words: str) -> QuerySet[LetThrough]:
    """All that is let through, or what holds the words, the newest first."""
    rows: QuerySet[LetThrough] = LetThrough.objects.select_related("client", "let_by")
    return rows.filter(Q(text__icontains=words) | Q(client__name__icontains=words)) if words else rows


def _held_lines(provider: Provider, words: str) -> list[HeldLine]:
    names = dict(Client.objects.values_list("slug", "name"))
    wanted = words.casefold()
    return [
        _held(each, names)
        for each in held_back(provider, read_gate(provider))
        if wanted in f"{names.get(each.slug, '')}\n{each.text}".casefold()
    ]


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


@require_safe
@viewer
def let_through(request: HttpRequest) -> HttpResponse:
    page = gate_page(the_member(request).provider, request.GET.dict())
    return render(request, "gate/let_through.html", {"page": page})


@require_POST
@viewer
def try_text(request: HttpRequest) -> HttpResponse:
    """What the leak check finds in a text that is typed to try it; nothing is kept."""
    provider = the_member(request).provider
    text = " ".join(request.POST.get("text", "").split())[:LONGEST_TRIED]
    tried = marked(text, read_gate(provider).find(text)) if text else None
    context = {"page": gate_page(provider, {}), "tried": tried, "typed": text}
    return render(request, "gate/let_through.html", context)


@require_POST
@manager
@tells_who("text no longer let through", to="let_through")
def take_back_let(request: HttpRequest, pk: int) -> HttpResponse:
    row: LetThrough = theirs(LetThrough, pk=pk)
    taken = take_back(row, by=the_member(request).user)
    if taken is None:
        raise DoneAlreadyError
    messages.success(
        request,
        _("“%(text)s” is checked again: wherever it appears, clients read neutral words.")
        % {"text": taken.text},
    )
    return to_list(request, "let_through")
