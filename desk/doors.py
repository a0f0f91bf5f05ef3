"""The door to one retainer of the provider in scope, with its figures today; and the page for what one may not do."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import Member, member_of, the_member, theirs, today_at, zone_of
from accounts.actors import role_name
from accounts.services import owners_of
from accounts.tenancy import tenant_scope
from retainers.models import Client, Retainer
from retainers.selectors import Standing, retainers_of, standings


@dataclass(frozen=True, slots=True)
class OpenedRetainer:
    """A retainer that the member may see, on the provider's day."""

    member: Member
    client: Client
    retainer: Retainer
    standing: Standing
    today: date
    zone: ZoneInfo

    @property
    def name(self) -> str:
        return self.standing.agreement.name


def open_retainer(request: HttpRequest, slug: str, key: str) -> OpenedRetainer:
    """The published retainer with that key; a foreign one and a missing one are the same 404."""
    member = the_member(request)
    retainer: Retainer = theirs(retainers_of([slug]), key=key)
    today, zone = today_at(member.provider), zone_of(member.provider)
    (standing,) = standings([retainer], on=today, zone=zone)
    return OpenedRetainer(member, retainer.client, retainer, standing, today, zone)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    member = member_of(request)
    context: dict[str, object] = {}
    if member is not None:
        with tenant_scope(member.provider):
            people = owners_of(member.provider)
        context = {"owners": people, "role": role_name(member.role)}
    return render(request, "403.html", context, status=403)
