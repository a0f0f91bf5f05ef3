"""The clients of a preview in their order: who asks something first, who is to be looked at next, the rest folded.

Each list is shown a page at a time, so that three hundred clients are as usable as ten.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.imports.pages.client_lines import ClientLine
from imports.publishing.decided import ALONE
from imports.publishing.plan import ClientPlan, Plan
from presentation import counts, days, phrases

A_PAGE = 20
FEW = 7  # clients that are ready stand open below this, where nothing is asked
MOST_NAMES = 300
PARTS = ("asking", "ready", "held")


@dataclass(frozen=True, slots=True)
class ListedClients:
    """One page of some clients. `part` names the list in the form; `before`, `after`: pages beside this one."""

    part: str
    words: str
    lines: tuple[ClientLine, ...]
    number: int
    pages: int
    before: int | None
    after: int | None
    is_open: bool = False

    @property
    def beside(self) -> tuple[tuple[int, str], ...]:
        """The pages before and after this one, with what their buttons say."""
        found = ((self.before, _("Back")), (self.after, _("More clients")))
        return tuple((number, words) for number, words in found if number is not None)


@dataclass(frozen=True, slots=True)
class QuietClients:
    """Clients without work, by name: their dates move, or stay, for all of them together."""

    words: str
    names: str
    moves: bool
    may_move: bool


@dataclass(frozen=True, slots=True)
class ClientLists:
    """`asks_all`: how many wait for an answer about removals, so that one can be given for all of them.
    `searched`: the part of a name that the lists are narrowed to, `found` how many that leaves.
    """

    asking: ListedClients
    ready: ListedClients
    held: ListedClients
    quiet: QuietClients | None
    asks_all: int
    removals: tuple[tuple[str, str], ...]
    searched: str
    found: str
    may_search: bool

    @property
    def shown(self) -> str:
        """The clients in view that have a tick, as the form carries them."""
        lines = chain(self.asking.lines, self.ready.lines, self.held.lines)
        return " ".join(line.slug for line in lines if line.removal is None)

    @property
    def is_empty(self) -> bool:
        return not (self.asking.lines or self.ready.lines or self.held.lines or self.quiet)


def client_lists(
    plan: Plan, pages: dict[str, str], going: Collection[str], searched: str = ""
) -> ClientLists:
    """`pages`: by list, the page that is asked for; `going`: who would be published now; `searched`: only the
    clients whose names have that in them.
    """
    wanted = " ".join(searched.casefold().split())
    named = [client for client in plan.clients if wanted in client.client.name.casefold()]
    lines: dict[str, list[ClientLine]] = defaultdict(list)
    for line in (ClientLine(client, plan, going) for client in named):
        lines[_list_of(line)].append(line)
    ready, held = lines["ready"], lines["held"]
    waiting = _asking_removals(plan)
    asking = _list("asking", lines["asking"] + lines["striking"], pages, "")
    opened = bool(searched)
    return ClientLists(
        asking=asking,
        ready=_ready(ready, pages, is_open=opened, is_alone=not asking.lines),
        held=_list("held", held, pages, _held_words(len(held)), is_open=opened),
        quiet=None if wanted else _quiet(lines["quiet"], plan),
        asks_all=len(waiting) if len(waiting) > 1 else 0,
        removals=_removals_of_all(waiting),
        searched=searched,
        found=_found(len(named), len(plan.clients)) if wanted else "",
        may_search=bool(wanted) or len(plan.clients) > A_PAGE,
    )


def _asking_removals(plan: Plan) -> list[ClientPlan]:
    return [client for client in plan.clients if client.asks_removals and not client.held]


def _found(count: int, of: int) -> str:
    return _("%(count)d of %(clients)s") % {"count": count, "clients": counts.clients(of)}


def _ready(
    lines: Sequence[ClientLine], pages: dict[str, str], *, is_open: bool, is_alone: bool
) -> ListedClients:
    """Those that ask nothing: a few of them stand open where nobody else does."""
    found = _list("ready", lines, pages, _ready_words(lines), is_open=is_open)
    return replace(found, is_open=is_open or (is_alone and len(found.lines) < FEW))


def _list(
    part: str, lines: Sequence[ClientLine], pages: dict[str, str], words: str, *, is_open: bool = False
) -> ListedClients:
    page = Paginator(lines, A_PAGE).get_page(pages.get(part, "1"))
    return ListedClients(
        part=part,
        words=words,
        lines=tuple(page.object_list),
        number=page.number,
        pages=page.paginator.num_pages,
        before=page.previous_page_number() if page.has_previous() else None,
        after=page.next_page_number() if page.has_next() else None,
        is_open=is_open,
    )


def _removals_of_all(waiting: Sequence[ClientPlan]) -> tuple[tuple[str, str], ...]:
    gone = sum(len(client.removed) for client in waiting)
    return (
        ("", _("each by itself")),
        ("remove", _("remove all %(count)d entries") % {"count": gone}),
        ("keep", _("keep what is published")),
        ("hold", _("hold these clients back")),
    )


def _ready_words(lines: Sequence[ClientLine]) -> str:
    if not lines:
        return ""
    changed = any(move.moves for line in lines for move in line.moves)
    text = ngettext("%(count)d client is ready", "%(count)d clients are ready", len(lines))
    words = text % {"count": len(lines)}
    if not changed:
        return _("%(words)s: no client’s hours left change") % {"words": words}
    rows = counts.changes(*(sum(kind) for kind in zip(*(line.kinds for line in lines), strict=True)))
    return _("%(words)s: %(rows)s") % {"words": words, "rows": rows}


def _held_words(count: int) -> str:
    if not count:
        return ""
    return _("%(clients)s held back, with nothing new in this file") % {"clients": counts.clients(count)}


def _list_of(line: ClientLine) -> str:
    """In which list it is read; what asks or strikes stands first."""
    if line.is_held_and_unchanged and not line.asks:
        return "held"
    if line.is_quiet:
        return "quiet"
    if line.asks:
        return "asking"
    return "striking" if line.is_striking else "ready"


def _quiet(lines: Sequence[ClientLine], plan: Plan) -> QuietClients | None:
    quiet = [client for client in plan.clients if client.quiet]
    if not quiet or (not lines and not plan.options.quiet_stays):
        return None
    moving = [line for line in lines if line.client.is_dated and line.ticked]
    return QuietClients(
        words=_quiet_words(len(quiet), len(moving), plan),
        names=phrases.some(sorted(client.client.name for client in quiet), MOST_NAMES),
        moves=not plan.options.quiet_stays,
        may_move=_may_move(quiet, plan),
    )


def _may_move(quiet: Sequence[ClientPlan], plan: Plan) -> bool:
    """Whether the file could say anything of them: not where it is of one company alone."""
    if any(asked.answered == ALONE for asked in plan.questions):
        return False
    return any(effect.reached for client in quiet for effect in client.effects)


def _quiet_words(count: int, moving: int, plan: Plan) -> str:
    values = {
        "clients": counts.clients(count),
        "moving": moving,
        "day": days.full_day(plan.through) if plan.through else "",
    }
    if not moving:
        return _("No work for %(clients)s: nothing changes") % values
    if moving < count:
        return _("No work for %(clients)s: the dates of %(moving)d move to %(day)s") % values
    return _("No work for %(clients)s: their dates move to %(day)s") % values
