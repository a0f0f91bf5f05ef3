"""A client of the provider: created, and changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import manager, the_member, theirs
from desk.agreements.saving import save_client
from desk.agreements.starting import TEMPLATES
from desk.clients.form import ClientDraft, draft_of_client
from retainers.agreements import AgreementError
from retainers.models import Client

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def client_new(request: HttpRequest) -> HttpResponse:
    draft = ClientDraft.read(request.POST)
    if request.method != "POST":
        return _page(request, draft, None, {})
    if Client.objects.filter(slug=draft.slug).exists():
        errors = {"slug": [_("A client with this key is there already: choose another one.")]}
        return _page(request, draft, None, errors)
    return _saved(request, draft, None)


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def client_edit(request: HttpRequest, slug: str) -> HttpResponse:
    client = theirs(Client.objects.all(), slug=slug)
    if request.method != "POST":
        return _page(request, draft_of_client(client), client, {})
    return _saved(request, replace(ClientDraft.read(request.POST), slug=client.slug), client)


def _saved(request: HttpRequest, draft: ClientDraft, client: Client | None) -> HttpResponse:
    member = the_member(request)
    said, errors = draft.judged()
    if errors:
        return _page(request, draft, client, errors)
    try:
        saved = save_client(
            provider=member.provider, said=said, dropped=draft.dropped, by=member.user, at=timezone.now()
        )
    except AgreementError as error:
        return _page(request, draft, client, {"psa_names": [each.message for each in error.problems]})
    messages.success(request, _("Saved."))
    if client is None:
        return redirect("agreement_new", saved.slug)
    return redirect("client", saved.slug)


def _page(
    request: HttpRequest, draft: ClientDraft, client: Client | None, errors: Mapping[str, Sequence[str]]
) -> HttpResponse:
    names = client.company_names.all() if client else ()
    context = {
        "draft": draft,
        "client": client,
        "known": [each for each in names if each.name != draft.name],
        "errors": [message for each in errors.values() for message in each],
        "templates": TEMPLATES.values(),
    }
    return render(request, "agreements/client.html", context, status=INVALID if errors else 200)
