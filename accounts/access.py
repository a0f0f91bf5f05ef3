"""The doors for staff: who is asking, at which provider, and what their role lets them do.

A view is opened by one of the decorators `viewer`, `manager`, `owner` (each includes the roles above it).
Nobody signed in is sent to the sign-in page; a member without the role gets 403, and so does a person
without any membership. The door opens the provider's rows for as long as the answer is made. Objects are
found with `theirs`, where foreign and missing look the same: 404.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from accounts import security
from accounts.models import Membership, Provider, Role, User
from accounts.providers import is_nobody_there
from accounts.tenancy import all_tenants, tenant_scope
from accounts.worked_out import WorkedOut

SESSION_KEY = "provider"
RANK = {Role.VIEWER: 0, Role.MANAGER: 1, Role.OWNER: 2}
View = Callable[..., HttpResponseBase]
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in person at one provider; `others` are the further providers they may switch to."""

    user: User
    provider: Provider
    role: Role
    others: tuple[Provider, ...] = ()

    def may(self, role: Role) -> bool:
        return RANK[self.role] >= RANK[role]

    @property
    def writes(self) -> bool:
        return self.may(Role.MANAGER)

    @property
    def owns(self) -> bool:
        return self.may(Role.OWNER)


def member_of(request: HttpRequest) -> Member | None:
    """The member who is asking, read once a request; None for nobody and for a person without a provider."""
    if not hasattr(request, "_member"):
        request._member = _find_member(request)  # type: ignore[attr-defined]  # kept with the request
    member: Member | None = request._member  # type: ignore[attr-defined]  # as above
    return member


def _find_member(request: HttpRequest) -> Member | None:
    user = getattr(request, "user", None)
    if not isinstance(user, User):  # who was switched off is nobody to the session already
        return None
    with all_tenants("where somebody is a member is read before one of these providers is chosen"):
        memberships = list(MEMBERSHIPS.rows(user.pk))
    if not memberships:
        return None
    chosen = request.session.get(SESSION_KEY)
    mine = next((m for m in memberships if m.provider_id == chosen), memberships[0])
    others = tuple(m.provider for m in memberships if m.pk != mine.pk)
    return Member(user, mine.provider, Role(mine.role), others)


def _memberships(user: int) -> models.QuerySet[Membership]:
    rows: models.QuerySet[Membership] = Membership.objects.filter(user=user).select_related("provider")
    return rows


MEMBERSHIPS = WorkedOut(_memberships)  # asked by every page of the desk


def needs(role: Role) -> Callable[[View], View]:
    """Open a view to members with that role or a higher one."""

    def door(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _way_in(request)
            member = member_of(request)
            if member is None or not member.may(role):
                security.note(
                    "refused", page=request.resolver_match.view_name if request.resolver_match else ""
                )
                raise PermissionDenied
            return within(member.provider, lambda: view(request, *args, **kwargs))

        opened.role = role  # type: ignore[attr-defined]  # a mark on the view, for the tests of access
        return opened

    return door


def _way_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in; where there is no provider to sign in at, the page that makes the first one."""
    if is_nobody_there():
        return redirect("setup")
    from django.contrib.auth.views import redirect_to_login

    return redirect_to_login(request.get_full_path())


def within(provider: Provider, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer, made and rendered to its end in the provider's scope."""
    with tenant_scope(provider):
        response = answer()
        if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
            response.render()
        return response


viewer = needs(Role.VIEWER)
manager = needs(Role.MANAGER)
owner = needs(Role.OWNER)


def the_member(request: HttpRequest) -> Member:
    """The member behind a door: there is one."""
    member = member_of(request)
    if member is None:
        raise PermissionDenied
    return member


def theirs(rows: models.QuerySet[M] | type[M], **lookup: Any) -> M:
    """The one row (of all of a model, or of these) of the provider in scope, else 404: a foreign row and a missing one
    look the same.
    """
    try:
        return get_object_or_404(rows, **lookup)
    except (ValueError, OverflowError) as error:
        raise Http404 from error


def today_at(provider: Provider) -> date:
    """The date on the provider's wall now."""
    return timezone.now().astimezone(zone_of(provider)).date()


def zone_of(provider: Provider) -> ZoneInfo:
    return ZoneInfo(provider.timezone)


def switch_provider(request: HttpRequest, slug: str) -> bool:
    """Make another of the person's providers the current one; False when it is not theirs."""
    with all_tenants("the provider that somebody changes to is not in scope yet"):
        wanted = Membership.objects.filter(user=request.user.pk, provider__slug=slug).first()
    if wanted is None:
        return False
    request.session[SESSION_KEY] = wanted.provider_id
    return True
