"""The covered days of a retainer in words, and the form that says of others that there was no work."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.doors import OpenedRetainer
from presentation import days


class NoWorkForm(forms.Form):
    starts = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """`first` and `last` as the form posts them."""

    name: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class CoveredDays:
    """`pools` are (name, until when in words)."""

    pools: tuple[tuple[str, str], ...]
    starts: str
    gaps: tuple[Gap, ...]


def covered_days(opened: OpenedRetainer) -> CoveredDays:
    fresh, today = opened.standing.freshness, opened.today
    names = {pool.key: pool.name for pool in opened.standing.agreement.terms_on(today).pools}
    starts = fresh.starts_on
    return CoveredDays(
        pools=tuple((names[key], _until(day)) for key, day in fresh.by_pool.items()),
        starts=_("The running cycle is covered from %(day)s on.") % {"day": days.full_day(starts)}
        if starts
        else "",
        gaps=tuple(
            Gap(days.period(first, last), first.isoformat(), last.isoformat()) for first, last in fresh.gaps
        ),
    )


def _until(day: date | None) -> str:
    return days.full_day(day) if day else _("nothing yet")
