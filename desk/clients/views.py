"""A client's page for staff."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import the_member, theirs, today_at, viewer
from desk.clients.page import client_page
from desk.links.form import LinkForm
from presentation.facts import Asked
from retainers.models import Client


@require_safe
@viewer
def client(request: HttpRequest, slug: str) -> HttpResponse:
    return client_answer(request, theirs(Client.objects.all(), slug=slug))


def client_answer(
    request: HttpRequest, client: Client, form: LinkForm | None = None, status: int = 200
) -> HttpResponse:
    """The page, with the form for a new link as it was filled in, if it was."""
    provider = the_member(request).provider
    today = today_at(provider)
    try:
        page = client_page(provider, client, Asked.read(request.GET), today)
    except LookupError as error:
        raise Http404 from error
    context = {"page": page, "form": form or LinkForm(today=today)}
    return render(request, "desk/client.html", context, status=status)
