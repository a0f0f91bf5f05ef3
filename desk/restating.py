"""The closed cycles that a form would restate, as it asks for them: cycle by cycle, old and new, one tick for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from desk.doors import OpenedRetainer
from presentation.days import span
from presentation.effect_lines import change_lines, effect_lines
from retainers.effects import BalanceChange
from retainers.restating import tidy_reason
from retainers.restating.changes import Law, Restated, digest, foreseen
from retainers.restating.writing import Consent, leaks_in

TICK = "restate"  # the input; its value names what was in view
REASON = "restate_reason"  # why, in words that the client reads


@dataclass(frozen=True, slots=True)
class RestatingPart:
    """`digest` is what the tick sends; `missing`: it was not ticked, or not for just these cycles.

    `restated` are the cycles themselves, whose clients would read the reason.
    """

    lines: tuple[str, ...]
    digest: str
    missing: bool
    restated: tuple[Restated, ...]


def restating_part(restated: Sequence[Restated], *, missing: bool = False) -> RestatingPart | None:
    """None where nothing would be restated."""
    if not restated:
        return None
    return RestatingPart(tuple(_line(each) for each in restated), digest(restated), missing, tuple(restated))


def agreed_in(request: HttpRequest) -> Consent:
    """What the form's tick agrees to, nothing where it was not ticked, and why."""
    return consent_in(request.POST)


def consent_in(post: QueryDict) -> Consent:
    return Consent(post.get(TICK, ""), tidy_reason(post.get(REASON, "")))


def is_lacking(consent: Consent, restated: Sequence[Restated]) -> bool:
    """Whether the form can't be done yet: the tick is for other cycles, or the reason leaks."""
    return consent.to != digest(restated) or bool(leaks_in(consent.reason, restated))


def _line(each: Restated) -> str:
    row, cycle = each.retainer, each.change.cycle
    where = f"{row.client.name} · {each.name or row.key} · {span(cycle.starts, cycle.ends)}"
    if each.change.after is None:
        return _("%(where)s: there would be no such cycle") % {"where": where}
    if not each.change.differs:
        return _("%(where)s: other lines, the same hours") % {"where": where}
    said = [f"{line.what} {line.before} → {line.after}".strip() for line in change_lines(each.change)]
    return f"{where}: {'; '.join(said)}"


def shown_effects(
    opened: OpenedRetainer, change: BalanceChange, law: Law = Law.COMPLETE, *, unticked: bool = False
) -> dict[str, Any]:
    """What the client would read, a line for each account that changes, and the closed cycles that it restates."""
    restated = foreseen(opened.member.provider, [change], law)
    return {"effects": effect_lines(change), "restating": restating_part(restated, missing=unticked)}
