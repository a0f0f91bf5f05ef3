"""The work that is looked back on, in lines: scheduled against reactive, nights and holidays, hours given free."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from desk.agreements.replaying.told_work import WorkNature, WorkTime
from desk.agreements.replaying.work_done import WorkDone
from presentation.phrases import column
from retainers.gate.known import Gate
from retainers.hours import ZERO, round_half_up
from retainers.pricing import NON_BILLABLE
from retainers.terms import TRAVEL

NATURES: dict[WorkNature, str] = {
    "scheduled": gettext_noop("Scheduled"),
    "reactive": gettext_noop("Reactive"),
    "untold": gettext_noop("Not in the export"),
}
TIMES: dict[WorkTime, str] = {
    "open": gettext_noop("In business hours"),
    "night": gettext_noop("Evenings, nights and weekends"),
    "holiday": gettext_noop("Holidays"),
    "unknown": gettext_noop("No time of day in the export"),
}


@dataclass(frozen=True, slots=True)
class WorkDoneLine:
    """`drawn` is what it took of the hours agreed, "" where that is not told; `share` of the hours worked."""

    name: str
    worked: str
    share: str = ""
    drawn: str = ""


@dataclass(frozen=True, slots=True)
class WorkPart:
    """`times` is empty where the provider has no business hours to tell nights by."""

    worked: str
    drawn: str
    natures: tuple[WorkDoneLine, ...]
    times: tuple[WorkDoneLine, ...]
    free: tuple[WorkDoneLine, ...]
    free_total: str


def work_part(work: WorkDone, gate: Gate, slug: str, *, has_hours: bool) -> WorkPart | None:
    """None where nothing was worked, given or left out."""
    if not (work.natures or work.free):
        return None
    return WorkPart(
        worked=column(work.worked),
        drawn=column(work.drawn),
        natures=tuple(
            WorkDoneLine(
                _(name),
                column(work.natures[key]),
                _share(work.natures[key], work.worked),
                column(work.drawn_by_nature[key]),
            )
            for key, name in NATURES.items()
            if key in work.natures
        ),
        times=tuple(_times(work)) if has_hours else (),
        free=tuple(_free(work, gate, slug)),
        free_total=column(work.free) if work.free else "",
    )


def _times(work: WorkDone) -> Iterator[WorkDoneLine]:
    for key, name in TIMES.items():
        if key in work.times:
            yield WorkDoneLine(_(name), column(work.times[key]), _share(work.times[key], work.worked))


def _free(work: WorkDone, gate: Gate, slug: str) -> Iterator[WorkDoneLine]:
    """By its reason, as the client may read it; reasons of which nothing can be said stand together."""
    found: dict[str, Decimal] = {}
    for words, hours_by_reason in (
        (_("Not counted: %(why)s"), work.left_out),
        (_("Credit: %(why)s"), work.credits),
    ):
        for why, hours in hours_by_reason.items():
            name = words % {"why": _said(why, gate, slug)}
            found[name] = found.get(name, ZERO) + hours
    if work.unbilled:
        found[_("Past the cap, neither billed nor carried")] = work.unbilled
    for name, hours in sorted(found.items(), key=lambda each: (-each[1], each[0])):
        yield WorkDoneLine(name, column(hours))


def _said(why: str, gate: Gate, slug: str) -> str:
    """A rule's or a credit's reason through the gate; the ledger's own are no secret."""
    own = {NON_BILLABLE: _("non-billable work"), TRAVEL: _("travel")}
    return own.get(why) or gate.out(why, slug) or _("for another reason")


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{round_half_up(part * 100 / whole, 0):f} %" if whole > 0 else ""
