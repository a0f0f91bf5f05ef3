"""The wording queue of published lines."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import manager, the_member, viewer
from desk.wording.page import Asked, wording_page
from imports.publishing.preview_form import tidy
from imports.wording.reword import NewWords, Reworded, reword
from retainers.gate.letting import NotAllowableError, allow_find

FLAGGED = 422


@require_safe
@viewer
def queue(request: HttpRequest) -> HttpResponse:
    page = wording_page(the_member(request).provider, asked=_asked(request.GET))
    return render(request, "imports/wording.html", {"page": page})


@require_POST
@manager
def save(request: HttpRequest) -> HttpResponse:
    """Publish the words that were given. Flagged ones come back as they were typed, with what was found."""
    member = the_member(request)
    allowed = request.POST.get("allow", "")
    if allowed:
        allow_for_good(request, allowed)
    given = list(_given(request.POST))
    done = reword(provider=member.provider, given=given, by=member.user, at=timezone.now())
    _tell(request, done)
    if "always" in request.POST and not done.flagged:
        return to_rule(request.POST)
    asked = _asked(request.POST)
    if not done.flagged:
        return redirect(f"{reverse('wording')}{asked.address(1) if asked.client or asked.words else ''}")
    page = wording_page(member.provider, done.flagged, asked)
    return render(request, "imports/wording.html", {"page": page}, status=FLAGGED)


def _asked(query: QueryDict) -> Asked:
    words, page = query.get("q", "").strip(), query.get("page", "1")
    return Asked(query.get("client", ""), words, page, drafts="drafts" in query)


def _given(post: QueryDict) -> Iterator[NewWords]:
    """Words that are new, and words up for review that were said to fit still."""
    for name in post:
        if not name.startswith("words-"):
            continue
        number = name.removeprefix("words-")
        text = tidy(post.get(f"use-{number}") or post.get(name, ""))
        fits = f"keep-{number}" in post or f"let-{number}" in post
        if text and (fits or text != post.get(f"was-{number}", "")):
            origins = tuple(_marks(post.get(f"origins-{number}", "")))
            yield NewWords(origins, text, let_through=_looked_at(post, number, text))


def _looked_at(post: QueryDict, number: str, text: str) -> bool:
    """A tick counts for the very words that were shown as flagged."""
    return f"let-{number}" in post and post.get(f"flagged-{number}", "") == text


def _marks(text: str) -> Iterator[UUID]:
    for mark in text.split():
        try:
            yield UUID(mark)
        except ValueError:
            continue


def _tell(request: HttpRequest, done: Reworded) -> None:
    if done.lines:
        text = ngettext("%(count)d line is reworded.", "%(count)d lines are reworded.", done.lines)
        messages.success(request, text % {"count": done.lines})
    if done.flagged:
        text = ngettext(
            "The leak check has found something in %(count)d text: it is not published yet.",
            "The leak check has found something in %(count)d texts: they are not published yet.",
            len(done.flagged),
        )
        messages.warning(request, text % {"count": len(done.flagged)})


def allow_for_good(request: HttpRequest, text: str) -> None:
    """Allow it and say so, or say why it can't be."""
    member = the_member(request)
    try:
        allow_find(provider=member.provider, text=text, by=member.user, at=timezone.now())
    except NotAllowableError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The leak check now allows “%(text)s”.") % {"text": text})


def to_rule(post: QueryDict) -> HttpResponseRedirect:
    """The form of a new rule, for the line whose button was pressed."""
    number = post.get("always", "")
    said = {"title": post.get(f"title-{number}", ""), "wording": post.get(f"words-{number}", "")}
    return redirect(f"{reverse('rule_new')}?{urlencode(said)}")
