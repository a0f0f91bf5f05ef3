"""All clients of the provider, the ones to act on first: as a page and as a CSV file.

The file has a line for each account, every figure as a plain number.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import the_member, today_at, viewer, zone_of
from desk.dashboard.first_steps import first_steps
from desk.dashboard.kept import kept_list
from desk.dashboard.page import listed, page_of
from desk.dashboard.query import DashboardQuery, chosen
from desk.dashboard.reasons import state_name
from desk.dashboard.saved_views import view_tabs, views_for
from desk.dashboard.selectors import client_cases, company_names
from desk.dashboard.side import running, running_lines
from desk.dashboard.states import URGENCY
from desk.dashboard.status import ClientCase, Left, RetainerCase
from desk.waiting import groups_of, signs_of, things_of
from presentation.accounts import Account, spendable
from presentation.sheets import guarded
from retainers.hours import write_hours


def clients_csv(cases: Iterable[ClientCase], zone: ZoneInfo) -> str:
    """In the order given; no text can start a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_headings())
    writer.writerows(line for case in cases for line in _lines(case, zone))
    return out.getvalue()


def _headings() -> Sequence[str]:
    return (
        _("Client"),
        _("Retainer"),
        _("Pool"),
        _("Granted"),
        _("Taken"),
        _("Left"),
        _("Over"),
        _("Cycle starts"),
        _("Resets"),
        _("Covers through"),
        _("Next update"),
        _("Link last opened"),
        _("Times opened"),
        _("State"),
    )


def _lines(case: ClientCase, zone: ZoneInfo) -> Iterator[list[str]]:
    states = sorted(case.states, key=URGENCY.__getitem__)
    opened_at = case.links.opened_at
    end = [
        opened_at.astimezone(zone).date().isoformat() if opened_at else "",
        str(case.links.opened_count),
        ", ".join(state_name(state) for state in states),
    ]
    for each in case.retainers:
        for left in each.lefts or (None,):
            yield [guarded(case.name), *_account(each, left), *_dates(each), *end]
    if not case.retainers:
        yield [guarded(case.name), *[""] * 10, *end]


def _account(case: RetainerCase, left: Left | None) -> list[str]:
    if left is None:
        return [guarded(case.name), "", "", "", "", ""]
    account = left.account
    figures = (account.granted, account.taken, _left(case, account), account.overage)
    return [guarded(case.name), guarded(account.name), *(write_hours(value) for value in figures)]


def _left(case: RetainerCase, account: Account) -> Decimal:
    return spendable(account, case.cycle) if case.cycle else account.remaining


def _dates(case: RetainerCase) -> list[str]:
    cycle, fresh = case.cycle, case.freshness
    resets = cycle.resets if cycle and not case.is_block else None
    found = (cycle.starts if cycle else None, resets, fresh.through, fresh.next_update)
    return [day.isoformat() if day else "" for day in found]


@require_safe
@viewer
def dashboard(request: HttpRequest) -> HttpResponse:
    member = the_member(request)
    provider, question = member.provider, DashboardQuery.read(request.GET)
    today = today_at(provider)
    known = signs_of(request, views=views_for(member), running=running())
    beside = running_lines() if known["running"] else ()
    found = kept_list(provider, question, today, beside) or listed(
        client_cases(provider, today),
        question,
        today=today,
        zone=zone_of(provider),
        names=company_names() if question.words else {},
    )
    views = view_tabs(member, question) if known["views"] else ()
    first = first_steps(provider, any_opened=found.any_opened)
    page = replace(page_of(found, question, today=today), views=views, first=first)
    return render(request, "desk/dashboard.html", {"page": page, "waiting": groups_of(things_of(request))})


@require_safe
@viewer
def dashboard_csv(request: HttpRequest) -> HttpResponse:
    provider = the_member(request).provider
    today = today_at(provider)
    question = DashboardQuery.read(request.GET)
    names = company_names() if question.words else {}
    found = chosen(client_cases(provider, today), question, names)
    response = HttpResponse(
        "\ufeff" + clients_csv(found, zone_of(provider)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="clients-{today}.csv"'
    return response
