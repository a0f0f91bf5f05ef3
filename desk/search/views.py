"""The search as a page of its own; the palette shows what this page finds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import the_member, viewer
from desk.search.page import search_page


@require_safe
@viewer
def search(request: HttpRequest) -> HttpResponse:
    page = search_page(the_member(request), request.GET.get("q", ""))
    return render(request, "search/page.html", {"page": page})
