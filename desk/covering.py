"""Which days of an agreement the files speak for, and a person's "no work then" for days that no file covers."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import manager
from desk.doors import OpenedRetainer, open_retainer
from presentation import days
from retainers.no_work import NoSuchDaysError, say_no_work


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
        starts=_("The current cycle is covered from %(day)s on.") % {"day": days.full_day(starts)}
        if starts
        else "",
        gaps=tuple(
            Gap(days.period(first, last), first.isoformat(), last.isoformat()) for first, last in fresh.gaps
        ),
    )


def _until(day: date | None) -> str:
    return days.full_day(day) if day else _("nothing yet")


INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def covered(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    if request.method != "POST":
        return _page(request, opened, NoWorkForm())
    form = NoWorkForm(request.POST)
    if not form.is_valid():
        return _page(request, opened, form, INVALID)
    try:
        said = say_no_work(
            retainer=opened.retainer,
            **form.cleaned_data,
            today=opened.today,
            by=opened.member.user,
            at=timezone.now(),
        )
    except NoSuchDaysError as error:
        form.add_error(None, str(error))
        return _page(request, opened, form, INVALID)
    words = (
        _("Saved: these days are covered, with no work.") if said else _("These days were already covered.")
    )
    messages.success(request, words)
    return redirect("covered_days", slug, key)


def _page(request: HttpRequest, opened: OpenedRetainer, form: NoWorkForm, status: int = 200) -> HttpResponse:
    context = {"opened": opened, "form": form, "days": covered_days(opened)}
    return render(request, "desk/covered.html", context, status=status)
