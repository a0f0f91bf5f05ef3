"""The form by which a reader asks to be told something by mail; what becomes of it is the business of `alerts`."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.typed_hours import no_hours, read_hours
from retainers.hours import round_half_up, to_units

TITLE = gettext_lazy("Tell me by mail")
SHARES: Mapping[int, Any] = {
    50: gettext_lazy("half of the hours are left"),
    25: gettext_lazy("a quarter of the hours are left"),
    10: gettext_lazy("a tenth of the hours are left"),
    0: gettext_lazy("no hours are left"),
}
Choices = Mapping[str, str]  # an account, as “agreement|pool”, and its name


class WatchForm(forms.Form):
    """Of which account, what is to be told, and whom."""

    when = forms.ChoiceField(
        label=gettext_lazy("Tell me when"),
        widget=forms.RadioSelect,
        choices=[
            ("hours", gettext_lazy("at most this many hours are left:")),
            *((f"share {left}", words) for left, words in SHARES.items()),
            ("updated", gettext_lazy("the page is updated")),
            ("reset", gettext_lazy("a new cycle begins")),
        ],
    )
    hours = forms.CharField(label=gettext_lazy("Hours"), max_length=20, required=False)
    email = forms.EmailField(label=gettext_lazy("Your e-mail address"))

    def __init__(self, known: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.HiddenInput if len(known) == 1 else forms.Select
        self.fields["about"] = forms.ChoiceField(
            label=_("Of which hours"), choices=list(known.items()), widget=widget
        )
        self.fields["hours"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        typed = str(said.get("hours", ""))
        if said.get("when") == "hours":
            found = read_hours(typed)
            said["hours"] = None if found is None else round_half_up(found)
            if not said["hours"]:
                self.add_error("hours", no_hours(typed) if typed else _("Write how many hours."))
        return said

    def chosen(self) -> tuple[str, int]:
        """What is waited for, and its threshold as it is kept."""
        when, _space, left = self.cleaned_data["when"].partition(" ")
        return when, to_units(self.cleaned_data["hours"]) if when == "hours" else int(left or 0)
