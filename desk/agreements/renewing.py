"""Renewing: the retainer ends on a day, a new one with its newest terms begins on the next.

The client's links are the client's, so the bookmark goes on working; rows of the PSA go to whichever of the two is
alive on their date. What is left does not pass over by itself: it is brought along as a top-up, if at all.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.agreements.draft import AgreementDraft, draft_of, key_of
from desk.agreements.judging import JudgedDraft, judge
from desk.agreements.starting import copied
from desk.doors import OpenedRetainer
from retainers.cycles import begun_anew, cycle_of
from retainers.terms import Agreement, TopUp

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RenewalWish:
    last_day: date
    key: str
    name: str
    brought: Decimal | None


@dataclass(frozen=True, slots=True)
class Renewal:
    old: Agreement
    draft: AgreementDraft
    judged: JudgedDraft
    top_ups: tuple[TopUp, ...]


class RenewForm(forms.Form):
    last_day = forms.DateField(
        label=gettext_lazy("Last day of the old agreement"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The new one begins on the next day."),
    )
    name = forms.CharField(label=gettext_lazy("Name of the new one"), max_length=120)
    brought = forms.DecimalField(
        label=gettext_lazy("Hours brought along (optional)"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=99999,
        decimal_places=2,
        help_text=gettext_lazy("Granted as a top-up on its first day, and kept until they are used."),
    )

    def __init__(self, *args: Any, agreement: Agreement, today: date, **kwargs: Any) -> None:
        cycle = cycle_of(agreement, max(today, agreement.starts))
        last = agreement.ends or (cycle.ends if cycle else today)
        initial = {"last_day": last, "name": agreement.name}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.agreement = agreement

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day < self.agreement.starts:
            raise forms.ValidationError(_("That is before the agreement began."))
        return day

    def asked(self) -> RenewalWish:
        said = self.cleaned_data
        last: date = said["last_day"]
        key = f"{self.agreement.key[:48]}_{last + ONE_DAY:%Y_%m}"
        return RenewalWish(last, key, said["name"], said["brought"])


def _said(number: int | None) -> str:
    return "" if number is None else str(number)


def renewal(opened: OpenedRetainer, asked: RenewalWish) -> Renewal:
    """The two agreements, judged together."""
    before = opened.standing.agreement
    starts = asked.last_day + ONE_DAY
    kept = tuple(terms for terms in before.terms if terms.starts <= asked.last_day)
    old = replace(before, ends=asked.last_day, terms=kept or before.terms[:1])
    changed = any(terms.changes_cycle for terms in before.terms)
    cycle = begun_anew(before, starts) if changed else before  # the anchors as said, or as they are by now
    draft = replace(
        copied(before, starts),
        key=key_of(asked.key) if not asked.key else asked.key,
        name=asked.name,
        psa_agreements=draft_of(before).psa_agreements,
        anchor_day=_said(cycle.anchor_day),
        anchor_month=_said(cycle.anchor_month),
    )
    pool = None if before.terms[-1].sharing == "shared" else before.terms[-1].pools[0].key
    note = _("Brought along from %(name)s") % {"name": before.name}
    top_ups = (TopUp(starts, asked.brought, pool, "never", note),) if asked.brought else ()
    judged = judge(
        opened.member.provider,
        opened.client,
        draft,
        standing=None,
        today=opened.today,
        others=[old],
        top_ups=top_ups,
        rules=before.rules,
    )
    return Renewal(old, draft, judged, top_ups)
