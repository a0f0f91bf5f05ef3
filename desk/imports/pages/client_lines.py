"""A client's line in the preview: before → after, what becomes of its rows, and what to look at."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.publishing.plan import ClientPlan, Effect, Plan
from imports.publishing.preview_answers import HOLD, KEEP, REMOVE
from presentation import counts, days, phrases

MOST_CYCLES = 3


@dataclass(frozen=True, slots=True)
class Move:
    """What one retainer's page says before and after."""

    name: str
    before: str
    after: str
    moves: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class ClientChip:
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """Removals that must be answered for: `sentences` say why, `answer` what was said so far."""

    title: str
    sentences: tuple[str, ...]
    answer: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ClientLine:
    slug: str
    name: str
    ticked: bool
    moves: tuple[Move, ...]
    rows: str
    excluded: str
    chips: tuple[ClientChip, ...]
    sentences: tuple[str, ...]
    removal: Removal | None
    has_rows: bool
    is_quiet: bool
    date_moves: bool  # its page covers more days afterwards
    is_settled: bool  # held back, and nothing of it would change


def client_line(client: ClientPlan, plan: Plan) -> ClientLine:
    slug = client.client.slug
    kept = slug in plan.options.kept_removals
    return ClientLine(
        slug=slug,
        name=client.client.name,
        ticked=not client.held,
        moves=tuple(_move(effect, several=len(client.effects) > 1) for effect in client.effects),
        rows=_rows(client),
        excluded=_excluded(client),
        chips=tuple(_chips(client)),
        sentences=tuple(_sentences(client, plan)),
        removal=_removal(client, kept=kept) if client.asks or kept else None,
        has_rows=bool(client.rows or client.removed),
        is_quiet=client.quiet,
        date_moves=any(_date_moves(effect) for effect in client.effects),
        is_settled=client.held and not _changes(client),
    )


def _move(effect: Effect, *, several: bool) -> Move:
    before = phrases.left(effect.before, effect.over_before)
    after = phrases.left(effect.after, effect.over_after)
    return Move(
        name=effect.name if several else "",
        before=before,
        after=after,
        moves=before != after,
        is_over=effect.over_after > 0,
    )


def _date_moves(effect: Effect) -> bool:
    return effect.reached and effect.through != effect.through_before


def _rows(client: ClientPlan) -> str:
    kinds = (client.count("new"), client.count("changed"), client.count("unchanged"), len(client.removed))
    return counts.changes(*kinds) or _("none counted")


def _excluded(client: ClientPlan) -> str:
    reasons = Counter(row.reason for row in client.rows if row.reason is not None)
    parts = [f"{count} {reason}" for reason, count in reasons.most_common()]
    return _("excluded: %(parts)s") % {"parts": ", ".join(parts)} if parts else ""


def _changes(client: ClientPlan) -> bool:
    return bool(client.removed) or any(row.kind != "unchanged" for row in client.rows if row.takes_part)


def _chips(client: ClientPlan) -> list[ClientChip]:
    chips = [_figure_chip(effect) for effect in client.effects]
    chips += [_cycles_chip(effect.closed_cycles) for effect in client.effects if effect.closed_cycles]
    flagged = sum(bool(row.hits) for row in client.waiting)
    if flagged:
        text = ngettext("%(count)d line flagged", "%(count)d lines flagged", flagged)
        chips.append(ClientChip(text % {"count": flagged}, "amber"))
    if client.waiting[flagged:]:
        chips.append(ClientChip(_("%(count)d to word") % {"count": len(client.waiting) - flagged}, "plain"))
    if client.held:
        chips.append(ClientChip(_("Held back"), "plain"))
    elif client.blocked:
        chips.append(ClientChip(_("Waits for your answer"), "amber"))
    found = [chip for chip in chips if chip.text]
    return found or [
        ClientChip(_("Ready") if _changes(client) else _("Nothing new"), "" if _changes(client) else "plain")
    ]


def _figure_chip(effect: Effect) -> ClientChip:
    if effect.over_after > effect.over_before:
        return ClientChip(_("Goes over") if not effect.over_before else _("Goes further over"), "red")
    if not effect.after and effect.before and not effect.over_after:
        return ClientChip(_("Nothing left"), "amber")
    return ClientChip("")


def _cycles_chip(closed: tuple[date, ...]) -> ClientChip:
    text = ngettext("Changes a closed cycle", "Changes %(count)d closed cycles", len(closed))
    return ClientChip(text % {"count": len(closed)}, "amber")


def _cycles_words(closed: tuple[date, ...]) -> str:
    starts = phrases.some([days.short_date(day) for day in closed], MOST_CYCLES)
    text = ngettext(
        "The figures of the cycle from %(starts)s change.",
        "The figures of the cycles from %(starts)s change.",
        len(closed),
    )
    return text % {"starts": starts}


def _sentences(client: ClientPlan, plan: Plan) -> list[str]:
    found = list(client.warnings)
    found += [_cycles_words(effect.closed_cycles) for effect in client.effects if effect.closed_cycles]
    if not client.effects and client.rows:
        found.append(_("No retainer of this client takes these rows: nothing of them would be published."))
    ahead = {effect.through for effect in client.effects if effect.reached} - {plan.through, None}
    found += [
        _("Its page covers work through %(day)s already; that date stays.") % {"day": days.full_day(day)}
        for day in sorted(ahead, key=str)
        if day
    ]
    reviews = sum(row.review for row in client.rows)
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
        "%(count)d published entry is not in this file.",
        "%(count)d published entries are not in this file.",
        count,
    )
    remove = _("Remove what the file lacks") if kept else ngettext("Remove it", "Remove them", count)
    answer = KEEP if kept else HOLD if client.held else REMOVE if client.allowed else ""
    return Removal(
        title=_("What this file lacks stays published.") if kept else title % {"count": count},
        sentences=client.asks,
        answer=answer,
        answers=(
            (REMOVE, remove),
            (KEEP, _("Keep what is published")),
            (HOLD, _("Hold this client back")),
        ),
    )
