"""What is recorded of closed cycles: statements, restatements, and the acts that settle. Written once.

An act that settles is taken back once at most; it stays, and the trail has the reason. What is kept of the figures
only to be quick can be worked out again at any time.
"""

from typing import ClassVar

from django.db import models

from accounts.models import User
from accounts.tenancy import LedgerModel, TenantModel
from retainers.models.agreements import Publication, Retainer


class Statement(LedgerModel):
    """A cycle as it was stated to the client once; a later figure is a restatement, with its reason."""

    retainer = models.ForeignKey(Retainer, on_delete=models.PROTECT, related_name="statements")
    cycle_starts = models.DateField()
    number = models.PositiveIntegerField()
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    document = models.JSONField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("retainer", "cycle_starts", "number")
        constraints = (
            models.UniqueConstraint(
                fields=["retainer", "cycle_starts", "number"], name="statement_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"statement {self.number} of {self.cycle_starts}"


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


class KeptFigures(TenantModel):
    """The closed cycles of a retainer as `publication` makes them: all of them up to the day `until` (None: for ever).

    `code` says which edition of the ledger worked them out, `seal` is the digest of the row: what doesn't fit is not
    used. `ended` says the same for a month's end (`retainers.kept.ended`), under a digest of its own; "" where that
    would not hold so long. So does `running` of the cycle that runs (`retainers.kept.running`); "" where nobody has
    handed it on. Nothing is lost with the row: it can be worked out again at any time.
    """

    retainer = models.OneToOneField("retainers.Retainer", on_delete=models.PROTECT, related_name="kept")
    publication = models.ForeignKey("retainers.Publication", on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True)
    code = models.CharField(max_length=16)
    figures = models.TextField()
    seal = models.CharField(max_length=64)
    ended = models.TextField(default="")
    ended_seal = models.CharField(max_length=64, default="")
    running = models.TextField(default="")
    running_seal = models.CharField(max_length=64, default="")

    class Meta:
        ordering = ("retainer",)

    def __str__(self) -> str:
        return f"figures of {self.publication}"
