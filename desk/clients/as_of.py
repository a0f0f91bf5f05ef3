"""What a client's page said at the end of an earlier day: as it was published then, whatever came since."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import the_member, theirs, today_at, viewer, zone_of
from accounts.models import Provider
from portal.answering import PageReading, by_staff, csv_answer, json_answer
from portal.page import BalancePage
from presentation import days
from presentation.facts import Asked, RetainerFacts
from retainers.models import Client, Publication

MOST_DAYS = 12
INVALID = 422


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day on which something was published, and what: `import, rules`; `address` is the day in a link."""

    day: date
    address: str
    name: str
    kinds: str


@dataclass(frozen=True, slots=True)
class AsOfPage:
    """`page` is None before a day is chosen, and for a day by whose end nothing was published."""

    slug: str
    client: str
    today: date
    days: tuple[ChangedDay, ...]
    day: date | None = None
    day_words: str = ""
    page: BalancePage | None = None
    error: str = ""


@require_safe
@viewer
def as_of(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a day; `?on=…` leads to the address of that day."""
    client = theirs(Client, slug=slug)
    provider = the_member(request).provider
    today = today_at(provider)
    on = request.GET.get("on", "")
    chosen = read_day(on)
    if chosen and chosen <= today:
        return redirect("as_of_day", slug=slug, day=chosen.isoformat())
    page = as_of_page(provider, client, today)
    return _answer(request, replace(page, error=_refusal(chosen) if on else ""))


@require_safe
@viewer
def as_of_day(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """What the client's page said at the end of that day."""
    asked = _asked(request, slug, day)
    page = as_of_page(asked.provider, asked.client, asked.today)
    day_words = dateformat.format(asked.day, "D j M Y")
    return _answer(request, replace(page, day=asked.day, day_words=day_words, page=balance_page(asked)))


@require_safe
@viewer
def as_of_log(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """Its work log, as a file."""
    return _as_client(_asked(request, slug, day), csv_answer)


@require_safe
@viewer
def as_of_json(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """Its figures, as JSON."""
    return _as_client(_asked(request, slug, day), json_answer)


@dataclass(frozen=True, slots=True)
class AskedOfDay:
    """Whose page, of which day, and what was asked of it."""

    provider: Provider
    client: Client
    today: date
    day: date
    question: Asked


def _as_client(asked: AskedOfDay, answer: Callable[[PageReading, Asked], HttpResponse]) -> HttpResponse:
    """As the client was answered then; 404 where nothing was published by then."""
    if asked.day < first_day(asked):
        raise Http404
    try:
        response = answer(reading_of(asked), asked.question)
    except LookupError as error:
        raise Http404 from error
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _asked(request: HttpRequest, slug: str, day: str) -> AskedOfDay:
    """404 for a day that is none, or still to come."""
    client = theirs(Client, slug=slug)
    provider = the_member(request).provider
    chosen, today = read_day(day), today_at(provider)
    if chosen is None or chosen > today:
        raise Http404
    return AskedOfDay(provider, client, today, chosen, Asked.read(request.GET))


def read_day(text: str) -> date | None:
    """A day as addresses write it, 2026-01-31; None for everything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


def _refusal(chosen: date | None) -> str:
    return _("That day is still to come.") if chosen else _("That isn’t a date. Write it as 2026-01-31.")


def _answer(request: HttpRequest, page: AsOfPage) -> HttpResponse:
    status = INVALID if page.error else 200
    response = render(request, "desk/as_of.html", {"as_of": page, "page": page.page}, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def as_of_page(provider: Provider, client: Client, today: date) -> AsOfPage:
    """The frame of every day's page."""
    return AsOfPage(
        slug=client.slug,
        client=client.name,
        today=today,
        days=changed_days(client, zone_of(provider), today),
    )


def balance_page(asked: AskedOfDay) -> BalancePage | None:
    """The client's page, without what could be asked for on it; None where nothing was published by then."""
    if asked.day < first_day(asked):
        return None
    reading = reading_of(asked)
    try:
        facts = reading.facts(asked.question)
    except LookupError as error:
        raise Http404 from error
    return reading.page([_to_look_at(each) for each in facts], asked.question)


def first_day(asked: AskedOfDay) -> date:
    """The day on which something was published for the first time."""
    first = Publication.objects.filter(retainer__client=asked.client).order_by("made_at").first()
    return first.made_at.astimezone(zone_of(asked.provider)).date() if first else date.max


def reading_of(asked: AskedOfDay) -> PageReading:
    """The client's page as it was at the end of that day, with what was approved by then."""
    return replace(by_staff(asked.provider, asked.client, asked.day), as_published=True)


def _to_look_at(facts: RetainerFacts) -> RetainerFacts:
    """Without the forms for requests, and without the statement: those are today's."""
    return replace(facts, agreement=replace(facts.agreement, requests=()), stated=())


def changed_days(client: Client, zone: ZoneInfo, today: date) -> tuple[ChangedDay, ...]:
    """The newest days on which the page changed, newest first."""
    rows = Publication.objects.filter(retainer__client=client).order_by("-made_at", "-pk")
    kinds: dict[date, dict[str, None]] = {}
    for made_at, kind in rows.values_list("made_at", "kind").iterator():
        day = made_at.astimezone(zone).date()
        if day not in kinds and len(kinds) == MOST_DAYS:
            break
        kinds.setdefault(day, {})[_(Publication.Kind(kind).label)] = None
    return tuple(
        ChangedDay(day, day.isoformat(), days.day_of(day, today), ", ".join(reversed(each)))
        for day, each in kinds.items()
    )
