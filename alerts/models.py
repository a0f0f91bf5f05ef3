"""What was told to whom: crossings that were reached, contacts that agreed to mails, members' own choices."""

from typing import ClassVar

from django.db import models
from django.utils.timezone import now

from accounts.models import User
from accounts.tenancy import LedgerModel, TenantModel
from alerts.hooks.models import Delivery as Delivery  # the webhooks' models are this app's
from alerts.hooks.models import Webhook as Webhook
from portal.models import ShareLink
from retainers.models import Client, Publication, Retainer


class Crossing(LedgerModel):
    """A threshold that an account reached in a cycle: written once, so that it is told once.

    `account` is the pool's key, "" for a shared account. `threshold` is "75@20" or "hours:2@20", with the hours
    granted at which it was reached (older ones have none, and hold for any); "ends:" and a day; or "incident:"
    and the incident's mark. What has no cycle, a prepaid block or an end of hours, stands under the retainer's
    start.
    """

    retainer = models.ForeignKey(Retainer, on_delete=models.PROTECT, related_name="crossings")
    account = models.CharField(max_length=60, blank=True)
    cycle_starts = models.DateField()
    threshold = models.CharField(max_length=60)
    reached_at = models.DateTimeField()

    class Meta:
        ordering = ("-reached_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["retainer", "account", "cycle_starts", "threshold"], name="crossing_told_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.retainer} {self.threshold}"


class LookedAt(TenantModel):
    """On that day all that an agreement's publication had to tell was told: `tick` needn't work it out again.

    It holds for that publication and day (under the zone that says when it begins), for the code that decides what is
    told, and as long as nothing that settles cycles was taken back (`settles`). Nothing is lost with the row.
    """

    retainer = models.OneToOneField(Retainer, on_delete=models.PROTECT, related_name="looked_at")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    zone = models.CharField(max_length=64)
    code = models.CharField(max_length=16)
    settles = models.CharField(max_length=60)

    class Meta:
        ordering = ("retainer",)

    def __str__(self) -> str:
        return f"{self.retainer_id} on {self.day}"


class Consent(TenantModel):
    """A contact's answer to the question whether alerts may be mailed: only "yes" lets any go out."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents")
    email = models.EmailField()
    language = models.CharField(max_length=10, blank=True)  # in which they agreed; "" is the desk's
    asked_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    unsubscribed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("client", "email")
        constraints = (
            models.UniqueConstraint(fields=["client", "email"], name="consent_once_per_client_and_address"),
        )

    def __str__(self) -> str:
        return self.email

    @property
    def is_given(self) -> bool:
        return self.confirmed_at is not None and self.unsubscribed_at is None


class Watch(TenantModel):
    """A reader's wish to be told something by mail, made behind `link`; it counts once it was confirmed from a mail.

    `amount` is hundredths of an hour, or the per cent that is left, by what it is about (`when`); else 0. `account`
    is the pool's key, "" for a shared account. `told` is the mark of the event that was told last.
    """

    class When(models.TextChoices):
        HOURS = "hours", "no more than so many hours left"
        SHARE = "share", "no more than such a share left"
        UPDATED = "updated", "brought up to date"
        RESET = "reset", "a new cycle"

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="watches")
    retainer = models.ForeignKey(Retainer, on_delete=models.CASCADE, related_name="watches")
    account = models.CharField(max_length=60, blank=True)
    when = models.CharField(max_length=8, choices=When.choices)
    amount = models.PositiveBigIntegerField(default=0)
    email = models.EmailField()
    language = models.CharField(max_length=10, blank=True)  # in which it was asked; "" is the desk's
    asked_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    told = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("link", "email", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["link", "email", "retainer", "account", "when", "amount"],
                name="watch_once_a_link_and_address",
            ),
        )

    def __str__(self) -> str:
        return f"{self.when} for {self.email}"


class MailChoice(TenantModel):
    """Which mails a member gets from one provider; without a row, all of them."""

    KINDS: ClassVar[tuple[str, ...]] = ("alerts", "reminders", "digest")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    alerts = models.BooleanField(default=True)
    reminders = models.BooleanField(default=True)
    digest = models.BooleanField(default=True)

    class Meta:
        ordering = ("user",)
        constraints = (
            models.UniqueConstraint(fields=["provider", "user"], name="mail_choice_once_per_member"),
        )

    def __str__(self) -> str:
        return str(self.user)
