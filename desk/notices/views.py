"""A manager's notice beside the client's number: put up, replaced, taken down."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import manager
from desk.doors import OpenedRetainer, open_retainer
from desk.gate.found import Looked, look
from desk.notices.form import NoticeForm, standing_notice
from retainers import notices
from retainers.living import RunsError

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def notice(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    if request.method != "POST":
        return _page(request, opened, NoticeForm(opened))
    if request.POST.get("end") == "1":
        return _end(request, opened)
    form = NoticeForm(opened, request.POST)
    if not form.is_valid():
        return _page(request, opened, form, INVALID)
    looked = look(request, opened.client, [(_("What the client reads"), form.cleaned_data["text"])])
    if looked.found:
        return _page(request, opened, form, INVALID, looked)
    try:
        with looked.letting_through():
            notices.post_notice(
                retainer=opened.retainer, **form.cleaned_data, by=opened.member.user, at=timezone.now()
            )
    except RunsError:
        messages.warning(request, _("An incident runs: end it before you put up a notice."))
        return redirect("live_incident", slug, key)
    messages.success(request, _("The notice is on the client’s page now."))
    return redirect("notice", slug, key)


def _end(request: HttpRequest, opened: OpenedRetainer) -> HttpResponse:
    if notices.end_notice(retainer=opened.retainer, by=opened.member.user, at=timezone.now()):
        messages.success(request, _("The notice is taken down."))
    else:
        messages.warning(request, _("No notice stood there any more."))
    return redirect("notice", opened.client.slug, opened.retainer.key)


def _page(
    request: HttpRequest,
    opened: OpenedRetainer,
    form: NoticeForm,
    status: int = 200,
    looked: Looked | None = None,
) -> HttpResponse:
    context = {"opened": opened, "form": form, "standing": standing_notice(opened), "looked": looked}
    return render(request, "desk/notice.html", context, status=status)
