"""The list of imports, and how a file gets in and out.

The size limit is held while the body comes in: Django's own limit on request data does not cover files.
"""

import csv

from django.contrib import messages
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import manager, the_member, theirs, viewer
from accounts.audit import record
from desk.imports.forms import UploadForm
from desk.imports.pages.listing import listing_page
from desk.imports.selectors import published_before
from desk.imports.views.common import download
from imports import originals
from imports.models import Import
from imports.publishing.options import Options
from imports.reading.formats.generic import COLUMNS
from imports.reading.opening import is_archive
from imports.reading.rows import MAX_FILE_BYTES
from retainers.selectors import client_of_key


class SizeLimit(FileUploadHandler):
    """Takes the first place among the handlers; `exceeded` tells the view why no file came through."""

    received = 0
    exceeded = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAX_FILE_BYTES:
            self.exceeded = True
            raise StopUpload(connection_reset=False)  # the rest is thrown away, and the sender gets an answer
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Other handlers make the file."""


WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOO_LARGE = 413
INVALID = 422


@require_safe
@viewer
def listing(request: HttpRequest) -> HttpResponse:
    return _listing(request, UploadForm(provider=the_member(request).provider))


def _listing(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    provider = the_member(request).provider
    page = listing_page(provider, state=request.GET.get("state", ""), number=request.GET.get("page", "1"))
    return render(request, "imports/list.html", {"page": page, "form": form}, status=status)


@csrf_exempt  # checked in `_store`, once the limit stands in the way of the body
@require_POST
@manager
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the file, and lead to its preview; nothing is read yet. 413 past the limit, 422 where the form is wrong."""
    limit = SizeLimit(request)
    request.upload_handlers.insert(0, limit)
    response: HttpResponse = _store(request, limit)
    return response


@csrf_protect
def _store(request: HttpRequest, limit: SizeLimit) -> HttpResponse:
    member = the_member(request)
    form = UploadForm(request.POST, request.FILES, provider=member.provider)
    if limit.exceeded:
        form.errors.clear()
        form.add_error("file", too_large())
        return _listing(request, form, TOO_LARGE)
    if not form.is_valid():
        return _listing(request, form, INVALID)
    file = form.cleaned_data["file"]
    source = originals.store(
        data=file.read(),
        file_name=file.name,
        client=client_of_key(form.cleaned_data["client"]),
        options=form.said(Options()).document(),
        by=member.user,
        at=timezone.now(),
    )
    _mention_same(request, source)
    return redirect("import", pk=source.pk)


def too_large() -> str:
    """What to say of a file past the limit."""
    values = {"size": MAX_FILE_BYTES // (1024 * 1024)}
    return _("The file has more than %(size)d MB. Export a shorter period, for example one month.") % values


def _mention_same(request: HttpRequest, source: Import) -> None:
    same = published_before(source)
    if same:
        text = _("This same file was already published, as import %(import)d.")
        messages.info(request, text % {"import": same.pk})


@require_safe
@manager
def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was uploaded; it holds costs and internal notes, so each download is written down."""
    source = theirs(Import, pk=pk)
    try:
        data = originals.load(source)
    except FileNotFoundError:
        messages.error(request, _("The original file is no longer kept."))
        return redirect("import", pk=pk)
    by, about = the_member(request).user, [source.client.slug] if source.client else []
    record(by, "original downloaded", source.file_name, about=about, import_id=source.pk)
    ending, kind = (".xlsx", WORKBOOK_TYPE) if is_archive(data) else (".csv", "text/csv")
    name = source.file_name if source.file_name.lower().endswith(ending) else f"{source.file_name}{ending}"
    return download(data, name, kind)


@require_safe
@viewer
def template(request: HttpRequest) -> HttpResponse:
    """HourTab's own format, empty."""
    response = download(b"", "hourtab-template.csv")
    csv.writer(response).writerow(COLUMNS.values())
    return response
