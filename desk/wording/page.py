"""The wording queue of what is published: lines that still read as fallback text, and words up for review."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import today_at
from accounts.models import Provider
from desk.gate import Marked, marked_if_found
from desk.wording.preview_words import (
    OfferedWords,
    Offers,
    TitlesLikeIt,
    allowable,
    like_it,
    marked_title,
    more_words,
    notes_of,
    where,
)
from desk.wording.published_lines import WordedLine, lines_of, lines_under_review, waiting_lines
from desk.wording.trend import WordedMonth, worded_months
from imports.models import SourceRow
from imports.publishing.source_rows import row_of
from imports.wording.choose import read_memory
from imports.wording.queue import told_apart
from imports.wording.ranks import Memory, ticket_key, title_key
from imports.wording.reword import Flagged, gate_for, hits_in
from imports.wording.shapes import shape_of
from leaks import Hit
from presentation import counts, phrases
from retainers.gate.known import Gate
from retainers.hours import ZERO

A_PAGE = 40
MOST_AT_ONCE = 300  # lines of one title that one save words


@dataclass(frozen=True, slots=True)
class WordingLine:
    """A title with its input. `origins` are the marks of its lines, `was` what stands there unasked."""

    index: int
    origins: str
    where: str
    hours: str
    title: Marked
    plain: str
    like_it: TitlesLikeIt
    notes: tuple[str, ...]
    title_before: str
    stands: str
    text: str
    was: str
    found: Marked | None
    allows: tuple[str, ...]
    offers: tuple[OfferedWords, ...]

    @property
    def is_draftable(self) -> bool:
        return bool(self.offers) and not self.text


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the queue is wanted: of one client (its slug), with these words in the title, which page; `drafts`:
    with the first draft of each title filled in, to be looked at.
    """

    client: str = ""
    words: str = ""
    page: str = "1"
    drafts: bool = False

    @property
    def narrows(self) -> bool:
        return bool(self.client or self.words)

    def address(self, page: int, *, drafts: bool = False) -> str:
        said = {"client": self.client, "q": self.words, "page": str(page), "drafts": "1" if drafts else ""}
        return "?" + urlencode({name: text for name, text in said.items() if text})

    def wants(self, line: "WordedLine") -> bool:
        if self.client and line.entry.retainer.client.slug != self.client:
            return False
        return not self.words or self.words.casefold() in line.title.casefold()


@dataclass(frozen=True, slots=True)
class WordingPage:
    summary: str
    flagged: tuple[WordingLine, ...]
    waiting: tuple[WordingLine, ...]
    reviews: tuple[WordingLine, ...]
    asked: Asked
    clients: tuple[tuple[str, str], ...]
    more: str
    newer: str
    older: str
    with_drafts: str
    months: tuple[WordedMonth, ...]


def wording_page(provider: Provider, flagged: Sequence[Flagged] = (), asked: Asked = Asked()) -> WordingPage:
    """The queue as it is now, the most hours first. `flagged` words were just given: they stand first, as typed."""
    typed, every = {origin for each in flagged for origin in each.words.origins}, waiting_lines()
    waiting = _wanted(every, typed, asked)
    reviews = _wanted(lines_under_review(), typed, asked)
    pages = Paginator(sorted(_grouped(waiting, _subject), key=_least_first), A_PAGE)
    at = pages.get_page(asked.page)
    shown = list(at.object_list)
    up = _grouped(reviews, lambda line: (_subject(line), line.entry.wording))[:A_PAGE]
    returned = [lines_of(each.words.origins) for each in flagged]
    gate = gate_for(provider, _sources((*shown, *up, *returned)))
    writer = _Writer(gate, read_memory(), drafts=asked.drafts)
    lines = tuple(map(writer.waiting, shown))
    has_drafts = any(line.is_draftable for line in lines)
    return WordingPage(
        summary=_summary(waiting, reviews),
        flagged=tuple(writer.flagged(own, each) for own, each in zip(returned, flagged, strict=True) if own),
        waiting=lines,
        reviews=tuple(map(writer.review, up)),
        asked=asked,
        clients=_clients(every),
        **_turning(asked, at),
        with_drafts=asked.address(at.number, drafts=True) if has_drafts else "",
        months=worded_months(today_at(provider), asked.client),
    )


def _sources(groups: Iterable[Sequence[WordedLine]]) -> list[SourceRow]:
    return [line.source for group in groups for line in group if line.source]


