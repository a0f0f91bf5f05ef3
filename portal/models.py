"""Share links: the unguessable addresses at which clients read their balance."""

from typing import ClassVar

from django.db import models
from django.utils.timezone import now

from accounts.models import User
from accounts.tenancy import LedgerModel, TenantModel
from retainers.models import Client, Contact, Retainer, TopUp


class ShareLink(TenantModel):
    """One link. The token itself is in no column: `digest` finds it, `sealed` lets staff copy it again.

    `sent_to` is the address to which it was mailed last: mails to that reader lead to this link.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="share_links")
    label = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField(blank=True, default=b"")
    created_at = models.DateTimeField(default=now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    expires_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    last_opened_at = models.DateTimeField(null=True, blank=True)
    opened_count = models.PositiveIntegerField(default=0)
    sent_to = models.EmailField(blank=True, default="")

    class Meta:
        ordering = ("client", "id")

    def __str__(self) -> str:
        return self.label or f"link {self.pk}"


class Badge(TenantModel):
    """A picture and a line of a client's number, for other sites. The token is in no column: `digest` finds it.

    `sites` are the origins that may frame the line.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="badges")
    digest = models.CharField(max_length=64, unique=True)
    sites = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("client", "id")

    def __str__(self) -> str:
        return f"badge {self.pk}"


class SecondStep(TenantModel):
    """That a client's links ask for a code by mail: while the row stands they do."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="second_step")
    since = models.DateTimeField(default=now)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("client",)

    def __str__(self) -> str:
        return f"second step since {self.since}"


class LinkCode(TenantModel):
    """A code that was mailed to a contact who wants to open a link. `mark` names it in the form, `digest` is its own.

    `tries` counts wrong codes; a code is of use once (`used_at`).
    """

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="codes")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=22, unique=True)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=now)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["link", "-sent_at"], name="link_codes_newest_first"),)

    def __str__(self) -> str:
        return f"code of {self.sent_at}"


class Miss(models.Model):
    """How many tokens that open nothing came from one address in one minute (`doors`)."""

    mark = models.CharField(max_length=64)
    minute = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["mark", "minute"], name="miss_once_a_minute"),)

    def __str__(self) -> str:
        return f"{self.count} at {self.minute}"


class ClientRequest(LedgerModel):
    """What a client asked for on the page, kept for good: a top-up, overage in advance, planned work, what a line is.

    An approval counts only from a contact that may approve, confirmed from a mail to that address
    (`confirmed_at`); everything else is a request. `cycle_starts` is the cycle that an approval is for. `mark` is
    the form's own: a form makes one request, however often it is sent.
    """

    set_once: ClassVar[tuple[str, ...]] = (
        "confirmed_at",
        "answered_at",
        "answered_by",
        "answer",
        "top_up",
    )

    class Kind(models.TextChoices):
        TOP_UP = "top_up", "top-up"
        OVERAGE = "overage", "overage in advance"
        PLANNED = "planned", "planned work"
        QUESTION = "question", "a line of the log"

    retainer = models.ForeignKey(Retainer, on_delete=models.PROTECT, related_name="requests")
    link = models.ForeignKey(ShareLink, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    hours_units = models.BigIntegerField(null=True)
    cycle_starts = models.DateField(null=True)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    text = models.CharField(max_length=1000, blank=True)
    made_at = models.DateTimeField()
    may_approve = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)
    mark = models.CharField(max_length=64, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=300, null=True)  # noqa: DJ001  # NULL: not answered yet, set once
    top_up = models.ForeignKey(TopUp, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = (models.Index(fields=["provider", "-made_at"], name="request_newest_first"),)
        constraints = (
            models.UniqueConstraint(
                fields=["link", "mark"], condition=~models.Q(mark=""), name="request_of_a_form_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} by {self.name}"
