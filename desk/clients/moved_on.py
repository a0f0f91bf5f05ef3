"""Addresses of a client that was merged into another lead to that one's page."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import member_of
from accounts.tenancy import tenant_scope
from retainers.merging import former_client

NOT_FOUND = 404


def moved_on(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Where the desk finds no client of that key, the one that it was merged into is looked for."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == NOT_FOUND and request.method in ("GET", "HEAD"):
            return _onwards(request) or response
        return response

    return answer


def _onwards(request: HttpRequest) -> HttpResponseBase | None:
    match = request.resolver_match
    if match is None or "slug" not in match.kwargs:
        return None
    member = member_of(request)
    if member is None:
        return None
    with tenant_scope(member.provider):
        former = former_client(match.kwargs["slug"])
    if former is None:
        return None
    named = {**match.kwargs, "slug": former.client.slug}
    if "key" in named:
        named["key"] = former.keys.get(named["key"], named["key"])
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse(match.view_name, kwargs=named) + (f"?{query}" if query else ""))
