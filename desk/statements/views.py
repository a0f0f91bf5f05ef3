"""Statements of closed cycles: issued, issued again with a reason, and seen as the client sees them."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import manager, the_member, theirs, today_at, viewer
from accounts.seen import StaleError
from desk.clients.staff_view import marked
from desk.doors import OpenedRetainer, open_retainer
from desk.gate.found import look
from desk.statements.page import cycle_lines
from portal.selectors import page_retainers
from portal.statement_views import StatementReading, read_statement
from retainers.models import Client
from retainers.statements import NothingToStateError, StatedError, issue

INVALID = 422
STALE = 409
CHANGED = gettext_lazy(
    "Nothing was issued: the cycle has changed since the page was opened. Look at it once more."
)
LONGEST_REASON = 200


@require_safe
@viewer
def statements(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return _page(request, open_retainer(request, slug, key))


@require_POST
@manager
def issue_statement(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    reason = " ".join(request.POST.get("reason", "").split())[:LONGEST_REASON]
    looked = look(request, opened.client, [(_("Reason (the client reads it)"), reason)])
    typed = {"reason": reason, "cycle": request.POST.get("cycle", "")}
    if looked.found:
        return _page(request, opened, INVALID, looked=looked, **typed)
    try:
        with looked.letting_through():
            issue(
                standing=opened.standing,
                cycle_starts=date.fromisoformat(request.POST.get("cycle", "")),
                form=request.POST.get("opened", ""),
                by=opened.member.user,
                at=timezone.now(),
                reason=reason,
            )
    except StatedError:
        messages.info(request, _("These figures are already stated: nothing was issued twice."))
        return redirect("statements", slug, key)
    except StaleError:
        messages.error(request, CHANGED)
        return _page(request, opened, STALE, **typed)
    except (NothingToStateError, ValueError) as error:
        said = str(error) if isinstance(error, NothingToStateError) else _("Choose a cycle of the list.")
        messages.error(request, said)
        return _page(request, opened, INVALID, **typed)
    messages.success(request, _("The statement is issued: the client finds it on the cycle’s page."))
    return redirect("statements", slug, key)


@require_safe
@viewer
def statement_as_client(request: HttpRequest, slug: str, starts: str) -> HttpResponse:
    """As the client reads it, behind the mark of staff's view."""
    page = _read(request, slug, starts).html()
    client = theirs(Client.objects.all(), slug=slug)
    back = reverse("client", args=[slug])
    page = marked(page, client=client.name, slug=slug, back=back, back_words=_("Back to the desk"))
    return HttpResponse(page, headers={"Cache-Control": "private, no-store"})


@require_safe
@viewer
def statement_pdf_for_staff(request: HttpRequest, slug: str, starts: str) -> HttpResponse:
    answer = _read(request, slug, starts).pdf()
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _read(request: HttpRequest, slug: str, starts: str) -> StatementReading:
    client = theirs(Client.objects.all(), slug=slug)
    provider = the_member(request).provider
    key = request.GET.get("retainer", "")
    try:
        return read_statement(provider, client, page_retainers(client), starts, key, today_at(provider))
    except LookupError as error:
        raise Http404 from error


def _page(request: HttpRequest, opened: OpenedRetainer, status: int = 200, **typed: Any) -> HttpResponse:
    """`typed`: a reason that was sent in vain, and of which cycle."""
    context = {"opened": opened, "lines": cycle_lines(opened), **typed}
    return render(request, "desk/statements.html", context, status=status)
