"""A trial as it is shown: which entries would be judged otherwise, and what that does to the balances."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.restating import RestatingPart, restating_part
from imports.judging.provider_setup import ProviderSetup
from imports.judging.rule_trial import Trial, Tried, TriedEntry
from presentation import days, phrases
from presentation.effect_lines import ChangeLine, change_lines
from presentation.terms_of_counting import category_name
from retainers.balance import CycleBalance
from retainers.effects import BalanceChange, CycleChange
from retainers.hours import WORKED_PLACES, from_units, round_half_up
from retainers.restating.changes import Restated
from retainers.row_values import part_of
from retainers.terms import Agreement

MOST_ENTRIES = 30
MOST_BALANCES = 40
MOST_CYCLES = 6
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing of an entry that becomes another."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """`turns` is empty for an entry that the rule catches and that stays as it is."""

    day: str
    client: str
    title: str
    hours: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class TriedCycle:
    name: str
    closed: bool
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class BalanceLine:
    client: str
    retainer: str
    cycles: tuple[TriedCycle, ...]
    more: str


@dataclass(frozen=True, slots=True)
class TrialPage:
    """`closed` is the warning about cycles that are over; `digest` names what a person has seen."""

    summary: str
    notes: tuple[str, ...]
    closed: str
    entries: tuple[EntryLine, ...]
    more_entries: str
    balances: tuple[BalanceLine, ...]
    more_balances: str
    same_balances: str
    digest: str
    restating: RestatingPart | None


def trial_page(
    trial: Trial,
    changed: ProviderSetup,
    *,
    of_a_rule: bool,
    restated: Sequence[Restated] = (),
    unticked: bool = False,
) -> TrialPage:
    """`of_a_rule`: a rule was tried out; else one was moved or taken away, and catching says nothing.

    `restated`: the closed cycles that must be agreed to; `unticked`: it was to be saved without that.
    """
    names = _Names(changed)
    listed = sorted(trial.entries if of_a_rule else trial.moved, key=lambda each: not each.moves)
    moved = trial.moved_balances
    same = len(trial.changes) - len(moved)
    return TrialPage(
        summary=_summary(trial, of_a_rule=of_a_rule),
        notes=tuple(_notes(trial)),
        closed=_closed(trial),
        entries=tuple(names.entry(each) for each in listed[:MOST_ENTRIES]),
        more_entries=_more(len(listed) - MOST_ENTRIES),
        balances=tuple(names.balance(each) for each in moved[:MOST_BALANCES]),
        more_balances=_more_balances(len(moved) - MOST_BALANCES),
        same_balances=_same(same, moving=len(moved)) if trial.moved else "",
        digest=trial.digest,
        restating=restating_part(restated, missing=unticked),
    )


class _Names:
    """Retainers and pools by the names that people know."""

    def __init__(self, changed: ProviderSetup) -> None:
        self._agreements = changed.agreements

    def entry(self, tried: Tried) -> EntryLine:
        units = next(
            (
                each
                for each in (tried.entry.worked_units, tried.entry.billable_units, tried.entry.deducted_units)
                if each is not None
            ),
            0,
        )
        return EntryLine(
            day=days.full_day(tried.entry.day),
            client=tried.client.name,
            title=tried.row.title or tried.row.ticket or _("(no title)"),
            hours=phrases.hours(from_units(units, WORKED_PLACES)),
            turns=tuple(self._turns(tried)) if tried.moves else (),
        )

    def _turns(self, tried: Tried) -> Iterator[Turn]:
        before, after = tried.before, tried.after
        was, becomes = self._agreement(tried, before), self._agreement(tried, after)
        if before.retainer != after.retainer:
            yield Turn(_("Retainer"), was.name, becomes.name)
        pools = [_pool(was, before, tried.entry.day), _pool(becomes, after, tried.entry.day)]
        if pools[0] != pools[1]:
            yield Turn(_("Pool"), *pools)
        if before.categories != after.categories:
            yield Turn(_("Kind of work"), _listed(before.categories), _listed(after.categories))
        if before.exclusion != after.exclusion:
            yield Turn(_("Counted"), _counted(before), _counted(after))
        if before.parts != after.parts:
            yield Turn(_("Cut at the boundary"), _cut(before), _cut(after))
        if (before.wording, before.worded_by) != (after.wording, after.worded_by):
            yield Turn(_("Words"), _words(before), _words(after))

    def _agreement(self, tried: Tried, judged: TriedEntry) -> Agreement:
        return self._agreements[tried.client.slug][judged.retainer]

    def balance(self, change: BalanceChange) -> BalanceLine:
        cycles = list(reversed(change.cycles))
        earlier = len(cycles) - MOST_CYCLES
        text = ngettext("and %(count)d earlier cycle", "and %(count)d earlier cycles", earlier)
        return BalanceLine(
            client=change.client.name,
            retainer=change.name,
            cycles=tuple(_cycle(each) for each in cycles[:MOST_CYCLES]),
            more=text % {"count": earlier} if earlier > 0 else "",
        )


def _pool(agreement: Agreement, judged: TriedEntry, day: date) -> str:
    return agreement.terms_on(day).pool(judged.pool or None).name


def _listed(categories: tuple[str, ...]) -> str:
    return ", ".join(map(category_name, categories)) or _("none")


def _cut(judged: TriedEntry) -> str:
    """How long each part of an entry is, as its clock says; one that is whole has none."""
    parts = [part_of(document) for document in json.loads(judged.parts or "[]")]
    lengths = [phrases.hours(round_half_up(Decimal(part.seconds) / 3600)) for part in parts]
    return _("%(parts)s h") % {"parts": " + ".join(lengths)} if lengths else _("no")


def _counted(judged: TriedEntry) -> str:
    return _("no: %(reason)s") % {"reason": judged.exclusion} if judged.exclusion else _("yes")


def _words(judged: TriedEntry) -> str:
    return _("“%(text)s”") % {"text": judged.wording} if judged.wording else _("fallback text")


def _cycle(change: CycleChange) -> TriedCycle:
    return TriedCycle(cycle_name(change.cycle), change.cycle.closed, change_lines(change))


def cycle_name(cycle: CycleBalance) -> str:
    """A whole month by its name, any other cycle by its days."""
    after = cycle.ends + timedelta(days=1)
    if cycle.starts.day == 1 and after.day == 1 and (after - cycle.starts).days <= 31:
        return dateformat.format(cycle.starts, "F Y")
    return days.period(cycle.starts, cycle.ends)


def _summary(trial: Trial, *, of_a_rule: bool) -> str:
    moved = len(trial.moved)
    otherwise = ngettext(
        "This would change %(count)d published entry.",
        "This would change %(count)d published entries.",
        moved,
    ) % {"count": moved}
    if not moved:
        otherwise = _("This wouldn’t change any published entry.")
    if not of_a_rule:
        return otherwise
    caught = ngettext(
        "The rule catches %(count)d published entry.",
        "The rule catches %(count)d published entries.",
        trial.caught,
    )
    return f"{caught % {'count': trial.caught}} {otherwise}"


def _notes(trial: Trial) -> Iterator[str]:
    if trial.unjudged:
        yield ngettext(
            "%(count)d entry has no start time, so HourTab can’t tell whether it was after hours.",
            "%(count)d entries have no start time, so HourTab can’t tell whether they were after hours.",
            trial.unjudged,
        ) % {"count": trial.unjudged}


def _closed(trial: Trial) -> str:
    if not trial.closed:
        return ""
    names = sorted({change.client.name for change in trial.closed})
    return _("%(clients)s: figures of closed cycles would change.") % {"clients": phrases.some(names)}


def _more(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext("and %(count)d more entry", "and %(count)d more entries", count) % {"count": count}


def _more_balances(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext("and %(count)d more retainer", "and %(count)d more retainers", count) % {"count": count}


def _same(count: int, *, moving: int) -> str:
    """The retainers whose entries are touched and whose figures stay."""
    if not moving:
        return _("No balance changes.")
    if not count:
        return ""
    return ngettext(
        "%(count)d other retainer keeps its balance.", "%(count)d other retainers keep their balances.", count
    ) % {"count": count}
