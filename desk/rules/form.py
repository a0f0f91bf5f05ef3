"""The page of one rule: what its form offers, what stands in it, what is wrong with it, what it would do."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _

from accounts.models import Provider
from desk.gate import Marked, marked_if_found
from desk.rules import rule_words
from desk.rules.draft import ConditionRow, RuleDraft
from desk.rules.listing import book_name
from desk.rules.tried import TrialPage
from imports.judging.books import ALL, Book
from imports.judging.rulebook import retainer_books
from leaks import Hit
from presentation.phrases import some
from presentation.terms_of_counting import category_words
from retainers.terms import STANDARD, TRAVEL, WEEKDAYS

KNOWN_CATEGORIES = (TRAVEL, "onsite", "after_hours")
Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RowInput:
    index: int
    row: ConditionRow
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleOptions:
    """What the form offers, as values with their names; `books` and `retainers` may be empty."""

    books: tuple[Choice, ...]
    fields: tuple[Choice, ...]
    hows: tuple[Choice, ...]
    billable: tuple[Choice, ...]
    holiday: tuple[Choice, ...]
    weekdays: tuple[Choice, ...]
    pools: tuple[Choice, ...]
    categories: tuple[str, ...]
    retainers: tuple[Choice, ...]
    places: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """`number` None: a rule that is not there yet. `found`: its words with what the leak check found in them.

    `asks`: closed cycles would change, and nobody has looked at that yet.
    """

    title: str
    book: str
    book_key: str
    number: int | None
    version: int
    draft: RuleDraft
    rows: tuple[RowInput, ...]
    place: str
    choices: RuleOptions
    errors: Mapping[str, Sequence[str]]
    has_business_hours: bool
    found: Marked | None
    trial: TrialPage | None
    asks: bool

    @property
    def href(self) -> str:
        """Its own address."""
        if self.number is None:
            return reverse("rule_new")
        return reverse("rule_edit", args=[self.book_key, self.number])

    @property
    def is_badly_worded(self) -> bool:
        return bool(self.errors.get("wording") or self.found)

    @property
    def may_not_ask_hours(self) -> bool:
        """Nothing is after hours where there are none; what asks for it already can be taken out."""
        return not self.has_business_hours and not self.draft.after_hours


@dataclass(frozen=True, slots=True)
class RuleForm:
    """The form of one rule: of the book's rule of that number, or None for a new one."""

    provider: Provider
    book: Book
    number: int | None

    def page(
        self,
        draft: RuleDraft,
        *,
        place: str = "",
        errors: Mapping[str, Sequence[str]] | None = None,
        hits: Sequence[Hit] = (),
        trial: TrialPage | None = None,
        asks: bool = False,
    ) -> RulePage:
        errors = errors or {}
        return RulePage(
            title=self._title(),
            book=book_name(self.book),
            book_key=self.book.key,
            number=self.number,
            version=self.book.version,
            draft=draft,
            rows=tuple(
                RowInput(index, row, tuple(errors.get(f"row-{index}", ())))
                for index, row in enumerate(draft.rows)
            ),
            place=place or str(self.number or ""),
            choices=self._choices(draft),
            errors=errors,
            has_business_hours=self.provider.business_hours is not None,
            found=marked_if_found(draft.wording, hits),
            trial=trial,
            asks=asks,
        )

    def _title(self) -> str:
        if self.number is None:
            return _("New rule")
        return rule_words.name_of(self.book.rules[self.number - 1], self.number)

    def _choices(self, draft: RuleDraft) -> RuleOptions:
        books = retainer_books()
        whose = ((ALL, _("All clients")), *((book.key, book_name(book)) for book in books))
        among = books if self.book.retainer is None or self.number is None else [self.book]
        named = [] if self.book.retainer and not draft.retainer else books
        return RuleOptions(
            books=() if self.number else whose,
            fields=_named(rule_words.FIELDS),
            hows=_named(rule_words.HOWS),
            billable=_named(rule_words.BILLABLE),
            holiday=_named(rule_words.HOLIDAY),
            weekdays=_named(dict(zip(WEEKDAYS, WEEKDAY_NAMES.values(), strict=True))),
            pools=_with(_pools(among), draft.pool),
            categories=tuple(map(category_words, _categories(books))),
            retainers=_with(_retainers(named), draft.retainer) if named else (),
            places=self._places(),
        )

    def _places(self) -> tuple[Choice, ...]:
        """Where the rule may stand among the others of its book."""
        if self.number is None:
            return ("", _("Last")), ("1", _("First"))
        others = [
            rule_words.name_of(rule, index)
            for index, rule in enumerate(self.book.rules, start=1)
            if index != self.number
        ]
        after = (
            (str(index), _("%(number)d, after “%(name)s”") % {"number": index, "name": name})
            for index, name in enumerate(others, start=2)
        )
        return ("1", _("1, first")), *after


def _named(choices: Mapping[str, object]) -> tuple[Choice, ...]:
    return tuple((value, str(name)) for value, name in choices.items())


def _with(choices: dict[str, str], value: str) -> tuple[Choice, ...]:
    """The choices, and the value that stands there already, should it be none of them."""
    return tuple((choices if not value else {value: value} | choices).items())


def _pools(books: list[Book]) -> dict[str, str]:
    names: dict[str, set[str]] = {}
    for book in books:
        for terms in book.agreement.terms if book.agreement else ():
            for pool in terms.pools:
                names.setdefault(pool.key, set()).add(pool.name)
    return _told_apart(names)


def _retainers(books: list[Book]) -> dict[str, str]:
    names: dict[str, set[str]] = {}
    for book in books:
        if book.agreement:
            names.setdefault(book.agreement.key, set()).add(book.agreement.name)
    return _told_apart(names)


def _told_apart(names: Mapping[str, set[str]]) -> dict[str, str]:
    """What each key is called by its agreements; the key beside it where another one is called so too."""
    said = {key: some(sorted(each)) for key, each in sorted(names.items())}
    often = Counter(said.values())
    return {key: f"{name} ({key})" if often[name] > 1 else name for key, name in said.items()}


def _categories(books: Iterable[Book]) -> list[str]:
    found = set(KNOWN_CATEGORIES)
    for book in books:
        for terms in book.agreement.terms if book.agreement else ():
            found |= {multiplier.category for multiplier in terms.multipliers} | set(terms.minimum)
    return sorted(found - {STANDARD})
