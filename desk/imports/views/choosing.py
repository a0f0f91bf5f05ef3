"""The answers that a preview asks for: each is kept, and leads back to the preview."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Member, manager, the_member, theirs, today_at
from desk.imports.claiming import claim_agreement, never_counted
from desk.imports.forms import ReadingForm
from desk.imports.making_clients import make_clients
from desk.imports.new_clients import WrongCompaniesError
from desk.imports.pages.client_lists import PARTS
from desk.imports.pages.grants import client_of
from desk.imports.pages.unknown_companies import open_companies
from desk.imports.preview_or_problem import UnreadableFile, grants_in, plan_looked_at
from desk.imports.selectors import client_called, import_of
from desk.imports.views.common import back_refused, back_to, keep_choices, while_open
from desk.imports.views.looking import show_preview
from desk.wording.views import allow_for_good, to_rule
from imports.judging.companies import NotMappedError, ask_again, leave_out, map_company, never_ours
from imports.judging.provider_setup import read_setup
from imports.models import Import
from imports.publishing.answers import change_options, give_to
from imports.publishing.top_up_offers import NotGrantedError, top_up
from imports.reading.rows import Grant
from presentation import phrases
from retainers.models import Client
from retainers.selectors import client_of_key

INVALID = 422


@require_POST
@manager
@while_open
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Save ticks, answers and words; a button beside a flagged text allows it for good, one beside a title makes
    a rule of it, one takes every draft in view, others turn a page.
    """
    source = import_of(pk)
    keep_choices(request, source)
    allowed = request.POST.get("allow", "")
    if allowed:
        allow_for_good(request, allowed)
        return back_to(source, "words")
    searched = request.POST.get("q", "").strip()
    words = {"q": searched} if searched else {}
    if "always" in request.POST:
        return to_rule(request.POST)
    part, _sign, number = request.POST.get("turn", "").partition(":")
    if part == "worded":
        return back_to(source, "words", worded=number)
    if part in (*PARTS, "words"):
        return back_to(source, part, **{part: number}, **words)
    if "find" in request.POST or words:
        return back_to(source, "clients", **words)
    return back_to(source, request.POST.get("part", ""))


