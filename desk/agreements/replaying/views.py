"""*What if*: a page that is read, and printed for the renewal; all of it stands in its address."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import the_member, theirs, today_at, viewer, zone_of
from desk.agreements.replaying.drafts import drafts_in, form_of
from desk.agreements.replaying.page import what_if_page
from desk.agreements.replaying.sides import sides_of
from desk.agreements.replaying.work_done import rows_behind, work_done
from desk.agreements.replaying.work_lines import WorkPart, work_part
from desk.doors import OpenedRetainer
from presentation.days import dated
from retainers.balance import CycleBalance
from retainers.gate.known import Gate, read_gate
from retainers.models import Retainer
from retainers.replay import Past, looked_back_on
from retainers.rule_books import opening_times_of
from retainers.seams import goes_on_from, joined
from retainers.selectors import Standing, retainers_of, standings

INVALID = 422


@require_safe
@viewer
def what_if(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What the client's own past would have been under up to three drafts of terms."""
    gate = read_gate(the_member(request).provider)
    opened, life = _opened(request, slug, key, gate)
    looked = looked_back_on([cycle for each in life for cycle in each.cycles])
    life = (
        tuple(each for each in life if each.cycles and each.cycles[-1].ends >= looked[0].starts)
        if looked
        else ()
    )
    shown = {"opened": opened, "printed_on": dated(opened.today)}
    if not looked:
        return render(request, "agreements/what_if.html", shown)
    agreement = opened.standing.agreement
    terms = agreement.terms_on(opened.today)
    drafts = drafts_in(request.GET, form_of(agreement, terms, looked[0].starts))
    past = _past(opened, life)
    sides = sides_of(past, looked, drafts, terms)
    page = what_if_page(request.GET, life, past, terms, drafts, sides)
    work = _work(opened, life, looked, gate)
    status = INVALID if page.wrong else 200
    return render(request, "agreements/what_if.html", {**shown, "page": page, "work": work}, status=status)


def _opened(
    request: HttpRequest, slug: str, key: str, gate: Gate
) -> tuple[OpenedRetainer, tuple[Standing, ...]]:
    """The retainer with its texts as a client may read them (the page may be printed), and those that it renews."""
    member = the_member(request)
    retainer: Retainer = theirs(retainers_of([slug]), key=key)
    today, zone = today_at(member.provider), zone_of(member.provider)
    found = standings(retainers_of([slug]), on=today, zone=zone, gate=gate, with_hidden=True)
    by_key = {each.agreement.key: each for each in found}
    keys = goes_on_from(key, {each.agreement.key: each.agreement for each in found})
    opened = OpenedRetainer(member, retainer.client, retainer, by_key[key], today, zone)
    return opened, tuple(by_key[each] for each in keys)


def _past(opened: OpenedRetainer, life: Sequence[Standing]) -> Past:
    """What the cycles that are looked back on come from, those of the agreement's renewals joined."""
    parts = [*life, *([] if opened.standing in life else [opened.standing])]
    return joined(
        [
            Past(each.agreement, each.works, each.top_ups, each.adjustments, each.approvals, each.on)
            for each in parts
        ]
    )


def _work(
    opened: OpenedRetainer, life: Sequence[Standing], looked: tuple[CycleBalance, ...], gate: Gate
) -> WorkPart | None:
    """What was done in the cycles that are over; in the one that runs where there is no other."""
    cycles = [cycle for cycle in looked if cycle.closed] or list(looked)
    rows = rows_behind([each.retainer for each in life], cycles[0].starts, cycles[-1].ends)
    times = opened.standing.agreement.business_hours or opening_times_of(opened.member.provider)
    adjustments = [grant for each in life for grant in each.adjustments]
    work = work_done(cycles, rows, times, adjustments)
    return work_part(work, gate, opened.client.slug, has_hours=bool(times))
