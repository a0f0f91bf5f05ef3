"""What the gate keeps: names that no client may read, and what people let pass in spite of the check."""

from django.db import models
from django.utils.timezone import now

from accounts.models import User
from accounts.tenancy import TenantModel


class StaffName(TenantModel):
    """A person of the provider as an export names them. Clients read what was done, never who did it."""

    name = models.CharField(max_length=200)
    seen_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["provider", "name"], name="staff_name_once_per_provider"),
        )

    def __str__(self) -> str:
        return self.name


class LetThrough(TenantModel):
    """A text that a person let pass: these very words, or a find wherever it stands.

    `client` None: at every client. `key` names the text, whatever its case and white space.
    """

    class Kind(models.TextChoices):
        WORDS = "words", "these very words"
        FIND = "find", "wherever it appears"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    client = models.ForeignKey(
        "retainers.Client", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    text = models.TextField()
    key = models.CharField(max_length=64)
    let_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    let_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-let_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "kind", "client", "key"],
                condition=models.Q(client__isnull=False),
                name="let_through_once_per_client",
            ),
            models.UniqueConstraint(
                fields=["provider", "kind", "key"],
                condition=models.Q(client__isnull=True),
                name="let_through_once_for_all",
            ),
        )

    def __str__(self) -> str:
        return self.text
