"""Which companies are never clients, who said so and when; each can be asked about again."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actors as account_words
from accounts.access import manager, the_member, theirs, viewer, zone_of
from imports.judging.companies import ask_about_again
from imports.models import NeverOurs
from presentation import days


@dataclass(frozen=True, slots=True)
class CompanyLine:
    pk: int
    name: str
    who: str
    when: str


@require_safe
@viewer
def companies(request: HttpRequest) -> HttpResponse:
    provider = the_member(request).provider
    zone = zone_of(provider)
    lines = [
        CompanyLine(row.pk, row.name, account_words.person(row.settled_by), days.moment(row.settled_at, zone))
        for row in NeverOurs.objects.select_related("settled_by")
    ]
    return render(request, "companies/list.html", {"lines": lines})


@require_POST
@manager
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    row: NeverOurs = theirs(NeverOurs.objects.all(), pk=pk)
    ask_about_again(row=row, by=the_member(request).user)
    messages.success(
        request, _("The next file that names “%(company)s” asks about it.") % {"company": row.name}
    )
    return redirect("companies")