@require_POST
@manager
@while_open
def reread(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file another way."""
    source = import_of(pk)
    keep_choices(request, source)
    form = ReadingForm(request.POST, provider=the_member(request).provider)
    if not form.is_valid():
        return show_preview(request, source, form, INVALID)
    change_options(source=source, change=form.said)
    if "client" in request.POST:
        client = client_of_key(form.cleaned_data["client"])
        give_to(source=source, client=client, by=the_member(request).user)
    return back_to(source)


@require_POST
@manager
@while_open
def answer_company(request: HttpRequest, pk: int) -> HttpResponse:
    """What an unknown company is: a client, a new one, never a client, or left out; or which retainer of its client an
    agreement of the PSA belongs to. The form numbers them, and the button says what it is (`BUTTONS`).
    """
    source = import_of(pk)
    keep_choices(request, source)
    answer = next((act for button, act in BUTTONS.items() if button in request.POST), _map)
    try:
        answer(request, source)
    except WrongCompaniesError as error:
        messages.error(request, str(error))
        return show_preview(request, source, status=INVALID, wrong=error.wrong)
    except NotMappedError as error:
        messages.error(request, str(error))
        return back_refused(source, "companies")
    return back_to(source, "companies")


def _ask_again(_request: HttpRequest, source: Import) -> None:
    ask_again(source=source)


def _leave(request: HttpRequest, source: Import) -> None:
    leave_out(source=source, company=_named(request, "leave"))


def _make(request: HttpRequest, source: Import) -> None:
    make_clients(request, source, [request.POST["new"]])


def _make_ticked(request: HttpRequest, source: Import) -> None:
    make_clients(request, source, request.POST.getlist("make"))


def _named(request: HttpRequest, button: str) -> str:
    """The company whose button was pressed. Of a client's agreement its slug, a tab and what the PSA calls it."""
    return request.POST.get(f"company-{request.POST.get(button, '')}", "")


def _never(request: HttpRequest, source: Import) -> None:
    """One company, or all those that are like no client, are no clients from now on; or an agreement never counts."""
    if "\t" in _named(request, "never"):
        _count_never(request)
        return
    member = the_member(request)
    names = [_named(request, "never")] if "never" in request.POST else _strangers_in(source, member)
    new = never_ours(companies=names, by=member.user, at=timezone.now())
    if not new:
        messages.info(request, _("That was already answered; nothing has changed."))
        return
    values = {"names": phrases.some(list(new), 5)}
    text = _("Never a client from now on: %(names)s. You can take this back under Companies.")
    messages.success(request, phrases.one_stop(text % values))


def _claim(request: HttpRequest, _source: Import) -> None:
    """The PSA's agreement whose button was pressed is part of that retainer; the button sends `NUMBER:RETAINER`."""
    number, _sign, retainer = request.POST["claim"].partition(":")
    slug, _tab, agreement = request.POST.get(f"company-{number}", "").partition("\t")
    member = the_member(request)
    client = theirs(Client, slug=slug)
    name = claim_agreement(
        provider=member.provider,
        client=client,
        retainer=retainer,
        name=agreement,
        by=member.user,
        at=timezone.now(),
    )
    values = {"agreement": agreement, "name": name, "client": client.name}
    text = _("“%(agreement)s” now belongs to %(name)s of %(client)s.")
    messages.success(request, phrases.one_stop(text % values))


def _count_never(request: HttpRequest) -> None:
    """The agreement whose button was pressed never counts for its client."""
    slug, _tab, agreement = _named(request, "never").partition("\t")
    client = theirs(Client, slug=slug)
    never_counted(client=client, agreement=agreement, by=the_member(request).user, at=timezone.now())
    values = {"name": f"{client.name}: {agreement or _('no agreement')}"}
    text = _("Never counted from now on: %(name)s. You can take this back under Companies.")
    messages.success(request, phrases.one_stop(text % values))


def _strangers_in(source: Import, member: Member) -> list[str]:
    """The companies of the file that are like no client and whose names can be learned."""
    plan = plan_looked_at(source, today_at(member.provider))
    if isinstance(plan, UnreadableFile):
        return []
    return [each.name for each in open_companies(plan) if each.name and not each.near and each.may_learn]


def _map(request: HttpRequest, _source: Import) -> None:
    """The company is the client that was chosen, or the one that is like it: its button sends `NUMBER:CLIENT`."""
    number, _sign, near = request.POST.get("company", "").partition(":")
    company = request.POST.get(f"company-{number}", "")
    slug = near or request.POST.get(f"client-{number}", "")
    if not slug:
        raise NotMappedError(_("Choose the client that “%(company)s” is.") % {"company": company})
    client = client_called(slug)
    if client is None:
        raise NotMappedError(_("No client is called “%(name)s”.") % {"name": slug})
    map_company(company=company, client=client, by=the_member(request).user)
    values = {"company": company, "client": client.name}
    messages.success(request, phrases.one_stop(_("“%(company)s” is now mapped to %(client)s.") % values))


# which button asks for what; without any of them a client was chosen
BUTTONS: Mapping[str, Callable[[HttpRequest, Import], None]] = {
    "ask_again": _ask_again,
    "leave": _leave,
    "claim": _claim,
    "never": _never,
    "never_all": _never,
    "new": _make,
    "new_ticked": _make_ticked,
}


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
    try:
        _top_up(request, source, row)
    except NotGrantedError as error:
        messages.error(request, str(error))
        return back_refused(source, "top-ups")
    return back_to(source, "top-ups")


def _top_up(request: HttpRequest, source: Import, row: Grant | None) -> None:
    if row is None:
        raise NotGrantedError(_("That row is not in this file."))
    member = the_member(request)
    key, _sign, pool = request.POST.get(f"retainer-{row.line}", "").partition("|")
    client = client_of(row, source, read_setup(member.provider))
    top_up(
        source=source,
        grant=row,
        client=client,
        retainer_key=key,
        pool=pool,
        by=member.user,
        at=timezone.now(),
    )
