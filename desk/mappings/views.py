"""The saved mappings, another word for one, and taking one back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import manager, the_member, theirs, viewer
from desk.mappings.page import mapping_lines
from imports.models import SavedMapping
from imports.saved_mappings import NotSavedError, call_mapping, take_back


@require_safe
@viewer
def mappings(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, status: int = 200) -> HttpResponse:
    lines = mapping_lines(the_member(request).provider)
    return render(request, "mappings/list.html", {"lines": lines}, status=status)


@require_POST
@manager
def rename_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is called from now on; files go on being read and compared by it."""
    row: SavedMapping = theirs(SavedMapping.objects.all(), pk=pk)
    try:
        changed = call_mapping(pk=row.pk, name=request.POST.get("name", ""), by=the_member(request).user)
    except NotSavedError as error:
        messages.error(request, str(error))
        return _page(request, 422)
    messages.success(request, _("It is called that now.") if changed else _("Nothing has changed."))
    return redirect("mappings")


@require_POST
@manager
def take_mapping_back(request: HttpRequest, pk: int) -> HttpResponse:
    row: SavedMapping = theirs(SavedMapping.objects.all(), pk=pk)
    if take_back(pk=row.pk, by=the_member(request).user):
        words = _("Taken back: the next file with these headers is mapped by hand. What is published stays.")
        messages.success(request, words)
    return redirect("mappings")
