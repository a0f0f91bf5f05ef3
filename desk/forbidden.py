"""The page for what a person may not do: it says who can change that."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import member_of
from accounts.models import Membership, Role
from accounts.role_words import role_name


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    member = member_of(request)
    context: dict[str, object] = {}
    if member is not None:
        owners = Membership.objects.filter(provider=member.provider, role=Role.OWNER).select_related("user")
        context = {"owners": [each.user for each in owners], "role": role_name(member.role)}
    return render(request, "403.html", context, status=403)
