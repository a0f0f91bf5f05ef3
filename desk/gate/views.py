"""What the leak check lets through: listed, and taken back by a manager."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import manager, the_member, theirs, viewer
from desk.gate.page import gate_page
from retainers.gate.letting import take_back
from retainers.models import LetThrough


@require_safe
@viewer
def let_through(request: HttpRequest) -> HttpResponse:
    return render(request, "gate/let_through.html", {"page": gate_page(the_member(request).provider)})


@require_POST
@manager
def take_back_let(request: HttpRequest, pk: int) -> HttpResponse:
    row: LetThrough = theirs(LetThrough.objects.select_related("client"), pk=pk)
    taken = take_back(row, by=the_member(request).user)
    messages.success(
        request,
        _("“%(text)s” is checked again: wherever it appears, clients read neutral words.")
        % {"text": taken.text},
    )
    return redirect("let_through")
