"""The provider's translation memory, to be tended: searched, corrected, forgotten."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.access import manager, the_member, theirs, viewer, zone_of
from accounts.actors import person
from imports.models import RememberedWording
from imports.publishing.preview_form import tidy
from imports.wording.memory import correct, forget
from presentation import days

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class RememberedLine:
    pk: int
    what: str
    text: str
    who: str
    when: str


@require_safe
@viewer
def remembered(request: HttpRequest) -> HttpResponse:
    zone = zone_of(the_member(request).provider)
    words = request.GET.get("q", "").strip()
    rows = RememberedWording.objects.select_related("given_by").order_by("-given_at", "-pk")
    if words:
        rows = rows.filter(Q(key__icontains=words) | Q(text__icontains=words))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    lines = [
        RememberedLine(row.pk, row.key, row.text, person(row.given_by), days.moment(row.given_at, zone))
        for row in page
    ]
    context = {"lines": lines, "page": page, "words": words, "query": urlencode({"q": words})}
    return render(request, "imports/remembered.html", context)


@require_POST
@manager
def tend_remembered(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct or forget one of them."""
    row: RememberedWording = theirs(RememberedWording.objects.all(), pk=pk)
    by = the_member(request).user
    text = tidy(request.POST.get("text", ""))
    if "forget" in request.POST:
        forget(row=row, by=by)
        messages.success(request, f"Forgotten: “{row.text}”. Lines that are published keep their words.")
    elif not text:
        messages.error(request, "Type the words, or forget them.")
    elif correct(row=row, text=text, by=by, at=timezone.now()):
        messages.success(request, f"From now on: “{text}”. Lines that are published keep their words.")
    else:
        messages.info(request, "Nothing was changed.")
    back = urlencode({"q": request.POST.get("q", "")})
    return redirect(f"{reverse('remembered')}?{back}")
