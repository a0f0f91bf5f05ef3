"""The wording queue of a preview: internal titles with what leaks in them marked, and words to give."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.core.paginator import Page, Paginator
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Provider
from desk.gate import Marked, marked, marked_if_found
from imports.models import Import, RememberedWording
from imports.publishing.answers import drafts_of
from imports.publishing.plan import Plan
from imports.publishing.plan_marks import LineGroup, ToWord
from imports.wording.queue import MOST_TITLES, Titles, to_word
from imports.wording.ranks import title_key
from imports.wording.shapes import shape_of
from leaks import Hit
from presentation import counts, days, phrases
from retainers.gate.known import Gate, read_gate

A_PAGE = 40
MOST_OFFERS = 3
MOST_ALIKE = 12  # titles that are looked through for as many different words
MOST_NOTES, LONGEST_NOTE = 3, 240


@dataclass(frozen=True, slots=True)
class OfferedWords:
    """Words of a similar title."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class TitlesLikeIt:
    """The other titles of a group: the first of them, and how many there are besides."""

    shown: tuple[str, ...]
    more: int

    @property
    def count(self) -> int:
        return len(self.shown) + self.more


@dataclass(frozen=True, slots=True)
class WordLine:
    """A group of lines with its input. `found`: its words with what the leak check found in them.

    `plain`: the title as a rule can be made of it; `like_it`: other titles of the same shape that get the same
    words; `notes`: what technicians wrote, for staff.
    """

    key: int
    where: str
    lines: str
    title: Marked
    plain: str
    like_it: TitlesLikeIt
    notes: tuple[str, ...]
    text: str
    source: str
    found: Marked | None
    allows: tuple[str, ...]
    let_through: bool
    offers: tuple[OfferedWords, ...]


@dataclass(frozen=True, slots=True)
class TitlesInView:
    """Which titles a page shows, and the pages beside it with what their buttons say; nothing where all are shown."""

    words: str = ""
    beside: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WordQueue:
    """`waiting` lines have no words that a client may read; `done` ones were worded in this preview.

    Both come a page at a time, with its `turn`. `drafts`: how many of the titles in view have words ready to be taken.
    """

    title: str
    waiting: tuple[WordLine, ...]
    done: tuple[WordLine, ...]
    turn: TitlesInView
    done_turn: TitlesInView
    drafts: int


class Offers:
    """Words that people gave to titles which look alike; without any that would leak."""

    def __init__(self, gate: Gate, here: Mapping[str, str] = MappingProxyType({})) -> None:
        """`here`: words that were given to other titles of the same preview."""
        rows = RememberedWording.objects.filter(kind=RememberedWording.Kind.TITLE)
        self._words = {**dict(rows.values_list("key", "text")), **here}
        one_each = {(shape_of(title) or title, text): title for title, text in self._words.items()}
        self._titles = Titles(one_each.values())
        self._gate = gate

    def of(self, title: str, slugs: Collection[str]) -> tuple[OfferedWords, ...]:
        """For a title of these clients; none for a line without one."""
        if not title:
            return ()
        near = self._titles.similar(title_key(title), MOST_ALIKE)
        similar = [OfferedWords(each, self._words[each]) for each in near]
        fitting = [offer for offer in similar if not any(self._gate.find(offer.text, slug) for slug in slugs)]
        first: dict[str, OfferedWords] = {}
        for offer in fitting:
            first.setdefault(offer.text, offer)
        return tuple(first.values())[:MOST_OFFERS]


def word_queue(plan: Plan, source: Import, provider: Provider, pages: Mapping[str, str]) -> WordQueue:
    """`pages`: of the titles that wait (`words`) and of those worded here (`worded`) the page that is asked for."""
    found = plan.to_word or to_word(plan, drafts_of(source))
    groups = found.groups
    done = [group for group in groups if not group.waits]
    waiting = Paginator([group for group in groups if group.waits], A_PAGE).get_page(pages.get("words"))
    shown_done = Paginator(done, A_PAGE).get_page(pages.get("worded"))
    gate = read_gate(provider, technicians=found.technicians, tickets=found.tickets)
    offers = Offers(gate, dict(_given_here(found, done)))
    lines = sum(group.number for group in groups if group.waits)
    shown = tuple(_line(group, gate, offers) for group in waiting)
    return WordQueue(
        title=_title(lines, plan),
        waiting=shown,
        done=tuple(_line(group, gate, None) for group in shown_done),
        turn=_turn(waiting),
        done_turn=_turn(shown_done),
        drafts=sum(bool(line.offers) for line in shown),
    )


