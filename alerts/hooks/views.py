"""Webhooks at the desk, an owner's: listed, added, tested, paused, removed, and what was sent last."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import owner, the_member, theirs, zone_of
from accounts.already import DoneAlreadyError, tells_who
from accounts.seen import OnceForm
from alerts.hooks import keeping
from alerts.hooks.calling import LONGEST_ADDRESS, CallError, place_of
from alerts.hooks.models import Delivery, Event, Webhook
from presentation.days import moment

GONE = tells_who("webhook removed", to="webhooks", named="webhook")
GONE_OR_PAUSED = tells_who(
    "webhook removed", "webhook paused", "webhook resumed", to="webhooks", named="webhook"
)
KINDS = (
    (Webhook.Kind.JSON, gettext_lazy("A program of yours: signed JSON")),
    (Webhook.Kind.TEAMS, gettext_lazy("Microsoft Teams, through Workflows")),
    (Webhook.Kind.SLACK, gettext_lazy("Slack, through an incoming webhook")),
)
EVENTS = (
    (Event.PUBLISHED, gettext_lazy("an import is published, with the balances before and after")),
    (
        Event.CROSSING,
        gettext_lazy("a threshold is reached, hours are about to end, or an incident gets long"),
    ),
    (Event.REQUEST, gettext_lazy("a client asks for something")),
    (Event.APPROVAL, gettext_lazy("a client approves hours over")),
    (Event.RESTATEMENT, gettext_lazy("a settled cycle is restated")),
)


class WebhookForm(OnceForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("Where it goes"), choices=KINDS, initial=Webhook.Kind.JSON)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST_ADDRESS,
        widget=forms.URLInput(attrs={"placeholder": "https://", "spellcheck": "false"}),
        help_text=gettext_lazy("It is encrypted and never shown again. It must be on the public internet."),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Send a message when"),
        choices=EVENTS,
        initial=[event for event, _words in EVENTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one.")},
    )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        try:
            place_of(address, settings.WEBHOOK_NETWORKS)
        except CallError as error:
            raise forms.ValidationError(str(error)) from error
        return address


INVALID = 422
SHOWN = 30
NAMES = {**dict(Event.choices), keeping.TEST: "test"}


@require_safe
@owner
def webhooks(request: HttpRequest) -> HttpResponse:
    return _listing(request, WebhookForm())


@never_cache
@require_POST
@owner
def webhook_new(request: HttpRequest) -> HttpResponse:
    """Add one and show the secret that its deliveries are signed with, this once."""
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _listing(request, form, INVALID)
    by = the_member(request).user
    try:
        with form.sent_once(by) as is_first:
            if not is_first:
                messages.info(
                    request,
                    _("This form has already added its webhook. Renew its secret if you didn’t see it."),
                )
                return redirect("webhooks")
            webhook, secret = keeping.add(
                name=form.cleaned_data["name"],
                kind=form.cleaned_data["kind"],
                address=form.cleaned_data["address"],
                events=[Event(each) for each in form.cleaned_data["events"]],
                by=by,
                at=timezone.now(),
            )
    except keeping.TooManyError:
        form.add_error(None, _("There are already %(most)s. Remove one first.") % {"most": keeping.MOST})
        return _listing(request, form, INVALID)
    if webhook.kind != Webhook.Kind.JSON:
        messages.success(request, _("Added. Send a test to see if it arrives."))
        return redirect("webhook", webhook.pk)
    return render(request, "hooks/added.html", {"webhook": webhook, "secret": secret})


@require_safe
@owner
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    found = theirs(Webhook, pk=pk)
    zone = zone_of(the_member(request).provider)
    rows = keeping.deliveries_of(found)[:SHOWN]
    context = {
        "webhook": found,
        "events": [str(NAMES[each]) for each in found.events],
        "made": moment(found.made_at, zone),
        "deliveries": [_delivery(each, zone) for each in rows],
    }
    return render(request, "hooks/webhook.html", context)


@require_POST
@owner
@GONE_OR_PAUSED
def webhook_test(request: HttpRequest, pk: int) -> HttpResponse:
    found = theirs(keeping.live().filter(paused_at=None), pk=pk)
    keeping.try_out(webhook=found, at=timezone.now())
    messages.success(request, _("A test is on its way. Reload this page in a few seconds to see the result."))
    return redirect("webhook", pk)


@never_cache
@require_POST
@owner
@GONE
def renew_webhook_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Renew the secret and show it, this once; the one before signs as well for a day."""
    found = theirs(keeping.live().filter(kind=Webhook.Kind.JSON), pk=pk)
    secret = keeping.renew_secret(webhook=found, by=the_member(request).user, at=timezone.now())
    if secret is None:
        messages.error(request, keeping.UNSEALED)
        return redirect("webhook", pk)
    return render(request, "hooks/added.html", {"webhook": found, "secret": secret, "is_renewed": True})


@require_POST
@owner
@GONE
def webhook_again(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Send one message once more."""
    found = theirs(keeping.live(), pk=pk)
    row = theirs(keeping.deliveries_of(found), pk=delivery)
    if keeping.send_again(delivery=row, by=the_member(request).user, at=timezone.now()):
        messages.success(
            request, _("It is being sent again, with the same id. Reload this page in a few seconds.")
        )
    else:
        messages.info(request, _("This message is already on its way."))
    return redirect("webhook", pk)


@require_POST
@owner
@GONE_OR_PAUSED
def webhook_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause it, or let it go on: what the button said."""
    found, by = theirs(keeping.live(), pk=pk), the_member(request).user
    if request.POST.get("do") == "go-on":
        if not keeping.go_on(webhook=found, by=by, at=timezone.now()):
            raise DoneAlreadyError
        messages.success(request, _("Resumed. What happened in the meantime is sent now."))
    else:
        if not keeping.pause(webhook=found, by=by, at=timezone.now()):
            raise DoneAlreadyError
        messages.success(
            request, _("Paused. What happens in the meantime (up to a week) is sent when you resume it.")
        )
    return redirect("webhook", pk)


@require_POST
@owner
@GONE
def webhook_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = theirs(keeping.live(), pk=pk)
    if not keeping.remove(webhook=found, by=the_member(request).user, at=timezone.now()):
        raise DoneAlreadyError
    messages.success(request, _("“%(name)s” was removed and its address deleted.") % {"name": found.name})
    return redirect("webhooks")


def _listing(request: HttpRequest, form: WebhookForm, status: int = 200) -> HttpResponse:
    zone = zone_of(the_member(request).provider)
    context = {"form": form, "webhooks": list(_lines(zone))}
    return render(request, "hooks/webhooks.html", context, status=status)


def _lines(zone: ZoneInfo) -> Iterator[dict[str, object]]:
    for each in keeping.live():
        last = keeping.deliveries_of(each).first()
        yield {"webhook": each, "last": _delivery(last, zone) if last else None}


def _delivery(row: Delivery, zone: ZoneInfo) -> dict[str, object]:
    return {
        "event": str(NAMES.get(row.event, row.event)),
        "pk": row.pk,
        "may_repeat": bool(row.sent_at or row.given_up_at) and row.event != keeping.TEST,
        "key": row.key,
        "at": moment(row.made_at, zone),
        "attempts": row.attempts,
        "error": row.last_error,
        "state": _state(row),
        "when": moment(row.sent_at or row.given_up_at or row.next_try_at, zone),
    }


def _state(row: Delivery) -> str:
    if row.sent_at:
        return "arrived"
    return "given up" if row.given_up_at else "waits"
