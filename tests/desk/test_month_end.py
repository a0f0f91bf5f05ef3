"""The month-end: every hour of the month is on an invoice, or stands with the reason why not."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.models import Provider, Role
from accounts.tenancy import tenant_scope
from desk.month_end.page import month_end
from retainers.models import Client, CompanyName
from tests.factories import MembershipFactory

AGREEMENT = """
[provider]
slug = "north"
name = "North IT"
"""
A_CLIENT = """
[[clients]]
slug = "{slug}"
name = "{name}"
[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-01
[[clients.retainers.terms]]
hours_from = "worked"
pools = [{{ key = "support", name = "IT support", hours = "2" }}]
{overage}
"""
EXPORT = """\
Entry ID,Client,Date,Hours,Billable,Title,Work type
1,Acme,2026-10-05,3.5,Yes,a,Remote
2,Acme,2026-10-06,1,No,b,Remote
3,Acme,2026-10-07,0.5,Yes,c,Travel to
4,Birch,2026-10-08,2.25,Yes,d,Remote
5,Cedar,2026-10-09,3,Yes,e,Remote
6,Zeta Corp,2026-10-09,4,Yes,f,Remote
7,Zeta Corp,2026-10-10,0.25,Yes,g,Remote
8,Acme,2025-10-05,1.5,Yes,h,Remote
"""
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def north(db, tmp_path, time_machine):
    time_machine.move_to(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False)
    overages = {
        "acme": 'overage = "bill"\noverage_rate = "165.00"',
        "birch": 'overage = "queue"',
        "cedar": 'overage = "bill"\noverage_rate = "100"\ncurrency = "EUR"',
    }
    text = AGREEMENT + "".join(
        A_CLIENT.format(slug=slug, name=slug.capitalize(), overage=said) for slug, said in overages.items()
    )
    (tmp_path / "a.toml").write_text(text)
    (tmp_path / "e.csv").write_text(EXPORT)
    call_command("load_retainers", str(tmp_path / "a.toml"), verbosity=0)
    call_command(
        "import_csv",
        str(tmp_path / "e.csv"),
        "--provider",
        "north",
        "--publish",
        "--accept",
        "one-company",
        "--through",
        "2026-10-30",
    )
    return Provider.objects.get()


@pytest.fixture
def viewer(north):
    browser = Browser()
    browser.force_login(MembershipFactory(provider=north, role=Role.VIEWER).user)
    return browser


def october(north):
    with tenant_scope(north):
        return month_end(OCTOBER, today=date(2026, 11, 22), zone=ZoneInfo("UTC"))


def test_what_is_billed_is_told_by_client_and_currencies_are_never_added(north):
    found = october(north)
    assert [(line.slug, line.over, line.amount) for line in found.billed] == [
        ("acme", Decimal("1.50"), Decimal("247.50")),
        ("cedar", Decimal("1.00"), Decimal("100.00")),
    ]
    assert found.totals == {"EUR": Decimal("100.00"), "USD": Decimal("247.50")}


def test_what_is_queued_is_no_invoice(north):
    assert [(line.slug, line.over) for line in october(north).not_billed] == [("birch", Decimal("0.25"))]


def test_every_hour_that_counts_for_nobody_has_its_reason(north):
    said = {(each.client, each.reason): (each.rows, each.hours) for each in october(north).uncounted}
    assert said == {
        ("Acme", "non-billable"): (1, Decimal("1.00")),
        ("Acme", "travel"): (1, Decimal("0.50")),
        ("Zeta Corp", "unknown company"): (2, Decimal("4.25")),
    }
    with tenant_scope(north):
        before = month_end(date(2025, 10, 1), today=date(2026, 11, 22), zone=ZoneInfo("UTC"))
    assert [(each.slug, each.reason, each.hours) for each in before.uncounted] == [
        ("acme", "outside the retainer", Decimal("1.50"))
    ]


def test_the_rows_of_the_month_are_all_accounted_for(north):
    found = october(north)
    counted = sum((line.used for line in found.cycles), Decimal(0))
    left = sum((each.hours for each in found.uncounted), Decimal(0))
    assert counted + left == Decimal("14.50")


def test_an_unknown_company_that_has_become_a_client_is_not_told_again(north):
    with tenant_scope(north):
        CompanyName.objects.create(client=Client.objects.first(), name="Zeta Corp", key="zeta corp")
    assert "unknown company" not in {each.reason for each in october(north).uncounted}


def test_a_cycle_that_is_not_covered_to_its_end_is_provisional(north, viewer):
    assert len(october(north).provisional) == 3
    assert "covered through Fri 30 Oct" in viewer.get("/month-end/?month=2026-10").content.decode()


def test_the_page_shows_last_month_and_the_file_holds_plain_numbers(viewer):
    page = viewer.get("/month-end/").content.decode()
    assert "October 2026" in page
    assert "$247.50" in page
    lines = viewer.get("/month-end/overage.csv?month=2026-10").content.decode("utf-8-sig").splitlines()
    assert lines[1] == "Acme,IT support,2026-10-01,October 2026,1.50,165.00,247.50,USD,yes,no"


@pytest.mark.parametrize("month", ["2026-13", "x", "2026-10-01"])
def test_what_is_no_month_is_not_found(viewer, month):
    assert viewer.get("/month-end/", {"month": month}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_clients(north, viewer, tmp_path):
    def selects():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            viewer.get("/month-end/?month=2026-10")
        return sum(query["sql"].startswith("SELECT") for query in seen.captured_queries)

    few = selects()
    more = AGREEMENT + "".join(
        A_CLIENT.format(slug=f"c{n}", name=f"C{n}", overage='overage = "decline"') for n in range(30)
    )
    (tmp_path / "more.toml").write_text(more)
    call_command("load_retainers", str(tmp_path / "more.toml"), verbosity=0)
    assert selects() == few


def test_rows_that_come_again_are_told_by_the_file_that_says_most(north, tmp_path):
    shorter = "Entry ID,Client,Date,Hours\n6,Zeta Corp,2026-10-09,4\n20,Acme,2026-10-12,1\n"
    (tmp_path / "later.csv").write_text(shorter)
    words = (
        "--provider",
        "north",
        "--removals",
        "keep",
        "--publish",
        "--accept",
        "one-company",
        "--through",
        "2026-11-01",
    )
    call_command("import_csv", str(tmp_path / "later.csv"), *words, verbosity=0)
    (zeta,) = [each for each in october(north).uncounted if each.client == "Zeta Corp"]
    assert (zeta.rows, zeta.hours) == (2, Decimal("4.25"))
