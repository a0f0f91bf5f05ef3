"""The form of the provider's own settings: whom clients call, how files are read, how pages look."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Provider
from accounts.providers import ProviderSettings
from desk.imports import format_words
from imports.reading.formats import NAMES
from imports.saved_mappings import called, names_with_client_text
from portal.brand import ACCENT, LOGO_BYTES, UnusableLogoError, reencoded


class SettingsForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name, as clients read it"), max_length=120)
    support_phone = forms.CharField(
        label=gettext_lazy("Phone for clients (optional)"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    support_email = forms.EmailField(label=gettext_lazy("E-mail for clients (optional)"), required=False)
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), help_text=gettext_lazy("Cycles turn over at midnight there.")
    )
    date_order = forms.ChoiceField(
        label=gettext_lazy("Order of dates in files"),
        required=False,
        help_text=gettext_lazy("Used where a file does not say it itself."),
    )
    settles_after_days = forms.IntegerField(
        label=gettext_lazy("Days for late entries"),
        min_value=0,
        max_value=90,
        help_text=gettext_lazy(
            "So many days after all its work is in, a closed cycle is settled: to change it is then a restatement."
            " A statement, an invoice or a closed month settles it sooner."
        ),
    )
    trusted_notes = forms.MultipleChoiceField(
        label=gettext_lazy("Formats whose client-facing notes clients may read"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Where it is not ticked, notes never leave the desk."),
    )
    shows_uncharged = forms.CharField(
        label=gettext_lazy("What clients may read that was not charged (optional)"),
        required=False,
        max_length=400,
        help_text=gettext_lazy(
            "Reasons, with commas between them: travel, non-billable, or the reason of a rule that leaves work out,"
            " such as goodwill. Clients read the day, the hours and the reason, never the words."
        ),
    )
    states_fee = forms.BooleanField(
        label=gettext_lazy("Statements name the fee"),
        required=False,
        help_text=gettext_lazy("Else the fee that an agreement has is for your own people."),
    )
    accent = forms.CharField(
        label=gettext_lazy("Colour (optional)"),
        required=False,
        max_length=7,
        widget=forms.TextInput(
            attrs={"placeholder": "#0a625c", "spellcheck": "false", "autocomplete": "off"}
        ),
        help_text=gettext_lazy(
            "Written as #0a625c. Where it would be hard to read, the pages take it darker."
        ),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo (optional)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 1 MB. It takes the place of the name."),
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)

    def __init__(self, *args: Any, provider: Provider, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": _values(provider), **kwargs})
        zones = sorted(available_timezones() | {provider.timezone})
        self._choose("timezone", [(zone, zone.replace("_", " ")) for zone in zones])
        self._choose("date_order", [("", _("not said: ask where it matters")), *Provider.DateOrder.choices])
        formats = dict.fromkeys((*NAMES, *names_with_client_text(), *provider.trusted_notes))
        words = called()
        self._choose("trusted_notes", [(name, format_words.format_name(name, words)) for name in formats])
        if not provider.logo:
            del self.fields["remove_logo"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_accent(self) -> str:
        accent = str(self.cleaned_data["accent"]).strip().casefold()
        if accent and not ACCENT.fullmatch(accent):
            raise forms.ValidationError(
                _("“%(colour)s” isn’t a colour. Write it as #0a625c.") % {"colour": accent}
            )
        return accent

    def clean_logo(self) -> bytes | None:
        upload = self.cleaned_data["logo"]
        if upload is None:
            return None
        try:
            return reencoded(upload.read(LOGO_BYTES + 1))
        except UnusableLogoError as error:
            raise forms.ValidationError(str(error)) from error

    def settings(self) -> ProviderSettings:
        told = self.cleaned_data
        return ProviderSettings(
            name=told["name"],
            support_phone=told["support_phone"].strip(),
            support_email=told["support_email"],
            timezone=told["timezone"],
            date_order=told["date_order"],
            settles_after_days=told["settles_after_days"],
            trusted_notes=tuple(told["trusted_notes"]),
            shows_uncharged=_reasons(told["shows_uncharged"]),
            states_fee=told["states_fee"],
            accent=told["accent"],
            logo=told["logo"] or (b"" if told.get("remove_logo") else None),
        )


def _reasons(typed: str) -> tuple[str, ...]:
    found = (" ".join(reason.split()) for reason in typed.split(","))
    return tuple(dict.fromkeys(filter(None, found)))


def _values(provider: Provider) -> dict[str, Any]:
    return {
        "name": provider.name,
        "support_phone": provider.support_phone,
        "support_email": provider.support_email,
        "timezone": provider.timezone,
        "date_order": provider.date_order,
        "settles_after_days": provider.settles_after_days,
        "trusted_notes": provider.trusted_notes,
        "shows_uncharged": ", ".join(provider.shows_uncharged),
        "states_fee": provider.states_fee,
        "accent": provider.accent,
    }
