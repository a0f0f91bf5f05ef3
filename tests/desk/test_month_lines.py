"""What a line of the month says where it is told twice: stated again, restated again, approved beyond what was used."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from accounts.tenancy import tenant_scope
from desk.month_end.lines import month_lines, month_standings, month_work
from desk.month_end.uncounted import uncounted
from retainers.approving import approve
from retainers.models import Contact, Restatement, Retainer
from retainers.settling.acts import CycleKey, seen_of
from retainers.statements import issue
from tests.desk.conftest import NOW, TODAY, UTC_ZONE
from tests.desk.test_month_acts import acme, more, send  # noqa: F401
from tests.factories import bank

OCTOBER = date(2026, 10, 1)
NOVEMBER_2 = datetime(2026, 11, 2, 9, tzinfo=UTC)


def line(world, month=OCTOBER):
    with tenant_scope(world.provider):
        (found,) = month_lines(month_standings(TODAY, UTC_ZONE), month)
    return found


def test_of_two_statements_the_newer_one_is_what_the_client_was_told(world, manager, acme):  # noqa: F811
    send(manager, "state_cycles", whom="all")
    more(world, "acme", "2")
    with tenant_scope(world.provider):
        (standing,) = month_work(TODAY, UTC_ZONE)
        mark = seen_of([CycleKey(standing.retainer.pk, OCTOBER)]).mark
        issue(standing=standing, cycle_starts=OCTOBER, form=mark, by=None, at=NOW, reason="A late line")
    found = line(world)
    assert (found.stated.used, found.stated_times, found.restated) == (Decimal(17), 2, False)


def test_of_two_restatements_the_first_says_what_the_client_was_told(world, acme):  # noqa: F811
    with tenant_scope(world.provider):
        for used in ("13.00", "14.00"):
            before = {"total": {"used": used, "overage": "1.00"}, "pools": [], "overage_amount": "100.00"}
            Restatement.objects.create(
                retainer=Retainer.objects.get(),
                cycle_starts=OCTOBER,
                cause=Restatement.Cause.LAW,
                before=before,
                made_at=NOVEMBER_2,
            )
    assert line(world).stated.used == Decimal(13)


def test_of_approved_hours_only_those_that_were_used_are_billed(world):
    client = world.client("Acme", (date(2026, 10, 5), "13"), agreement=bank(overage="decline"), at=NOVEMBER_2)
    with tenant_scope(world.provider):
        pat = Contact.objects.create(client=client, name="Pat", email="pat@acme.example", approves=True)
        row = Retainer.objects.get()
        approve(retainer=row, cycle=OCTOBER, hours=Decimal(4), contact=pat, at=NOVEMBER_2)
    assert (line(world).billed, line(world).declined) == (Decimal("1.00"), Decimal("0.00"))


def test_a_cycle_that_ends_on_the_first_of_a_month_is_that_months(world):
    starts = date(2026, 1, 2)
    world.client("Acme", (date(2026, 9, 5), "1"), agreement=replace(bank(starts=starts), anchor_day=2))
    assert line(world).ends == OCTOBER


def test_what_counts_for_nobody_is_told_in_the_hours_that_were_worked(world):
    billable = bank()
    (terms,) = billable.terms
    world.client(
        "Acme",
        (date(2026, 10, 5), "3"),
        agreement=replace(billable, terms=(replace(terms, hours_from="billable"),)),
        at=NOVEMBER_2,
        billable_units=10000,
        exclusion="internal",
    )
    with tenant_scope(world.provider):
        (found,) = uncounted(month_work(TODAY, UTC_ZONE), OCTOBER)
    assert (found.reason, found.hours) == ("internal", Decimal("3.00"))
