"""The acts that settle a cycle: marked as invoiced, the month closed; each once, as it was in view, and taken back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent
from accounts.seen import StaleError
from accounts.tenancy import tenant_scope
from retainers.closings import closings
from retainers.models import ClosedMonth, InvoicedCycle, Statement
from retainers.selectors import retainers_of, standings
from retainers.settling import acts, months
from retainers.settling.acts import CycleKey
from retainers.settling.invoicing import NotInvoicedError, mark_invoiced, take_mark_back
from retainers.settling.months import NotClosedError, close_month, open_month_again
from retainers.statements import issue_all
from tests.factories import ClientFactory, ProviderFactory, a_retainer, publish_work

OCTOBER = date(2026, 10, 1)
AT = datetime(2026, 11, 3, 12, tzinfo=UTC)
COVERED_AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def provider(db):
    provider = ProviderFactory()
    with tenant_scope(provider):
        yield provider


@pytest.fixture
def row(provider):
    row = a_retainer(ClientFactory(provider=provider, slug="acme"))
    publish_work(row, (date(2026, 10, 5), "12"), through=date(2026, 11, 1), at=COVERED_AT)
    return row


@pytest.fixture
def october(row):
    return CycleKey(row.pk, OCTOBER)


def settled_on(provider, row):
    found = standings(retainers_of(), on=AT.date(), zone=UTC)
    return closings(found, provider)[row.pk][OCTOBER].settled_on


def invoice(provider, *cycles, form=None, at=AT):
    form = acts.seen_of(cycles).mark if form is None else form
    return mark_invoiced(provider=provider, cycles=cycles, form=form, by=None, at=at)


def close(provider, month=OCTOBER, at=AT):
    return close_month(provider=provider, month=month, form=months.seen_of(month).digest, by=None, at=at)


def test_what_pages_hang_on_is_another_after_each_act_and_after_its_taking_back(provider, row, october):
    marks = [acts.settling_mark([row.pk])]
    (mark,) = invoice(provider, october)
    marks.append(acts.settling_mark([row.pk]))
    take_mark_back(mark=mark, reason="Too soon", by=None, at=AT)
    marks.append(acts.settling_mark([row.pk]))
    close(provider)
    marks.append(acts.settling_mark([row.pk]))
    open_month_again(closed=ClosedMonth.objects.get(), reason="Too soon", by=None, at=AT)
    marks.append(acts.settling_mark([row.pk]))
    assert len(set(marks)) == 5


def test_an_invoice_settles_a_complete_cycle_until_its_mark_is_taken_back(provider, row, october):
    (mark,) = invoice(provider, october)

    assert settled_on(provider, row) == AT.date()
    take_mark_back(mark=mark, reason="Sent to nobody", by=None, at=AT)
    assert settled_on(provider, row) == date(2026, 11, 12)


def test_closing_the_month_settles_it_until_the_month_is_opened_again(provider, row):
    assert close(provider)

    assert settled_on(provider, row) == AT.date()
    open_month_again(closed=ClosedMonth.objects.get(), reason="One file came late", by=None, at=AT)
    assert settled_on(provider, row) == date(2026, 11, 12)


def test_a_closed_month_settles_no_cycle_that_is_not_complete_and_none_of_another_month(provider, row):
    late = a_retainer(ClientFactory(provider=provider, slug="birch"))
    publish_work(late, (date(2026, 10, 5), "1"), through=date(2026, 10, 20), at=COVERED_AT)
    close(provider)
    found = closings(standings(retainers_of(), on=AT.date(), zone=UTC), provider)

    assert found[late.pk][OCTOBER].settled_on is None
    assert found[row.pk][date(2026, 9, 1)].settled_on == date(2026, 11, 12)


def test_a_mark_keeps_the_figures_of_its_moment(provider, row, october):
    (mark,) = invoice(provider, october)
    publish_work(row, (date(2026, 10, 6), "3"), through=date(2026, 11, 3), at=AT)

    mark.refresh_from_db()
    assert (mark.document["cycle"]["total"]["used"], mark.document["cycle"]["total"]["overage"]) == (
        "12.00",
        "2.00",
    )


def test_what_bears_a_mark_is_not_marked_again_by_the_same_form(provider, october):
    form = acts.seen_of([october]).mark

    assert len(invoice(provider, october, form=form)) == 1
    assert invoice(provider, october, form=form) == ()
    assert InvoicedCycle.objects.count() == AuditEvent.objects.filter(action="cycle invoiced").count() == 1


def test_an_old_form_marks_nothing_again_after_the_mark_was_taken_back(provider, october):
    form = acts.seen_of([october]).mark
    (mark,) = invoice(provider, october, form=form)
    take_mark_back(mark=mark, reason="Too early", by=None, at=AT)

    with pytest.raises(StaleError):
        invoice(provider, october, form=form)


def test_nothing_is_marked_whose_figures_were_not_in_view(provider, row, october):
    form = acts.seen_of([october]).mark
    publish_work(row, (date(2026, 10, 6), "3"), through=date(2026, 11, 3), at=AT)

    with pytest.raises(StaleError) as stale:
        invoice(provider, october, form=form)
    assert stale.value.parts == (october.name,)
    assert not InvoicedCycle.objects.exists()


def test_of_a_form_about_many_only_what_is_marked_must_be_as_it_was(provider, row, october):
    other = a_retainer(ClientFactory(provider=provider, slug="birch"))
    form = acts.seen_of([october, CycleKey(other.pk, OCTOBER)]).mark
    publish_work(other, (date(2026, 10, 6), "3"), at=AT)

    assert len(invoice(provider, october, form=form)) == 1


def test_a_cycle_that_runs_is_not_invoiced(provider, row):
    with pytest.raises(NotInvoicedError):
        invoice(provider, CycleKey(row.pk, date(2026, 11, 1)))


def test_a_mark_is_taken_back_once_and_the_trail_has_the_reason(provider, october):
    (mark,) = invoice(provider, october)
    take_mark_back(mark=mark, reason="Too early", by=None, at=AT)

    with pytest.raises(NotInvoicedError):
        take_mark_back(mark=mark, reason="Again", by=None, at=AT)
    (event,) = AuditEvent.objects.filter(action="invoice mark taken back")
    assert event.detail == {"cycle": "2026-10-01", "reason": "Too early", "number": mark.pk}


def test_a_mark_is_written_once(provider, october):
    (mark,) = invoice(provider, october)

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        InvoicedCycle.objects.filter(pk=mark.pk).update(document={})
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        InvoicedCycle.objects.filter(pk=mark.pk).delete()


def test_a_month_is_closed_once_and_only_when_it_is_over(provider, row):
    assert close(provider)
    assert not close(provider)
    with pytest.raises(NotClosedError):
        close(provider, date(2026, 11, 1), at=datetime(2026, 11, 30, 23, tzinfo=UTC))
    assert AuditEvent.objects.filter(action="month closed").count() == 1


def test_no_month_is_closed_over_what_nobody_looked_at(provider, row):
    form = months.seen_of(OCTOBER).digest
    publish_work(row, (date(2026, 10, 6), "3"), through=date(2026, 11, 3), at=AT)

    with pytest.raises(StaleError):
        close_month(provider=provider, month=OCTOBER, form=form, by=None, at=AT)


def test_an_old_form_closes_no_month_that_was_opened_again(provider, row):
    form = months.seen_of(OCTOBER).digest
    close(provider)
    open_month_again(closed=ClosedMonth.objects.get(), reason="One file came late", by=None, at=AT)

    with pytest.raises(StaleError):
        close_month(provider=provider, month=OCTOBER, form=form, by=None, at=AT)


def test_all_cycles_are_stated_at_once_and_none_twice(provider, row, october):
    other = a_retainer(ClientFactory(provider=provider, slug="birch"))
    cycles = [october, CycleKey(other.pk, OCTOBER)]
    form = acts.seen_of(cycles).mark

    made = issue_all(provider=provider, cycles=cycles, form=form, by=None, at=AT)
    again = issue_all(provider=provider, cycles=cycles, form=form, by=None, at=AT)

    assert (len(made), len(again), Statement.objects.count()) == (2, 0, 2)
    assert Decimal(made[0].document["cycle"]["total"]["used"]) == Decimal(12)
    assert settled_on(provider, row) == AT.date()


def test_nothing_is_stated_whose_figures_were_not_in_view(provider, row, october):
    form = acts.seen_of([october]).mark
    publish_work(row, (date(2026, 10, 6), "3"), through=date(2026, 11, 3), at=AT)

    with pytest.raises(StaleError):
        issue_all(provider=provider, cycles=[october], form=form, by=None, at=AT)
    assert not Statement.objects.exists()
