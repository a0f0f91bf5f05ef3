"""A client's page for staff, each of its parts at an address of its own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import the_member, theirs, today_at, viewer
from desk.clients.page import HISTORY, HOURS, SHARING, client_page
from desk.links.link_lines import LinkForm
from presentation.facts import Asked
from retainers.models import Client


@require_safe
@viewer
def client(request: HttpRequest, slug: str) -> HttpResponse:
    return client_answer(request, theirs(Client.objects.all(), slug=slug))


@require_safe
@viewer
def client_sharing(request: HttpRequest, slug: str) -> HttpResponse:
    """Its links, and its people."""
    return client_answer(request, theirs(Client.objects.all(), slug=slug), part=SHARING)


@require_safe
@viewer
def client_history(request: HttpRequest, slug: str) -> HttpResponse:
    """What it was shown, from which files, and who did what."""
    return client_answer(request, theirs(Client.objects.all(), slug=slug), part=HISTORY)


def client_answer(
    request: HttpRequest,
    client: Client,
    form: LinkForm | None = None,
    status: int = 200,
    *,
    part: str = HOURS,
) -> HttpResponse:
    """That part of the page, with the form for a new link as it was filled in, if it was."""
    provider = the_member(request).provider
    today = today_at(provider)
    try:
        page = client_page(provider, client, Asked.read(request.GET), today, part, request.GET.dict())
    except LookupError as error:
        raise Http404 from error
    context = {"page": page, "form": form or LinkForm(today=today)}
    return render(request, "desk/client.html", context, status=status)
