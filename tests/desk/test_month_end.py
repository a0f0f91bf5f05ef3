"""The month-end: every hour of the month is on an invoice, or stands with the reason why not."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tenancy import tenant_scope
from desk.month_end.lines import month_lines, month_standings, month_work, totals
from desk.month_end.uncounted import uncounted
from imports.models import NeverOurs
from retainers.models import Client, CompanyName
from tests.factories import agreement_file, client_table, installed, load_agreements
from tests.shared_rows import shared_rows
from tests.world import World

OVERAGES = {
    "Acme": {"overage": "bill", "overage_rate": "165.00"},
    "Birch": {"overage": "queue"},
    "Cedar": {"overage": "bill", "overage_rate": "100", "currency": "EUR"},
}
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
TODAY = date(2026, 11, 22)
UTC_ZONE = ZoneInfo("UTC")


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False)
    text = agreement_file(*(client_table(name, hours="2", **said) for name, said in OVERAGES.items()))
    return World(installed(tmp_path, text, EXPORT, "--through", "2026-10-30"))


def october(provider):
    """The lines of October by client."""
    with tenant_scope(provider):
        return {line.slug: line for line in month_lines(month_standings(TODAY, UTC_ZONE), OCTOBER)}


def left_out(provider, month=OCTOBER):
    with tenant_scope(provider):
        return uncounted(month_work(TODAY, UTC_ZONE), month)


def test_what_is_billed_is_told_by_client_and_currencies_are_never_added(provider):
    found = october(provider)
    assert {slug: (line.billed, line.now.amount) for slug, line in found.items()} == {
        "acme": (Decimal("1.50"), Decimal("247.50")),
        "birch": (Decimal(0), Decimal("0.00")),
        "cedar": (Decimal("1.00"), Decimal("100.00")),
    }
    assert totals(found.values(), lambda line: line.now.amount) == {
        "EUR": Decimal("100.00"),
        "USD": Decimal("247.50"),
    }


def test_what_is_queued_is_no_invoice(provider):
    assert {slug: line.queued for slug, line in october(provider).items() if line.queued} == {
        "birch": Decimal("0.25")
    }


def test_every_hour_that_counts_for_nobody_has_its_reason(provider):
    said = {(each.client, each.reason): (each.rows, each.hours) for each in left_out(provider)}
    assert said == {
        ("Acme", "non-billable"): (1, Decimal("1.00")),
        ("Acme", "travel"): (1, Decimal("0.50")),
        ("Zeta Corp", "unknown company"): (2, Decimal("4.25")),
    }
    assert [(each.slug, each.reason, each.hours) for each in left_out(provider, date(2025, 10, 1))] == [
        ("acme", "outside the retainer", Decimal("1.50"))
    ]


def test_the_rows_of_the_month_are_all_accounted_for(provider):
    counted = sum((line.now.used for line in october(provider).values()), Decimal(0))
    left = sum((each.hours for each in left_out(provider)), Decimal(0))
    assert counted + left == Decimal("14.50")


def test_an_unknown_company_that_has_become_a_client_is_not_told_again(provider):
    with tenant_scope(provider):
        CompanyName.objects.create(client=Client.objects.first(), name="Zeta Corp", key="zeta corp")
    assert "unknown company" not in {each.reason for each in left_out(provider)}


def test_a_company_that_is_settled_as_never_ours_is_not_told_again(provider):
    with tenant_scope(provider):
        NeverOurs.objects.create(name="Zeta Corp", key="zeta corp")
    assert "unknown company" not in {each.reason for each in left_out(provider)}


def test_a_cycle_that_is_not_covered_to_its_end_is_provisional(provider, viewer):
    assert all(line.provisional for line in october(provider).values())
    assert "covered through 30 Oct" in viewer.get("/month-end/?month=2026-10").content.decode()


def test_the_page_shows_last_month_and_the_file_holds_a_row_for_each_invoice_line(viewer):
    page = viewer.get("/month-end/").content.decode()
    assert "October 2026" in page
    assert "$247.50" in page
    lines = viewer.get("/month-end/invoice-lines.csv?month=2026-10").content.decode("utf-8-sig").splitlines()
    assert lines[1:] == [
        'Cedar,cedar,cedar-2026-10,overage,"IT support, October 2026: hours past the cap",1.00,100.00,100.00,EUR,'
        "2026-10-01,2026-10-31,yes,",
        'Acme,acme,acme-2026-10,overage,"IT support, October 2026: hours past the cap",1.50,165.00,247.50,USD,'
        "2026-10-01,2026-10-31,yes,",
    ]


def test_a_file_for_accounting_is_of_one_currency(viewer):
    path = "/month-end/invoice-lines.csv?month=2026-10&currency="
    assert "cedar" not in viewer.get(f"{path}USD").content.decode()
    assert viewer.get(f"{path}CHF").status_code == 404


@pytest.mark.parametrize("month", ["2026-13", "x", "2026-10-01"])
def test_what_is_no_month_is_not_found(viewer, month):
    assert viewer.get("/month-end/", {"month": month}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_clients(provider, viewer, tmp_path):
    def selects():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            viewer.get("/month-end/?month=2026-10")
        return sum(query["sql"].startswith("SELECT") for query in seen.captured_queries)

    few = selects()
    load_agreements(tmp_path, agreement_file(*(client_table(f"C{n}", overage="decline") for n in range(30))))
    assert selects() == few


def test_rows_that_come_again_are_told_by_the_file_that_says_most(provider, tmp_path):
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
    (zeta,) = [each for each in left_out(provider) if each.client == "Zeta Corp"]
    assert (zeta.rows, zeta.hours) == (2, Decimal("4.25"))


def test_a_row_that_could_not_be_read_stands_there_until_a_newer_file_brings_it(provider, tmp_path):
    def bring(hours, *more):
        (tmp_path / "later.csv").write_text(
            f"Entry ID,Client,Date,Hours\n30,Acme,2026-10-20,{hours}\n31,Birch,2026-10-05,1\n32,Cedar,2026-10-31,1\n"
        )
        words = ("--provider", "north", "--removals", "keep", "--publish", "--accept", "all")
        call_command("import_csv", str(tmp_path / "later.csv"), *words, *more, verbosity=0)

    bring("abc", "--skip-bad-rows")
    (refused,) = [each for each in left_out(provider) if each.reason.startswith("refused")]
    assert (refused.client.startswith("“abc”"), refused.hours) == (True, None)
    assert refused.where.endswith("line 2")
    bring("2", "--restate")
    assert not [each for each in left_out(provider) if each.reason.startswith("refused")]


def test_a_newer_file_of_one_client_alone_brings_no_row_of_everybodys(provider, tmp_path):
    head, birch = "Entry ID,Client,Date,Hours\n", "31,Birch,2026-10-05,1\n"
    words = ("--provider", "north", "--removals", "keep", "--publish", "--accept", "all")
    files = ((f"{head}30,Acme,2026-10-20,abc\n{birch}", ()), (head + birch, ("--client", "birch")))
    for text, more in files:
        (tmp_path / "later.csv").write_text(text)
        said = ("--skip-bad-rows", "--through", "2026-10-31", *more)
        call_command("import_csv", str(tmp_path / "later.csv"), *words, *said, verbosity=0)
    assert [each for each in left_out(provider) if each.reason.startswith("refused")]
