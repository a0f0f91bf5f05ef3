"""Moving a rule and taking one away: shown with what it would do, done once that was in view."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Provider
from accounts.seen import Seen
from desk.rules.listing import RuleLine, book_name, book_part, pools_of
from desk.rules.tried import TrialPage, trial_page
from imports.judging.books import Book, seen_of
from imports.judging.provider_setup import read_setup
from imports.judging.rule_trial import Trial
from imports.judging.rulebook import Edit, retainer_books, try_edit, with_rules
from retainers.restating.changes import foreseen


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """`place` is where a moved rule would stand, None for one that would go."""

    title: str
    book: str
    book_key: str
    version: int
    rule: RuleLine
    place: int | None
    trial: TrialPage

    @property
    def action(self) -> str:
        """The address that does it."""
        return reverse("rule_move" if self.place else "rule_delete", args=[self.book_key, self.rule.number])


def try_confirming(
    provider: Provider, book: Book, number: int, edit: Edit, today: date, *, unticked: bool = False
) -> tuple[Trial, Seen, ConfirmPage]:
    """What the edit of that rule would do, what that comes from, and the page that asks whether it shall."""
    seen = seen_of(provider, book)
    setup = read_setup(provider)
    trial = try_edit(setup, book, edit, on=today)
    pools = pools_of([book] if book.retainer else retainer_books())
    rule = book_part(book, pools).lines[number - 1]
    page = ConfirmPage(
        title=_title(edit, rule),
        book=book_name(book),
        book_key=book.key,
        version=book.version,
        rule=rule,
        place=edit.number if edit.kind == "moved" else None,
        trial=trial_page(
            trial,
            with_rules(setup, book, edit.rules),
            of_a_rule=False,
            restated=foreseen(provider, trial.changes),
            unticked=unticked,
        ),
    )
    return trial, seen, page


def _title(edit: Edit, rule: RuleLine) -> str:
    if edit.kind == "moved":
        return _("Move “%(name)s” to place %(number)d?") % {"name": rule.name, "number": edit.number}
    return _("Delete “%(name)s”?") % {"name": rule.name}
