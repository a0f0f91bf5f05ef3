"""Keys for programs: listed, made, revoked by an owner. A secret is shown on the answer and kept nowhere."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import keys
from accounts.access import owner, the_member, theirs, zone_of
from accounts.models import ApiKey, Provider

INVALID = 422


class KeyForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Weekly time report")}),
    )
    may_publish = forms.BooleanField(
        label=gettext_lazy("It may publish what needs nobody’s decision"),
        required=False,
        help_text=gettext_lazy(
            "Else every file waits as a preview. What a person has to decide (unknown companies, refused"
            " rows, closed cycles) waits either way."
        ),
    )


@require_safe
@owner
def api_keys(request: HttpRequest) -> HttpResponse:
    return _listing(request, KeyForm())


@never_cache
@require_POST
@owner
def api_key_new(request: HttpRequest) -> HttpResponse:
    """Make a key and show its secret, this once."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _listing(request, form, INVALID)
    key, secret = keys.create(
        name=form.cleaned_data["name"],
        may_publish=form.cleaned_data["may_publish"],
        by=the_member(request).user,
    )
    context = {"key": key, "secret": secret, "line": curl_line(secret, may_publish=key.may_publish)}
    return render(request, "accounts/key.html", context)


@require_POST
@owner
def api_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = theirs(ApiKey.objects.all(), pk=pk)
    keys.revoke(key=key, by=the_member(request).user, at=timezone.now())
    text = _("“%(key)s” is revoked: what it opens is closed from now on.")
    messages.success(request, text % {"key": key.name})
    return redirect("api_keys")


def curl_line(secret: str, *, may_publish: bool) -> str:
    """The line that drops off a file, ready to be pasted into a shell."""
    address = settings.BASE_URL + reverse("api_imports") + ("?publish=1" if may_publish else "")
    return f'curl --data-binary @time.csv -H "Authorization: Bearer {secret}" "{address}"'


def _listing(request: HttpRequest, form: KeyForm, status: int = 200) -> HttpResponse:
    provider = the_member(request).provider
    rows = ApiKey.objects.select_related("created_by")
    context = {
        "form": form,
        "live": [_line(key, provider) for key in rows.filter(revoked_at=None)],
        "revoked": [_line(key, provider) for key in rows.exclude(revoked_at=None)],
    }
    return render(request, "accounts/keys.html", context, status=status)


def _line(key: ApiKey, provider: Provider) -> dict[str, object]:
    """One key, in words; moments are those of the provider's wall."""
    zone = zone_of(provider)
    by = _("by %(person)s") % {"person": key.created_by} if key.created_by else ""
    return {
        "pk": key.pk,
        "name": key.name,
        "start": key.start,
        "may_publish": key.may_publish,
        "created": _moment(key.created_at, zone),
        "by": by,
        "used": _moment(key.last_used_at, zone) if key.last_used_at else _("never"),
        "revoked": _moment(key.revoked_at, zone) if key.revoked_at else "",
    }


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return dateformat.format(at.astimezone(zone), "j M Y, H:i")
