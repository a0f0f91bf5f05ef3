"""What a member keeps of the dashboard, and what programs were answered that may ask the same twice."""

from django.db import models
from django.utils.timezone import now

from accounts.models import ApiKey, User
from accounts.tenancy import TenantModel


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
