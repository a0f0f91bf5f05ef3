"""The work log as a person reads it: incidents, folds, search, on the page and in the file."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.core.management import call_command

from accounts.tenancy import tenant_scope
from portal import gallery_data as data
from portal import gallery_long as long
from portal.gallery import Scene, over, page
from portal.gallery_data import WorkLine
from portal.models import ClientRequest
from presentation.facts import Asked
from retainers.selectors import retainers_of
from tests.factories import publish_work
from tests.portal.conftest import NOW
from tests.portal.pages import only, render, words_of

LONG = Scene(data.LARGE, tuple(long.many_lines(500)))


def nov(day: int, worked: str, text: str, ticket: str = "", person: str = "one") -> WorkLine:
    return WorkLine(date(2026, 11, day), worked, text, ticket=ticket, person=person)


def lines_of(*work: WorkLine, asked: Asked | None = None):
    log = only(Scene(data.LARGE, work), asked).log
    return [line for day in log.days for line in day.lines]


def test_lines_of_one_ticket_on_one_day_stand_as_one_incident_with_its_people():
    (line,) = lines_of(nov(9, "2", "Disks replaced", "A"), nov(9, "4", "Mail restored", "A", "two"))
    assert (line.text, line.why, line.hours) == ("Disks replaced", "2 people", "6.00")
    assert [part.text for part in line.parts] == ["Disks replaced", "Mail restored"]


def test_an_incident_of_one_person_says_so_and_counts_the_entries():
    (line,) = lines_of(nov(9, "2", "Disks replaced", "A"), nov(9, "4", "Mail restored", "A"))
    assert line.why == "1 person, 2 entries"


def test_people_are_not_counted_where_one_of_them_is_not_known():
    (line,) = lines_of(nov(9, "2", "Disks replaced", "A"), nov(9, "4", "Mail restored", "A", ""))
    assert line.why == "2 entries"


def test_lines_without_a_ticket_stand_for_themselves():
    assert [line.parts for line in lines_of(nov(9, "2", "Disk"), nov(9, "4", "Mail"))] == [(), ()]


def test_a_ticket_over_several_days_tells_its_running_total():
    newest, oldest = lines_of(nov(9, "2", "Disks replaced", "A"), nov(10, "4", "Mail restored", "A", "two"))
    assert (oldest.so_far, newest.so_far) == ("", "6.0 h so far")


def test_an_incident_adds_up_to_its_lines_and_the_day_to_its_incidents():
    scene = Scene(data.LARGE, (*data.NOVEMBER, *data.INCIDENTS))
    day = next(day for day in only(scene).log.days if day.date == "18 Nov")
    mail = next(line for line in day.lines if line.parts)
    assert sum(Decimal(part.hours) for part in mail.parts) == Decimal(mail.hours)
    assert sum(Decimal(line.hours) for line in day.lines) == Decimal(day.total)


def test_a_short_log_is_not_folded_and_a_long_one_is_by_day():
    assert only(Scene()).log.folds == ()
    log = only(LONG).log
    assert (log.days, len(log.folds), log.folds[0].title) == ((), 19, "Thu 19 November")
    assert not any(fold.is_open for fold in log.folds)


def test_a_log_of_many_days_is_folded_by_month_and_within_it_by_day():
    scene = Scene(data.YEAR_OF_WORK, tuple(long.year_of_lines(900)), through=data.YEAR_ENDS)
    folds = only(scene).log.folds
    assert [fold.title for fold in folds[:2]] == ["November 2026", "October 2026"]
    assert folds[1].folds[0].title == "Sat 31 October"


def test_folds_add_up_to_the_hours_used():
    log = only(LONG).log
    assert sum(Decimal(fold.hours) for fold in log.folds) == Decimal(log.totals[-1].hours)


def test_a_long_log_has_links_to_what_comes_after_it():
    html = render(page(LONG))
    for part in ("log", "sums", "past", "terms"):
        assert f'href="#{part}-support"' in html
        assert f'id="{part}-support"' in html
    assert 'class="jumps' not in render(page(Scene()))


def test_words_find_the_lines_that_have_them_all_whatever_their_case():
    found = lines_of(nov(9, "2", "Printer moved"), nov(10, "1", "Mail"), asked=Asked(find="PRINTER moved"))
    assert [line.text for line in found] == ["Printer moved"]


@pytest.mark.parametrize("words", ["maintenance", "after hours", "2026-11-11", "wed"])
def test_pools_kinds_of_work_and_days_are_found_too(words):
    log = only(Scene(data.LARGE, data.NOVEMBER), Asked(find=words)).log
    assert 0 < sum(len(day.lines) for day in log.days) < 9


def test_what_is_found_says_how_much_it_is_and_its_sum_is_no_sum_of_the_cycle():
    log = only(LONG, Asked(find="scanner")).log
    assert (log.folds, log.search.found) == ((), "45 of 500 entries with “scanner”, 49.13 h")
    assert [total.name for total in log.totals][-1] == "Hours of what was found"


def test_nothing_found_is_said():
    log = only(Scene(), Asked(find="telescope")).log
    assert (log.empty, log.search.value, log.totals) == ("Nothing found.", "telescope", ())


def test_a_search_that_finds_much_is_folded_as_the_log_is():
    log = only(LONG, Asked(find="room")).log
    assert log.search.found.startswith("500 of 500 entries")
    assert len(log.folds) == 19
    assert log.days == ()


def test_a_search_keeps_the_pool_the_cycle_and_the_retainer():
    shown = page(
        replace(LONG, cycle="2026-11-01"),
        Scene(data.BLOCK),
        asked=Asked(pool="scheduled", retainer="support"),
    )
    log = shown.retainers[0].cycle.log
    assert log.search.kept == (("retainer", "support"), ("pool", "scheduled"))


def test_the_file_is_what_was_found(client, address):
    rows = client.get(address + "log.csv?find=remote").content.decode()
    assert (
        rows.count("\r\n") == 2
    )  # only words that a client reads are looked through: not the PSA's work type
    rows = client.get(address + "log.csv?find=after+hours").content.decode()
    assert "2.00" in rows
    assert "1.50" not in rows


def test_no_internal_column_can_be_found_by(client, address):
    for word in ("Mel", "Stone", "T1", "Switch", "note"):
        assert "0 of 2 entries" in words_of(client.get(address + f"?find={word}").text), word


def test_an_import_marks_people_and_tickets_so_that_an_incident_says_how_many(
    provider, client, address, tmp_path
):
    rows = ["Entry ID,Client,Date,Hours,Technician,Ticket,Title"]
    rows += [
        f"{n},Acme Dental,2026-06-09,1,{who},T9,Outage" for n, who in ((7, "Mel"), (8, "Ali"), (9, "mel "))
    ]
    (tmp_path / "o.csv").write_text("\n".join(rows))
    call_command(
        "import_csv", str(tmp_path / "o.csv"), "--provider", "north", "--client", "acme", "--publish",
        "--removals", "keep", verbosity=0,
    )  # fmt: skip
    assert "2 people, 3 entries" in words_of(client.get(address).text)
    log = client.get(address + "balance.json").json()["retainers"][0]["log"]
    marks = [line["incident"] for line in log if line["date"] == "2026-06-09"]
    assert len(set(marks)) == 1
    assert "T9" not in marks[0]


def test_each_line_leads_to_a_question_about_it(client, address):
    html = client.get(address).text
    (href,) = re.findall(r'href="(ask/question/[^"]+2026-06-02\.1)"', html)
    form = client.get(address + unescape(href)).text
    assert "About 2 June 2026, “Support work”, 1.5 h: " in form
    assert "Switch down" not in form


def test_a_question_about_an_earlier_cycle_finds_its_line(client, address, time_machine):
    time_machine.move_to(datetime(2026, 7, 2, 12, tzinfo=UTC))
    assert (
        "“Support work”, 2.0 h"
        in client.get(address + "ask/question/?retainer=support&line=2026-06-03.1").text
    )


@pytest.mark.parametrize("line", ["2026-06-02.9", "2026-06-04.1", "2026-13-01.1", "x", "2024-06-02.1", ""])
def test_a_line_that_there_is_not_begins_an_empty_form(client, address, line):
    answer = client.get(f"{address}ask/question/?retainer=support&line={line}")
    assert answer.status_code == 200
    assert "About " not in answer.text


def test_a_question_arrives_once_and_needs_words_but_no_hours(client, address, provider):
    form = {"text": "Who called?", "name": "Pat", "email": "pat@acme.example", "mark": "a" * 22}
    for _ in range(2):
        answer = client.post(f"{address}ask/question/", form, HTTP_SEC_FETCH_SITE="same-origin")
        assert answer.status_code == 303
    with tenant_scope(provider):
        assert [each.text for each in ClientRequest.objects.filter(kind="question")] == ["Who called?"]
    empty = client.post(f"{address}ask/question/", {**form, "text": ""}, HTTP_SEC_FETCH_SITE="same-origin")
    assert "This field is required." in empty.text


def test_who_takes_no_requests_takes_no_questions():
    quiet = replace(data.SUPPORT, requests=())
    assert {line.ask_href for day in only(Scene(quiet)).log.days for line in day.lines} == {""}


TRAVEL = """Entry ID,Client,Date,Hours,Technician,Ticket,Title,Work type
31,Acme Dental,2026-06-08,0.75,Mel Stone,T8,Drive to the site,Travel
32,Acme Dental,2026-06-09,0.5,Mel Stone,T8,Drive back,Travel
"""


@pytest.fixture
def travelled(provider, tmp_path):
    (tmp_path / "t.csv").write_text(TRAVEL)
    call_command(
        "import_csv", str(tmp_path / "t.csv"), "--provider", "north", "--client", "acme", "--publish",
        "--removals", "keep", verbosity=0,
    )  # fmt: skip
    return provider


def test_what_was_not_charged_is_shown_by_day_hours_and_reason_where_the_provider_wants_it(
    travelled, client, address
):
    before = client.get(address)
    assert "Not charged" not in before.text
    travelled.shows_uncharged = ["Travel"]
    travelled.save()
    answer = client.get(address, HTTP_IF_NONE_MATCH=before.headers["ETag"])
    assert "Travel 2 entries 1.25" in words_of(answer.text)
    assert "Drive" not in answer.text
    said = client.get(address + "balance.json").json()["retainers"][0]
    assert said["not_charged"] == [
        {"date": "2026-06-08", "reason": "Travel", "worked": "0.75"},
        {"date": "2026-06-09", "reason": "Travel", "worked": "0.50"},
    ]
    assert said["cycle"]["total"]["used"] == "3.50"


def test_a_reason_that_is_not_named_and_one_that_leaks_are_never_shown(travelled, client, address):
    travelled.shows_uncharged = ["goodwill", "non-billable", "for Birch Lowe"]
    travelled.save()
    said = client.get(address + "balance.json").json()["retainers"][0]
    assert {each["reason"] for each in said["not_charged"]} == {"Not billed"}
    assert "Travel 2 entries" not in words_of(client.get(address).text)


def file_of(client, address, language):
    answer = client.get(address + "log.csv", HTTP_ACCEPT_LANGUAGE=language)
    return answer.content.decode("utf-8-sig").splitlines()


def test_a_german_reader_gets_the_file_as_a_german_spreadsheet_opens_it(client, address):
    heads, first, night, total = file_of(client, address, "de")
    assert heads.split(";")[:6] == ["Datum", "Beschreibung", "Gearbeitet", "Gezählt", "Faktor", "Stunden"]
    assert first.split(";")[:6] == ["02.06.2026", "Allgemeine Supportarbeiten", "1,50", "1,50", "1", "1,50"]
    assert night.split(";")[2:7] == ["1,00", "1,00", "2", "2,00", "After hours"]
    assert total.split(";")[5] == "3,50"


def test_an_english_reader_gets_it_as_any_spreadsheet_reads_it_with_how_each_line_was_counted(
    client, address
):
    heads, first, night, _total = file_of(client, address, "en")
    assert heads.endswith("Pool,Agreement,How it was counted,Corrections,Client")
    assert (
        first == "2026-06-02,Support work,1.50,1.50,1,1.50,,IT support,IT support,1.5 h worked,,Acme Dental"
    )
    assert night.endswith("1.0 h × 2 after hours = 2.0 h,,Acme Dental")


def test_in_no_convention_can_a_text_start_a_formula(client, address, provider):
    with tenant_scope(provider):
        rows = retainers_of(["acme"]).get()
        publish_work(rows, (date(2026, 6, 10), "1"), at=NOW, wording="x;=1+1")
    for language in ("en", "de"):
        lines = file_of(client, address, language)
        assert not [line for line in lines if re.search(r"(^|[;,\t])[=+@]", line)], language


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Work log - Acme Dental - IT support - 2026-06-01.csv"),
        ("de", "Arbeitsprotokoll - Acme Dental - IT support - 2026-06-01.csv"),
    ],
)
def test_the_file_is_named_after_client_agreement_and_cycle_in_the_readers_language(
    client, address, language, name
):
    answer = client.get(address + "log.csv", HTTP_ACCEPT_LANGUAGE=language)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert address.split("/")[2] not in name


def test_every_line_of_the_file_bears_the_client(client, address):
    heads, *lines = file_of(client, address, "en")
    assert heads.endswith(",Client")
    assert {line.rpartition(",")[2] for line in lines} == {"Acme Dental"}


def kinds_in(scene: Scene, asked: Asked | None = None) -> list[tuple[str, ...]]:
    rows = only(scene, asked).log.kinds
    return [(row.name, row.worked, row.counted, row.taken) for row in rows]


def test_below_the_log_stands_what_was_worked_counted_and_taken_by_multiplier():
    for scene in (Scene(), over("bill")):
        part = only(scene)
        *rows, whole = part.log.kinds
        assert rows[0].name == "Without a multiplier"
        assert {row.name for row in rows[1:]} <= {"After hours (× 2)", "On site (× 1.5)"}
        for figure in ("worked", "counted", "taken"):
            assert sum(Decimal(getattr(row, figure)) for row in rows) == Decimal(getattr(whole, figure))
        assert whole.taken == part.log.totals[-1].hours
    assert "How the hours were counted" in words_of(render(page(Scene())))


def test_it_follows_the_pool_that_is_looked_at_and_stays_away_from_a_search():
    part = only(Scene(), Asked(pool="scheduled"))
    taken = part.log.kinds[-1].taken if part.log.kinds else part.log.totals[-1].hours
    assert taken == part.log.totals[-1].hours
    assert kinds_in(Scene(), Asked(find="a")) == []


def test_where_nothing_was_multiplied_it_is_not_shown():
    assert kinds_in(Scene(data.PROJECTS, data.PROJECT_WORK)) == []
