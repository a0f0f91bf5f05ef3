"""The page of *What if*, finished: forms of the drafts, the comparison, the work that it comes from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.agreements.draft import AgreementDraft
from desk.agreements.fields import Field, Form
from desk.agreements.replaying.comparison import ComparedCycle, ComparedRow, compared_cycles, summed_rows
from desk.agreements.replaying.drafts import KEPT, NONE, TrialDraft
from desk.agreements.replaying.presets import Preset, presets, without
from desk.agreements.replaying.sides import ReplaySide, in_short
from presentation.days import dated
from retainers.balance import CycleBalance
from retainers.replay import Past
from retainers.selectors import Standing
from retainers.terms import Terms


@dataclass(frozen=True, slots=True)
class TrialForm:
    """A draft's inputs; `errors` are those of none of them, `head` is missing where there are any."""

    number: int
    title: str
    marker: str
    pools: tuple[Field, ...]
    further: tuple[Field, ...]
    errors: tuple[str, ...]
    dropped: str
    is_wrong: bool
    head: "SideHead | None"


@dataclass(frozen=True, slots=True)
class SideHead:
    """What a side is; `short` sets a draft against what was."""

    number: int
    name: str
    changes: tuple[str, ...]
    short: str


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    period: str
    notes: tuple[str, ...]
    presets: tuple[Preset, ...]
    forms: tuple[TrialForm, ...]
    heads: tuple[SideHead, ...]
    sums: tuple[ComparedRow, ...]
    cycles: tuple[ComparedCycle, ...]
    wrong: bool


def what_if_page(
    query: QueryDict,
    life: Sequence[Standing],
    past: Past,
    terms: Terms,
    drafts: Sequence[TrialDraft],
    sides: Sequence[ReplaySide],
) -> WhatIfPage:
    """`terms` are today's; `sides` what was and the drafts without errors, of one cycle at least.

    `life` are the agreements that the cycles are of, the oldest first, and `past` is all that they come from.
    """
    cycles = sides[0].cycles
    has_closed = any(cycle.closed for cycle in cycles)
    heads = {side.number: _head(side, sides[0]) for side in sides}
    return WhatIfPage(
        period=_period(cycles),
        notes=(*_seams(life), *_notes(past, cycles, sides)),
        presets=presets(query, terms, cycles),
        forms=tuple(_form(query, draft, terms, heads.get(draft.number)) for draft in drafts),
        heads=tuple(heads.values()),
        sums=summed_rows(sides) if has_closed else (),
        cycles=compared_cycles(sides, lambda cycle: _is_provisional(life, cycle)),
        wrong=any(draft.errors for draft in drafts),
    )


def _period(cycles: Sequence[CycleBalance]) -> str:
    closed = sum(cycle.closed for cycle in cycles)
    days = {"first": dated(cycles[0].starts), "last": dated(cycles[-1].ends)}
    said = _("%(first)s to %(last)s") % days
    count = ngettext("%(count)d closed cycle", "%(count)d closed cycles", closed)
    runs = _("the one that runs") if not cycles[-1].closed else ""
    parts = [count % {"count": closed} if closed else "", runs]
    return f"{said}: {_(' and ').join(part for part in parts if part)}"


def _head(side: ReplaySide, was: ReplaySide) -> SideHead:
    short = in_short(side, was) if side.number and was.sums.cycles else ""
    return SideHead(side.number, side.name, side.changes, short)


def _is_provisional(life: Sequence[Standing], cycle: CycleBalance) -> bool:
    return any(each.is_provisional(cycle) for each in life if each.agreement.alive_on(cycle.starts))


def _seams(life: Sequence[Standing]) -> Iterator[str]:
    """Where one agreement goes on from another."""
    for before, after in pairwise(life):
        yield _(
            "“%(before)s” was renewed as “%(after)s” on %(day)s; they are shown here as one. Hours "
            "that moved to the new agreement count twice under “Actual”: when the old one ended and "
            "when the new one began. In a draft they carry over by its terms."
        ) % {
            "before": before.agreement.name,
            "after": after.agreement.name,
            "day": dated(after.agreement.starts),
        }


