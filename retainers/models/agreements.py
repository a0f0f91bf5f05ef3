"""A client's retainers, the versions of their agreements and of the provider's rules, and the publications.

What a client sees is a publication: a number, a moment, a person. Versions are written once.
"""

from django.db import models
from django.utils.timezone import now

from accounts.models import ApiKey, User
from accounts.tenancy import LedgerModel, ProviderKey, TenantModel
from retainers.models.clients import Client


class Retainer(TenantModel):
    """An agreement of one client. The row only points: at its newest version and its newest publication."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="retainers")
    key = models.CharField(max_length=60)
    version = models.ForeignKey("AgreementVersion", on_delete=models.PROTECT, null=True, related_name="+")
    publication = models.ForeignKey("Publication", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ("client", "key")
        constraints = (
            models.UniqueConstraint(fields=["client", "key"], name="retainer_key_once_per_client"),
            ProviderKey(name="one_provider_retainers_retainer"),
        )

    def __str__(self) -> str:
        return f"{self.client} · {self.key}"


class AgreementVersion(LedgerModel):
    """The whole agreement as it was saved once: cycle, dated terms, rules (`retainers.agreements`)."""

    retainer = models.ForeignKey(Retainer, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("retainer", "number")
        constraints = (models.UniqueConstraint(fields=["retainer", "number"], name="version_number_once"),)

    def __str__(self) -> str:
        return f"version {self.number}"


class RuleBook(LedgerModel):
    """The provider's own rules, in one version; the newest is in force."""

    number = models.PositiveIntegerField()
    document = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("provider", "number")
        constraints = (models.UniqueConstraint(fields=["provider", "number"], name="rule_book_number_once"),)

    def __str__(self) -> str:
        return f"rules {self.number}"


class Publication(LedgerModel):
    """One change of what a client sees: numbered, made by someone at some time, never altered.

    `made_by` is the person, `made_with` the key of the program; neither is the command line.
    `coverage` are the days that files speak for from here on (`retainers.coverage`), `through` the last of them
    as it was when this was made, `updated_at` the moment of the newest import that still stands; `took_back` is
    the publication that an undo takes back; `seen` is the digest of what was in view in the form that made it
    (`accounts.seen`), empty where none did.
    """

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", "agreement"
        IMPORT = "import", "import"
        UNDO = "undo", "import undone"
        RULES = "rules", "rules"
        WORDING = "wording", "wording"
        TOP_UP = "top_up", "top-up"
        ADJUSTMENT = "adjustment", "adjustment"
        NOTICE = "notice", "notice"
        ENTRY = "entry", "entry"
        COVERAGE = "coverage", "no work"
        APPROVAL = "approval", "approval"

    retainer = models.ForeignKey(Retainer, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_with = models.ForeignKey(ApiKey, on_delete=models.PROTECT, null=True, related_name="+")
    coverage = models.JSONField(default=dict)
    through = models.DateField(null=True)
    updated_at = models.DateTimeField(null=True)
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="+")
    took_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="taken_back_by"
    )
    note = models.CharField(max_length=200, blank=True)
    seen = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        ordering = ("retainer", "number")
        constraints = (
            models.UniqueConstraint(fields=["retainer", "number"], name="publication_number_once"),
            ProviderKey(name="one_provider_retainers_publication"),
            ProviderKey(name="one_retainer_retainers_publication", beside="retainer_id"),
            models.UniqueConstraint(
                fields=["retainer", "seen"], condition=~models.Q(seen=""), name="publication_of_a_form_once"
            ),
        )
        indexes = (models.Index(fields=["retainer", "-made_at"], name="publication_by_moment"),)

    def __str__(self) -> str:
        return f"publication {self.number}"
