"""Keep the dashboard's question under a name, and let it go again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import the_member, theirs, viewer
from desk.dashboard.query import DashboardQuery
from desk.dashboard.saved_views import may_drop, question_of, save_view


@require_POST
@viewer
def save_view_as(request: HttpRequest) -> HttpResponse:
    question = DashboardQuery.read(request.POST)
    name = " ".join(request.POST.get("name", "").split())[:40]
    if not name:
        messages.error(request, _("Give the view a name."))
        return redirect(f"/{question.address().removeprefix('./')}")
    row = save_view(member=the_member(request), name=name, question=question, shared="shared" in request.POST)
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": name})
    return redirect(f"/{question_of(row).address().removeprefix('./')}")


@require_POST
@viewer
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    row = theirs(may_drop(the_member(request)), pk=pk)
    row.delete()
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": row.name})
    return redirect("dashboard")
