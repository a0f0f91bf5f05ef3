"""Words to find lines of the log by, and a pool to narrow it to: a plain form, whose question stands in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.log_days import Placed, sum_of
from presentation.days import dated, long_date
from presentation.facts import LogEntry
from presentation.phrases import h
from retainers.terms import Terms

WORTH_SEARCHING = 12  # lines, from which on there is a form


@dataclass(frozen=True, slots=True)
class Search:
    """The form: what it keeps of the address, what was typed, and what was found; `clear_href` forgets it."""

    kept: tuple[tuple[str, str], ...]
    value: str
    found: str
    clear_href: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of the log. A pool that there is not narrows nothing, nor do no words."""

    pool: str = ""
    words: str = ""

    def chosen(self, entries: Sequence[Placed], terms: Terms) -> tuple[Placed, ...]:
        """The entries that are asked for: each word stands in what a client reads of the line."""
        words = self.words.casefold().split()
        return tuple(
            each
            for each in entries
            if self.pool in ("", each.entry.draw.pool)
            and (not words or _has(words, each.entry, each.entry.terms or terms))
        )


def _has(words: Sequence[str], entry: LogEntry, terms: Terms) -> bool:
    draw = entry.draw
    names = {each.category: each.name for each in terms.multipliers}
    borne = " ".join(names.get(category, "") for category in draw.multipliers)
    day = draw.work.day
    dates = f"{day.isoformat()} {long_date(day)} {dated(day)}"
    read = f"{entry.description} {terms.pool(draw.pool).name} {borne} {dates}".casefold()
    return all(word in read for word in words)


def search(
    asked: Filter, found: Sequence[Placed], of: int, kept: Mapping[str, str], clear_href: str
) -> Search | None:
    """The form over a log of so many lines; None where they are few and nothing is asked."""
    if of <= WORTH_SEARCHING and not asked.words:
        return None
    words = ""
    if asked.words:
        words = _("%(count)s of %(all)s entries with “%(words)s”, %(hours)s") % {
            "count": len(found),
            "all": of,
            "words": asked.words,
            "hours": h(sum_of(found)),
        }
    filled = tuple((name, value) for name, value in kept.items() if value)
    return Search(filled, asked.words, words, clear_href)
