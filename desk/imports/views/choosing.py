"""The answers that a preview asks for: each is kept, and leads back to the preview."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import manager, the_member, theirs, today_at
from desk.imports.forms import ReadingForm
from desk.imports.pages.grants import client_of
from desk.imports.preview_or_problem import grants_in
from desk.imports.views.common import back_to, import_of, keep_choices, while_open
from desk.imports.views.looking import look
from desk.wording.allowing import allow_for_good
from imports.judging.companies import NotMappedError, ask_again, leave_out, map_company
from imports.judging.provider_rules import read_desk
from imports.models import Import
from imports.publishing.answers import change_options
from imports.publishing.top_up_offers import NotGrantedError, top_up
from imports.reading.rows import Grant
from retainers.models import Client

INVALID = 422


@require_POST
@manager
@while_open
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Save ticks, removals and words; a button beside a flagged text allows it for good."""
    source = import_of(pk)
    keep_choices(request, source)
    allowed = request.POST.get("allow", "")
    if not allowed:
        return back_to(source, request.POST.get("part", ""))
    allow_for_good(request, allowed)
    return back_to(source, "words")


@require_POST
@manager
@while_open
def reread(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file another way."""
    source = import_of(pk)
    form = ReadingForm(request.POST, provider=the_member(request).provider)
    if not form.is_valid():
        return look(request, source, form, INVALID)
    change_options(source=source, change=form.said)
    return back_to(source)


@require_POST
@manager
@while_open
def map_unknown(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an unknown company to a client, or leave it out. `company` is its number in the form."""
    source = import_of(pk)
    keep_choices(request, source)
    if "ask_again" in request.POST:
        ask_again(source=source)
        return back_to(source, "companies")
    number, _sign, near = request.POST.get("company", "").partition(":")
    company = request.POST.get(f"company-{number}", "")
    slug = near or request.POST.get(f"client-{number}", "")
    if "leave" in request.POST:
        leave_out(source=source, company=request.POST.get(f"company-{request.POST['leave']}", ""))
        return back_to(source, "companies")
    _map(request, company, slug)
    return back_to(source, "companies")


def _map(request: HttpRequest, company: str, slug: str) -> None:
    if not slug:
        messages.error(request, _("Choose the client that “%(company)s” is.") % {"company": company})
        return
    client = theirs(Client.objects.all(), slug=slug)
    try:
        map_company(company=company, client=client, by=the_member(request).user)
    except NotMappedError as error:
        messages.error(request, str(error))
    else:
        values = {"company": company, "client": client.name}
        messages.success(request, _("“%(company)s” is %(client)s from now on.") % values)


@require_POST
@manager
@while_open
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the hours of one row as a top-up, for the retainer that was chosen."""
    source = import_of(pk)
    keep_choices(request, source)
    number = request.POST.get("top_up", "")
    rows = grants_in(source, today_at(the_member(request).provider))
    row = next((each for each in rows if str(each.line) == number), None)
    if row is None:
        messages.error(request, _("That row is not in this file."))
    else:
        _top_up(request, source, row)
    return back_to(source, "top-ups")


def _top_up(request: HttpRequest, source: Import, row: Grant) -> None:
    member = the_member(request)
    key, _sign, pool = request.POST.get(f"retainer-{row.line}", "").partition("|")
    client = client_of(row, source, read_desk(member.provider))
    try:
        top_up(
            source=source,
            grant=row,
            client=client,
            retainer_key=key,
            pool=pool,
            by=member.user,
            at=timezone.now(),
        )
    except NotGrantedError as error:
        messages.error(request, str(error))
