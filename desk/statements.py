"""Statements of closed cycles: issued, issued again with a reason."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import actors as account_words
from accounts.access import manager, the_member, theirs, today_at, viewer
from accounts.seen import StaleError
from desk.clients.as_client import marked
from desk.doors import OpenedRetainer, open_retainer
from desk.gate import look
from portal.selectors import page_retainers
from portal.statement_views import StatementReading, read_statement
from presentation import days
from presentation.days import span
from presentation.phrases import h
from retainers.balance import CycleBalance
from retainers.models import Client, Statement
from retainers.settling.acts import CycleKey, mark_of_each
from retainers.stated import says_the_same
from retainers.statements import NothingToStateError, StatedError, document_of, issue


@dataclass(frozen=True, slots=True)
class IssuedLine:
    number: int
    when: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class StatementCycle:
    """`may_issue`: nothing is stated yet, or today's figures are others (`restates`: then with a reason).

    `mark` names what is in view of the cycle.
    """

    starts: str
    name: str
    used: str
    state: str
    tone: str
    issued: tuple[IssuedLine, ...]
    may_issue: bool
    restates: bool
    mark: str


def cycle_lines(opened: OpenedRetainer) -> tuple[StatementCycle, ...]:
    """The closed cycles, the newest first."""
    by_cycle: dict[object, list[Statement]] = {}
    rows = Statement.objects.filter(retainer=opened.retainer).select_related("issued_by")
    for row in rows.order_by("number"):
        by_cycle.setdefault(row.cycle_starts, []).append(row)
    closed = [cycle for cycle in reversed(opened.standing.cycles) if cycle.closed]
    keys = {cycle.starts: CycleKey(opened.retainer.pk, cycle.starts) for cycle in closed}
    marks = mark_of_each(keys.values())
    return tuple(
        _line(opened, cycle, by_cycle.get(cycle.starts, []), marks[keys[cycle.starts]]) for cycle in closed
    )


def _line(opened: OpenedRetainer, cycle: CycleBalance, issued: list[Statement], mark: str) -> StatementCycle:
    differs = bool(issued) and not says_the_same(
        issued[-1].document, document_of(opened.standing, cycle.starts)
    )
    state, tone = _state(opened, cycle, issued, differs=differs)
    return StatementCycle(
        starts=cycle.starts.isoformat(),
        name=span(cycle.starts, cycle.ends),
        used=h(cycle.total.used),
        state=state,
        tone=tone,
        issued=tuple(
            IssuedLine(
                row.number,
                days.moment(row.issued_at, opened.zone),
                account_words.person(row.issued_by),
                row.reason,
            )
            for row in issued
        ),
        may_issue=differs or not issued,
        restates=differs,
        mark=mark,
    )


def _state(
    opened: OpenedRetainer, cycle: CycleBalance, issued: list[Statement], *, differs: bool
) -> tuple[str, str]:
    if differs:
        return _("figures differ today"), "amber"
    if issued:
        count = len(issued)
        return ngettext("stated", "stated %(count)d times", count) % {"count": count}, ""
    if opened.standing.is_provisional(cycle):
        return _("provisional: its last days are not in yet"), "amber"
    return _("not stated"), "plain"


INVALID = 422
STALE = 409
CHANGED = gettext_lazy(
    "Nothing was issued: the cycle has changed since you opened the page. Please check it again."
)
LONGEST_REASON = 200


@require_safe
@viewer
def statements(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return _page(request, open_retainer(request, slug, key))


@require_POST
@manager
def issue_statement(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    reason = " ".join(request.POST.get("reason", "").split())[:LONGEST_REASON]
    looked = look(request, opened.client, [(_("Reason (the client reads it)"), reason)])
    typed = {"reason": reason, "cycle": request.POST.get("cycle", "")}
    if looked.found:
        return _page(request, opened, INVALID, looked=looked, **typed)
    try:
        with looked.letting_through():
            issue(
                standing=opened.standing,
                cycle_starts=date.fromisoformat(request.POST.get("cycle", "")),
                form=request.POST.get("opened", ""),
                by=opened.member.user,
                at=timezone.now(),
                reason=reason,
            )
    except StatedError:
        messages.info(request, _("These figures are already stated; nothing was issued twice."))
        return redirect("statements", slug, key)
    except StaleError:
        messages.error(request, CHANGED)
        return _page(request, opened, STALE, **typed)
    except (NothingToStateError, ValueError) as error:
        said = str(error) if isinstance(error, NothingToStateError) else _("Choose a cycle from the list.")
        messages.error(request, said)
        return _page(request, opened, INVALID, **typed)
    messages.success(request, _("The statement is issued. The client finds it on the cycle’s page."))
    return redirect("statements", slug, key)


@require_safe
@viewer
def statement_as_client(request: HttpRequest, slug: str, starts: str) -> HttpResponse:
    """As the client reads it, behind the mark of staff's view."""
    page = _read(request, slug, starts).html()
    client = theirs(Client, slug=slug)
    back = reverse("client", args=[slug])
    page = marked(page, client=client.name, slug=slug, back=back, back_words=_("Back to the desk"))
    return HttpResponse(page, headers={"Cache-Control": "private, no-store"})


@require_safe
@viewer
def statement_pdf_for_staff(request: HttpRequest, slug: str, starts: str) -> HttpResponse:
    answer = _read(request, slug, starts).pdf()
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _read(request: HttpRequest, slug: str, starts: str) -> StatementReading:
    client = theirs(Client, slug=slug)
    provider = the_member(request).provider
    key = request.GET.get("retainer", "")
    try:
        return read_statement(provider, client, page_retainers(client), starts, key, today_at(provider))
    except LookupError as error:
        raise Http404 from error


def _page(request: HttpRequest, opened: OpenedRetainer, status: int = 200, **typed: Any) -> HttpResponse:
    """`typed`: a reason that was sent in vain, and of which cycle."""
    context = {"opened": opened, "lines": cycle_lines(opened), **typed}
    return render(request, "desk/statements.html", context, status=status)
