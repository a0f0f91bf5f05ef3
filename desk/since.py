"""Why a form that was looked at is not saved: what was published while it was open, or that it was sent before."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.seen import StaleError
from desk.clients.trail import KINDS, maker
from presentation import days
from retainers.models import Publication
from retainers.seen import PublishedSinceError


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


def refused(stale: StaleError, zone: ZoneInfo) -> StaleRefusal:
    if not isinstance(stale, PublishedSinceError):
        return StaleRefusal(_("Nothing was saved: this is not what you checked. Look at it, then save."), ())
    return StaleRefusal(
        _(
            "Nothing was saved: this was published since you checked. Look at the figures once more, then save."
        ),
        tuple(_line(row, zone) for row in stale.publications),
    )


def told_done(publication: Publication, zone: ZoneInfo) -> str:
    """That this very form was sent before: when, and by whom."""
    return _("Saved already, %(when)s by %(who)s: nothing was done twice.") % {
        "when": days.moment(publication.made_at, zone),
        "who": maker(publication),
    }


def _line(row: Publication, zone: ZoneInfo) -> str:
    kind = _(KINDS[row.kind])
    what = f"{kind}: {row.note}" if row.note and row.note.casefold() != kind.casefold() else kind
    return _("%(what)s · %(when)s, %(who)s") % {
        "what": what,
        "when": days.moment(row.made_at, zone),
        "who": maker(row),
    }
