"""The record of a restatement: written once, beside the publication that made it."""

from django.db import models

from accounts.models import User
from accounts.tenancy import LedgerModel


class Restatement(LedgerModel):
    """One closed cycle that said something else until then.

    `before` and `after` are the cycle as `wire.cycle_json` writes it; None where there was, or is, no such cycle.
    `publication` is what made it; None where a new edition of the rules did (`Cause.LAW`), which publishes nothing.
    `reason` is why, in the client's words, "" where the cause says it all.
    """

    class Cause(models.TextChoices):
        IMPORT = "import", "import"
        UNDO = "undo", "import undone"
        ENTRY = "entry", "entry"
        TERMS = "terms", "terms"
        GRANT = "grant", "hours granted"
        APPROVAL = "approval", "approval"
        RULES = "rules", "rules"
        HOURS = "hours", "business hours"
        NAMES = "names", "company names"
        LAW = "law", "new edition of the rules"

    retainer = models.ForeignKey("retainers.Retainer", on_delete=models.PROTECT, related_name="restatements")
    cycle_starts = models.DateField()
    publication = models.ForeignKey(
        "retainers.Publication", on_delete=models.PROTECT, null=True, related_name="restatements"
    )
    cause = models.CharField(max_length=10, choices=Cause.choices)
    reason = models.CharField(max_length=200, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("retainer", "cycle_starts", "made_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["publication", "cycle_starts"], name="restatement_once_per_publication"
            ),
            models.CheckConstraint(
                condition=models.Q(publication__isnull=False) | models.Q(cause="law"),
                name="restatement_of_a_publication_or_the_law",
            ),
        )
        indexes = (models.Index(fields=["retainer", "cycle_starts"], name="restatement_by_cycle"),)

    def __str__(self) -> str:
        return f"restatement of {self.cycle_starts}"
