"""The list of rules, in the order in which they are asked: a retainer's own, then those for all clients."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Provider
from desk.rules import rule_words
from desk.rules.rule_words import RulePhrase
from imports.judging.books import Book, provider_book
from imports.judging.rulebook import retainer_books
from retainers.terms import Rule

OPEN_UP_TO = 4  # retainers whose own rules are shown without a click


@dataclass(frozen=True, slots=True)
class RuleLine:
    """`up` and `down` are the places beside it, None at the ends."""

    number: int
    name: str
    when: tuple[RulePhrase, ...]
    then: tuple[RulePhrase, ...]
    up: int | None
    down: int | None


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
    """`hours_idle`: there are business hours, and no rule that asks for them."""

    own: tuple[BookPart, ...]
    own_open: bool
    without: str
    for_all: BookPart
    hours_idle: bool


def list_page(provider: Provider) -> ListPage:
    """Every rule of the provider in scope."""
    books, for_all = retainer_books(), provider_book()
    own = [book for book in books if book.rules]
    asks = any(rule.asks_business_hours for book in (*own, for_all) for rule in book.rules)
    return ListPage(
        own=tuple(book_part(book, pools_of([book])) for book in own),
        own_open=len(own) <= OPEN_UP_TO,
        without=_without(len(books) - len(own)),
        for_all=book_part(for_all, pools_of(books)),
        hours_idle=bool(provider.business_hours) and not asks,
    )


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
