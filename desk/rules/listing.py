"""The list of rules, in the order in which they are asked: a retainer's own, then those for all clients."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Provider
from desk.rules import rule_words
from desk.rules.rule_words import RulePhrase
from imports.judging.books import Book, provider_book
from imports.judging.rulebook import retainer_books
from retainers.terms import Rule

OPEN_UP_TO = 4  # retainers whose own rules are shown without a click
A_PAGE = 50  # rules for all clients
BOOKS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class RuleLine:
    """`up` and `down` are the places beside it, None at the ends."""

    number: int
    name: str
    when: tuple[RulePhrase, ...]
    then: tuple[RulePhrase, ...]
    up: int | None
    down: int | None

    @property
    def said(self) -> str:
        """All that a person reads of it."""
        texts = (text for phrase in (*self.when, *self.then) for text in (phrase.words, *phrase.texts))
        return "\n".join((self.name, *texts))


@dataclass(frozen=True, slots=True)
class BookPart:
    """One book: `client` is empty for the provider's."""

    key: str
    client: str
    retainer: str
    version: int
    count: str
    lines: tuple[RuleLine, ...]

    @property
    def title(self) -> str:
        return f"{self.client} · {self.retainer}" if self.client else "Rules for all clients"


@dataclass(frozen=True, slots=True)
class ListPage:
    """`hours_idle`: there are business hours, and no rule that asks for them. `words`: what both parts are narrowed
    to; then a rule can't be moved, because its neighbours aren't in view.
    """

    own: tuple[BookPart, ...]
    own_open: bool
    own_pages: Page[Any]
    without: str
    for_all: BookPart
    pages: Page[Any]
    hours_idle: bool
    words: str


def list_page(provider: Provider, asked: Mapping[str, str]) -> ListPage:
    """Every rule of the provider in scope, by pages. `asked`: `q`, a part of a rule or of a client's name; `page` and
    `own`, the pages of the two parts.
    """
    books, for_all = retainer_books(), provider_book()
    own = [book for book in books if book.rules]
    words = " ".join(asked.get("q", "").split())
    part = next(_with_words([book_part(for_all, pools_of(books))], words))
    parts = [book_part(book, pools_of([book])) for book in own]
    found = [each for each in _with_words(parts, words) if each.lines]
    own_pages = Paginator(found, BOOKS_A_PAGE).get_page(asked.get("own"))
    pages = Paginator(part.lines, A_PAGE).get_page(asked.get("page"))
    return ListPage(
        own=tuple(own_pages),
        own_open=bool(words) or len(own) <= OPEN_UP_TO,
        own_pages=own_pages,
        without="" if words else _without(len(books) - len(own)),
        for_all=replace(part, lines=tuple(pages)),
        pages=pages,
        hours_idle=bool(provider.business_hours) and not _asks_hours([*own, for_all]),
        words=words,
    )


def _asks_hours(books: Iterable[Book]) -> bool:
    return any(rule.asks_business_hours for book in books for rule in book.rules)


def turned_to(book: Book, number: int) -> dict[str, str]:
    """What the list's address asks for where the rule of that number is in view; nothing for a first page."""
    if book.retainer is None:
        name, page = "page", max(number - 1, 0) // A_PAGE + 1
    else:
        keys = [each.key for each in retainer_books() if each.rules]
        name, page = "own", (keys.index(book.key) if book.key in keys else 0) // BOOKS_A_PAGE + 1
    return {name: str(page)} if page > 1 else {}


def _with_words(parts: Iterable[BookPart], words: str) -> Iterator[BookPart]:
    """The books with those of their rules that have the words in them; all rules where the client has."""
    wanted = words.casefold()
    for part in parts:
        if not wanted or (part.client and wanted in part.title.casefold()):
            yield part
        else:
            found = (line for line in part.lines if wanted in line.said.casefold())
            yield replace(part, lines=tuple(replace(line, up=None, down=None) for line in found))


def book_part(book: Book, pools: Mapping[str, str]) -> BookPart:
    return BookPart(
        key=book.key,
        client=book.retainer.client.name if book.retainer else "",
        retainer=book.agreement.name if book.agreement else "",
        version=book.version,
        count=ngettext("%(count)d rule", "%(count)d rules", len(book.rules)) % {"count": len(book.rules)},
        lines=tuple(_line(book.rules, index, rule, pools) for index, rule in enumerate(book.rules)),
    )


def _line(rules: tuple[Rule, ...], index: int, rule: Rule, pools: Mapping[str, str]) -> RuleLine:
    return RuleLine(
        number=index + 1,
        name=rule_words.name_of(rule, index + 1),
        when=rule_words.when(rule),
        then=rule_words.then(rule.then, pools),
        up=index or None,
        down=index + 2 if index + 1 < len(rules) else None,
    )


def pools_of(books: list[Book]) -> dict[str, str]:
    """The names of all pools of these retainers, by key."""
    return {
        pool.key: pool.name
        for book in books
        if book.agreement
        for terms in book.agreement.terms
        for pool in terms.pools
    }


def _without(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)d agreement has no rules of its own.",
        "%(count)d agreements have no rules of their own.",
        count,
    ) % {"count": count}


def book_name(book: Book) -> str:
    """Whose rules: all clients, or the client and its retainer."""
    if book.retainer is None or book.agreement is None:
        return _("All clients")
    return f"{book.retainer.client.name} · {book.agreement.name}"
