"""What is done at a month's end: cycles stated and marked as invoiced, the month closed; and taken back again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import manager, the_member, theirs
from accounts.already import who_was_first
from accounts.seen import StaleError
from desk.month_end.lines import MonthLine, invoiced_mark, lines_of_month
from desk.month_end.views import AskedMonth, asked_month, month_end_answer
from presentation import days
from presentation.counts import counted
from presentation.days import span
from presentation.phrases import money
from retainers.models import InvoicedCycle
from retainers.settling.acts import CycleKey
from retainers.settling.invoicing import NotInvoicedError, every_mark, mark_invoiced, take_mark_back
from retainers.settling.months import NotClosedError, close_month, closed_month, open_month_again
from retainers.statements import NothingToStateError, issue_all

INVALID = 422
STALE = 409
CHANGED = "Nothing was done: figures have changed since you opened the page. Please check them again."
ActOnCycles = Callable[..., Sequence[Any]]


@dataclass(frozen=True, slots=True)
class MarkWords:
    """A mark as invoiced, where it is about to be taken back."""

    cycle: str
    amount: str
    when: str


def mark_words(row: InvoicedCycle, zone: ZoneInfo) -> MarkWords:
    cycle, mark = row.document["cycle"], invoiced_mark(row)
    by = f" by {mark.by}" if mark.by else ""
    return MarkWords(
        cycle=span(date.fromisoformat(cycle["starts"]), date.fromisoformat(cycle["ends"])),
        amount=money(mark.amount, cycle["currency"]),
        when=f"{days.moment(mark.at, zone)}{by}",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason", max_length=200, help_text="For the record; clients don’t read it."
    )


@require_POST
@manager
def state_cycles(request: HttpRequest) -> HttpResponse:
    """Issue statements for the ticked cycles, or for all complete ones that have none."""
    return _act(
        request, issue_all, lambda line: line.may_be_stated, ("statement issued", "statements issued")
    )


@require_POST
@manager
def invoice_cycles(request: HttpRequest) -> HttpResponse:
    """Mark the ticked cycles as invoiced, or all that are over and bear no mark."""
    said = ("cycle marked as invoiced", "cycles marked as invoiced")
    return _act(request, mark_invoiced, lambda line: line.may_be_invoiced, said)


def _act(
    request: HttpRequest, act: ActOnCycles, fits: Callable[[MonthLine], bool], said: tuple[str, str]
) -> HttpResponse:
    asked, member = asked_month(request), the_member(request)
    lines = lines_of_month(asked.month, asked.today, asked.zone)
    cycles = _chosen(request, lines, fits)
    if not cycles and request.POST.get("whom") != "all":
        return month_end_answer(request, asked, INVALID, problem="Tick at least one cycle.")
    try:
        done = act(
            provider=member.provider,
            cycles=cycles,
            form=request.POST.get("opened", ""),
            by=member.user,
            at=timezone.now(),
        )
    except StaleError:
        return month_end_answer(request, asked, STALE, problem=CHANGED)
    except (NotInvoicedError, NothingToStateError) as error:
        return month_end_answer(request, asked, INVALID, problem=str(error))
    _tell(request, len(done), said)
    return _back(request, asked)


def _chosen(
    request: HttpRequest, lines: Sequence[MonthLine], fits: Callable[[MonthLine], bool]
) -> list[CycleKey]:
    """The month's cycles that are ticked, or all that fit."""
    if request.POST.get("whom") == "all":
        return [line.key for line in lines if fits(line)]
    ticked = set(request.POST.getlist("cycle"))
    return [line.key for line in lines if line.key.name in ticked]


def _tell(request: HttpRequest, count: int, said: tuple[str, str]) -> None:
    if count:
        messages.success(request, f"{counted(count, *said)}.")
    else:
        messages.info(request, "Already done; nothing was done twice.")


@require_POST
@manager
def close(request: HttpRequest) -> HttpResponse:
    """Close the month: its complete cycles are settled from now on."""
    asked, member = asked_month(request), the_member(request)
    try:
        closed = close_month(
            provider=member.provider,
            month=asked.month,
            form=request.POST.get("opened", ""),
            by=member.user,
            at=timezone.now(),
        )
    except StaleError:
        return month_end_answer(request, asked, STALE, problem=CHANGED)
    except NotClosedError as error:
        return month_end_answer(request, asked, INVALID, problem=str(error))
    if closed:
        messages.success(
            request, "The month is closed. Any change to its complete cycles is now a restatement."
        )
    else:
        messages.info(request, "The month is already closed.")
    return _back(request, asked)


@require_POST
@manager
def open_again(request: HttpRequest) -> HttpResponse:
    """Take the close of a month back, with a reason."""
    asked, form = asked_month(request), ReasonForm(request.POST)
    if not form.is_valid():
        return month_end_answer(request, asked, INVALID, problem="Enter why the month is opened again.")
    closed = closed_month(asked.month)
    if closed is None:
        messages.info(request, "The month is already open.")
        return _back(request, asked)
    try:
        open_month_again(
            closed=closed,
            reason=form.cleaned_data["reason"],
            by=the_member(request).user,
            at=timezone.now(),
        )
    except NotClosedError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, "The month is open again.")
    return _back(request, asked)


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def take_back_invoiced(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a mark as invoiced; take it back, with a reason."""
    mark = theirs(every_mark(), pk=pk)
    asked = asked_month(request)
    if mark.taken_back_at is not None:
        said = who_was_first(request, ("invoice mark taken back",), number=pk)
        messages.info(request, said or "The mark has already been taken back.")
        return _back(request, asked)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {
            "mark": mark,
            "words": mark_words(mark, asked.zone),
            "form": form,
            "month": f"{asked.month:%Y-%m}",
        }
        return render(request, "desk/mark_taken_back.html", context, status=INVALID if form.is_bound else 200)
    try:
        take_mark_back(
            mark=mark, reason=form.cleaned_data["reason"], by=the_member(request).user, at=timezone.now()
        )
    except NotInvoicedError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, "Taken back. The cycle is no longer marked as invoiced.")
    return _back(request, asked)


def _back(request: HttpRequest, asked: AskedMonth) -> HttpResponseRedirect:
    """The month, with the search and the page that the button's address bears."""
    kept = {name: request.GET[name] for name in ("show", "q", "page") if name in request.GET}
    return redirect(f"{reverse('month_end')}?{urlencode({'month': f'{asked.month:%Y-%m}', **kept})}")
