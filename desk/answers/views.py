"""The answers about files that hold, and taking one back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import manager, the_member, theirs, viewer
from desk.answers.page import answer_lines
from imports.models import StandingAnswer
from imports.publishing.standing_answers import take_back


@require_safe
@viewer
def answers(request: HttpRequest) -> HttpResponse:
    return render(request, "answers/list.html", {"lines": answer_lines(the_member(request).provider)})


@require_POST
@manager
def take_answer_back(request: HttpRequest, pk: int) -> HttpResponse:
    row: StandingAnswer = theirs(StandingAnswer.objects.all(), pk=pk)
    if take_back(pk=row.pk, by=the_member(request).user, at=timezone.now()):
        messages.success(request, _("Taken back: from the next file on it is asked again."))
    return redirect("answers")
