"""Saved mappings of columns: what each fills, who saved it, what it read last; named otherwise and taken back."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actors as account_words
from accounts.access import manager, the_member, theirs, viewer, zone_of
from accounts.already import DoneAlreadyError, tells_who, to_list
from accounts.models import Provider
from desk.mapping.field_names import LABELS
from imports.models import Import, SavedMapping
from imports.saved_mappings import NotSavedError, as_saved, call_mapping, called_of, mapping_of, take_back
from presentation.days import moment

A_PAGE = 20


@dataclass(frozen=True, slots=True)
class MappingLine:
    """`format` is the name that files are read by; `name` what it is called."""

    pk: int
    format: str
    name: str
    columns: tuple[tuple[str, str], ...]
    who: str
    when: str
    last: int | None


def mapping_lines(provider: Provider, rows: Iterable[SavedMapping]) -> tuple[MappingLine, ...]:
    zone = zone_of(provider)
    newest = dict(Import.objects.order_by("pk").values_list("format", "pk"))
    return tuple(
        MappingLine(
            pk=row.pk,
            format=row.name,
            name=called_of(row),
            columns=_columns(row),
            who=account_words.person(row.made_by),
            when=moment(row.made_at, zone),
            last=newest.get(row.name),
        )
        for row in rows
    )


def _columns(row: SavedMapping) -> tuple[tuple[str, str], ...]:
    """What each column is read as, in the order of the mapping's own form."""
    columns = mapping_of(row.name, row.document).columns
    return tuple((str(LABELS[field]), columns[field]) for field in LABELS if field in columns)


@require_safe
@viewer
def mappings(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, status: int = 200) -> HttpResponse:
    """By name."""
    page = Paginator(as_saved(), A_PAGE).get_page(request.GET.get("page"))
    context = {"lines": mapping_lines(the_member(request).provider, page), "page": page}
    return render(request, "mappings/list.html", context, status=status)


@require_POST
@manager
@tells_who("mapping taken back", to="mappings")
def rename_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is called from now on; files go on being read and compared by it."""
    row: SavedMapping = theirs(SavedMapping, pk=pk)
    try:
        changed = call_mapping(pk=row.pk, name=request.POST.get("name", ""), by=the_member(request).user)
    except NotSavedError as error:
        messages.error(request, str(error))
        return _page(request, 422)
    messages.success(request, _("Renamed.") if changed else _("Nothing has changed."))
    return to_list(request, "mappings")


@require_POST
@manager
@tells_who("mapping taken back", to="mappings")
def take_mapping_back(request: HttpRequest, pk: int) -> HttpResponse:
    row: SavedMapping = theirs(SavedMapping, pk=pk)
    if not take_back(pk=row.pk, by=the_member(request).user):
        raise DoneAlreadyError
    words = _("Taken back: the next file with these headers is mapped by hand. What is published stays.")
    messages.success(request, words)
    return to_list(request, "mappings")
