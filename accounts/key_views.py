"""API keys: listed, made, revoked by an owner. A secret is shown on the answer and kept nowhere."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import keys
from accounts.access import owner, the_member, theirs, zone_of
from accounts.already import DoneAlreadyError, tells_who
from accounts.models import ApiKey, Provider, Scope
from accounts.seen import OnceForm
from accounts.zones import moment_on_wall

INVALID = 422


SCOPES = (
    (Scope.IMPORT, gettext_lazy("upload exports; each waits as a preview")),
    (Scope.PUBLISH, gettext_lazy("publish what needs no decision")),
    (Scope.READ, gettext_lazy("read clients, balances, logs and imports")),
    (Scope.INCIDENT, gettext_lazy("start, change and end incidents")),
)


SHORT = (
    (Scope.IMPORT, gettext_lazy("upload")),
    (Scope.PUBLISH, gettext_lazy("publish")),
    (Scope.READ, gettext_lazy("read")),
    (Scope.INCIDENT, gettext_lazy("incidents")),
)


class KeyForm(OnceForm):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Weekly time report")}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=SCOPES,
        initial=[Scope.IMPORT],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick what the key may do.")},
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
    by = the_member(request).user
    with form.sent_once(by) as is_first:
        if not is_first:
            messages.info(
                request, _("This form has already created its key. Revoke that one if you didn’t see it.")
            )
            return redirect("api_keys")
        scopes = [Scope(each) for each in form.cleaned_data["scopes"]]
        key, secret = keys.create(name=form.cleaned_data["name"], scopes=scopes, by=by)
    context = {
        "key": key,
        "secret": secret,
        "line": curl_line(secret, key),
        "imports": key.may(Scope.IMPORT),
        "publishes": key.may(Scope.PUBLISH),
    }
    return render(request, "accounts/key.html", context)


@require_POST
@owner
@tells_who("key revoked", to="api_keys", named="key")
def api_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = theirs(ApiKey, pk=pk)
    if not keys.revoke(key=key, by=the_member(request).user, at=timezone.now()):
        raise DoneAlreadyError
    text = _("“%(key)s” is revoked and no longer works.")
    messages.success(request, text % {"key": key.name})
    return redirect("api_keys")


def curl_line(secret: str, key: ApiKey) -> str:
    """A line that uses the key, ready to be pasted into a shell: it uploads a file, or reads."""
    bearer = f'-H "Authorization: Bearer {secret}"'
    address = settings.BASE_URL + reverse("api_imports")
    if key.may(Scope.IMPORT):
        query = "?publish=1" if key.may(Scope.PUBLISH) else ""
        return f'curl --data-binary @time.csv {bearer} "{address}{query}"'
    if key.may(Scope.READ):
        return f'curl {bearer} "{settings.BASE_URL}{reverse("api_balances")}"'
    said = '{"client": "acme", "people": 2}'
    return f"curl --json '{said}' {bearer} \"{settings.BASE_URL}{reverse('api_incidents')}\""


def _listing(request: HttpRequest, form: KeyForm, status: int = 200) -> HttpResponse:
    provider = the_member(request).provider
    rows = keys.every_key()
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
        "may": [words for scope, words in SHORT if key.may(scope)],
        "created": moment_on_wall(key.created_at, zone),
        "by": by,
        "used": moment_on_wall(key.last_used_at, zone) if key.last_used_at else _("never"),
        "revoked": moment_on_wall(key.revoked_at, zone) if key.revoked_at else "",
    }
