"""Which client went on as which: kept for good, so that old addresses lead on and no key is given out twice."""

from django.db import models

from accounts.models import User
from accounts.tenancy import TenantModel


class MergedClient(TenantModel):
    """A client that is no more. `was` is the key of its row, `keys` its agreements that are called otherwise now.

    `client` is the one that took it over; where that one is merged too, it points at the next.
    The guards let rows that are written once pass from `was` to `client`, and to nobody else.
    """

    was = models.BigIntegerField(unique=True)
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    client = models.ForeignKey("retainers.Client", on_delete=models.PROTECT, related_name="+")
    keys = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["provider", "slug"], name="merged_slug_once_per_provider"),
        )

    def __str__(self) -> str:
        return f"{self.name} → {self.client}"
