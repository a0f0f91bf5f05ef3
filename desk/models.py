"""What a member keeps of the dashboard, what it says of each client on a day, and what programs were answered that may
ask the same twice.
"""

from django.db import models
from django.utils.timezone import now

from accounts.models import ApiKey, User
from accounts.tenancy import TenantModel
from retainers.models import Client


class SavedView(TenantModel):
    """A question of the dashboard with a name: its member's own, or shown to all members."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    words = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=20, blank=True)
    order = models.CharField(max_length=20, blank=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=["provider", "user", "name"], name="view_name_once_per_member"),
        )

    def __str__(self) -> str:
        return self.name


class AnsweredRequest(TenantModel):
    """A program's request with an `Idempotency-Key` (`mark`), and its answer; `status` None while it is made.

    `asked` is the digest of the request: under one mark there is one.
    """

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    begun_at = models.DateTimeField(default=now)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["api_key", "mark"], name="request_answered_once_per_key"),
        )

    def __str__(self) -> str:
        return self.mark


class ClientDay(TenantModel):
    """What the dashboard says of a client's agreements on a day, ready to be counted, put in order and printed.

    It holds for the publications whose keys add up to `heads`: each new one has a higher key than the one before it,
    and an agreement never leaves its client but with all the others. `code` says which edition worked it out, `seal`
    is the digest of the row. Nothing is lost with it: it can be worked out again at any time.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    zone = models.CharField(max_length=64)
    code = models.CharField(max_length=16)
    heads = models.BigIntegerField()
    states = models.PositiveIntegerField()  # a bit for each `ClientState` that an agreement is in
    first = models.PositiveSmallIntegerField()  # the place of the most urgent one
    share = models.BigIntegerField()  # of the account with the least left, in parts of 10⁻⁹
    through = models.DateField(null=True)
    names = models.TextField()  # of its agreements, as they are searched
    balances = models.TextField(default="")  # a line for each, as `balances` prints it
    over = models.CharField(max_length=40)  # hours past the caps, "" without any
    billed = models.TextField()  # what they cost so far, by currency
    waiting = models.PositiveIntegerField()  # lines without words
    incidents = models.PositiveIntegerField()
    longest = models.BigIntegerField()  # hours of the longest incident, in parts of 10⁻⁴
    words = models.TextField()
    seal = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["client", "day"], name="client_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.client_id} on {self.day}"


class LongWork(TenantModel):
    """Work on a large import that takes longer than a request may: ordered by a person, done by a process of its own.

    The row says who ordered what, and how it ended; whether somebody is at it, and how far, `imports.progress` knows.
    `digest`: of a publication, what was looked at (`Basis.digest`); of a look, what it depended on.

    `started_at`: when a process was last started for it, `begun_at`: when one last began.

    `tries`: how often a process began it; `said`: why nothing came of it, as a person reads it.
    """

    class Kind(models.TextChoices):
        LOOK = "look", "work out the preview"
        PUBLISH = "publish", "publish"

    class State(models.TextChoices):
        ORDERED = "ordered", "ordered"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        WITHDRAWN = "withdrawn", "withdrawn"

    source = models.ForeignKey("imports.Import", on_delete=models.CASCADE, related_name="long_work")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    digest = models.CharField(max_length=64)
    ordered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    ordered_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ORDERED)
    ended_at = models.DateTimeField(null=True)
    said = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "source"],
                condition=models.Q(state="ordered"),
                name="one_order_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"
