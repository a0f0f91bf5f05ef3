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
from accounts.seen import StaleError
from desk.agreements.starting import TEMPLATES
from desk.clients.form import ClientDraft, draft_of_client
from desk.clients.meanwhile import ClientMeanwhile, meanwhile
from desk.clients.moving import AskedMoves, asked_moves
from desk.clients.saving import save_client, seen_of
from desk.gate.found import Looked, look
from imports.judging.name_moves import Carrying, MovesAskedError
from retainers.agreements import AgreementError
from retainers.models import Client

INVALID = 422
STALE = 409


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def client_new(request: HttpRequest) -> HttpResponse:
    draft = ClientDraft.read(request.POST)
    if request.method != "POST":
        return _page(request, draft, None, {})
    known = Client.objects.filter(slug=draft.slug).first()
    if known is not None and not seen_of(draft_of_client(known)).differing(seen_of(draft).mark):
        messages.info(request, _("Saved already: nothing was done twice."))
        return redirect("agreement_new", known.slug)
    if known is not None:
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
    form = request.POST.get("opened", "")
    looked = look(request, client, (), own={_("Name, as the client reads it"): said.name})
    if looked.found:
        return _page(request, draft, client, {}, looked=looked)
    ticked = "move" in request.POST
    try:
        with looked.letting_through():
            saved = save_client(
                provider=member.provider,
                draft=draft,
                said=said,
                form=form,
                by=member.user,
                at=timezone.now(),
                moves=Carrying(agreed=ticked, form=request.POST.get("moves", "")),
            )
    except MovesAskedError as asked:
        moves = asked_moves(asked.found, was_ticked=ticked)
        return _page(request, draft, client, {}, moves=moves)
    except StaleError as stale:
        now = theirs(Client.objects.all(), slug=draft.slug)
        return _page(request, draft, now, {}, meanwhile(draft, now, stale, form))
    except AgreementError as error:
        return _page(request, draft, client, {"psa_names": [each.message for each in error.problems]})
    messages.success(request, _("Saved."))
    if client is None:
        return redirect("agreement_new", saved.slug)
    return redirect("client", saved.slug)


def _page(
    request: HttpRequest,
    draft: ClientDraft,
    client: Client | None,
    errors: Mapping[str, Sequence[str]],
    found: ClientMeanwhile | None = None,
    looked: Looked | None = None,
    moves: AskedMoves | None = None,
) -> HttpResponse:
    names = client.company_names.all() if client else ()
    context = {
        "draft": found.draft if found else draft,
        "changes": found.changes if found else (),
        "opened": _opened(request, client, found),
        "client": client,
        "known": [each for each in names if each.name != draft.name],
        "errors": [message for each in errors.values() for message in each],
        "templates": TEMPLATES.values(),
        "looked": looked,
        "moves": moves,
    }
    status = STALE if found or (moves and moves.stale) else INVALID if errors or looked or moves else 200
    return render(request, "agreements/client.html", context, status=status)


def _opened(request: HttpRequest, client: Client | None, found: ClientMeanwhile | None) -> str:
    """The mark of what the form was opened on; a new one where what has changed since is shown."""
    if client is None:
        return ""
    sent = "" if found else request.POST.get("opened", "")
    return sent or seen_of(draft_of_client(client)).mark
