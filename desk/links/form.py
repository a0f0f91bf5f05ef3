"""The one form of the client page: a new share link."""

from datetime import date
from secrets import token_hex
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class LinkForm(forms.Form):
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
    once = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)  # names this one form

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "link_%s", **kwargs})
        self.today = today
        self.initial.setdefault("once", token_hex(8))
        self.fields["expires_on"].widget.attrs["min"] = today.isoformat()

    def clean_label(self) -> str:
        return " ".join(str(self.cleaned_data["label"]).split())

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("That day has passed: choose today or a later one."))
        return day
