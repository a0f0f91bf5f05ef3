"""The preview as a page: what it puts first, what its button says, and that it stays small with many clients."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.db import connection
from django.test.html import parse_html
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tenancy import tenant_scope
from desk.imports.forms import LongSelect
from desk.imports.pages import client_lines
from desk.imports.pages.client_lists import A_PAGE
from imports.models import Import
from imports.publishing.options import Options
from retainers.models import CompanyName
from retainers.terms import Pool, Terms
from tests.factories import ClientFactory, a_retainer, an_agreement
from tests.imports.uploading import hidden, row

pytestmark = pytest.mark.usefixtures("monday")


def go_button(page):
    return re.search(r"<button[^>]*data-publish[^>]*>([^<]*)<", page).group(1)


def with_clients(world, count):
    """So many more clients; a line of the file for each."""
    with tenant_scope(world.provider):
        for number in range(count):
            name = f"Client {number:03}"
            client = ClientFactory(provider=world.provider, slug=f"client-{number:03}", name=name)
            CompanyName.objects.create(client=client, name=name, key=name.casefold())
            a_retainer(client)
    return [row(100 + n, f"Client {n:03}", "2026-02-10", "25", technician=f"T{n}") for n in range(count)]


def test_a_list_of_hundreds_is_printed_without_a_template_for_each_of_them():
    choices = [("", "All"), *((f"c{number}", f"<b>{number}</b> & Co") for number in range(300))]
    said, more = {"class": "a", "hidden": True}, {"id": "id_client", "disabled": False}
    for value in (None, "", "c7", "gone"):
        html = LongSelect(said, choices).render("client", value, more, renderer=None)
        assert parse_html(html) == parse_html(forms.Select(said, choices).render("client", value, more))
        assert html.count("<option") == 301
        assert "<b>" not in html


# the button


def test_the_button_counts_the_clients_that_get_work_and_names_what_else_happens(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-10", "2"))
    page = world.page(source)

    assert go_button(page) == "Publish 2 clients"
    assert "1 client without work is covered through Tue 10 Feb" in page
    assert 'data-rest="Move the date of 1 client" data-has-rest' in page  # once no client is ticked


def test_who_has_no_work_in_an_older_file_is_not_said_to_be_covered_through_its_day(world):
    names = ("Acme Dental", "Birch & Lowe", "Cobalt Freight")
    world.publish(world.upload(*(row(n, name, "2026-02-12", "1") for n, name in enumerate(names))))
    older = world.page(
        world.upload(row(7, "Acme Dental", "2026-02-10", "2"), row(8, "Birch & Lowe", "2026-02-10", "2"))
    )
    assert go_button(older) == "Publish 2 clients"
    assert "No work for 1 client: nothing changes" in older
    assert "without work is covered" not in older

    rows = [row(n, name, "2026-02-10", "1") for n, name in enumerate(("Zeta Corp", "Omega Foods"), 9)]
    nobodys = world.upload(*rows)
    page = world.post(
        "answer_company", nobodys, never_all="1", **{"company-0": "Zeta Corp", "company-1": "Omega Foods"}
    )
    assert go_button(page) == "Publish without changes"


def test_the_button_says_who_stays_back(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-10", "2"))
    page = world.post("choose_in_import", source, shown="acme birch", publish=["acme"])

    assert go_button(page) == "Publish 1 client"
    assert "Birch &amp; Lowe stays as it is." in page


def test_the_button_does_not_count_who_waits_for_an_answer(world):
    source = world.upload(
        row(1, "Acme Dental", "2026-02-10", "30"), row(2, "Birch & Lowe", "2026-02-10", "2")
    )
    page = world.page(source)

    assert go_button(page) == "Publish 1 client"
    assert "Acme Dental: answer the questions above." in page


def test_the_button_publishes_nothing_while_refused_rows_stand_in_the_way(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Acme Dental", "2026-02-10", "x"))
    assert go_button(world.page(source)) == "Nothing to publish yet"


def test_a_form_that_is_sent_by_enter_saves_and_never_publishes(world):
    page = world.page(world.upload(row(1, "Acme Dental", "2026-02-10", "2")))
    form = page.split("data-preview", 1)[1]
    first = re.search(r"<button[^>]*>", form).group(0)

    assert 'type="submit"' in first
    assert "formaction" not in first


# the order of things


def test_what_has_to_be_decided_stands_before_the_sums_and_the_clients(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "30"), row(2, "Zeta Corp", "2026-02-10", "2"))
    page = world.page(source)
    places = [
        page.index(each) for each in ("2 things to decide", "Zeta Corp", "worked hours", 'id="clients"')
    ]
    assert places == sorted(places)


def test_the_hours_of_the_file_add_up_on_the_page(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "30"), row(2, "Zeta Corp", "2026-02-10", "2"))
    page = " ".join(re.sub(r"<[^>]*>", " ", world.page(source)).split())
    assert "32.00 worked hours = 2.00 of unknown companies + 30.00 waiting or held back" in page


def test_what_a_client_that_waits_would_have_left_stands_below_what_it_has(world):
    page = world.page(
        world.upload(row(1, "Acme Dental", "2026-02-10", "30"), row(2, "Birch & Lowe", "2026-02-10", "2"))
    )

    line = " ".join(
        re.sub(r"<[^>]*>", " ", page.split(">Acme Dental</a>", 1)[1].split("</tr>", 1)[0]).split()
    )
    assert line.startswith("10.0 then 0, 20.0 over")


def test_pools_that_stand_on_their_own_are_never_added_up(world):
    with tenant_scope(world.provider):
        client = ClientFactory(provider=world.provider, slug="vireo", name="Vireo")
        CompanyName.objects.create(client=client, name="Vireo", key="vireo")
        pools = (Pool("reactive", "Reactive", Decimal(12)), Pool("scheduled", "Scheduled", Decimal(8)))
        a_retainer(client, an_agreement(terms=(Terms(date(2026, 1, 1), pools),)))
    page = world.page(
        world.upload(row(1, "Vireo", "2026-02-10", "13"), row(2, "Acme Dental", "2026-02-10", "1"))
    )

    line = " ".join(re.sub(r"<[^>]*>", " ", page.split(">Vireo</a>", 1)[1].split("</tr>", 1)[0]).split())
    assert "Reactive 12.0 → becomes 0, 1.0 over" in line
    assert "20.0" not in line


def test_the_dates_of_clients_without_work_stay_for_all_by_one_tick(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-10", "2"))
    page = world.post("choose_in_import", source, asks_quiet="1")
    assert "No work for 1 client: nothing changes" in page

    world.publish(source, publish=("acme", "birch"), asks_quiet="1")
    assert world.through("cobalt") is None

    page = world.page(
        world.upload(row(3, "Acme Dental", "2026-02-11", "2"), row(4, "Birch & Lowe", "2026-02-11", "2"))
    )
    assert "No work for 1 client: their dates move to Wed 11 Feb" in page


def test_one_answer_about_missing_entries_is_given_for_all_clients(world):
    names = ("Acme Dental", "Birch & Lowe")
    first = [
        row(10 * n + part, name, "2026-02-10", "2", f"Job {part}")
        for n, name in enumerate(names)
        for part in range(4)
    ]
    world.publish(world.upload(*first))
    source = world.upload(first[0], first[4])
    assert "2 clients lack published entries in this file" in world.page(source)

    page = world.post("choose_in_import", source, removals_of_all="keep")

    assert "2 clients lack" not in page
    world.publish(source, publish=())
    assert (len(world.live("acme")), len(world.live("birch"))) == (4, 4)


# many clients


def test_clients_that_ask_are_shown_a_page_at_a_time_and_turning_it_keeps_ticks(world):
    source = world.upload(*with_clients(world, A_PAGE + 5))
    page = world.page(source)
    assert page.count('name="publish"') == A_PAGE
    shown = hidden(page, "shown")
    ticked = shown.split()[1:]

    answer = world.manager.post(
        reverse("choose_in_import", args=[source.pk]), {"shown": shown, "publish": ticked, "turn": "asking:2"}
    )
    assert answer.url.endswith("?open=asking&asking=2#asking")
    page = world.manager.get(answer.url).content.decode()
    assert page.count('name="publish"') == 5 + 1 - 1
    assert world.fresh(source).options["held"] == [shown.split()[0]]


def test_a_question_shows_so_many_rows_and_says_how_many_more_there_are(world):
    source = world.upload(*with_clients(world, 30))
    page = world.page(source)

    assert page.count('name="row-') == 12
    assert "18 more rows appear once these are answered." in page


def test_looking_asks_as_many_queries_for_forty_clients_as_for_four(world):
    rows = with_clients(world, 40)
    counts = []
    for part in (rows[:4], rows):
        source = world.upload(*part)
        world.page(source)
        with CaptureQueriesContext(connection) as asked:
            world.page(source)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_only_of_the_clients_that_are_shown_it_is_said_what_becomes_of_them(world, monkeypatch):
    said, really = [], client_lines._sentences
    monkeypatch.setattr(
        client_lines, "_sentences", lambda client, plan: said.append(client) or really(client, plan)
    )
    world.page(world.upload(*with_clients(world, 3 * A_PAGE)))
    assert 0 < len(said) <= A_PAGE


def test_clients_are_found_by_a_part_of_their_name(world):
    source = world.upload(*with_clients(world, 24))
    assert "Find a client" in world.page(source)

    found = world.manager.post(
        reverse("choose_in_import", args=[source.pk]), {"q": "ENT 007", "find": "1"}, follow=True
    ).text

    assert "1 of 27 clients" in found
    assert [f">Client {at:03}</a>" in found for at in (7, 8)] == [True, False]
    assert 'value="ENT 007"' in found


def test_saving_while_the_clients_are_narrowed_leaves_the_others_ticks(world):
    source = world.upload(*with_clients(world, 24))
    world.manager.post(
        reverse("choose_in_import", args=[source.pk]), {"shown": "client-007", "q": "client 007"}
    )

    with tenant_scope(world.provider):
        assert Options.read(Import.objects.get(pk=source.pk).options).held == ("client-007",)


def test_the_columns_that_are_not_read_are_named_before_and_after(world):
    header = "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,First Name,Last Name"
    rows = [
        "2026-02-10,Acme Dental,P,X1,T,N,1.0,Yes,No,Jo,Doe",
        "2026-02-10,Birch & Lowe,P,X1,T,N,1.0,Yes,No,Jo,Doe",
    ]
    source = world.upload_bytes("\n".join([header, *rows, ""]).encode())

    page = world.page(source)
    assert "2 columns not read" in page
    assert "Project Code, Invoiced?" in page

    world.publish(source)
    assert "Project Code, Invoiced?" in world.page(source)


def test_a_first_import_brings_earlier_cycles_in_and_changes_none(world):
    january, february = row(1, "Acme Dental", "2026-01-12", "2"), row(2, "Acme Dental", "2026-02-10", "2")
    first = world.upload(january, february)
    page = world.page(first)
    assert "1 earlier cycle<" in page
    assert "Its first import: it brings in the work of the earlier cycle from 1 Jan too." in page
    assert "closed cycle" not in page
    world.publish(first, publish=("acme",))
    second = world.page(world.upload(row(1, "Acme Dental", "2026-01-12", "3"), february))
    assert "Changes a closed cycle" in second
    assert "The figures of the cycle from 1 Jan change." in second
    assert "first import" not in second


def made_of(world, company, template, hours):
    """A file with a stranger's work of January and February; the preview once it was made a client so."""
    rows = (row(1, company, "2026-01-12", "2"), row(2, company, "2026-02-10", "2"))
    source = world.upload(*rows)
    said = {"company-0": company, "template-0": template, "cap-0": hours}
    return world.post("answer_company", source, new_ticked="1", make=["0"], **said)


def test_the_first_import_of_a_prepaid_block_speaks_of_no_cycles(world):
    assert "earlier cycle" in made_of(world, "Zeta Corp", "bank", "20")
    page = made_of(world, "Omega Foods", "block", "40")
    assert "Omega Foods" in page
    assert "cycle" not in re.search(r"<tr[^>]*>(?:(?!</tr>).)*Omega Foods.*?</tr>", page, re.DOTALL)[0]


def test_a_pool_that_no_rule_puts_work_into_is_said_when_its_first_work_comes(world):
    said = "No rule puts work into “Scheduled maintenance” yet, so all of it counts as “Reactive support”."
    assert said in made_of(world, "Zeta Corp", "pools", "12 + 8")
    assert "No rule puts work into" not in made_of(world, "Omega Foods", "bank", "20")
