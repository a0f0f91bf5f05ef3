"""What is done at a month's end: stated, invoiced, closed; for many at once, once, and as it was in view."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from accounts.tenancy import tenant_scope
from desk.month_end import page, views
from desk.month_end.lines import month_lines, month_standings
from desk.month_end.rates import by_rate, effective_rate
from desk.month_end.sheet import invoice_lines
from retainers.models import ClosedMonth, InvoicedCycle, Restatement, Retainer, Statement
from retainers.publishing import grant
from retainers.terms import TopUp
from tests.desk.acting import turns_of
from tests.desk.conftest import TODAY, UTC_ZONE
from tests.factories import bank, publish_work

OCTOBER = date(2026, 10, 1)
NOVEMBER_2 = datetime(2026, 11, 2, 9, tzinfo=UTC)
PAGE = "/month-end/?month=2026-10"
BILLED = {"overage": "bill", "overage_rate": Decimal(100), "fee": Decimal(1200)}


def lines(world):
    with tenant_scope(world.provider):
        return {line.slug: line for line in month_lines(month_standings(TODAY, UTC_ZONE), OCTOBER)}


def opened(page):
    return re.search(r'name="opened" value="([^"]*)"', page).group(1)


def closing_mark(page):
    return re.findall(r'name="opened" value="([^"]*)"', page)[-1]


@pytest.fixture
def acme(world):
    return world.client("Acme", (date(2026, 10, 5), "15"), agreement=bank(**BILLED), at=NOVEMBER_2)


@pytest.fixture
def birch(world):
    return world.client("Birch", (date(2026, 10, 5), "1"), agreement=bank(), at=NOVEMBER_2)


def more(world, slug, hours, at=datetime(2026, 11, 21, 9, tzinfo=UTC)):
    with tenant_scope(world.provider):
        row = Retainer.objects.select_related("provider").get(client__slug=slug)
    publish_work(row, (date(2026, 10, 6), hours), through=date(2026, 11, 20), at=at)


def ticked(world, *slugs):
    return [line.key.name for slug, line in lines(world).items() if slug in slugs]


def send(browser, name, **said):
    page = browser.get(PAGE).text
    return browser.post(reverse(name), {"month": "2026-10", "opened": opened(page), **said})


def test_what_is_ticked_is_marked_as_invoiced_with_its_figure(world, manager, acme, birch):
    send(manager, "invoice_cycles", cycle=ticked(world, "acme"))

    found = lines(world)
    assert found["acme"].invoiced.figure.amount == Decimal("300.00")
    assert found["acme"].invoiced.fee == Decimal(1200)
    assert found["birch"].invoiced is None
    assert "$1,500.00" in manager.get(PAGE).text


def test_what_is_invoiced_keeps_its_mark_and_figure_when_the_cycle_changes(world, manager, acme):
    send(manager, "invoice_cycles", cycle=ticked(world, "acme"))
    more(world, "acme", "2")

    page = manager.get(PAGE).text
    assert "$1,500.00" in page
    assert "since then +$200.00" in page


def test_a_statement_stands_beside_what_the_cycle_says_now(world, manager, acme):
    send(manager, "state_cycles", whom="all")
    more(world, "acme", "2")

    found = lines(world)["acme"]
    assert (found.stated.used, found.now.used, found.restated) == (Decimal(15), Decimal(17), True)
    page = manager.get(PAGE).text
    assert "<strong>+2.0 h</strong>" in page
    assert "+$200.00" in page


def test_a_restatement_without_a_statement_stands_beside_what_was_said_before(world, acme):
    before = lines(world)["acme"]
    with tenant_scope(world.provider):
        row = Retainer.objects.get(client__slug="acme")
        kept = Restatement.objects.create(
            retainer=row,
            cycle_starts=OCTOBER,
            cause=Restatement.Cause.LAW,
            before={
                "total": {"used": "13.00", "overage": "1.00"},
                "pools": [],
                "overage_amount": "100.00",
            },
            made_at=NOVEMBER_2,
        )
    found = lines(world)["acme"]
    assert (before.stated, kept.before["overage_amount"]) == (None, "100.00")
    assert (found.stated.amount, found.now.amount, found.restated_times) == (Decimal(100), Decimal(300), 1)


def test_all_complete_cycles_are_stated_at_once_and_provisional_ones_are_left_out(
    world, manager, acme, birch
):
    world.client("Cedar", (date(2026, 10, 5), "1"), through=date(2026, 10, 20))
    send(manager, "state_cycles", whom="all")

    with tenant_scope(world.provider):
        stated = Statement.objects.values_list("retainer__client__slug", flat=True)
        assert sorted(stated) == ["acme", "birch"]


def test_the_months_statements_come_as_pdfs_in_one_archive(
    world, manager, acme, birch, django_assert_max_num_queries
):
    nothing = manager.get("/month-end/statements.zip?month=2026-10", follow=True)
    assert "No statement was made for a cycle that ended in October 2026." in nothing.text
    send(manager, "state_cycles", whom="all")
    assert "2 statements as PDF" in manager.get(PAGE).text
    with django_assert_max_num_queries(25):
        answer = manager.get("/month-end/statements.zip?month=2026-10")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.namelist() == ["acme-support-2026-10-01.pdf", "birch-support-2026-10-01.pdf"]
    alone = manager.get("/clients/acme/view/statement/2026-10-01/statement.pdf?retainer=support").content
    assert archive.read("acme-support-2026-10-01.pdf") == alone


def test_the_archive_of_many_statements_takes_no_more_queries_than_that_of_two(world, manager, acme, birch):
    send(manager, "state_cycles", whom="all")
    with CaptureQueriesContext(connection) as of_two:
        manager.get("/month-end/statements.zip?month=2026-10")
    for number in range(5):
        world.client(f"Cobalt {number}", (date(2026, 10, 5), "1"), agreement=bank(), at=NOVEMBER_2)
    send(manager, "state_cycles", whom="all")
    with CaptureQueriesContext(connection) as of_seven:
        manager.get("/month-end/statements.zip?month=2026-10")
    assert len(of_seven) == len(of_two)


def test_a_form_sent_twice_does_its_deed_once(world, manager, acme):
    for name in ("state_cycles", "invoice_cycles"):
        said = {"month": "2026-10", "opened": opened(manager.get(PAGE).text), "whom": "all"}
        manager.post(reverse(name), said)
        answer = manager.post(reverse(name), said, follow=True)
        assert "nothing was done twice" in answer.text
    with tenant_scope(world.provider):
        assert (Statement.objects.count(), InvoicedCycle.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", ["state_cycles", "invoice_cycles", "close_month"])
def test_nothing_is_done_to_figures_that_nobody_looked_at(world, manager, acme, name):
    page = manager.get(PAGE).text
    mark = closing_mark(page) if name == "close_month" else opened(page)
    more(world, "acme", "2")

    answer = manager.post(reverse(name), {"month": "2026-10", "opened": mark, "whom": "all"})
    assert answer.status_code == 409
    assert "figures have changed" in answer.text
    with tenant_scope(world.provider):
        done = [model.objects.count() for model in (Statement, InvoicedCycle, ClosedMonth)]
        assert done == [0, 0, 0]


def test_nothing_ticked_is_nothing_done(manager, acme):
    assert send(manager, "invoice_cycles").status_code == 422
    assert send(manager, "invoice_cycles", cycle=["cycle-0-2026-10-01"]).status_code == 422


def test_from_what_a_refused_form_says_all_other_pages_open(world, manager, monkeypatch):
    monkeypatch.setattr(page, "A_PAGE", 1)
    for name in ("Acme", "Birch"):
        world.client(name, agreement=bank(**BILLED), link=False)
    refused = send(manager, "invoice_cycles")
    assert refused.status_code == 422
    assert [manager.get(there).status_code for there in turns_of(refused)] == [200] * 3


def test_after_a_deed_the_month_is_narrowed_and_turned_as_before(world, manager, acme):
    asked = "?month=2026-10&show=over&q=acme&page=1"
    where = f"/month-end/{asked}"
    said = {"opened": opened(manager.get(PAGE).text), "cycle": ticked(world, "acme")}
    assert manager.post(reverse("invoice_cycles") + asked, said).headers["Location"] == where
    (take_back,) = re.findall(r'<a class="sub" href="([^"]*)">Take back', manager.get(where).text)
    assert (
        manager.post(take_back.replace("&amp;", "&"), {"reason": "Wrong month"}).headers["Location"] == where
    )


def test_a_mark_is_taken_back_with_a_reason(world, manager, acme):
    send(manager, "invoice_cycles", whom="all")
    with tenant_scope(world.provider):
        path = reverse("take_back_invoiced", args=[InvoicedCycle.objects.get().pk])
    assert "$1,500.00" in manager.get(path).text
    assert manager.post(path, {"reason": " ", "month": "2026-10"}).status_code == 422

    manager.post(path, {"reason": "Sent to nobody", "month": "2026-10"})
    assert lines(world)["acme"].invoiced is None


def test_a_month_is_closed_and_opened_again(world, manager, acme):
    said = {"month": "2026-10", "opened": closing_mark(manager.get(PAGE).text)}
    manager.post(reverse("close_month"), said)
    assert "Any change to its complete cycles is a restatement." in manager.get(PAGE).text
    assert "Close the month" not in manager.get(PAGE).text

    assert manager.post(reverse("open_month_again"), {"month": "2026-10"}).status_code == 422
    manager.post(reverse("open_month_again"), {"month": "2026-10", "reason": "A late file"})
    assert "Close the month" in manager.get(PAGE).text


def test_what_is_in_view_is_sent_once_a_page(world, manager, acme, birch):
    """With three hundred cycles it is long: one form carries it, for the ticked cycles and for all."""
    page = manager.get(PAGE).text
    assert page.count(opened(page)) == 1
    assert page.count('name="opened"') == 2
    assert len(closing_mark(page)) == 64
    assert page.count('form="month-act" name="cycle"') == 2
    assert page.count('type="submit" form="month-act"') == 4


def test_a_viewer_sees_the_figures_and_no_form(viewer, acme):
    page = viewer.get(PAGE).text
    assert "$300.00" in page
    assert "For the whole month" not in page
    assert 'type="checkbox"' not in page


def test_three_hundred_cycles_come_in_pages_and_all_are_found(world, manager):
    for number in range(1, 54):
        world.client(f"Client {number:02}", agreement=bank(**BILLED), link=False)
    first = manager.get(PAGE).text
    assert first.count('name="cycle"') == 25
    assert "1–25 of 53" in first
    assert manager.get(f"{PAGE}&page=3").text.count('name="cycle"') == 3
    assert manager.get(f"{PAGE}&q=client+53").text.count('name="cycle"') == 1


def test_many_statements_come_in_several_archives_each_with_what_is_in_it(
    world, manager, acme, birch, monkeypatch
):
    monkeypatch.setattr(page, "A_ZIP", 1)
    monkeypatch.setattr(views, "A_ZIP", 1)
    send(manager, "state_cycles", whom="all")
    told = " ".join(re.sub(r"<[^>]+>", " ", manager.get(PAGE).text).split())
    assert "2 statements as PDF: 1–1 2–2" in told
    answer = manager.get("/month-end/statements.zip?month=2026-10&page=2")
    assert len(zipfile.ZipFile(io.BytesIO(answer.content)).namelist()) == 1


def test_what_is_asked_for_alone_is_shown(world, manager, acme, birch):
    send(manager, "invoice_cycles", cycle=ticked(world, "acme"))
    uninvoiced = manager.get(f"{PAGE}&show=uninvoiced").text
    assert "Birch" in uninvoiced
    assert 'retainer=support&amp;cycle=2026-10-01"><bdi>Acme' not in uninvoiced
    assert "No cycles match." in manager.get(f"{PAGE}&show=provisional").text


def test_a_month_without_cycles_says_so(manager):
    assert "No cycle ended in this month." in manager.get(PAGE).text
    assert "No cycle ended in this month." in manager.get("/month-end/rates/?month=2026-10").text
    assert "Nothing was left out" in manager.get("/month-end/not-counted/?month=2026-10").text


def test_fee_overage_and_each_top_up_are_lines_of_an_invoice(world, acme):
    with tenant_scope(world.provider):
        row = Retainer.objects.select_related("publication").get(client__slug="acme")
        grant(publication=row.publication, top_ups=[TopUp(date(2026, 10, 9), Decimal(2), note="PO 4711")])
    found = list(invoice_lines(lines(world)["acme"]))
    assert [(each.kind, each.quantity, each.unit_price, each.amount) for each in found] == [
        ("fee", Decimal(1), Decimal(1200), Decimal(1200)),
        ("overage", Decimal("1.00"), Decimal(100), Decimal("100.00")),
        ("top-up", Decimal(2), None, None),
    ]
    assert found[-1].description.endswith("(PO 4711)")


def test_an_hour_earns_the_fee_by_the_hours_drawn_and_the_least_comes_first(world, acme):
    world.client("Birch", (date(2026, 10, 5), "2"), agreement=bank(**BILLED), at=NOVEMBER_2)
    world.client("Cedar", agreement=bank(**BILLED), at=NOVEMBER_2)
    found = lines(world)
    assert {slug: effective_rate(line) for slug, line in found.items()} == {
        "acme": Decimal("80.00"),
        "birch": Decimal("600.00"),
        "cedar": None,
    }
    assert [line.slug for line in by_rate(list(found.values()), little=False)] == ["acme", "birch", "cedar"]


def test_who_draws_less_than_half_in_three_cycles_in_a_row_uses_too_little(world):
    days = [date(2026, month, 5) for month in (8, 9, 10)]
    world.client("Quiet", *((day, "5.9") for day in days), at=NOVEMBER_2)
    world.client("Once", (days[0], "6"), (days[1], "1"), (days[2], "1"), at=NOVEMBER_2)
    world.client("New", agreement=bank(starts=date(2026, 9, 1)), at=NOVEMBER_2)
    world.client("Block", agreement=bank("0"), at=NOVEMBER_2)
    assert {slug: line.uses_little for slug, line in lines(world).items()} == {
        "quiet": True,
        "once": False,
        "new": False,
        "block": False,
    }


def test_what_an_hour_earns_is_for_staff(world, acme):
    assert "Effective rate" in world.person(Role.VIEWER).get("/month-end/rates/?month=2026-10").text
