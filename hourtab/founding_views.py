"""`/setup/` on an empty installation: the code, the provider and its owner, who then sets a password."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.zones import zone_choices
from hourtab.founding import NotFoundedError, Wish, found, is_empty, is_good

INVALID = 422


class SetupForm(forms.Form):
    field_order = ("code", "name", "owner", "timezone", "date_order", "opens", "closes")
    code = forms.CharField(
        label="One-time code",
        max_length=60,
        help_text="The server printed it when it started; “python manage.py setup --code” prints a new one.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label="Name of your company",
        max_length=120,
        help_text="Your clients read it at the top of their page.",
    )
    timezone = forms.ChoiceField(
        label="Time zone", initial="UTC", help_text="Days begin and end at midnight there."
    )
    date_order = forms.ChoiceField(
        label="How your PSA writes 4 March 2026",
        required=False,
        choices=(
            ("", "Ask me when it matters"),
            ("mdy", "3/4/2026, the month first"),
            ("dmy", "4/3/2026, the day first"),
            ("ymd", "2026-03-04, the year first"),
        ),
    )
    opens = forms.TimeField(
        label="You open at (optional)", required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    closes = forms.TimeField(
        label="You close at (optional)",
        required=False,
        help_text="Monday to Friday. Work outside these hours can count as “after hours”. Other days and"
        " holidays come later, under Rules.",
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    owner = forms.EmailField(
        label="Your e-mail address", help_text="You sign in with it. The next page asks for a password."
    )

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # Django's own arguments
        self.fields["timezone"].choices = zone_choices()  # type: ignore[attr-defined]  # a ChoiceField has them

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not is_good(code, now()):
            raise forms.ValidationError("That isn’t a code from the last 24 hours.")
        return code

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        opens, closes = said.get("opens"), said.get("closes")
        if (opens is None) != (closes is None):
            self.add_error("closes", "Type both times, or neither.")
        elif opens and closes and closes <= opens:
            self.add_error("closes", "Type a time after you open.")
        return said

    def wish(self) -> Wish:
        said = self.cleaned_data
        return Wish(
            said["name"],
            said["owner"],
            timezone=said["timezone"],
            date_order=said["date_order"],
            opens=said["opens"],
            closes=said["closes"],
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Only while there is no provider; afterwards it leads to the desk."""
    if not is_empty():
        return redirect("dashboard")
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(found(form.wish(), first=True).address)
        except NotFoundedError as error:
            form.add_error(None, list(error.lines))
    return render(request, "accounts/setup.html", {"form": form}, status=INVALID if form.errors else 200)
