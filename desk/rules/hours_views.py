"""The page of business hours: the provider's, or a retainer's own. A manager's, as the rules are."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import manager, the_member, today_at
from accounts.seen import Seen, StaleError
from desk.restating import agreed_in, is_lacking
from desk.rules.opening_hours import HoursDraft, drafts_of, hours_page, read_drafts, times_in, with_spare
from desk.rules.tried import TrialPage, trial_page
from desk.rules.views import book_of
from imports.judging.books import ALL, Book, counts_from, seen_of
from imports.judging.opening_times import find_needed, save_times, times_of, try_times, with_times
from imports.judging.provider_setup import read_setup
from retainers.agreements.problems import Finding
from retainers.restating.changes import foreseen
from retainers.restating.writing import RestatingError
from retainers.terms import OpeningTimes

WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def business_hours(request: HttpRequest) -> HttpResponse:
    """The provider's, or with `?of=CLIENT.RETAINER` those of one retainer."""
    book = book_of(request.GET.get("of") or ALL)
    if request.method != "POST":
        drafts = drafts_of(times_of(the_member(request).provider, book))
        return _page(request, book, drafts or with_spare((), ""))
    drafts = read_drafts(request.POST)
    if request.POST.get("do") == "more":
        since = counts_from(book, today_at(the_member(request).provider))
        return _page(request, book, with_spare(drafts, since.isoformat()))
    return _answered(request, book, drafts)


def _answered(request: HttpRequest, book: Book, drafts: tuple[HoursDraft, ...]) -> HttpResponse:
    """Try or save; nothing is saved before what it does to closed cycles was in view."""
    provider = the_member(request).provider
    times, findings = times_in(drafts)
    findings = findings or find_needed(provider, book, times)
    if findings:
        return _page(request, book, drafts, findings=findings, status=WRONG)
    seen = seen_of(provider, book)
    saves = request.POST.get("do") == "save"
    shown, asks = _tried(request, book, times, saves=saves)
    if not saves or asks:
        return _page(request, book, drafts, shown=shown, asks=asks and saves, status=WRONG if saves else 200)
    return _saved(request, book, times, seen)


def _tried(request: HttpRequest, book: Book, times: OpeningTimes, *, saves: bool) -> tuple[TrialPage, bool]:
    """What the hours would do; and whether that asks for a look at closed cycles, or for a word on them."""
    provider = the_member(request).provider
    setup = read_setup(provider)
    trial = try_times(setup, book, times, on=today_at(provider))
    restated = foreseen(provider, trial.changes)
    unticked = is_lacking(agreed_in(request), restated)
    changed = with_times(setup, book, times)
    page = trial_page(trial, changed, of_a_rule=False, restated=restated, unticked=unticked and saves)
    return page, unticked or (bool(trial.closed) and request.POST.get("seen") != trial.digest)


def _saved(request: HttpRequest, book: Book, times: OpeningTimes, seen: Seen) -> HttpResponse:
    try:
        entries = save_times(
            provider=the_member(request).provider,
            book=book,
            times=times,
            seen=seen,
            by=the_member(request).user,
            at=timezone.now(),
            agreed=agreed_in(request),
        )
    except (StaleError, RestatingError):
        messages.error(
            request, _("Someone has changed something since you looked. Please check again, then save.")
        )
        return redirect(request.get_full_path())
    _say(request, entries, times)
    return redirect("rules")


def _say(request: HttpRequest, entries: int | None, times: OpeningTimes) -> None:
    if entries is None:
        messages.info(request, _("Nothing was changed."))
        return
    saved = _("The business hours are saved.") if times else _("The business hours are removed.")
    moved = ngettext("%(count)d entry changed.", "%(count)d entries changed.", entries)
    messages.success(request, f"{saved} {moved % {'count': entries}}" if entries else saved)


def _page(
    request: HttpRequest,
    book: Book,
    drafts: tuple[HoursDraft, ...],
    *,
    findings: list[Finding] | None = None,
    shown: TrialPage | None = None,
    asks: bool = False,
    status: int = 200,
) -> HttpResponse:
    page = hours_page(book, drafts, findings=findings or (), trial=shown, asks=asks)
    return render(request, "rules/hours.html", {"page": page}, status=status)
