"""Publishing an import, taking it back, and opening it again for what was left."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import manager, the_member, theirs, today_at
from accounts.already import who_was_first
from desk.imports.confirming import confirm, order_publication
from desk.imports.long_orders import carry_on, start
from desk.imports.ordering import is_long, withdraw
from desk.imports.pages.result import published_words
from desk.imports.selectors import import_of
from desk.imports.views.common import back_to, closed_by, while_open
from desk.restating import agreed_in, restating_part
from imports.publishing.hindrances import HinderedError, NotInPreviewError
from imports.publishing.plan import Plan
from imports.publishing.preview_form import read_choices
from imports.publishing.reopen import discard, reopen
from imports.publishing.undo import NothingToUndoError, NotUndoableError, undo
from imports.reading.rows import UnreadableFileError
from presentation import phrases
from retainers.models import Client
from retainers.restating.writing import RestatingError

ASKED = 409


@require_POST
@manager
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish what was previewed, with the ticks that came along."""
    source = import_of(pk)
    member = the_member(request)
    choices, digest = read_choices(request.POST), request.POST.get("digest", "")
    by, at, today = member.user, timezone.now(), today_at(member.provider)
    try:
        if is_long(source):
            order_publication(
                source=source, digest=digest, choices=choices, by=by, at=at, today=today, start=start
            )
        else:
            plan = confirm(source=source, digest=digest, choices=choices, by=by, at=at, today=today)
            _say_published(request, plan)
    except NotInPreviewError as error:
        messages.info(request, closed_by(request, pk) or str(error))
    except HinderedError as error:
        for hindrance in error.hindrances:
            messages.error(request, hindrance)
    except (UnreadableFileError, FileNotFoundError):
        pass  # the import's page says why
    return back_to(source)


def _say_published(request: HttpRequest, plan: Plan) -> None:
    moved = [client for client in plan.published_clients if client.moves]
    dated = sum(client.is_dated for client in moved)
    said = published_words(len(moved) - dated, dated) if moved else _("Published. It changes nothing")
    messages.success(request, f"{said}.")


@require_POST
@manager
@while_open
def continue_or_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Continue what was ordered for a large file and nobody works at, or cancel it."""
    source = import_of(pk)
    by = the_member(request).user
    if "withdraw" not in request.POST:
        carry_on(source, by)
    elif withdraw(source=source, by=by, at=timezone.now()):
        messages.success(request, _("Cancelled. Nothing was published."))
    return redirect("import", pk=pk)


@require_POST
@manager
def undo_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the import, for one client or for all of them."""
    source = import_of(pk)
    slug = request.POST.get("client", "")
    client = theirs(Client, slug=slug) if slug else None
    try:
        clients = undo(
            source=source,
            by=the_member(request).user,
            at=timezone.now(),
            client=client,
            agreed=agreed_in(request),
        )
    except RestatingError as error:
        asked = restating_part(error.restated, missing=bool(agreed_in(request).to))
        shown = {"import": source, "client": slug, "restating": asked}
        return render(request, "imports/undo.html", shown, status=ASKED)
    except NothingToUndoError as error:
        messages.info(request, who_was_first(request, ("import undone",), import_id=pk) or str(error))
    except NotUndoableError as error:
        for reason in error.reasons:
            messages.error(request, reason)
    else:
        names = phrases.some(sorted(each.name for each in clients), 5)
        messages.success(request, _("Taken back for %(names)s") % {"names": names})
    return back_to(source)


@require_POST
@manager
@while_open
def discard_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody wants to publish it: it waits no more."""
    source = import_of(pk)
    discard(source=source, by=the_member(request).user)
    messages.success(request, _("“%(file)s” is discarded. Its file is kept.") % {"file": source.file_name})
    return redirect("imports")


@require_POST
@manager
def open_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A new preview of the same file, for what was held back, refused or undone."""
    row = reopen(source=import_of(pk), by=the_member(request).user, at=timezone.now())
    return redirect("import", pk=row.pk)
