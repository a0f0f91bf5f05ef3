"""The page for what a person may not do: it says who can change that."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import member_of
from accounts.actors import role_name
from accounts.models import Membership, Role
from accounts.tenancy import tenant_scope


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    member = member_of(request)
    context: dict[str, object] = {}
    if member is not None:
        with tenant_scope(member.provider):
            owners = Membership.objects.filter(provider=member.provider, role=Role.OWNER)
            people = [each.user for each in owners.select_related("user")]
        context = {"owners": people, "role": role_name(member.role)}
    return render(request, "403.html", context, status=403)
