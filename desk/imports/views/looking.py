"""Looking at one import: its preview, a client's rows in it, or what came of it."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.access import the_member, theirs, today_at, viewer
from desk.imports.forms import ReadingForm, reading_values
from desk.imports.long_orders import order_preview
from desk.imports.ordering import standing_order, why_not_made
from desk.imports.pages.long_work import SECONDS, long_page
from desk.imports.pages.preview import preview_page
from desk.imports.pages.result import result_page
from desk.imports.pages.rows import rows_page
from desk.imports.pages.typed_companies import typed_for
from desk.imports.preview_or_problem import UnreadableFile, grants_of_published, plan_in_time
from desk.imports.selectors import import_of
from desk.mapping.ready import ready_made_for
from desk.mapping.trial_read import is_mappable
from desk.models import LongWork
from imports.models import Import
from imports.publishing.preview import ToBeWorkedOutError


@require_safe
@viewer
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The import as it is now: its preview, how far long work on it is, or what came of it."""
    source = import_of(pk)
    if source.state != Import.State.UPLOADED:
        return _show_result(request, source)
    ordered = standing_order(source)
    return show_long_work(request, source, ordered) if ordered else show_preview(request, source)


def show_preview(
    request: HttpRequest,
    source: Import,
    form: ReadingForm | None = None,
    status: int = 200,
    wrong: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The preview, or why there is none. `form`: what was just said of the file, where it can't stand; `wrong`: by
    company, why it can't become a client.
    """
    provider = the_member(request).provider
    context = {
        "import": source,
        "form": form or ReadingForm(initial=reading_values(source), provider=provider),
    }
    try:
        plan = plan_in_time(source, today_at(provider))
    except ToBeWorkedOutError as missing:
        return show_long_work(
            request, source, order_preview(source, missing.digest, the_member(request).user)
        )
    if isinstance(plan, UnreadableFile):
        can_map = is_mappable(source)
        ready = ready_made_for(source, today_at(provider)) if can_map else None
        context |= {"unreadable": plan, "is_mappable": can_map, "ready": ready}
        return render(request, "imports/unreadable.html", context, status=status)
    page = preview_page(plan, source, provider, request.GET.dict(), typed_for(request, source, wrong))
    part = "companies" if wrong else request.GET.get("open", "")
    context |= {"page": page, "part": part, "not_made": why_not_made(source)}
    return render(request, "imports/preview.html", context, status=status)


def show_long_work(request: HttpRequest, source: Import, ordered: LongWork) -> HttpResponse:
    """How far the work on a large file is; the page asks again by itself while somebody is at it."""
    if request.method == "POST":  # what was sent can't be asked for again: the import's page can
        return redirect("import", source.pk)
    page = long_page(ordered, the_member(request).provider, now())
    response = render(request, "imports/long_work.html", {"import": source, "page": page})
    if page.goes_on:
        response.headers["Refresh"] = str(SECONDS)
    return response


def _show_result(request: HttpRequest, source: Import) -> HttpResponse:
    provider = the_member(request).provider
    page = result_page(source, provider, grants_of_published(source, today_at(provider)), request.GET.dict())
    return render(request, "imports/result.html", {"import": source, "page": page})


@require_safe
@viewer
def client_rows(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The rows of one client in a preview; 404 where the file has none of them."""
    source = theirs(Import, state=Import.State.UPLOADED, pk=pk)
    try:
        plan = plan_in_time(source, today_at(the_member(request).provider))
    except ToBeWorkedOutError:
        return redirect("import", pk=pk)
    if isinstance(plan, UnreadableFile):
        raise Http404
    client = next((each for each in plan.clients if each.client.slug == slug), None)
    if client is None:
        raise Http404
    page = rows_page(plan, client, request.GET.get("page", "1"))
    return render(request, "imports/rows.html", {"import": source, "page": page})
