"""The form for a notice beside the client's number, and the notice that stands there now."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import role_words as account_words
from desk.doors import OpenedRetainer
from presentation import days
from presentation.accounts import accounts
from presentation.facts import Notice as NoticeFacts
from presentation.headlines import notice_words
from retainers.hours import from_units
from retainers.models import Notice


class NoticeForm(forms.Form):
    text = forms.CharField(
        label=_("What the client reads"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Plain words, no names: “Incident in progress, about 6 hours not yet counted.”"),
    )
    pending_hours = forms.DecimalField(
        label=_("Hours not yet counted (optional)"),
        required=False,
        min_value=0,
        max_value=9999,
        decimal_places=2,
        help_text=_("With them, the page also says what would remain."),
    )

    def clean_text(self) -> str:
        return " ".join(str(self.cleaned_data["text"]).split())


@dataclass(frozen=True, slots=True)
class StandingNotice:
    text: str
    would_remain: str
    when: str
    who: str


def standing_notice(opened: OpenedRetainer) -> StandingNotice | None:
    """The notice that the client reads now."""
    rows = Notice.objects.filter(retainer=opened.retainer, retired_in=None)
    row = rows.select_related("added_in__made_by").first()
    if row is None:
        return None
    pending = None if row.pending_units is None else from_units(row.pending_units)
    shown = opened.standing.current
    lead = accounts(opened.standing.cycles, shown)[0] if shown else None
    said = notice_words(NoticeFacts(row.text, pending), lead) if lead else None
    return StandingNotice(
        text=row.text,
        would_remain=said.would_remain if said else "",
        when=days.moment(row.added_in.made_at, opened.zone),
        who=account_words.person(row.added_in.made_by),
    )
