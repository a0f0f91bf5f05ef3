"""Mapping a file's columns by hand, and its headers as a file for support."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import manager, the_member, today_at
from desk.imports.selectors import import_of
from desk.imports.views.common import back_to, download, while_open
from desk.mapping.draft import Sheet, draft_of, first_draft, keep_mapping, read_sheet
from desk.mapping.page import mapping_page
from desk.mapping.ready import accepted
from desk.mapping.trial_read import Checked, check, lacking, open_questions
from imports import originals
from imports.models import Import
from imports.publishing.answers import ClosedError
from imports.publishing.options import Options
from imports.reading.first_look import headers_only
from imports.reading.mapped import CLIENT_FACING_FIELDS, Mapping
from imports.reading.rows import UnreadableFileError
from imports.saved_mappings import NotSavedError, nearest_to

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@manager
@while_open
def map_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose columns, check what they give, save them under a name; or accept what is ready-made for a tool."""
    source = import_of(pk)
    if source.state != Import.State.UPLOADED:
        raise ClosedError
    try:
        sheet = read_sheet(source)
    except (UnreadableFileError, FileNotFoundError):
        return back_to(source)  # the import's page says why
    if request.method == "POST":
        return _answered(request, source, sheet)
    mapping = first_draft(source, sheet)
    checked = check(source, mapping, _today(request))
    questions = open_questions(checked, mapping, source) if checked else {}
    page = mapping_page(source, sheet, mapping, checked, questions)
    return render(request, "imports/mapping.html", {"import": source, "page": page})


def _answered(request: HttpRequest, source: Import, sheet: Sheet) -> HttpResponse:
    is_accepted = "accept" in request.POST
    mapping = _sent(request, source, sheet)
    checked = check(source, mapping, _today(request))
    errors = {**lacking(mapping), **open_questions(checked, mapping, source)}
    may_replace = False
    saves = is_accepted or request.POST.get("do") == "save"
    if saves and not errors and _reads(checked):
        try:
            return _saved(request, source, mapping)
        except NotSavedError as error:
            errors["name"], may_replace = str(error), error.may_replace
    page = mapping_page(source, sheet, mapping, checked, errors, may_replace=may_replace)
    wrong = bool(errors) or not _reads(checked)
    context = {"import": source, "page": page}
    return render(request, "imports/mapping.html", context, status=INVALID if wrong else 200)


def _sent(request: HttpRequest, source: Import, sheet: Sheet) -> Mapping:
    """The ready-made mapping that was accepted, or the one that was chosen column by column."""
    offer = request.POST.get("accept")
    return draft_of(request.POST, sheet) if offer is None else accepted(source, sheet, offer)


def _reads(checked: Checked | None) -> bool:
    """Whether anything of the file is read."""
    return bool(checked and checked.file and (checked.file.rows or checked.file.grants))


def _saved(request: HttpRequest, source: Import, mapping: Mapping) -> HttpResponse:
    replacing = "replace" in request.POST or _continues(mapping)
    by = the_member(request).user
    kept = keep_mapping(source=source, mapping=mapping, replacing=replacing, by=by, at=timezone.now())
    text = _("Saved as “%(name)s”: files with these headers are recognised from now on.")
    messages.success(request, text % {"name": kept.name})
    if CLIENT_FACING_FIELDS & mapping.columns.keys() and kept.name not in source.provider.trusted_notes:
        untrusted = _(
            "No client reads its client description yet: an owner ticks “%(name)s” in Settings first."
        )
        messages.warning(request, untrusted % {"name": kept.name})
    return back_to(source)


def _continues(mapping: Mapping) -> bool:
    """Whether it takes the place of the mapping whose headers these were before some were renamed."""
    near = nearest_to(mapping.signature)
    return near is not None and near.name == mapping.name


@require_safe
@manager
def headers(request: HttpRequest, pk: int) -> HttpResponse:
    """The file's headers and nothing else, to send to support."""
    source = import_of(pk)
    try:
        copy = headers_only(originals.load(source), Options.read(source.options).encoding)
    except FileNotFoundError:
        messages.error(request, _("The original file is no longer kept."))
        return back_to(source)
    except UnreadableFileError as error:
        messages.error(request, str(error))
        return back_to(source)
    return download(copy, f"headers-only-{source.pk}.csv")


def _today(request: HttpRequest) -> date:
    return today_at(the_member(request).provider)
