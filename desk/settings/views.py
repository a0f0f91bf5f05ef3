"""The provider's own settings, with a look at the colour before it is saved.

What somebody else saved while the form was open is shown beside what was typed.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import owner, the_member
from accounts.models import Provider
from accounts.providers import save_settings, seen_of
from accounts.seen import Seen, StaleError
from desk.gate import look
from desk.settings.form import SettingsForm
from desk.since import ChangeSince
from portal.look_views import logo_href, look_href, release
from presentation.uncharged import reason_words

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
    now = Provider.objects.get(pk=the_member(request).provider.pk)
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
            changes.append(ChangeSince(_("Logo"), "", _("another one"), _("yours: choose it once more")))
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
