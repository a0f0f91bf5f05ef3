"""How far the work on a large file is, in words: just ordered, at work, broken off, or ended without a publication."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import zone_of
from accounts.models import Provider
from desk.imports.ordering import progress_of
from desk.models import LongWork
from imports import progress
from presentation import counts, days

SECONDS = 3  # from one look to the next
SOON = timedelta(seconds=45)  # a process that was started has begun by then
STAGES: dict[str, str | Promise] = {
    progress.READING: gettext_lazy("The file is being read."),
    progress.PLANNING: gettext_lazy("Its rows are being compared with what is published."),
    progress.KEEPING: gettext_lazy("The preview is being prepared."),
    progress.WRITING: gettext_lazy("The entries are being saved. Nobody sees them until all are in."),
    progress.FIGURES: gettext_lazy("Clients’ figures are being calculated."),
}


@dataclass(frozen=True, slots=True)
class LongPage:
    """`goes_on`: the page asks again by itself. `done` of `of` rows, where they are counted. `may_carry_on`: nobody is
    at it or about to be, so that a person may start it again. `may_withdraw`: the order may be taken back.
    """

    title: str
    said: str
    facts: str
    done: int
    of: int
    counted: str
    goes_on: bool
    may_carry_on: bool
    may_withdraw: bool

    @property
    def acts(self) -> list[tuple[str, str, str]]:
        """What a person may do about it: of each button its name, its look and its words."""
        known = (
            (self.may_carry_on, ("", "", _("Continue"))),
            (self.may_withdraw, ("withdraw", "quiet", _("Cancel it"))),
        )
        return [act for may, act in known if may]


def long_page(order: LongWork, provider: Provider, at: datetime) -> LongPage:
    now = progress_of(order)
    said, goes_on = _said(order, now, at)
    waits = order.state == LongWork.State.ORDERED and not now.at_work
    is_withdrawn_in_time = not goes_on or not settings.LONG_IMPORT_PROCESSES
    return LongPage(
        title=_title(order, goes_on=goes_on),
        said=said,
        facts=_facts(order, provider),
        done=now.done,
        of=now.of,
        counted=_counted(now),
        goes_on=goes_on,
        may_carry_on=not goes_on,
        may_withdraw=waits and is_withdrawn_in_time and order.kind == LongWork.Kind.PUBLISH,
    )


def _counted(now: progress.Progress) -> str:
    """How many of the rows are done; each is gone through twice, as an entry and as the row behind it."""
    if not now.of:
        return ""
    return _("%(done)s of %(rows)s") % {"done": f"{now.done:,}", "rows": counts.rows(now.of)}


def _title(order: LongWork, *, goes_on: bool) -> str:
    if order.kind == LongWork.Kind.PUBLISH:
        return _("This import is being published") if goes_on else _("This import is not published yet")
    return _("The preview of this file is being prepared") if goes_on else _("The preview is not ready yet")


def _said(order: LongWork, now: progress.Progress, at: datetime) -> tuple[str, bool]:
    """What happens, and whether it goes on by itself."""
    if order.state == LongWork.State.FAILED:
        return order.said, False
    if now.at_work:
        return str(STAGES.get(now.stage, _("It has started."))), True
    if not settings.LONG_IMPORT_PROCESSES:
        return _waits_for_tick(order), True
    if _is_about_to_begin(order, at):
        return _("It starts in a moment."), True
    if order.begun_at is not None:
        return _broke_off(order), False
    return _(
        "It hasn’t started yet. It starts within a few minutes, or at once if you press Continue."
    ), False


def _is_about_to_begin(order: LongWork, at: datetime) -> bool:
    """Whether a process was started just now that has not begun."""
    started = order.started_at or order.ordered_at
    return at - started < SOON and (order.begun_at is None or order.begun_at < started)


def _waits_for_tick(order: LongWork) -> str:
    if order.begun_at is None:
        return _("It starts within a few minutes.")
    if order.kind == LongWork.Kind.PUBLISH:
        return _(
            "It stopped before it was done. Nothing was published. It starts again within a few minutes."
        )
    return _("It stopped before it was done. It starts again within a few minutes.")


def _broke_off(order: LongWork) -> str:
    if order.kind == LongWork.Kind.PUBLISH:
        return _("It stopped before it was done. Nothing was published. You can continue it.")
    return _("It stopped before it was done. You can continue it.")


def _facts(order: LongWork, provider: Provider) -> str:
    """Who ordered it, and since when it is worked at."""
    zone, by = zone_of(provider), order.ordered_by
    when = days.moment(order.ordered_at, zone)
    found = [
        _("Requested by %(who)s, %(when)s") % {"who": by, "when": when}
        if by
        else _("Requested %(when)s") % {"when": when}
    ]
    if order.begun_at:
        found.append(_("started %(when)s") % {"when": days.moment(order.begun_at, zone)})
    return " · ".join(found)
