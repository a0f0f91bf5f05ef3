"""A client's number in one line, for a badge: what is left and through which day; no name of client or provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from presentation.accounts import Account, accounts
from presentation.days import day_of
from presentation.facts import RetainerFacts
from presentation.phrases import h, hours
from presentation.sentences import tone

SIGN = 7.2  # the width of a sign at 12 pixels, as an average
PADDING = 20


@dataclass(frozen=True, slots=True)
class BadgeWords:
    """`said` and `day` make the line; `mood` is "", "low", "empty" or "over"."""

    said: str
    day: str
    mood: str

    @property
    def line(self) -> str:
        return f"{self.said}, {self.day}" if self.day else self.said

    @property
    def width(self) -> int:
        """Of the picture, in pixels."""
        return round(len(self.line) * SIGN) + PADDING

    @property
    def text_width(self) -> int:
        return self.width - PADDING


def badge_words(retainers: Sequence[RetainerFacts], today: date) -> BadgeWords:
    """The number of the first agreement that runs, pool by pool, as its page has it."""
    facts = next((each for each in retainers if each.shown and not each.shown.closed), None)
    if facts is None or facts.shown is None:
        return BadgeWords(_("No agreement runs"), "", "")
    found = accounts(facts.cycles, facts.shown)
    said = " · ".join(_left(each, named=len(found) > 1) for each in found)
    if facts.through is None:
        return BadgeWords(said, _("no work is in yet"), "")
    day = _("through %(day)s") % {"day": day_of(facts.through, today)}
    return BadgeWords(said, day, tone(found[0], facts.shown))


def _left(account: Account, *, named: bool) -> str:
    said = _("%(hours)s left") % {"hours": h(account.remaining)}
    if account.overage:
        over = _("%(over)s over") % {"over": hours(account.overage)}
        said = f"{said}, {over}"
    return f"{account.name}: {said}" if named else said
