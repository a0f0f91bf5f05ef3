"""The form of a new webhook."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from alerts.hooks.calling import LONGEST_ADDRESS, CallError, place_of
from alerts.hooks.models import Event, Webhook

KINDS = (
    (Webhook.Kind.JSON, _("A program of yours: signed JSON")),
    (Webhook.Kind.TEAMS, _("Microsoft Teams, through Workflows")),
    (Webhook.Kind.SLACK, _("Slack, through an incoming webhook")),
)
EVENTS = (
    (Event.PUBLISHED, _("an import is published, with the balances before and after")),
    (Event.CROSSING, _("a threshold is reached, hours are about to end, or an incident gets long")),
    (Event.REQUEST, _("a client asks for something")),
    (Event.APPROVAL, _("a client approves hours over")),
    (Event.RESTATEMENT, _("a settled cycle is restated")),
)


class WebhookForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Where it goes"), choices=KINDS, initial=Webhook.Kind.JSON)
    address = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_ADDRESS,
        widget=forms.URLInput(attrs={"placeholder": "https://", "spellcheck": "false"}),
        help_text=_("It is encrypted and never shown again. It must be on the public internet."),
    )
    events = forms.MultipleChoiceField(
        label=_("Send a message when"),
        choices=EVENTS,
        initial=[event for event, _words in EVENTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one.")},
    )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        try:
            place_of(address, settings.WEBHOOK_NETWORKS)
        except CallError as error:
            raise forms.ValidationError(str(error)) from error
        return address