def _turning(asked: Asked, at: Page[list[WordedLine]]) -> dict[str, str]:
    """Which of the titles are in view, and where the ones before and after them are."""
    titles = more_words(at.paginator.count, at.start_index(), at.end_index())
    return {
        "more": titles if at.has_other_pages() else "",
        "newer": asked.address(at.previous_page_number()) if at.has_previous() else "",
        "older": asked.address(at.next_page_number()) if at.has_next() else "",
    }


def _wanted(lines: Iterable[WordedLine], typed: set[UUID], asked: Asked) -> list[WordedLine]:
    """Those that are asked for; what was just typed stands first by itself."""
    return [line for line in lines if line.entry.origin not in typed and asked.wants(line)]


def _least_first(group: Sequence[WordedLine]) -> Decimal:
    """Sorts the most hours to the front."""
    return -_hours_of(group)


def _hours_of(lines: Iterable[WordedLine]) -> Decimal:
    return sum((line.hours for line in lines), ZERO)


def _clients(lines: Sequence[WordedLine]) -> tuple[tuple[str, str], ...]:
    """The clients that have lines without words, by name."""
    found = {line.entry.retainer.client.slug: line.entry.retainer.client.name for line in lines}
    return tuple(sorted(found.items(), key=lambda each: each[1].casefold()))


class _Writer:
    """Turns groups of lines into what the page shows, each under its own number in the form."""

    def __init__(self, gate: Gate, memory: Memory, *, drafts: bool) -> None:
        self._gate, self._memory, self._offers, self._drafts = gate, memory, Offers(gate), drafts
        self._count = 0

    def flagged(self, lines: list[WordedLine], flagged: Flagged) -> WordingLine:
        return self._line(lines, flagged.words.text, hits=flagged.hits)

    def waiting(self, lines: list[WordedLine]) -> WordingLine:
        source = lines[0].source
        recalled = (self._memory.recall(row_of(source)) if source else None) or ""
        hits = hits_in(self._gate, recalled, [line.entry for line in lines]) if recalled else ()
        return self._line(lines, recalled, hits=hits)

    def review(self, lines: list[WordedLine]) -> WordingLine:
        return self._line(lines, lines[0].entry.wording, was=lines[0].entry.wording)

    def _line(
        self, lines: list[WordedLine], text: str, *, hits: tuple[Hit, ...] = (), was: str = ""
    ) -> WordingLine:
        self._count += 1
        first, taken = lines[0], lines[:MOST_AT_ONCE]
        clients = {line.client.slug: line.client.name for line in lines}
        offers = () if text else self._offers.of(first.title, clients)
        words = self._drafted(offers) or text
        return WordingLine(
            index=self._count,
            origins=" ".join(str(line.entry.origin) for line in taken),
            where=where(clients.values(), [line.entry.day for line in taken], len(taken)),
            hours=_("%(hours)s h") % {"hours": phrases.hours(_hours_of(taken))},
            title=marked_title(first.title, self._gate, clients),
            plain=first.plain_title,
            like_it=like_it(told_apart(line.title for line in lines)),
            notes=notes_of(line.notes for line in taken),
            title_before=first.title_before,
            stands=first.stands,
            text=words,
            was=was,
            found=marked_if_found(words, hits),
            allows=allowable(hits, self._gate),
            offers=offers,
        )

    def _drafted(self, offers: Sequence[OfferedWords]) -> str:
        """The first of the words offered, where drafts are to be filled in."""
        return offers[0].text if self._drafts and offers else ""


def _grouped(lines: list[WordedLine], key: Callable[[WordedLine], Hashable]) -> list[list[WordedLine]]:
    found: dict[Hashable, list[WordedLine]] = defaultdict(list)
    for line in lines:
        found[key(line)].append(line)
    return list(found.values())


def _subject(line: WordedLine) -> Hashable:
    if line.source is None:
        return line.entry.origin
    title = line.source.title
    return (
        shape_of(title) or title_key(title) or ("ticket", ticket_key(line.source.ticket) or line.entry.origin)
    )


def _summary(waiting: list[WordedLine], reviews: list[WordedLine]) -> str:
    if not waiting and not reviews:
        return _("Every published line has its words.")
    parts = []
    if waiting:
        clients = counts.clients(len({line.entry.retainer.client_id for line in waiting}))
        text = ngettext(
            "%(count)d line of %(clients)s still shows fallback text.",
            "%(count)d lines of %(clients)s still show fallback text.",
            len(waiting),
        )
        parts.append(text % {"count": len(waiting), "clients": clients})
    if reviews:
        text = ngettext(
            "The title of %(count)d has changed since it was worded.",
            "The titles of %(count)d have changed since they were worded.",
            len(reviews),
        )
        parts.append(text % {"count": len(reviews)})
    return " ".join(parts)
