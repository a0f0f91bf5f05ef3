"""One page for everything that waits for a person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import viewer
from desk.waiting.asked_once import things_of
from desk.waiting.page import groups_of


@require_safe
@viewer
def waiting(request: HttpRequest) -> HttpResponse:
    return render(request, "waiting/list.html", {"groups": groups_of(things_of(request))})
