"""What the views of one import share: finding it, and keeping what the preview's form says."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode

from accounts.access import the_member, today_at
from accounts.already import who_was_first
from desk.imports.pages.typed_companies import keep_typed
from desk.imports.preview_or_problem import UnreadableFile, plan_in_time
from imports.models import Import
from imports.publishing.answers import ClosedError
from imports.publishing.hindrances import DONE
from imports.publishing.preview import ToBeWorkedOutError, kept_plan
from imports.publishing.preview_answers import save_choices
from imports.publishing.preview_form import Choices, read_choices

View = Callable[..., HttpResponse]


def closed_by(request: HttpRequest, pk: int) -> str:
    """Who published or discarded it before; "" where that is not on record."""
    return who_was_first(request, ("import published", "preview discarded"), import_id=pk)


def while_open(view: View) -> View:
    """A view of an import in preview; once it is published or discarded, its page says so, and who did it."""

    @wraps(view)
    def answer(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, pk, **kwargs)
        except ClosedError:
            messages.info(request, closed_by(request, pk) or DONE)
            return redirect("import", pk=pk)

    return answer


def keep_choices(request: HttpRequest, source: Import) -> None:
    """Keep what stands in the preview's form, whichever of its buttons was pressed: nothing typed is lost."""
    keep_typed(request, source)
    choices = read_choices(request.POST)
    if choices == Choices():
        return
    member = the_member(request)
    try:
        plan = plan_in_time(source, today_at(member.provider))
    except (
        ToBeWorkedOutError
    ):  # what it was worked out from has changed since: the answers are kept all the same
        seen = kept_plan(source)
        if seen is None:
            return
        plan = seen
    if not isinstance(plan, UnreadableFile):
        save_choices(source=source, plan=plan, choices=choices, by=member.user)


def back_refused(source: Import, part: str) -> HttpResponseRedirect:
    """To the top of the import's page, where it says why; the part that was asked for is open."""
    return redirect(_with_open(source, part))


def back_to(source: Import, part: str = "", **pages: str) -> HttpResponseRedirect:
    """To the import's page, at one of its parts, which is open then; `pages`: of which list which page."""
    return redirect(f"{_with_open(source, part, **pages)}#{part}") if part else redirect("import", source.pk)


def _with_open(source: Import, part: str, **pages: str) -> str:
    return f"{reverse('import', args=[source.pk])}?{urlencode({'open': part, **pages})}"


def download(data: bytes, name: str, content_type: str = "text/csv") -> HttpResponse:
    """A file to keep: never shown in the page, never kept by a cache."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {
        "Content-Disposition": disposition,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type=content_type, headers=headers)
