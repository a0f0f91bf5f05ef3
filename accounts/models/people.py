"""Providers, the people who work for them, and who is invited."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now

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
    # That many days after it is complete, a cycle is settled by itself.
    settles_after_days = models.PositiveSmallIntegerField(default=10)
    # Entries left out for these reasons are shown to clients: their day, hours and reason.
    shows_uncharged = models.JSONField(default=list, blank=True)
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
