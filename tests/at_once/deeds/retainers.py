"""Done twice at once: agreements, grants, notices, statements and months."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import DatabaseError

from imports.judging.reclassify import reclassify
from retainers import approving, granting, living, notices
from retainers.agreements.reading import read_file
from retainers.gate import letting
from retainers.loading import load
from retainers.models import (
    Approval,
    ClosedMonth,
    Contact,
    LetThrough,
    Notice,
    Statement,
    TopUp,
)
from retainers.no_work import say_no_work
from retainers.seen import DoneError
from retainers.selectors import standings
from retainers.settling import invoicing, months
from retainers.settling.acts import CycleKey
from retainers.settling.acts import seen_of as cycles_seen
from retainers.statements import StatedError, issue, issue_all
from retainers.terms import TopUp as TopUpTerms
from tests.at_once.conftest import AT
from tests.at_once.deeds.register import refused, service, trail

FIVE = TopUpTerms(date(2026, 6, 10), Decimal(5), "support", note="PO 4711")


@service("granting.grant_hours")
def one_form_grants_once(house):
    form = granting.seen_of(house.fresh(house.acme), top_ups=[FIVE]).mark

    def deed():
        granting.grant_hours(retainer=house.acme, top_ups=[FIVE], form=form, by=house.owner, at=AT)

    def check(first, second):
        refused(second, DoneError)
        assert TopUp.objects.count() == 1

    return deed, deed, check


@service("granting.take_back")
def a_grant_is_taken_back_once(house):
    one_form_grants_once(house)[0]()
    grant = TopUp.objects.get()
    form = granting.seen_taking_back(house.fresh(house.acme), grant).mark

    def deed():
        granting.take_back(grant=grant, reason="Typed twice", form=form, by=house.owner, at=AT)

    def check(first, second):
        refused(second, DoneError)
        assert trail("top-up taken back") == 1

    return deed, deed, check


@service("granting.correct")
def a_grant_is_corrected_once(house):
    one_form_grants_once(house)[0]()
    grant = TopUp.objects.get()
    six = replace(FIVE, hours=Decimal(6))
    form = granting.seen_correcting(house.fresh(house.acme), grant, six).mark

    def deed():
        granting.correct(grant=grant, becomes=six, reason="Six", form=form, by=house.owner, at=AT)

    def check(first, second):
        refused(second, DoneError)
        assert TopUp.objects.count() == 2
        assert trail("top-up taken back") == 1

    return deed, deed, check


@service("notices.post_notice")
def the_later_notice_stands(house):
    def deed(text):
        return lambda: notices.post_notice(
            retainer=house.acme, text=text, pending_hours=None, by=house.owner, at=AT
        )

    def check(first, second):
        assert [notice.text for notice in Notice.objects.filter(retired_in=None)] == ["Two"]

    return deed("One"), deed("Two"), check


def _incident(people=1):
    return living.begun(AT, people, frozenset(), "", "")


@service("living.start_live")
def a_client_has_one_incident_at_a_time(house):
    def deed(people):
        return lambda: living.start_live(
            retainer=house.acme, live=_incident(people), pool="", by=house.owner, at=AT
        )

    def check(first, second):
        refused(second, living.RunsError)
        assert [row.live["steps"][0][1] for row in Notice.objects.filter(retired_in=None)] == [1]

    return deed(1), deed(2), check


@service("living.change_live")
def an_incident_changes_once_for_each_form(house):
    living.start_live(retainer=house.acme, live=_incident(), pool="", by=house.owner, at=AT)

    def deed(people):
        return lambda: living.change_live(retainer=house.acme, seen=1, people=people, by=house.owner, at=AT)

    def check(first, second):
        refused(second, living.ChangedError)
        (row,) = Notice.objects.filter(retired_in=None)
        assert len(row.live["steps"]) == 2

    return deed(2), deed(3), check


@service("living.name_ticket")
def an_incident_gets_one_ticket_of_two_given_at_once(house):
    living.start_live(retainer=house.acme, live=_incident(), pool="", by=house.owner, at=AT)

    def deed(ticket):
        return lambda: living.name_ticket(
            retainer=house.acme, had="", ticket=ticket, mark=f"m{ticket}", by=house.owner, at=AT
        )

    def check(first, second):
        refused(second, living.ChangedError)
        (row,) = Notice.objects.filter(retired_in=None)
        assert (row.live["ticket"], row.live["mark"]) == ("1", "m1")

    return deed("1"), deed("2"), check


@service("no_work.say_no_work")
def days_without_work_are_said_once(house):
    house.published(1)
    days = {"starts": date(2026, 6, 2), "ends": date(2026, 6, 5), "today": AT.date()}

    def deed():
        return say_no_work(retainer=house.acme, **days, by=house.owner, at=AT)

    def check(first, second):
        assert (first, second) == (True, False)

    return deed, deed, check


@service("letting.let_words")
def words_are_let_through_once(house):
    def deed():
        letting.let_words(text="srv-sql-02", client=house.acme.client, by=house.owner, at=AT)

    def check(first, second):
        assert second is None
        assert trail("words let through") == LetThrough.objects.count() == 1

    return deed, deed, check


@service("letting.letting")
def what_a_form_lets_through_is_written_down_once(house):
    said = {"client": house.acme.client, "by": house.owner, "at": AT}

    def deed():
        with letting.letting(["on srv-sql-02", "on srv-sql-01"], **said):
            notices.post_notice(
                retainer=house.acme, text="on srv-sql-02", pending_hours=None, by=house.owner, at=AT
            )

    def check(first, second):
        assert second is None
        assert trail("words let through") == LetThrough.objects.count() == 2

    return deed, deed, check


@service("letting.allow_find")
def a_text_is_allowed_once(house):
    def deed():
        letting.allow_find(provider=house.provider, text="srv-sql-02", by=house.owner, at=AT)

    def check(first, second):
        assert second is None
        assert trail("text allowed") == LetThrough.objects.count() == 1

    return deed, deed, check


@service("letting.take_back")
def what_was_let_through_is_taken_back_once(house):
    letting.allow_find(provider=house.provider, text="srv-sql-02", by=house.owner, at=AT)
    pk = LetThrough.objects.get().pk

    def deed():
        letting.take_back(LetThrough.objects.select_related("client").get(pk=pk), by=house.owner)

    def check(first, second):
        assert not isinstance(second, DatabaseError), repr(second)
        assert trail("text no longer let through") == 1

    return deed, deed, check


@service("notices.end_notice")
def a_notice_ends_once(house):
    notices.post_notice(retainer=house.acme, text="One", pending_hours=None, by=house.owner, at=AT)

    def deed():
        return notices.end_notice(retainer=house.acme, by=house.owner, at=AT)

    def check(first, second):
        assert (first, second) == (True, False)

    return deed, deed, check


@service("statements.issue")
def a_cycle_is_stated_once(house):
    (standing,) = standings([house.fresh(house.acme)], on=AT.date(), zone=ZoneInfo("UTC"))
    may = date(2026, 5, 1)
    form = cycles_seen([CycleKey(house.acme.pk, may)]).mark

    def deed():
        return issue(standing=standing, cycle_starts=may, form=form, by=house.owner, at=AT)

    def check(first, second):
        refused(second, StatedError)
        assert Statement.objects.count() == 1

    return deed, deed, check


def _may(house):
    """May of both clients, as it stands, with the mark of what is in view."""
    cycles = [CycleKey(retainer.pk, date(2026, 5, 1)) for retainer in (house.acme, house.birch)]
    return {"cycles": cycles, "form": cycles_seen(cycles).mark}


@service("statements.issue_all")
def cycles_are_stated_once(house):
    may = _may(house)

    def deed():
        return len(issue_all(provider=house.provider, **may, by=house.owner, at=AT))

    def check(first, second):
        assert (first, second, Statement.objects.count()) == (2, 0, 2)

    return deed, deed, check


@service("invoicing.mark_invoiced")
def cycles_are_marked_as_invoiced_once(house):
    may = _may(house)

    def deed():
        return len(invoicing.mark_invoiced(provider=house.provider, **may, by=house.owner, at=AT))

    def check(first, second):
        assert (first, second, trail("cycle invoiced")) == (2, 0, 2)

    return deed, deed, check


@service("invoicing.take_mark_back")
def a_mark_is_taken_back_once(house):
    (mark, _other) = invoicing.mark_invoiced(provider=house.provider, **_may(house), by=house.owner, at=AT)

    def deed():
        invoicing.take_mark_back(mark=mark, reason="Too early", by=house.owner, at=AT)

    def check(first, second):
        refused(second, invoicing.NotInvoicedError)
        assert trail("invoice mark taken back") == 1

    return deed, deed, check


@service("months.close_month")
def a_month_is_closed_once(house):
    form = months.seen_of(date(2026, 5, 1)).digest

    def deed():
        return months.close_month(
            provider=house.provider, month=date(2026, 5, 1), form=form, by=house.owner, at=AT
        )

    def check(first, second):
        assert (first, second, trail("month closed")) == (True, False, 1)

    return deed, deed, check


@service("months.open_month_again")
def a_month_is_opened_again_once(house):
    a_month_is_closed_once(house)[0]()
    closed = ClosedMonth.objects.get()

    def deed():
        months.open_month_again(closed=closed, reason="A late file", by=house.owner, at=AT)

    def check(first, second):
        refused(second, months.NotClosedError)
        assert trail("month opened again") == 1

    return deed, deed, check


@service("loading.load")
def a_file_is_loaded_once(house):
    file = read_file(house.file(hours=12, slug=f"{house.slug}-new"))

    def deed():
        return load(file, at=AT, by=None, reclassify=reclassify).changes

    def check(first, second):
        assert first[0] == f"provider {house.slug}-new created"
        assert second == []

    return deed, deed, check


@service("approving.approve")
def two_approvals_add_up(house):
    pat = Contact.objects.get(client=house.acme.client, email="pat@acme.example")

    def deed(hours):
        return lambda: approving.approve(
            retainer=house.acme, cycle=date(2026, 6, 1), hours=Decimal(hours), contact=pat, at=AT
        )

    def check(first, second):
        assert sorted(Approval.objects.values_list("hours_units", flat=True)) == [200, 400]

    return deed(4), deed(2), check


@service("approving.withdraw")
def an_approval_is_withdrawn_once(house):
    two_approvals_add_up(house)[0]()
    given = Approval.objects.select_related("retainer").get()
    form = approving.seen_of(given).mark

    def deed():
        return approving.withdraw(approval=given, form=form, by=house.owner, at=AT)

    def check(first, second):
        refused(second, DoneError)
        assert trail("approval withdrawn") == 1

    return deed, deed, check
