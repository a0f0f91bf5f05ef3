"""What was, and what would have been: the sides of the page, each with its cycles and their sums."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from desk.agreements.replaying.drafts import KEPT, TrialDraft
from presentation.phrases import hours, money
from presentation.plain_terms import sentences
from retainers.balance import CycleBalance
from retainers.replay import Amounts, Past, ReplaySums, added_up, replay
from retainers.terms import Agreement, Terms

NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class ReplaySide:
    """`number` 0 is what was. `changes` say what a draft has that today's terms have not."""

    number: int
    name: str
    changes: tuple[str, ...]
    cycles: tuple[CycleBalance, ...]
    sums: ReplaySums
    terms: Terms


def sides_of(
    past: Past, looked: Sequence[CycleBalance], drafts: Sequence[TrialDraft], today_terms: Terms
) -> tuple[ReplaySide, ...]:
    """What was, then each draft that has no errors."""
    shown = tuple(looked)
    found = [ReplaySide(0, _("Actual"), (), shown, added_up(shown), today_terms)]
    for draft in drafts:
        if draft.errors:
            continue
        since, kept = shown[0].starts, draft.bought == KEPT
        cycles = replay(past, draft.terms, since, keeps_top_ups=kept)
        changes = tuple(_changes(past.agreement, today_terms, draft)) or (
            _("Today’s terms, from the start."),
        )
        name = _("Draft %(number)d") % {"number": draft.number}
        found.append(ReplaySide(draft.number, name, changes, cycles, added_up(cycles), draft.terms))
    return tuple(found)


def _changes(agreement: Agreement, today: Terms, draft: TrialDraft) -> Iterator[str]:
    """The sentences of the agreement that today's terms don't have, and what a client doesn't read."""
    before = sentences(agreement, today)
    as_today = replace(draft.terms, starts=today.starts)  # whose cycle the sentences speak of
    yield from (sentence for sentence in sentences(agreement, as_today) if sentence not in before)
    fee, currency = draft.terms.fee, draft.terms.currency
    if (fee, currency) != (today.fee, today.currency):
        yield _("No fee.") if fee is None else _("Fee %(fee)s per cycle.") % {"fee": money(fee, currency)}
    if draft.bought != KEPT:
        yield _("Without the hours bought.")


def in_short(side: ReplaySide, was: ReplaySide) -> str:
    """A draft against what was, in a sentence: cycles over, money, hours that lapse."""
    sums, before = side.sums, was.sums
    parts = [
        _("over in %(cycles)d of %(all)d cycles instead of %(before)d")
        % {"cycles": sums.cycles_over, "all": sums.cycles, "before": before.cycles_over},
        _("%(sum)s billed for overage instead of %(before)s")
        % {"sum": amounts(sums.billed), "before": amounts(before.billed)},
        _("%(hours)s h lapse instead of %(before)s")
        % {"hours": hours(sums.lapsed), "before": hours(before.lapsed)},
    ]
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}."


def amounts(found: Amounts | None) -> str:
    """Amounts of several currencies beside each other; those of nothing only where nothing else is."""
    if not found:
        return NOTHING
    worth = [(currency, amount) for currency, amount in found if amount] or found[:1]
    return " + ".join(money(amount, currency) for currency, amount in worth)
