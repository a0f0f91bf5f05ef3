"""Why a form that was looked at is not saved: what was published while it was open, or that it was sent before."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.seen import StaleError
from desk.clients.trail import KINDS, maker
from desk.doors import OpenedRetainer, open_retainer
from desk.restating import shown_effects
from presentation import days
from retainers.effects import BalanceChange
from retainers.models import Publication
from retainers.restating.changes import Law
from retainers.restating.writing import RestatingError
from retainers.seen import DoneError, PublishedSinceError, made_on

STALE = 409


@dataclass(frozen=True, slots=True)
class StaleRefusal:
    """`lines`: what the form did not know of, newest first; none where what was typed is not what was checked."""

    why: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeSince:
    """What somebody else saved while a form was open: `was` is "" where the form does not tell.

    `yours` is what the form holds now: theirs where it was left as it was, else what was typed.
    """

    what: str
    was: str
    now: str
    yours: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A form that is shown with its effect. It was looked at, or not saved: because of what was published since
    (`opened` is what stands now), or because closed cycles would change and were not ticked."""

    opened: OpenedRetainer
    refusal: StaleRefusal | None = None
    unticked: bool = False

    @property
    def status(self) -> int:
        return STALE if self.refusal or self.unticked else 200

    def shown(self, change: BalanceChange, law: Law = Law.COMPLETE) -> dict[str, Any]:
        """What its page prints of the change, and of what kept it from being saved."""
        effects = shown_effects(self.opened, change, law, unticked=self.unticked)
        return {"refusal": self.refusal, **effects}


def try_saving(
    request: HttpRequest, opened: OpenedRetainer, save: Callable[[], object], *, said: str
) -> Attempt | None:
    """Save and say so; None where it is done, by this form or when it was sent before."""
    try:
        save()
    except RestatingError:
        return Attempt(opened, unticked=True)
    except DoneError as done:
        messages.info(request, told_done(done.publication, opened.zone))
    except StaleError as stale:
        now = open_retainer(request, opened.client.slug, opened.retainer.key)
        return Attempt(now, refused(stale, now.zone))
    else:
        messages.success(request, said)
    return None


def refused(stale: StaleError, zone: ZoneInfo) -> StaleRefusal:
    if not isinstance(stale, PublishedSinceError):
        return StaleRefusal(
            _("Nothing was saved: this isn’t what you checked. Please check it, then save."), ()
        )
    return StaleRefusal(
        _(
            "Nothing was saved: this was published after you checked. Please check the figures again, then save."
        ),
        tuple(_line(row, zone) for row in stale.publications),
    )


def told_done(publication: Publication, zone: ZoneInfo) -> str:
    """That this very form was sent before: when, and by whom."""
    return _("Already saved by %(who)s, %(when)s; nothing was saved twice.") % {
        "when": days.moment(publication.made_at, zone),
        "who": maker(publication),
    }


def told_already(form: str, opened: OpenedRetainer, retired_in: Publication | None) -> str:
    """That hours on an opened page stand no more: this `form` was sent before, or somebody else was faster; "" while
    they stand.
    """
    done = made_on(form, [opened.retainer])
    if done is not None or retired_in is None:
        return told_done(done, opened.zone) if done else ""
    return _("Nothing was changed. %(who)s corrected these hours or took them back, on %(when)s.") % {
        "who": maker(retired_in),
        "when": days.moment(retired_in.made_at, opened.zone),
    }


def _line(row: Publication, zone: ZoneInfo) -> str:
    kind = _(KINDS[row.kind])
    what = f"{kind}: {row.note}" if row.note and row.note.casefold() != kind.casefold() else kind
    return _("%(what)s · %(when)s, %(who)s") % {
        "what": what,
        "when": days.moment(row.made_at, zone),
        "who": maker(row),
    }
