"""A client of the provider: created, and changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import manager, the_member, theirs
from accounts.seen import StaleError
from desk.agreements.usual_agreements import TEMPLATES
from desk.clients.form import ClientDraft, draft_of_client
from desk.clients.saving import ClientMeanwhile, meanwhile, save_client, seen_of
from desk.gate import Looked, look
from imports.judging.name_moves import Carrying, MovesAskedError, NameMove, NameMoves
from presentation.effect_lines import EffectLine, effect_lines
from presentation.phrases import hours
from retainers.agreements import AgreementError
from retainers.files import ClientFile
from retainers.models import Client
from retainers.selectors import client_of_key


@dataclass(frozen=True, slots=True)
class AskedMoves:
    """`stale`: the tick was for other moves than those of now. `closed`: figures of a closed cycle change."""

    lines: tuple[str, ...]
    effects: tuple[EffectLine, ...]
    mark: str
    stale: bool

    @property
    def closed(self) -> bool:
        return any(effect.closed for effect in self.effects)


def asked_moves(found: NameMoves, *, was_ticked: bool) -> AskedMoves:
    """The page's side of moves that somebody has still to agree to."""
    return AskedMoves(
        lines=tuple(_said(move) for move in found.moves),
        effects=tuple(_effects(found)),
        mark=found.seen.mark,
        stale=was_ticked,
    )


def _said(move: NameMove) -> str:
    text = ngettext(
        "“%(company)s”: %(count)d published line (%(hours)s h) goes from %(leaves)s to %(joins)s",
        "“%(company)s”: %(count)d published lines (%(hours)s h) go from %(leaves)s to %(joins)s",
        move.lines,
    )
    return text % {
        "company": move.company,
        "count": move.lines,
        "hours": hours(move.hours),
        "leaves": move.leaves.name,
        "joins": move.joins.name,
    }


def _effects(found: NameMoves) -> Iterator[EffectLine]:
    for change in found.changes:
        named = _("%(client)s, %(retainer)s") % {"client": change.client.name, "retainer": change.name}
        yield from (replace(line, retainer=named) for line in effect_lines(change))


INVALID = 422
STALE = 409


@dataclass(frozen=True, slots=True)
class NotYet:
    """Why the form is shown again: what is wrong with it, what the leak check found, lines that would move, or what
    somebody else saved (`found`)."""

    errors: tuple[str, ...] = ()
    found: ClientMeanwhile | None = None
    looked: Looked | None = None
    moves: AskedMoves | None = None

    @property
    def status(self) -> int:
        if self.found is not None or (self.moves is not None and self.moves.stale):
            return STALE
        return 200 if self == NotYet() else INVALID


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def client_new(request: HttpRequest) -> HttpResponse:
    draft = ClientDraft.read(request.POST)
    if request.method != "POST":
        return _page(request, draft, None)
    known = client_of_key(draft.slug)
    if known is not None and not seen_of(draft_of_client(known)).differing(seen_of(draft).mark):
        messages.info(request, _("Already saved; nothing was saved twice."))
        return redirect("agreement_new", known.slug)
    if known is not None:
        return _page(request, draft, None, NotYet(errors=(_taken(draft, known),)))
    return _saved(request, draft, None)


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def client_edit(request: HttpRequest, slug: str) -> HttpResponse:
    client = theirs(Client, slug=slug)
    if request.method != "POST":
        return _page(request, draft_of_client(client), client)
    return _saved(request, replace(ClientDraft.read(request.POST), slug=client.slug), client)


def _taken(draft: ClientDraft, known: Client) -> str:
    if draft.named:
        return _("“%(client)s” already has this short name. Choose another one.") % {"client": known.name}
    return _("There is already a client “%(client)s”. Give this one another name.") % {"client": known.name}


def _saved(request: HttpRequest, draft: ClientDraft, client: Client | None) -> HttpResponse:
    said, errors = draft.judged()
    if errors:
        return _page(request, draft, client, NotYet(errors=tuple(chain.from_iterable(errors.values()))))
    form = request.POST.get("opened", "")
    looked = look(request, client, (), own={_("Name, as the client reads it"): said.name})
    if looked.found:
        return _page(request, draft, client, NotYet(looked=looked))
    moves = Carrying(agreed="move" in request.POST, form=request.POST.get("moves", ""))
    try:
        with looked.letting_through():
            saved = _save(request, draft, said, form, moves)
    except MovesAskedError as asked:
        would_move = asked_moves(asked.found, was_ticked=moves.agreed)
        return _page(request, draft, client, NotYet(moves=would_move))
    except StaleError as stale:
        now = theirs(Client, slug=draft.slug)
        return _page(request, draft, now, NotYet(found=meanwhile(draft, now, stale, form)))
    except AgreementError as error:
        return _page(request, draft, client, NotYet(errors=error.messages))
    messages.success(request, _("Saved."))
    return redirect("agreement_new" if client is None else "client", saved.slug)


def _save(request: HttpRequest, draft: ClientDraft, said: ClientFile, form: str, moves: Carrying) -> Client:
    member = the_member(request)
    return save_client(
        provider=member.provider,
        draft=draft,
        said=said,
        form=form,
        by=member.user,
        at=timezone.now(),
        moves=moves,
    )


def _page(
    request: HttpRequest, draft: ClientDraft, client: Client | None, why: NotYet | None = None
) -> HttpResponse:
    why = why or NotYet()
    found = why.found
    names = client.company_names.all() if client else ()
    context = {
        "draft": found.draft if found else draft,
        "changes": found.changes if found else (),
        "opened": _opened(request, client, found),
        "client": client,
        "known": [each for each in names if each.name != draft.name],
        "errors": why.errors,
        "templates": TEMPLATES.values(),
        "looked": why.looked,
        "moves": why.moves,
    }
    return render(request, "agreements/client.html", context, status=why.status)


def _opened(request: HttpRequest, client: Client | None, found: ClientMeanwhile | None) -> str:
    """The mark of what the form was opened on; a new one where what has changed since is shown."""
    if client is None:
        return ""
    sent = "" if found else request.POST.get("opened", "")
    return sent or seen_of(draft_of_client(client)).mark
