"""The form for a notice beside the client's number, and the notice that stands there now."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import actors as account_words
from desk.doors import OpenedRetainer
from presentation import days
from presentation.accounts import accounts
from presentation.facts import Notice as NoticeFacts
from presentation.headlines import notice_words
from retainers import notices
from retainers.hours import from_units
from retainers.models import Notice

OFF_WHAT = _("They are taken off this pool’s number, and off every answer that the page gives for it.")


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

    def __init__(self, opened: OpenedRetainer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = opened.standing.current
        pools = [(pool.key, pool.name) for pool in current.pools] if current else []
        if current is not None and current.sharing == "separate" and len(pools) > 1:
            self.fields["pool"] = forms.ChoiceField(
                choices=pools, label=_("Whose hours"), required=False, help_text=OFF_WHAT
            )

    def clean_text(self) -> str:
        return " ".join(str(self.cleaned_data["text"]).split())


@dataclass(frozen=True, slots=True)
class StandingNotice:
    text: str
    would_remain: str
    is_over: bool
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
    found = accounts(opened.standing.cycles, shown) if shown else ()
    facts = NoticeFacts(row.text, pending, row.pool, notices.posted_on(row, opened.zone))
    said = notice_words(facts, found, opened.standing.on)
    return StandingNotice(
        text=row.text,
        would_remain=said.would_remain if said else "",
        is_over=notices.is_over(row, opened.standing, opened.zone),
        when=days.moment(row.added_in.made_at, opened.zone),
        who=account_words.person(row.added_in.made_by),
    )
