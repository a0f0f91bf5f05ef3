"""The trail of what was done, kept for good: by people, by programs with their keys, by contacts, by commands."""

from django.db import models
from django.utils.timezone import now

from accounts.models.people import Provider, User
from accounts.tenancy import LedgerModel, TenantModel


class Scope(models.TextChoices):
    """What a key opens; one that publishes hands in files as well."""

    READ = "read", "read"
    IMPORT = "import", "import"
    PUBLISH = "publish", "publish"
    INCIDENT = "incident", "incident"


class ApiKey(TenantModel):
    """A program's key: found by its digest, shown once, opens what its `scopes` name, revocable.

    `asked` counts its requests in the minute that begins at `asked_in`; `refused` its pushes that were refused before
    anything was stored, on the day of the last one: `refused_at`, and `refused_why`.
    """

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    start = models.CharField(max_length=12)  # its first signs, by which people tell keys apart
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    asked_in = models.DateTimeField(null=True, blank=True)
    asked = models.PositiveIntegerField(default=0)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused = models.PositiveIntegerField(default=0)
    refused_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes


class ActorKind(models.TextChoices):
    MEMBER = "member", "member"
    KEY = "key", "API key"
    CONTACT = "contact", "contact"
    COMMAND = "command", "command line"


class AuditEvent(LedgerModel):
    """One thing that someone did: written once, kept for good.

    `actor` is who did it as it was then called, `actor_kind` what that is; `member` and `key` point at it. About
    which clients it is say its `EventClient`s.
    """

    at = models.DateTimeField(default=now)
    actor = models.CharField(max_length=254)
    actor_kind = models.CharField(max_length=8, choices=ActorKind.choices, default=ActorKind.COMMAND)
    member = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=["provider", "-at"], name="audit_by_provider"),)

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class EventClient(LedgerModel):
    """A client that an event is about, by its slug: names change, and can become another client's."""

    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="clients")
    client = models.SlugField(max_length=60, db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "client"], name="event_client_once"),)
        indexes = (models.Index(fields=["provider", "client", "-event"], name="events_by_client"),)

    def __str__(self) -> str:
        return self.client


class Erasure(models.Model):
    """A provider that is being deleted: while its row stands, the guards let go of that provider's rows."""

    provider = models.OneToOneField(Provider, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.reason


class Deletion(models.Model):
    """The one line that stays of a provider that was deleted: of its people it names nobody."""

    provider = models.SlugField(max_length=60)
    at = models.DateTimeField(default=now)
    by = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    files_left = models.PositiveIntegerField(default=0)  # originals that could not be removed

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.provider}, {self.at:%Y-%m-%d}"
