"""The wording queue of a preview: internal titles with what leaks in them marked, and words to give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Provider
from desk.wording.marked import Marked, marked
from imports.models import Import, RememberedWording
from imports.publishing.plan import Plan
from imports.wording.queue import LineGroup, drafts_of, groups_of
from imports.wording.ranks import Titles, title_key
from leaks import Hit
from presentation import counts, days, phrases
from retainers.gate.known import Gate, read_gate
from retainers.hours import ZERO

A_PAGE = 40
MOST_OFFERS = 3


@dataclass(frozen=True, slots=True)
class OfferedWords:
    """Words of a similar title."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class WordLine:
    """A group of lines with its input. `found`: its words with what the leak check found in them."""

    key: int
    where: str
    lines: str
    title: Marked
    text: str
    source: str
    found: Marked | None
    allows: tuple[str, ...]
    let_through: bool
    offers: tuple[OfferedWords, ...]


@dataclass(frozen=True, slots=True)
class WordQueue:
    """`waiting` lines have no words that a client may read; `done` ones were worded in this preview."""

    title: str
    waiting: tuple[WordLine, ...]
    done: tuple[WordLine, ...]
    more: str


class Offers:
    """Words that people gave to titles which look alike; without any that would leak."""

    def __init__(self, gate: Gate) -> None:
        rows = RememberedWording.objects.filter(kind=RememberedWording.Kind.TITLE)
        self._words = dict(rows.values_list("key", "text"))
        self._titles = Titles(self._words)
        self._gate = gate

    def of(self, title: str, slugs: Iterable[str]) -> tuple[OfferedWords, ...]:
        similar = [OfferedWords(each, self._words[each]) for each in self._titles.similar(title_key(title))]
        fitting = [offer for offer in similar if not any(self._gate.find(offer.text, slug) for slug in slugs)]
        return tuple({offer.text: offer for offer in fitting}.values())[:MOST_OFFERS]


def word_queue(plan: Plan, source: Import, provider: Provider) -> WordQueue:
    groups = groups_of(plan, drafts_of(source))
    waiting = [group for group in groups if group.waits]
    done = [group for group in groups if not group.waits]
    gate = read_gate(
        provider,
        technicians={row.technician for row in plan.parsed.rows},
        tickets={row.ticket for row in plan.parsed.rows},
    )
    offers = Offers(gate)
    lines = sum(len(group.members) for group in waiting)
    return WordQueue(
        title=_title(lines, plan),
        waiting=tuple(_line(group, gate, offers) for group in waiting[:A_PAGE]),
        done=tuple(_line(group, gate, None) for group in done[:A_PAGE]),
        more=_more(len(waiting) - A_PAGE),
    )


def _title(lines: int, plan: Plan) -> str:
    counted = sum(plan.count(kind) for kind in ("new", "changed", "unchanged"))
    if not lines:
        return _("Every line has its words")
    return _("%(lines)d of %(counted)d lines have no words yet") % {"lines": lines, "counted": counted}


def _more(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext(
        "%(count)d more title comes up once these are saved.",
        "%(count)d more titles come up once these are saved.",
        count,
    ) % {"count": count}


def _line(group: LineGroup, gate: Gate, offers: Offers | None) -> WordLine:
    rows = [row for _client, row in group.members]
    slugs = list(dict.fromkeys(client.client.slug for client, _row in group.members))
    names = list(dict.fromkeys(client.client.name for client, _row in group.members))
    read = rows[0].classified.row
    title = read.title or (_("Ticket %(ticket)s") % {"ticket": read.ticket} if read.ticket else "")
    return WordLine(
        key=group.key,
        where=where(names, [row.classified.row.date for row in rows], len(rows)),
        lines=ngettext("%(hours)s h · line %(lines)s", "%(hours)s h · lines %(lines)s", len(rows))
        % {
            "hours": phrases.hours(sum((row.hours for row in rows), ZERO)),
            "lines": counts.lines(group.lines),
        },
        title=marked(title or _("(no title)"), gate.find(title, slugs[0])),
        text=group.text,
        source=_source(rows[0].worded.source) if group.text else "",
        found=marked(group.text, group.hits) if group.hits else None,
        allows=allowable(group.hits, gate),
        let_through=group.let_through,
        offers=offers.of(read.title, slugs) if offers and read.title and not group.text else (),
    )


def allowable(hits: Iterable[Hit], gate: Gate) -> tuple[str, ...]:
    """Texts that may be allowed for good: a credential never is, nor a member's name."""
    offered = (hit.text for hit in hits if hit.kind != "credential" and gate.is_allowable(hit.text))
    return tuple(dict.fromkeys(offered))


def where(names: Sequence[str], on: Sequence[date], count: int) -> str:
    """Whose lines these are, from when, and how many: `Acme Dental · 2–20 Nov · 3 entries`."""
    parts = [phrases.some(list(names)), days.run(on)]
    return " · ".join([*parts, counts.entries(count)] if count > 1 else parts)


def _source(source: str) -> str:
    known = {
        "rule": _("from a rule"),
        "memory": _("from memory: the same title was worded before"),
        "notes": _("from the export's client-facing notes"),
    }
    return known.get(source, "")
