"""A client's share links in words: since when, until when, how they were used, and what to do about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import actors as account_words
from accounts.seen import OnceForm
from portal.access import AFTERLIFE
from portal.models import ShareLink
from presentation import counts, days

WARN_BEFORE_END = timedelta(days=14)
ROTATE_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One link. `end` says when it ends, `advice` what staff should see to."""

    pk: int
    name: str
    made: str
    opened: str
    end: str
    advice: str
    state: str


@dataclass(frozen=True, slots=True)
class LinkLines:
    """`live` links open today; `past` ones are replaced, revoked, expired or ended."""

    live: tuple[LinkLine, ...]
    past: tuple[LinkLine, ...]


def link_lines(
    links: Iterable[ShareLink], *, last_day: date | None, today: date, zone: ZoneInfo
) -> LinkLines:
    """`last_day` is the day on which all links of the client end with its last retainer, if one is known."""
    found = [(_line(link, last_day, today, zone), is_live(link, last_day, today)) for link in links]
    return LinkLines(
        live=tuple(line for line, live in found if live),
        past=tuple(line for line, live in reversed(found) if not live),
    )


def is_live(link: ShareLink, last_day: date | None, today: date) -> bool:
    end = _end(link, last_day)
    return not (link.revoked_at or link.replaced_at) and (end is None or today <= end)


def _end(link: ShareLink, last_day: date | None) -> date | None:
    return min((day for day in (link.expires_on, last_day) if day), default=None)


def _line(link: ShareLink, last_day: date | None, today: date, zone: ZoneInfo) -> LinkLine:
    made = link.created_at.astimezone(zone).date()
    by = account_words.person(link.created_by)
    return LinkLine(
        pk=link.pk,
        name=link.label or _("Link %(number)d") % {"number": link.pk},
        made=_("created %(day)s by %(name)s") % {"day": days.day_of(made, today), "name": by},
        opened=_opened(link, today, zone),
        end=end_words(link, last_day, today),
        advice=_advice(link, made, last_day, today),
        state=_state(link, last_day, today, zone),
    )


def _opened(link: ShareLink, today: date, zone: ZoneInfo) -> str:
    if link.last_opened_at is None:
        return _("never opened")
    when = days.recently(link.last_opened_at.astimezone(zone).date(), today)
    return _("last opened %(when)s, %(often)s in all") % {
        "when": when,
        "often": counts.times(link.opened_count),
    }


def end_words(link: ShareLink, last_day: date | None, today: date) -> str:
    """Until when the link opens, as staff are told beside it."""
    end = _end(link, last_day)
    if end is None:
        return _("No expiry: it works until %(days)d days after the agreement ends.") % {
            "days": AFTERLIFE.days
        }
    if end == link.expires_on:
        return _("It opens until %(day)s.") % {"day": days.day_of(end, today)}
    return _("It opens until %(day)s, %(days)d days after the agreement's end.") % {
        "day": days.day_of(end, today),
        "days": AFTERLIFE.days,
    }


def _advice(link: ShareLink, made: date, last_day: date | None, today: date) -> str:
    if not is_live(link, last_day, today):
        return ""
    end = _end(link, last_day)
    if end is not None and end - today <= WARN_BEFORE_END:
        return _("Ends soon: tell the client, or create a new one.")
    if today - made > ROTATE_AFTER:
        return _("More than a year old: replace it and send the client the new one.")
    return ""


def _state(link: ShareLink, last_day: date | None, today: date, zone: ZoneInfo) -> str:
    done = link.revoked_at or link.replaced_at
    if done:
        day = days.day_of(done.astimezone(zone).date(), today)
        text = _("revoked %(day)s") if link.revoked_at else _("replaced %(day)s")
        return text % {"day": day}
    if is_live(link, last_day, today):
        return ""
    end = _end(link, last_day) or today
    return _("ended %(day)s") % {"day": days.day_of(end, today)}


class LinkForm(OnceForm):
    label = forms.CharField(
        label=gettext_lazy("For whom (optional)"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Only you see it: “Pat Lee”, “finance”."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Last day (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Without one it ends 30 days after the agreement does."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "link_%s", **kwargs})
        self.today = today
        self.fields["expires_on"].widget.attrs["min"] = today.isoformat()

    def clean_label(self) -> str:
        return " ".join(str(self.cleaned_data["label"]).split())

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("That day has passed: choose today or a later one."))
        return day
