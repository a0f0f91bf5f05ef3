"""Who belongs to a provider: members, invitations, and the address of a forgotten password."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import keys, outbox
from accounts.actors import role_name
from accounts.audit import record
from accounts.models import ApiKey, Invitation, Membership, Provider, Role, User
from accounts.tenancy import all_tenants, tenant_scope


def find_user(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first()


def is_member(user: User) -> bool:
    """Somewhere, of whatever provider."""
    with all_tenants("whether somebody is a member of any provider"):
        return user.memberships.exists()


def members_of(provider: Provider) -> QuerySet[Membership]:
    """Who belongs to it, each with their account."""
    return Membership.objects.filter(provider=provider).select_related("user")


def owners_of(provider: Provider) -> list[User]:
    return [each.user for each in members_of(provider).filter(role=Role.OWNER)]


def invitations_of(provider: Provider) -> QuerySet[Invitation]:
    """Those that nobody has accepted or withdrawn, whether they can still be used or not."""
    return Invitation.objects.filter(provider=provider, accepted_at=None, withdrawn_at=None)


def ensure_member(*, provider: Provider, email: str, role: str) -> bool:
    """Give that address a membership with that role; True when that changed anything.

    A new person gets no password: they set one by "forgot password" or by an invitation.
    """
    user = find_user(email) or User.objects.create_user(email.strip(), None)
    membership, created = Membership.objects.get_or_create(
        provider=provider, user=user, defaults={"role": role}
    )
    if created or membership.role == role:
        return created
    membership.role = role
    membership.save(update_fields=["role"])
    return True


class LastOwnerError(Exception):
    """A provider would be left without an owner."""


@transaction.atomic
def change_role(*, membership: Membership, role: Role | None, actor: User) -> bool:
    """Give a member another role, or (None) end the membership; False where they have it, or are no member any more.

    A provider keeps at least one owner: else `LastOwnerError`.

    What somebody could do as an owner only ends with it: invitations that they sent, keys that they made.
    """
    all_of_it = Membership.objects.select_for_update().filter(provider=membership.provider).order_by("pk")
    roles = dict(all_of_it.values_list("pk", "role"))
    if roles.get(membership.pk, role) == role:
        return False
    owners = [pk for pk, each in roles.items() if each == Role.OWNER]
    if role != Role.OWNER and owners == [membership.pk]:
        raise LastOwnerError
    before = roles[membership.pk]
    _write_role(membership, role)
    who, after = membership.user.email, role or "removed"
    record(actor, "role changed", who, before=before, after=after, number=membership.pk)
    if before == Role.OWNER and role != Role.OWNER:
        _end_what_an_owner_left(membership, actor)
    return True


def _write_role(membership: Membership, role: Role | None) -> None:
    if role is None:
        Membership.objects.filter(pk=membership.pk).delete()
    else:
        membership.role = role
        membership.save(update_fields=["role"])


def _end_what_an_owner_left(membership: Membership, actor: User) -> None:
    sent = Invitation.objects.filter(provider=membership.provider, invited_by=membership.user)
    for invitation in sent.filter(accepted_at=None, withdrawn_at=None).order_by("pk"):
        withdraw_invitation(invitation=invitation, actor=actor)
    for key in ApiKey.objects.filter(created_by=membership.user, revoked_at=None).order_by("pk"):
        keys.revoke(key=key, by=actor, at=timezone.now())


class AlreadyMemberError(Exception):
    """The address belongs to a member: their role is changed in the list, not by an invitation."""


@transaction.atomic
def invite(*, provider: Provider, email: str, role: Role, actor: User) -> Invitation:
    """Offer a membership by mail. The link works once, for 72 hours."""
    address = email.strip().lower()
    if Membership.objects.filter(provider=provider, user__email__iexact=address).exists():
        raise AlreadyMemberError
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        provider=provider, email=address, role=role, digest=digest_of(secret), invited_by=actor
    )
    record(actor, "invited", address, role=role)
    outbox.post(
        provider=provider,
        key=f"invitation:{invitation.pk}",
        kind="invitation",
        recipient=address,
        context={"role": str(role_name(role))},
        secret=secret,
    )
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, actor: User) -> bool:
    """From now on its link is of no use; False where it was accepted or withdrawn before."""
    updated: int = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    if updated:
        record(actor, "invitation withdrawn", invitation.email, number=invitation.pk)
    return updated == 1


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def open_invitation(secret: str, now: datetime | None = None) -> Invitation | None:
    """The invitation of that secret, while it can still be accepted."""
    with all_tenants("an invitation is looked up before its provider is known"):
        found = Invitation.objects.select_related("provider").filter(digest=digest_of(secret)).first()
    return found if found and found.is_open(now or timezone.now()) else None


def accept_invitation(*, invitation: Invitation, name: str = "", password: str = "") -> User | None:
    """Use the invitation up; whose membership it made, None where it was used or withdrawn meanwhile.

    The account is the invited address's, so the mail has proved the person: one that has no password yet
    gets the one given here, and the name where it has none. Who is a member already keeps their role.
    """
    with tenant_scope(invitation.provider), transaction.atomic():
        return _accepted(invitation, name, password)


def _accepted(invitation: Invitation, name: str, password: str) -> User | None:
    fresh = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if not fresh.is_open(timezone.now()):
        return None
    fresh.accepted_at = timezone.now()
    fresh.save(update_fields=["accepted_at"])
    user = find_user(fresh.email) or User.objects.create_user(fresh.email, None, name=name)
    if password and not user.has_usable_password():
        user.set_password(password)
        user.name = user.name or name
        user.save(update_fields=["password", "name"])
    Membership.objects.get_or_create(provider=fresh.provider, user=user, defaults={"role": fresh.role})
    record(user, "invitation accepted", user.email, role=fresh.role, number=fresh.pk)
    return user
