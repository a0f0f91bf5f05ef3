"""A client's line in the preview: before → after, what becomes of its rows, and what to look at."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.imports.pages.moves import Move, moves_of
from imports.publishing.plan import ClientPlan, Plan
from imports.publishing.plan_effects import Effect
from imports.publishing.preview_answers import HOLD, KEEP, REMOVE
from presentation import counts, days, phrases
from retainers.hours import ZERO

MOST_CYCLES = 3


@dataclass(frozen=True, slots=True)
class ClientChip:
    text: str
    tone: str = ""

    @property
    def is_striking(self) -> bool:
        return self.tone in ("amber", "red")


@dataclass(frozen=True, slots=True)
class Removal:
    """Removals that must be answered for: `sentences` say why, `answer` what was said so far."""

    title: str
    sentences: tuple[str, ...]
    answer: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class ClientLine:
    """`going`: the clients (slugs) that would be published now. Of many clients few are shown: what is said of one is
    put together when somebody asks for it.
    """

    client: ClientPlan
    plan: Plan
    going: Collection[str]

    @property
    def slug(self) -> str:
        return self.client.client.slug

    @property
    def name(self) -> str:
        return self.client.client.name

    @property
    def ticked(self) -> bool:
        return not self.client.held

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        return moves_of(self.client)

    @cached_property
    def kinds(self) -> tuple[int, int, int, int]:
        return _kinds(self.client)

    @property
    def rows(self) -> str:
        return counts.changes(*self.kinds) or _("none counted")

    @property
    def excluded(self) -> str:
        return _excluded(self.client)

    @cached_property
    def chips(self) -> tuple[ClientChip, ...]:
        return (*_waiting_chips(self.client, self.plan, self.going), *_chips(self.client))

    @property
    def hours(self) -> str:
        return _hours(self.client)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        return tuple(_sentences(self.client, self.plan))

    @cached_property
    def removal(self) -> Removal | None:
        kept = self.slug in self.plan.options.kept_removals
        return _removal(self.client, kept=kept) if self.client.asks or kept else None

    @property
    def has_rows(self) -> bool:
        return bool(self.client.sums.rows or self.client.removed)

    @property
    def is_quiet(self) -> bool:
        return self.client.quiet

    @property
    def is_held_and_unchanged(self) -> bool:
        """Held back, and nothing of it would change."""
        return self.client.held and not _changes(self.client)

    @property
    def asks(self) -> bool:
        """Somebody has to say something before it can be published."""
        return self.client.blocked or self.removal is not None

    @property
    def goes(self) -> bool:
        """Publishing now would publish it."""
        return self.slug in self.going

    @property
    def stays(self) -> bool:
        """Held back: what would be left stands beside what is."""
        return not self.goes

    @property
    def is_striking(self) -> bool:
        """To be looked at, though nothing is asked."""
        return not self.ticked or any(chip.is_striking for chip in self.chips)


def _waiting_chips(client: ClientPlan, plan: Plan, going: Collection[str]) -> Iterator[ClientChip]:
    """That it could go, and waits for what is asked of another client."""
    is_free = not client.held and not client.blocked and not plan.is_held
    if is_free and client.client.slug not in going:
        yield ClientChip(_("Waits for another client"), "amber")


def _hours(client: ClientPlan) -> str:
    """The worked hours of its rows, beside those that are counted of them."""
    sums = [each for each in client.sums.hours if each.reason is None]
    worked = sum((each.worked for each in sums), ZERO)
    counted = sum((each.counted for each in sums), ZERO)
    if not sums:
        return ""
    if phrases.hours(worked) == phrases.hours(counted):
        return phrases.h(worked)
    return _("%(worked)s worked, %(counted)s h counted") % {
        "worked": phrases.hours(worked),
        "counted": phrases.hours(counted),
    }


def _kinds(client: ClientPlan) -> tuple[int, int, int, int]:
    """How many of its entries are new, changed, unchanged and removed."""
    return client.count("new"), client.count("changed"), client.count("unchanged"), len(client.removed)


def _excluded(client: ClientPlan) -> str:
    reasons = Counter(client.sums.excluded)
    parts = [f"{count} {reason}" for reason, count in reasons.most_common()]
    return _("excluded: %(parts)s") % {"parts": ", ".join(parts)} if parts else ""


def _changes(client: ClientPlan) -> bool:
    return bool(client.removed) or client.sums.changes


def _chips(client: ClientPlan) -> list[ClientChip]:
    chips = [_figure_chip(effect) for effect in client.effects]
    chips += [_cycles_chip(effect, client) for effect in _telling_cycles(client)]
    chips += _wording_chips(client)
    if client.held:
        chips.append(ClientChip(_("Held back"), "plain"))
    elif client.blocked:
        chips.append(ClientChip(_("Waits for your answer"), "amber"))
    ready = ClientChip(_("Ready")) if _changes(client) else ClientChip(_("Nothing new"), "plain")
    return [chip for chip in chips if chip.text] or [ready]


def _wording_chips(client: ClientPlan) -> Iterator[ClientChip]:
    flagged = len(client.sums.flagged)
    if flagged:
        text = ngettext("%(count)d line flagged", "%(count)d lines flagged", flagged)
        yield ClientChip(text % {"count": flagged}, "amber")
    if client.sums.waiting > flagged:
        yield ClientChip(_words_wanted(client.sums.waiting - flagged), "plain")


def _words_wanted(count: int) -> str:
    return ngettext("%(count)d needs words", "%(count)d need words", count) % {"count": count}


def _figure_chip(effect: Effect) -> ClientChip:
    if effect.over_after > effect.over_before:
        return ClientChip(_("Goes over") if not effect.over_before else _("Goes further over"), "red")
    if not effect.after and effect.before and not effect.over_after:
        return ClientChip(_("Nothing left"), "amber")
    return ClientChip("")


def _cycles_chip(effect: Effect, client: ClientPlan) -> ClientChip:
    """A first import changes nothing that anybody has read: it only brings in what was before."""
    count = len(effect.closed_cycles)
    if _is_first(effect, client):
        return ClientChip(counts.counted(count, "earlier cycle"), "plain")
    text = ngettext("Changes a closed cycle", "Changes %(count)d closed cycles", count)
    return ClientChip(text % {"count": count}, "amber")


def _cycles_words(effect: Effect, client: ClientPlan) -> str:
    closed = effect.closed_cycles
    starts = phrases.some(closed, MOST_CYCLES, days.short_date)
    if _is_first(effect, client):
        text = ngettext(
            "Its first import: it brings in the work of the earlier cycle from %(starts)s too.",
            "Its first import: it brings in the work of the earlier cycles from %(starts)s too.",
            len(closed),
        )
    else:
        text = ngettext(
            "The figures of the cycle from %(starts)s change.",
            "The figures of the cycles from %(starts)s change.",
            len(closed),
        )
    return text % {"starts": starts}


def _telling_cycles(client: ClientPlan) -> list[Effect]:
    """The effects on closed cycles that are worth a word: the first import of a prepaid block brings in none."""
    return [
        each
        for each in client.effects
        if each.closed_cycles and not (each.is_block and _is_first(each, client))
    ]


def _is_first(effect: Effect, client: ClientPlan) -> bool:
    """Whether nothing was imported for it yet: no day is covered, and no row was there before."""
    _new, changed, unchanged, removed = _kinds(client)
    return effect.through_before is None and not (changed or unchanged or removed)


def _sentences(client: ClientPlan, plan: Plan) -> list[str]:
    found = list(client.warnings)
    found += [_cycles_words(effect, client) for effect in _telling_cycles(client)]
    if not client.effects and client.sums.rows:
        found.append(_("No retainer of this client takes these rows: nothing of them would be published."))
    ahead = {effect.through for effect in client.effects if effect.reached} - {plan.through, None}
    found += [
        _("Its page already covers work through %(day)s; that date stays.") % {"day": days.full_day(day)}
        for day in sorted(ahead, key=str)
        if day
    ]
    reviews = client.sums.reviews
    if reviews:
        found.append(
            ngettext(
                "%(count)d title has changed since it was worded; the words stay, to be reviewed.",
                "%(count)d titles have changed since they were worded; the words stay, to be reviewed.",
                reviews,
            )
            % {"count": reviews}
        )
    return found


def _removal(client: ClientPlan, *, kept: bool) -> Removal:
    count = len(client.removed)
    title = ngettext(
        "%(count)d published entry is missing from this file.",
        "%(count)d published entries are missing from this file.",
        count,
    )
    remove = _("Remove what the file lacks") if kept else ngettext("Remove it", "Remove them", count)
    answer = KEEP if kept else HOLD if client.held else REMOVE if client.allowed else ""
    return Removal(
        title=_("What this file lacks stays published.") if kept else title % {"count": count},
        sentences=client.asks,
        answer=answer,
        answers=(
            ("", _("Choose an answer")),
            (REMOVE, remove),
            (KEEP, _("Keep what is published")),
            (HOLD, _("Hold this client back")),
        ),
    )
