"""Answers that hold beyond one import: about files, and which companies are never clients; each can be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actors as account_words
from accounts.access import manager, the_member, theirs, viewer, zone_of
from accounts.already import DoneAlreadyError, tells_who, to_list
from accounts.models import Provider
from desk.imports import forms
from imports.judging.companies import ask_about_again
from imports.models import NeverOurs, StandingAnswer
from imports.publishing.standing_answers import UNREAD, standing, take_back
from presentation import days
from presentation.days import moment
from presentation.phrases import one_stop
from retainers.company_names import company_key
from retainers.models import CompanyName

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class AnswerLine:
    pk: int
    what: str
    where: str
    who: str
    when: str


def answer_lines(provider: Provider, rows: Iterable[StandingAnswer]) -> tuple[AnswerLine, ...]:
    zone = zone_of(provider)
    return tuple(
        AnswerLine(
            pk=row.pk,
            what=_what(row),
            where=forms.format_name(row.format) if row.format else _("every format"),
            who=str(row.given_by) if row.given_by else _("a program"),
            when=moment(row.given_at, zone),
        )
        for row in rows
    )


def _what(row: StandingAnswer) -> str:
    """The answer as a sentence."""
    values = {"subject": row.subject, "value": row.value}
    if row.kind == "long":
        return _("Entries and days over 24 hours of %(subject)s are right.") % values
    if row.kind == "unit":
        return _("The numbers in “%(subject)s” are %(value)s.") % values
    if row.kind == "columns" and row.value == UNREAD:
        return _("The column “%(subject)s” doesn’t need to be read.") % values
    if row.kind == "columns":
        return _("The column “%(subject)s” is read as %(value)s.") % values
    return _("The same work is also published for %(subject)s, and both count.") % values


@require_safe
@viewer
def answers(request: HttpRequest) -> HttpResponse:
    """Newest first; answers about single rows are not among them."""
    page = Paginator(standing(), A_PAGE).get_page(request.GET.get("page"))
    lines = answer_lines(the_member(request).provider, page)
    return render(request, "answers/list.html", {"lines": lines, "page": page})


@require_POST
@manager
@tells_who("answer taken back", to="answers")
def take_answer_back(request: HttpRequest, pk: int) -> HttpResponse:
    row: StandingAnswer = theirs(StandingAnswer, pk=pk)
    if not take_back(pk=row.pk, by=the_member(request).user, at=timezone.now()):
        raise DoneAlreadyError
    messages.success(request, _("Taken back: the next file asks again."))
    return to_list(request, "answers")


@dataclass(frozen=True, slots=True)
class CompanyLine:
    pk: int
    name: str
    who: str
    when: str


@require_safe
@viewer
def companies(request: HttpRequest) -> HttpResponse:
    """Listed by pages; a name that is typed to try it narrows the list, and says what becomes of its rows."""
    provider = the_member(request).provider
    zone, name = zone_of(provider), request.GET.get("q", "").strip()
    page = Paginator(_never_ours(name), A_PAGE).get_page(request.GET.get("page"))
    lines = [
        CompanyLine(row.pk, row.name, account_words.person(row.settled_by), days.moment(row.settled_at, zone))
        for row in page
    ]
    said = _becomes(provider, name) if name else ""
    context = {"lines": lines, "page": page, "name": name, "said": said}
    return render(request, "companies/list.html", context)


def _never_ours(name: str) -> QuerySet[NeverOurs]:
    """The companies that are no clients, those with these signs in their name."""
    rows: QuerySet[NeverOurs] = NeverOurs.objects.filter(name__icontains=name)
    return rows.select_related("settled_by")


def _becomes(provider: Provider, name: str) -> str:
    """What becomes of the rows of a company of that name."""
    key = company_key(name)
    known = CompanyName.objects.filter(key=key).select_related("client").first()
    if known is not None:
        values = {"name": name, "client": known.client.name}
        return one_stop(_("Rows for “%(name)s” go to %(client)s.") % values)
    if key == company_key(provider.name) or NeverOurs.objects.filter(key=key).exists():
        return _("Rows for “%(name)s” are excluded from every file.") % {"name": name}
    return _("The next file with rows for “%(name)s” asks which client it is.") % {"name": name}


@require_POST
@manager
@tells_who("company asked about again", "company mapped", to="companies")
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    row: NeverOurs = theirs(NeverOurs, pk=pk)
    if not ask_about_again(row=row, by=the_member(request).user):
        raise DoneAlreadyError
    messages.success(
        request, _("The next file that names “%(company)s” asks about it.") % {"company": row.name}
    )
    return to_list(request, "companies")
