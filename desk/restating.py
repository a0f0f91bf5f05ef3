"""The closed cycles that a form would restate, as it asks for them: cycle by cycle, old and new, one tick for all."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from presentation.days import span
from presentation.effect_lines import change_lines
from retainers.restating.changes import Restated, digest

TICK = "restate"  # the input; its value names what was in view


@dataclass(frozen=True, slots=True)
class RestatingPart:
    """`digest` is what the tick sends; `missing`: it was not ticked, or not for just these cycles."""

    lines: tuple[str, ...]
    digest: str
    missing: bool


def restating_part(restated: Sequence[Restated], *, missing: bool = False) -> RestatingPart | None:
    """None where nothing would be restated."""
    if not restated:
        return None
    return RestatingPart(tuple(_line(each) for each in restated), digest(restated), missing)


def agreed_in(request: HttpRequest) -> str:
    """What the form's tick agrees to; "" where it was not ticked."""
    return request.POST.get(TICK, "")


def _line(each: Restated) -> str:
    row, cycle = each.retainer, each.change.cycle
    where = f"{row.client.name} · {row.key} · {span(cycle.starts, cycle.ends)}"
    if each.change.after is None:
        return _("%(where)s: there would be no such cycle") % {"where": where}
    if not each.change.differs:
        return _("%(where)s: other lines, the same hours") % {"where": where}
    said = [f"{line.what} {line.before} → {line.after}".strip() for line in change_lines(each.change)]
    return f"{where}: {'; '.join(said)}"
