"""The acts that settle: written once, and taken back once at most; the act stays, and the trail has the reason."""

from typing import ClassVar

from django.db import models

from accounts.models import User
from accounts.tenancy import LedgerModel


class SettlingAct(LedgerModel):
    """What somebody did at `made_at`; it counts until `taken_back_at`."""

    set_once: ClassVar[tuple[str, ...]] = ("taken_back_at", "taken_back_by")

    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class InvoicedCycle(SettlingAct):
    """A closed cycle that is marked as invoiced, with its figures at that time (`retainers.stated`)."""

    retainer = models.ForeignKey("retainers.Retainer", on_delete=models.PROTECT, related_name="+")
    cycle_starts = models.DateField()
    publication = models.ForeignKey("retainers.Publication", on_delete=models.PROTECT, related_name="+")
    document = models.JSONField()

    class Meta:
        ordering = ("made_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["retainer", "cycle_starts"],
                condition=models.Q(taken_back_at__isnull=True),
                name="invoiced_live_once_per_cycle",
            ),
        )

    def __str__(self) -> str:
        return f"cycle of {self.cycle_starts}, invoiced"


class ClosedMonth(SettlingAct):
    """A month, named by its first day, in which no cycle that ended changes quietly any more."""

    month = models.DateField()

    class Meta:
        ordering = ("made_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "month"],
                condition=models.Q(taken_back_at__isnull=True),
                name="month_closed_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}, closed"
