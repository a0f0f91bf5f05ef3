"""What a member keeps of the dashboard: questions that they ask again and again, by name."""

from django.db import models
from django.utils.timezone import now

from accounts.models import User
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
