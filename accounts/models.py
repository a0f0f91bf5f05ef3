"""Providers, the people who work for them, and the trail of what they did."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now

from accounts.tenancy import LedgerModel, TenantModel

INVITATION_LIFE = timedelta(hours=72)


class Provider(models.Model):
    """The tenant: an MSP or consultancy. Everything else belongs to exactly one."""

    class DateOrder(models.TextChoices):
        MDY = "mdy", "month/day/year"
        DMY = "dmy", "day/month/year"
        YMD = "ymd", "year-month-day"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    timezone = models.CharField(max_length=60, default="UTC")
    support_email = models.EmailField(blank=True)
    support_phone = models.CharField(max_length=40, blank=True)
    date_order = models.CharField(max_length=3, choices=DateOrder.choices, blank=True)
    trusted_notes = models.JSONField(default=list, blank=True)
    business_hours = models.JSONField(null=True, blank=True)
    settles_after_days = models.PositiveSmallIntegerField(
        default=10
    )  # a complete cycle is then settled by itself
    shows_uncharged = models.JSONField(
        default=list, blank=True
    )  # reasons of entries that clients may read of
    states_fee = models.BooleanField(default=False)  # statements name it; else it is staff's alone
    accent = models.CharField(max_length=7, blank=True)  # "#rrggbb"; the pages keep its contrast
    logo = models.BinaryField(blank=True, default=b"")  # a checked, re-encoded PNG
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail. What they may do is their membership's role, never a flag here."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_its_case"),)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Django's admin asks for it; the admin site decides by membership (`hourtab.admin_records`)."""
        return self.is_active


class Role(models.TextChoices):
    OWNER = "owner", "owner"
    MANAGER = "manager", "manager"
    VIEWER = "viewer", "viewer"


class Membership(models.Model):
    """A person's place at a provider: read before a provider is in scope, so no tenant's manager."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ("provider__name", "user__email")
        constraints = (
            models.UniqueConstraint(fields=["provider", "user"], name="membership_once_per_provider"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Invitation(models.Model):
    """An offer of a membership, found by the digest of its secret; used once, within 72 hours."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"

    def is_open(self, now: Any) -> bool:
        return not (self.accepted_at or self.withdrawn_at) and now < self.created_at + INVITATION_LIFE


class Scope(models.TextChoices):
    """What a key opens; one that publishes hands in files as well."""

    READ = "read", "read"
    IMPORT = "import", "import"
    PUBLISH = "publish", "publish"
    INCIDENT = "incident", "incident"


class ApiKey(TenantModel):
    """A program's key: found by its digest, shown once, opens what its `scopes` name, revocable.

    `asked` counts its requests in the minute that begins at `asked_in`.
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


class OpenSession(models.Model):
    """A browser in which somebody is signed in, for that person's list: `session_key` is Django's own."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-seen_at", "-id")

    def __str__(self) -> str:
        return f"{self.user} since {self.began_at}"


class OutboxMail(models.Model):
    """A mail to be sent: written with the deed that it tells of, sent at least once, whatever breaks between.

    `key` names the occasion and the recipient, so that nobody gets the same mail twice. `context` holds what
    the templates `mail/<kind>.txt` and `.html` need; secrets in it are sealed and opened at sending. A mail
    without a provider is about an account (a forgotten password); its row goes when it is sent.
    """

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    recipient = models.EmailField()
    context = models.JSONField(default=dict)
    sealed = models.BinaryField(blank=True, default=b"")
    created_at = models.DateTimeField(default=now, editable=False)
    next_try_at = models.DateTimeField(default=now)
    claimed_until = models.DateTimeField(null=True, blank=True)  # a sender is at it
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="outbox_waits",
            ),
        )

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """When a periodic work of the installation was last done, by its name."""

    what = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} at {self.at}"
