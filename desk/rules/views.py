"""The addresses of the rules: list, new, edit, move, delete. Reading is a viewer's, writing a manager's."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import manager, the_member, theirs, today_at, viewer
from accounts.already import to_list
from accounts.seen import StaleError
from desk.restating import agreed_in
from desk.rules.draft import RuleDraft, outside_hours, suggested
from desk.rules.form import RuleForm
from desk.rules.listing import list_page, turned_to
from desk.rules.moving import try_confirming
from desk.rules.submitted import FormMoment, answer, is_number
from imports.judging.books import ALL, Book, counts_from, provider_book
from imports.judging.rule_trial import Trial
from imports.judging.rulebook import Edit, deleting, moving, retainer_book, rule_at, save
from retainers.restating.writing import RestatingError
from retainers.selectors import retainers_of
from retainers.terms import Rule

WRONG = 422
View = Callable[..., HttpResponse]


class _GoneError(Exception):
    """There is no rule of that number: its list has got shorter since the page was opened."""


def _while_there(view: View) -> View:
    """A view of one rule; where somebody has deleted it meanwhile, the list says so."""

    @wraps(view)
    def answer(request: HttpRequest, of: str, number: int) -> HttpResponse:
        try:
            return view(request, of, number)
        except _GoneError as gone:
            if request.method != "POST":
                raise Http404 from gone
            return _stale(request)

    return answer


@require_safe
@viewer
def rules(request: HttpRequest) -> HttpResponse:
    return render(
        request, "rules/list.html", {"page": list_page(the_member(request).provider, request.GET.dict())}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def rule_new(request: HttpRequest) -> HttpResponse:
    """A new rule. `?title=…&wording=…` fills it in: always word titles like this so; `?outside_hours=1`: work
    outside the business hours counts as after hours.
    """
    provider = the_member(request).provider
    asked = request.POST if request.method == "POST" else request.GET
    form = RuleForm(provider, book_of(asked.get("of") or ALL), None)
    if request.method == "POST":
        return _answered(request, form)
    draft = suggested(provider, title=asked.get("title", ""), wording=asked.get("wording", ""))
    if asked.get("outside_hours"):
        draft = outside_hours()
    if not draft.wording:  # words count for what waits, whatever its day
        draft = replace(draft, since=counts_from(form.book, today_at(provider)).isoformat())
    return _form(request, form, draft)


@require_http_methods(["GET", "HEAD", "POST"])
@manager
@_while_there
def rule_edit(request: HttpRequest, of: str, number: int) -> HttpResponse:
    book = book_of(of)
    form = RuleForm(the_member(request).provider, book, number)
    draft = RuleDraft.of(_existing(book, number))
    return _answered(request, form) if request.method == "POST" else _form(request, form, draft)


@require_POST
@manager
@_while_there
def rule_move(request: HttpRequest, of: str, number: int) -> HttpResponse:
    """To another place: at once where no entry is judged otherwise, else after a look at what changes."""
    to = request.POST.get("to", "")
    if not is_number(to):
        raise Http404
    book = book_of(of)
    _existing(book, number)
    return _confirmed(request, book, number, moving(book, number, int(to)))


@require_http_methods(["GET", "HEAD", "POST"])
@manager
@_while_there
def rule_delete(request: HttpRequest, of: str, number: int) -> HttpResponse:
    book = book_of(of)
    _existing(book, number)
    return _confirmed(request, book, number, deleting(book, number))


def book_of(key: str) -> Book:
    """The book of that address, else 404."""
    if key == ALL:
        return provider_book()
    slug, _dot, retainer = key.partition(".")
    return retainer_book(theirs(retainers_of(), client__slug=slug, key=retainer))


def _existing(book: Book, number: int) -> Rule:
    try:
        return rule_at(book, number)
    except LookupError as error:
        raise _GoneError from error


def _form(request: HttpRequest, form: RuleForm, draft: RuleDraft) -> HttpResponse:
    return render(request, "rules/rule.html", {"page": form.page(draft.with_spare_rows())})


def _answered(request: HttpRequest, form: RuleForm) -> HttpResponse:
    member = the_member(request)
    moment = FormMoment(member.user, timezone.now(), today_at(member.provider))
    done = answer(form, request.POST, moment)
    if done.stood:
        messages.info(request, _("This rule is already in the list; nothing was saved twice."))
        return _listed(request, form.book, done.number)
    if done.page is None:
        return _saved(request, form.book, done.entries, done.number)
    return render(request, "rules/rule.html", {"page": done.page}, status=WRONG if done.is_wrong else 200)


def _confirmed(request: HttpRequest, book: Book, number: int, edit: Edit) -> HttpResponse:
    """Do the edit once a person has seen what it does; what nobody notices needs no look."""
    member = the_member(request)
    today = today_at(member.provider)
    if request.method == "POST" and request.POST.get("version") != str(book.version):
        return _stale(request)
    trial, seen, page = try_confirming(member.provider, book, number, edit, today)
    if request.method != "POST" or not _may_be_done(edit, trial, request.POST.get("seen", "")):
        return render(request, "rules/confirm.html", {"page": page})
    try:
        entries = save(
            provider=member.provider,
            book=book,
            edit=edit,
            by=member.user,
            at=timezone.now(),
            seen=seen,
            agreed=agreed_in(request),
        )
    except StaleError:
        return _stale(request)
    except RestatingError:
        _trial, _seen, page = try_confirming(member.provider, book, number, edit, today, unticked=True)
        return render(request, "rules/confirm.html", {"page": page}, status=WRONG)
    return _saved(request, book, entries, edit.number)


def _may_be_done(edit: Edit, trial: Trial, seen: str) -> bool:
    """Whether nobody would notice it, or somebody has looked at just this."""
    return (edit.kind == "moved" and not trial.moved) or seen == trial.digest


def _stale(request: HttpRequest) -> HttpResponse:
    text = _(
        "Someone has changed these rules since you opened them, so nothing was done. Please check again."
    )
    messages.error(request, text)
    return to_list(request, "rules")


def _saved(request: HttpRequest, book: Book, entries: int, number: int) -> HttpResponse:
    said = ngettext(
        "Saved and published: %(count)d entry changed.",
        "Saved and published: %(count)d entries changed.",
        entries,
    )
    nothing = _("Saved. No published entry changed.")
    messages.success(request, said % {"count": entries} if entries else nothing)
    return _listed(request, book, number)


def _listed(request: HttpRequest, book: Book, number: int) -> HttpResponse:
    """The list as it was when the button was pressed in it, else its page with the rule of that number."""
    asked = {name: request.GET[name] for name in ("q", "page", "own") if name in request.GET}
    asked = asked or turned_to(book, number)
    return redirect(f"{reverse('rules')}{f'?{urlencode(asked)}' if asked else ''}#rules-{book.key}")
