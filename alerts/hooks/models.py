"""Webhooks of a provider, and what was sent to each."""

from django.db import models
from django.utils.timezone import now

from accounts.models import User
from accounts.tenancy import TenantModel


class Event(models.TextChoices):
    PUBLISHED = "published", "import published"
    CROSSING = "crossing", "threshold reached"
    REQUEST = "request", "client’s request"
    APPROVAL = "approval", "hours over approved"
    RESTATEMENT = "restatement", "settled cycle restated"


class Webhook(TenantModel):
    """An address that is told of `events`, in the form that its kind takes.

    `sealed` holds the address and the secret that deliveries are signed with: for Teams and Slack the address alone
    lets anybody post. `host` is what of it is shown.
    """

    class Kind(models.TextChoices):
        JSON = "json", "Your own program"
        TEAMS = "teams", "Microsoft Teams (Workflows)"
        SLACK = "slack", "Slack"

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    host = models.CharField(max_length=260)
    sealed = models.BinaryField(blank=True, default=b"")
    events = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField()  # what happened before is not told
    paused_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=("json", "teams", "slack")), name="webhook_kind_known"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Delivery(TenantModel):
    """One event on its way to one webhook: once for each, tried until it arrives or is given up.

    `key` names what happened. `document` is what is told; it is put into the webhook's form at sending.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=100)
    event = models.CharField(max_length=12)
    document = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    made_at = models.DateTimeField(default=now)
    next_try_at = models.DateTimeField(default=now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["webhook", "key"], name="event_delivered_once_per_webhook"),
        )
        indexes = (
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="delivery_waits",
            ),
        )

    def __str__(self) -> str:
        return self.key