def _notes(past: Past, cycles: Sequence[CycleBalance], sides: Sequence[ReplaySide]) -> Iterator[str]:
    if not any(cycle.closed for cycle in cycles):
        yield _("No cycle has closed yet, so there are no totals.")
    yield from _notes_on_terms(past, cycles)
    yield from _notes_on_money(sides)


def _notes_on_terms(past: Past, cycles: Sequence[CycleBalance]) -> Iterator[str]:
    changed = [each.starts for each in past.agreement.terms if cycles[0].starts < each.starts <= past.on]
    if changed:
        days = ", ".join(dated(day) for day in changed)
        yield _(
            "The terms changed during this time (%(days)s). “Actual” keeps the terms of each cycle; "
            "a draft applies to all of them."
        ) % {"days": days}
    if any(cycle.terms.is_block for cycle in cycles):
        yield _(
            "A prepaid block has no cap: each month is shown separately, and hours bought stay where they were."
        )
    elif any(cycle.total.topped_up for cycle in cycles):
        yield _(
            "Hours that were bought are included everywhere, unless a draft leaves them out. HourTab "
            "doesn’t know their price."
        )


def _notes_on_money(sides: Sequence[ReplaySide]) -> Iterator[str]:
    if len({cycle.terms.currency for side in sides for cycle in side.cycles}) > 1:
        yield _("Amounts in different currencies are neither added up nor compared.")
    for side in sides:
        if side.sums.unbilled and any(not cycle.terms.overage_rate for cycle in side.cycles):
            yield _("%(side)s: overage has no price because the terms set no rate.") % {"side": side.name}


def _form(query: QueryDict, draft: TrialDraft, terms: Terms, head: SideHead | None) -> TrialForm:
    form = Form(AgreementDraft(), draft.errors)
    pools = tuple(_pool_fields(form, draft))
    further = (
        *form.step(draft.typed, "leftover", draft.prefix),
        *form.step(draft.typed, "past", draft.prefix),
        *_further(form, draft, terms),
    )
    named = {field.name for field in (*pools, *further)}
    return TrialForm(
        number=draft.number,
        title=_("Draft %(number)d") % {"number": draft.number},
        marker=f"d{draft.number}",
        pools=pools,
        further=further,
        errors=tuple(_elsewhere(draft.errors, named)),
        dropped=without(query, draft.number),
        is_wrong=bool(draft.errors),
        head=head,
    )


def _pool_fields(form: Form, draft: TrialDraft) -> Iterator[Field]:
    several = len(draft.typed.pools) > 1
    for row, pool in enumerate(draft.typed.pools):
        label = _("Hours per cycle")
        if several:
            label = _("%(pool)s, hours per cycle") % {"pool": pool["name"]}
        yield form.field(f"{draft.prefix}pools-{row}-hours", label, pool["hours"], "number")


def _further(form: Form, draft: TrialDraft, terms: Terms) -> Iterator[Field]:
    prefix, typed = draft.prefix, draft.typed
    for row, kind in enumerate(typed.kinds):
        if row < len(terms.multipliers):
            label = _("One hour of %(kind)s counts") % {"kind": kind["name"]}
            yield form.field(f"{prefix}kinds-{row}-factor", label, kind["factor"], "number")
    yield form.asked(typed, "increment", prefix)
    yield form.asked(typed, "minimum", prefix)
    if len(typed.pools) > 1:
        sharing = {"separate": _("each has its own balance"), "shared": _("all share one balance")}
        yield form.select(f"{prefix}sharing", _("With several pools"), typed["sharing"], sharing)
    yield form.field(f"{prefix}fee", _("Fee per cycle (optional)"), typed["fee"], "number")
    yield form.asked(typed, "currency", prefix)
    bought = {KEPT: _("as they were"), NONE: _("left out")}
    yield form.select(f"{prefix}bought", _("Hours bought in this time"), draft.bought, bought)


def _elsewhere(errors: Mapping[str, Sequence[str]], named: set[str]) -> Iterator[str]:
    """What is wrong with nothing that the form shows."""
    for name, messages in errors.items():
        if name not in named:
            yield from messages
