"""What clients asked for, the open ones first, and a manager's one answer to each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import manager, the_member, theirs, today_at, viewer, zone_of
from accounts.models import User
from accounts.seen import StaleError
from desk.gate.found import Looked, look
from desk.requests.page import AnswerForm, request_line, requests_of_provider
from desk.since import StaleRefusal, refused
from portal import asking
from portal.models import ClientRequest

INVALID = 422
STALE = 409
A_PAGE = 50


@require_safe
@viewer
def requests(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@manager
def answer_request(request: HttpRequest, pk: int) -> HttpResponse:
    made: ClientRequest = theirs(requests_of_provider(), pk=pk)
    member = the_member(request)
    form = AnswerForm(request.POST, made=made, today=today_at(member.provider))
    if made.answered_at is None and not form.is_valid():
        return _page(request, form, INVALID)
    if made.answered_at is None:
        looked = look(request, made.retainer.client, [(_("Your answer"), form.cleaned_data["words"])])
        if looked.found:
            return _page(request, form, INVALID, looked)
        try:
            with looked.letting_through():
                fresh = _answer(made, form, member.user)
        except StaleError as stale:
            return _looked_at_again(request, pk, stale)
    if made.answered_at is None and fresh:
        messages.success(request, _("Answered, and on record."))
    else:
        messages.warning(request, _("Somebody has answered this already: nothing was changed."))
    return redirect("requests")


def _answer(made: ClientRequest, form: AnswerForm, by: User) -> bool:
    words, grants = form.cleaned_data["words"], form.grants()
    return asking.answer(
        request=made,
        words=words,
        by=by,
        at=timezone.now(),
        grants=grants,
        form=form.cleaned_data.get("opened", ""),
    )


def _looked_at_again(request: HttpRequest, pk: int, stale: StaleError) -> HttpResponse:
    """The form once more, with what was published since it was opened."""
    provider = the_member(request).provider
    made: ClientRequest = theirs(requests_of_provider(), pk=pk)
    opened = {"opened": asking.seen_answering(made, today_at(provider)).mark}
    again = AnswerForm({**request.POST.dict(), **opened}, made=made, today=today_at(provider))
    again.is_valid()
    return _page(request, again, STALE, refusal=refused(stale, zone_of(provider)))


def _page(
    request: HttpRequest,
    filled: AnswerForm | None = None,
    status: int = 200,
    looked: Looked | None = None,
    refusal: StaleRefusal | None = None,
) -> HttpResponse:
    provider = the_member(request).provider
    today, zone = today_at(provider), zone_of(provider)
    rows = Paginator(requests_of_provider(), A_PAGE).get_page(request.GET.get("page"))
    lines = [
        request_line(
            made, today=today, zone=zone, form=filled if filled and filled.made.pk == made.pk else None
        )
        for made in rows
    ]
    context = {"lines": lines, "rows": rows, "looked": looked, "refusal": refusal}
    return render(request, "desk/requests.html", context, status=status)
