"""The forms of a live incident: what is begun, with the clock's own presets, and what changes of it."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import zone_of
from accounts.models import Provider
from desk.doors import OpenedRetainer
from retainers.balance import CycleBalance
from retainers.living import MOST_PEOPLE
from retainers.rule_books import opening_times_of
from retainers.selectors import Standing
from retainers.terms import WEEKDAYS, hours_on

AFTER_HOURS = "after_hours"
LONGEST_TICKET = 60


class StartForm(forms.Form):
    """People, kind of work and ticket; whose hours, where pools have hours of their own."""

    people = forms.IntegerField(label=_("People on it"), min_value=1, max_value=MOST_PEOPLE)
    kinds = forms.MultipleChoiceField(
        label=_("Kind of work"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ticket = forms.CharField(
        label=_("Ticket number (optional)"),
        required=False,
        max_length=LONGEST_TICKET,
        help_text=_("For you alone: its entries settle the estimate with the next import."),
    )

    def __init__(self, opened: OpenedRetainer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = opened.standing.current
        kinds = [(each.category, each.name) for each in current.terms.multipliers] if current else []
        if kinds:
            self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]
        else:
            del self.fields["kinds"]
        if current is not None and current.sharing == "separate" and len(current.pools) > 1:
            pools = [(pool.key, pool.name) for pool in current.pools]
            self.fields["pool"] = forms.ChoiceField(label=_("Whose hours"), choices=pools)


class PeopleForm(forms.Form):
    """How many people are on it from now on."""

    people = forms.IntegerField(min_value=1, max_value=MOST_PEOPLE)


def presets(opened: OpenedRetainer, at: datetime) -> dict[str, Any]:
    """What one click begins with: one person, now, at the kind that the clock says, on the first pool's hours."""
    current = opened.standing.current
    pool = current.pools[0].key if current else ""
    kinds = kinds_now(opened.standing, opened.member.provider, at)
    return {"people": 1, "kinds": kinds, "ticket": "", "pool": pool}


def kinds_now(standing: Standing, provider: Provider, at: datetime) -> list[str]:
    """After hours, where the clock says so and such work counts otherwise."""
    current = standing.current
    return [AFTER_HOURS] if current and _is_after_hours(standing, current, provider, at) else []


def _is_after_hours(standing: Standing, current: CycleBalance, provider: Provider, at: datetime) -> bool:
    local = at.astimezone(zone_of(provider))
    times = standing.agreement.business_hours or opening_times_of(provider)
    hours = hours_on(times, local.date())
    if hours is None or all(each.category != AFTER_HOURS for each in current.terms.multipliers):
        return False
    is_working_day = WEEKDAYS[local.weekday()] in hours.days and local.date() not in hours.holidays
    return not is_working_day or not hours.start <= local.time() < hours.end
