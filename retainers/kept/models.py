"""The table of kept figures: one row a retainer, replaced by the next publication's."""

from django.db import models

from accounts.tenancy import TenantModel


class KeptFigures(TenantModel):
    """The closed cycles of a retainer as `publication` makes them: all of them up to the day `until` (None: for ever).

    `code` says which edition of the ledger worked them out, `seal` is the digest of the row: what doesn't fit is not
    used. Nothing is lost with the row: it can be worked out again at any time.
    """

    retainer = models.OneToOneField("retainers.Retainer", on_delete=models.PROTECT, related_name="kept")
    publication = models.ForeignKey("retainers.Publication", on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True)
    code = models.CharField(max_length=16)
    figures = models.TextField()
    seal = models.CharField(max_length=64)

    class Meta:
        ordering = ("retainer",)

    def __str__(self) -> str:
        return f"figures of {self.publication}"
