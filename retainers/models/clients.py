"""Clients, the names and people that are known of each, and which client went on as which.

A merger is kept for good, so that old addresses lead on and no key is given out twice.
"""

from django.db import models
from django.utils.timezone import now

from accounts.models import User
from accounts.tenancy import ProviderKey, TenantModel


class Client(TenantModel):
    """A customer of the provider."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ("name", "slug")
        constraints = (
            models.UniqueConstraint(fields=["provider", "slug"], name="client_slug_once_per_provider"),
            ProviderKey(name="one_provider_retainers_client"),
        )

    def __str__(self) -> str:
        return self.name


class CompanyName(TenantModel):
    """A name under which the PSA knows a client; `key` is the name as it is compared."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="company_names")
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["provider", "key"], name="company_name_once_per_provider"),
        )

    def __str__(self) -> str:
        return self.name


class Contact(TenantModel):
    """A person at the client: who may approve overage, who gets alerts."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    approves = models.BooleanField(default=False)
    alerts = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["client", "email"], name="contact_email_once_per_client"),
        )

    def __str__(self) -> str:
        return self.name


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
