"""The trail, for owners."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import owner, the_member, zone_of
from desk.trail.page import trail_page


@require_safe
@owner
def trail(request: HttpRequest) -> HttpResponse:
    page = trail_page(request.GET, zone_of(the_member(request).provider))
    return render(request, "desk/trail.html", {"page": page})
