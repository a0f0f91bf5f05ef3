"""Which days of an agreement are covered, and "no work then" for days that no file speaks for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import manager
from desk.covering.form import NoWorkForm, covered_days
from desk.doors import OpenedRetainer, open_retainer
from retainers.no_work import NoSuchDaysError, say_no_work

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def covered(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    if request.method != "POST":
        return _page(request, opened, NoWorkForm())
    form = NoWorkForm(request.POST)
    if not form.is_valid():
        return _page(request, opened, form, INVALID)
    try:
        said = say_no_work(
            retainer=opened.retainer,
            **form.cleaned_data,
            today=opened.today,
            by=opened.member.user,
            at=timezone.now(),
        )
    except NoSuchDaysError as error:
        form.add_error(None, str(error))
        return _page(request, opened, form, INVALID)
    words = (
        _("These days count as covered now: there was no work.") if said else _("They were covered already.")
    )
    messages.success(request, words)
    return redirect("covered_days", slug, key)


def _page(request: HttpRequest, opened: OpenedRetainer, form: NoWorkForm, status: int = 200) -> HttpResponse:
    context = {"opened": opened, "form": form, "days": covered_days(opened)}
    return render(request, "desk/covered.html", context, status=status)
