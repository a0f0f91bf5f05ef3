"""The provider's own settings, with a look at the colour before it is saved.

What somebody else saved while the form was open is shown beside what was typed.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import owner, the_member
from accounts.models import Provider
from accounts.providers import ProviderSettings, as_saved, save_settings, seen_of
from accounts.seen import Seen, StaleError
from accounts.zones import Choices, zone_choices
from desk.gate import look
from desk.imports.forms import format_name
from desk.since import ChangeSince
from imports.reading.formats import NAMES
from imports.saved_mappings import mapping_names, names_with_client_text
from portal.brand import ACCENT, LOGO_BYTES, UnusableLogoError, reencoded
from portal.look_views import logo_href, look_href, release
from presentation.uncharged import reason_words


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
        label=gettext_lazy("Time zone"), help_text=gettext_lazy("Cycles begin and end at midnight there.")
    )
    date_order = forms.ChoiceField(
        label=gettext_lazy("Order of dates in files"),
        required=False,
        help_text=gettext_lazy("Used if a file doesn’t say so itself."),
    )
    settles_after_days = forms.IntegerField(
        label=gettext_lazy("Days for late entries"),
        min_value=0,
        max_value=90,
        help_text=gettext_lazy(
            "A closed cycle is settled this many days after all its work is in; changing it is then "
            "a restatement. A statement, an invoice or a closed month settles it sooner."
        ),
    )
    trusted_notes = forms.MultipleChoiceField(
        label=gettext_lazy("Formats whose client-facing notes clients may read"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("If unticked, clients never see these notes."),
    )
    shows_uncharged = forms.CharField(
        label=gettext_lazy("Uncharged work that clients may see (optional)"),
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
        help_text=gettext_lazy("Otherwise an agreement’s fee is for staff only."),
    )
    accent = forms.CharField(
        label=gettext_lazy("Colour (optional)"),
        required=False,
        max_length=7,
        widget=forms.TextInput(
            attrs={"placeholder": "#0a625c", "spellcheck": "false", "autocomplete": "off"}
        ),
        help_text=gettext_lazy("Like #0a625c. Pages darken it where it would be hard to read."),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo (optional)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 1 MB. It replaces the name."),
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)

    def __init__(self, *args: Any, provider: Provider, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": _values(provider), **kwargs})
        self._choose("timezone", zone_choices(provider.timezone))
        self._choose("date_order", [("", _("not set: ask when it matters")), *Provider.DateOrder.choices])
        formats = dict.fromkeys((*NAMES, *names_with_client_text(), *provider.trusted_notes))
        words = mapping_names()
        self._choose("trusted_notes", [(name, format_name(name, words)) for name in formats])
        if not provider.logo:
            del self.fields["remove_logo"]

    def _choose(self, name: str, choices: Choices) -> None:
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


INVALID = 422
STALE = 409


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def provider_settings(request: HttpRequest) -> HttpResponse:
    member = the_member(request)
    if request.method != "POST":
        return _page(request, SettingsForm(provider=member.provider))
    form = SettingsForm(request.POST, request.FILES, provider=member.provider)
    if not form.is_valid():
        return _page(request, form, INVALID)
    if "look" in request.POST:
        return _page(request, form)
    looked = look(request, None, (), own=_said_to_clients(form))
    if looked.found:
        return _page(request, form, INVALID, looked=looked)
    try:
        with looked.letting_through():
            changed = save_settings(
                provider=member.provider, settings=form.settings(), form=_opened(request), by=member.user
            )
    except StaleError as stale:
        return _changed_meanwhile(request, form, stale)
    if changed:
        messages.success(request, _("Saved. Clients’ pages show it from now on."))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("provider_settings")


def _said_to_clients(form: SettingsForm) -> dict[str, str]:
    """What clients read of the settings, by the label of its field."""
    told = form.settings()
    reasons = ", ".join(reason_words(reason) for reason in told.shows_uncharged)
    said = {
        "name": told.name,
        "support_phone": told.support_phone,
        "support_email": told.support_email,
        "shows_uncharged": reasons,
    }
    return {str(form.fields[name].label): text for name, text in said.items()}


def _changed_meanwhile(request: HttpRequest, form: SettingsForm, stale: StaleError) -> HttpResponse:
    """Somebody else has saved other settings since: both are shown, with what was left alone brought up to date."""
    now = as_saved(the_member(request).provider)
    found = meanwhile(form, now, stale, _opened(request))
    again = SettingsForm(found.post, provider=now)
    again.is_valid()
    return _page(request, again, STALE, opened=seen_of(now).mark, changes=found.changes)


def _opened(request: HttpRequest) -> str:
    """The mark of what the form was opened on."""
    return request.POST.get("opened", "")


def _page(request: HttpRequest, form: SettingsForm, status: int = 200, **told: Any) -> HttpResponse:
    """The swatches wear the colour that was typed, while it is one; else the saved one."""
    provider = the_member(request).provider
    typed = form.cleaned_data.get("accent") if form.is_bound else None
    wears = reverse("look", args=[typed[1:], release()]) if typed else ""
    context = {
        "form": form,
        "look": wears or ("" if form.is_bound and typed == "" else look_href(provider)),
        "logo": logo_href(provider),
        "unsaved": bool(wears) and typed != provider.accent.casefold(),
        "opened": _opened(request) or seen_of(provider).mark,
        **told,
    }
    return render(request, "desk/settings.html", context, status=status)


LOGO = "logo"


@dataclass(frozen=True, slots=True)
class SettingsMeanwhile:
    """`post` is what was sent, with what was left alone brought up to date."""

    post: QueryDict
    changes: tuple[ChangeSince, ...]


def meanwhile(form: SettingsForm, now: Provider, stale: StaleError, opened: str) -> SettingsMeanwhile:
    """`opened` is the mark of what the form was opened on, `stale` names what is another setting by now."""
    post = QueryDict(mutable=True)
    post.update(form.data)
    changes = []
    for name in stale.parts:
        if name == LOGO:
            changes.append(ChangeSince(_("Logo"), "", _("another one"), _("yours: please choose it again")))
            continue
        typed, saved = form.cleaned_data[name], getattr(now, name)
        if name not in Seen(versions={name: typed}).differing(opened):
            post.setlist(name, saved if isinstance(saved, list) else [saved])
            typed = saved
        changes.append(
            ChangeSince(str(form.fields[name].label), "", _text(form, name, saved), _text(form, name, typed))
        )
    return SettingsMeanwhile(post, tuple(changes))


def _text(form: SettingsForm, name: str, value: object) -> str:
    names = dict(getattr(form.fields[name], "choices", ()))
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(names.get(each, each)) for each in values if each != "") or _("none")