def _turn(page: Page[LineGroup]) -> TitlesInView:
    if not page.has_other_pages():
        return TitlesInView()
    beside = []
    if page.has_previous():
        beside.append((page.previous_page_number(), _("Back")))
    if page.has_next():
        beside.append((page.next_page_number(), _("More titles")))
    words = more_words(page.paginator.count, page.start_index(), page.end_index())
    return TitlesInView(words, tuple(beside))


def _given_here(queue: ToWord, done: Iterable[LineGroup]) -> Iterator[tuple[str, str]]:
    """The titles that were worded in this preview, with their words."""
    keys = {group.key for group in done if group.text}
    for group, its in zip(queue.groups, queue.members, strict=True) if keys else ():
        if group.key in keys:
            yield from ((title, group.text) for title in filter(None, map(title_key, its.titles)))


def _title(lines: int, plan: Plan) -> str:
    counted = sum(plan.count(kind) for kind in ("new", "changed", "unchanged"))
    if not lines:
        return _("Every line has its words") if counted else _("No line needs words yet")
    return _("%(lines)d of %(counted)d lines have no words yet") % {"lines": lines, "counted": counted}


def more_words(count: int, first: int, last: int) -> str:
    return _("%(first)d–%(last)d of %(count)d titles, those with the most hours first") % {
        "first": first,
        "last": last,
        "count": count,
    }


def _line(group: LineGroup, gate: Gate, offers: Offers | None) -> WordLine:
    clients = {each.slug: each.name for each in group.clients}
    return WordLine(
        key=group.key,
        where=where(clients.values(), group.days, group.number),
        lines=ngettext("%(hours)s h · line %(lines)s", "%(hours)s h · lines %(lines)s", group.number)
        % {
            "hours": phrases.hours(group.hours),
            "lines": group.spans,
        },
        title=marked_title(_title_of(group), gate, clients),
        plain=group.titles[0],
        like_it=TitlesLikeIt(group.titles[1:], group.more_titles),
        notes=notes_of(group.notes),
        text=group.text,
        source=_source(group),
        found=marked_if_found(group.text, group.hits),
        allows=allowable(group.hits, gate),
        let_through=group.let_through,
        offers=offers.of(group.titles[0], clients) if offers and not group.text else (),
    )


def _title_of(group: LineGroup) -> str:
    ticket = _("Ticket %(ticket)s") % {"ticket": group.ticket} if group.ticket else ""
    return group.titles[0] or ticket


def marked_title(title: str, gate: Gate, clients: Mapping[str, str]) -> Marked:
    """The title with what leaks in it, as the first of these clients would see it."""
    return marked(title or _("(no title)"), gate.find(title, next(iter(clients))))


def like_it(titles: Sequence[str]) -> TitlesLikeIt:
    """The other titles of a group that are `told_apart`. A file may have thousands of one shape: nobody reads all."""
    shown = tuple(titles[1 : MOST_TITLES + 1])
    return TitlesLikeIt(shown, len(titles) - 1 - len(shown))


def notes_of(notes: Iterable[str]) -> tuple[str, ...]:
    """What technicians wrote, each once and not at length: read beside the words, never shown to a client."""
    found: dict[str, None] = {}
    for note in notes:
        if line := " ".join(note.split()):
            found.setdefault(line)
        if len(found) == MOST_NOTES:
            break
    return tuple(Truncator(note).chars(LONGEST_NOTE) for note in found)


def allowable(hits: Iterable[Hit], gate: Gate) -> tuple[str, ...]:
    """Texts that may be allowed for good: a credential never is, nor a member's name."""
    offered = (hit.text for hit in hits if hit.kind != "credential" and gate.is_allowable(hit.text))
    return tuple(dict.fromkeys(offered))


def where(names: Iterable[str], on: Sequence[date], count: int) -> str:
    """Whose lines these are, from when, and how many: `Acme Dental · 2–20 Nov · 3 entries`."""
    parts = [phrases.some(list(dict.fromkeys(names))), days.run(on)]
    return " · ".join([*parts, counts.entries(count)] if count > 1 else parts)


def _source(group: LineGroup) -> str:
    """Where the words of a group come from."""
    if not group.text:
        return ""
    known = {
        "rule": _("from a rule"),
        "memory": _("from memory: the same title was worded before"),
        "notes": _("from the export's client-facing notes"),
    }
    return known.get(group.source, "")
