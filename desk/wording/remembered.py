"""The provider's translation memory, to be tended: searched, corrected, forgotten."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import manager, the_member, theirs, today_at, viewer, zone_of
from accounts.actors import person
from accounts.already import DoneAlreadyError, tells_who, to_list
from desk.wording.preview_words import Offers
from imports.models import RememberedWording
from imports.publishing.preview_form import tidy
from imports.reading.rows import Row
from imports.wording.choose import read_memory
from imports.wording.memory import correct, forget
from imports.wording.ranks import MOST_CHARACTERS
from presentation import days
from retainers.gate.known import read_gate

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class RememberedLine:
    pk: int
    what: str
    text: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class TriedTitle:
    """The words that lines of a title would get, else drafts for it; `found`: what the leak check says of them."""

    title: str
    words: str
    drafts: tuple[str, ...]
    found: tuple[str, ...]


def _with_words(words: str) -> QuerySet[RememberedWording]:
    """All of them, or those that hold the words, the newest first."""
    rows: QuerySet[RememberedWording] = RememberedWording.objects.select_related("given_by")
    found = Q(key__icontains=words) | Q(text__icontains=words) if words else Q()
    return rows.filter(found).order_by("-given_at", "-pk")


@require_safe
@viewer
def remembered(request: HttpRequest) -> HttpResponse:
    zone = zone_of(the_member(request).provider)
    words = request.GET.get("q", "").strip()
    page = Paginator(_with_words(words), A_PAGE).get_page(request.GET.get("page"))
    lines = [
        RememberedLine(row.pk, row.key, row.text, person(row.given_by), days.moment(row.given_at, zone))
        for row in page
    ]
    context = {
        "lines": lines,
        "page": page,
        "words": words,
        "tried": _tried(request, request.GET.get("try", "").strip()[:MOST_CHARACTERS]),
    }
    return render(request, "imports/remembered.html", context)


def _tried(request: HttpRequest, title: str) -> TriedTitle | None:
    """What the memory has for a title that is typed to try it; None where none is."""
    if not title:
        return None
    provider = the_member(request).provider
    row = Row(line=0, date=today_at(provider), worked=None, title=title)
    words = read_memory().recall(row) or ""
    gate = read_gate(provider)
    drafts = () if words else tuple(offer.text for offer in Offers(gate).of(title, ()))
    return TriedTitle(title, words, drafts, tuple(hit.why for hit in gate.find(words)) if words else ())


@require_POST
@manager
@tells_who("remembered words forgotten", to="remembered")
def tend_remembered(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct or forget one of them."""
    row: RememberedWording = theirs(RememberedWording, pk=pk)
    by = the_member(request).user
    text = tidy(request.POST.get("text", ""))
    if "forget" in request.POST:
        if not forget(row=row, by=by):
            raise DoneAlreadyError
        messages.success(request, f"Forgotten: “{row.text}”. Lines that are published keep their words.")
    elif not text:
        messages.error(request, "Enter words, or forget them.")
    elif correct(row=row, text=text, by=by, at=timezone.now()):
        messages.success(request, f"From now on: “{text}”. Lines that are published keep their words.")
        for hit in read_gate(the_member(request).provider).find(text):
            messages.warning(request, f"{hit.why} The leak check may hold these words back.")
    else:
        messages.info(request, "Nothing was changed.")
    return to_list(request, "remembered")
