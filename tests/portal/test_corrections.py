"""A line of a settled cycle that reads otherwise says so; of other cycles the page counts what the last update did."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.tenancy import tenant_scope
from portal.templatetags.figures import kept_together
from retainers import publishing
from retainers.agreements.fields import agreement_from_document
from retainers.models import Publication, Retainer
from tests.desk.acting import publish
from tests.world import address, world  # noqa: F401

END = date(2026, 5, 31)
FIRST = datetime(2026, 6, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 6, 20, 9, tzinfo=UTC)
ADDED = "added later, published on 20 June 2026"


@pytest.fixture
def whole(retainer):
    return publish(retainer, date(2026, 5, 4), "2", at=FIRST, through=END)


@pytest.fixture
def may(client, address):  # noqa: F811
    return lambda: client.get(f"{address}?cycle=2026-05-01").text


@pytest.fixture
def lines(client, address):  # noqa: F811
    return lambda: client.get(f"{address}balance.json?cycle=2026-05-01").json()["retainers"][0]["log"]


def test_a_line_that_comes_after_the_cycle_was_settled_is_marked(retainer, whole, may, lines):
    publish(retainer, date(2026, 5, 5), "1", at=LATER, through=END)
    assert may().count(ADDED) == 1
    first, second = lines()
    assert "corrected_on" not in first
    assert (second["corrected_on"], second["was"]) == ("2026-06-20", None)


def test_a_line_whose_hours_change_says_what_it_was_and_is_not_taken_back(retainer, whole, may, lines):
    publish(retainer, date(2026, 5, 4), "3", at=LATER, through=END, retires=[whole], origin=whole.origin)
    page = may()
    assert page.count(kept_together("was 2.00 h, corrected on 20 June 2026")) == 1
    assert "taken back" not in page
    assert [line["was"] for line in lines()] == ["2.00"]


def test_a_line_whose_day_changes_is_corrected_and_keeps_its_hours(retainer, whole, may):
    publish(retainer, date(2026, 5, 6), "2", at=LATER, through=END, retires=[whole], origin=whole.origin)
    page = may()
    assert page.count("corrected, published on 20 June 2026") == 1
    assert "was 2" not in page


def test_a_line_that_changes_before_the_cycle_is_settled_is_counted_not_marked(retainer, whole, may, lines):
    soon = datetime(2026, 6, 5, 9, tzinfo=UTC)
    publish(retainer, date(2026, 5, 4), "3", at=soon, through=END, retires=[whole], origin=whole.origin)
    assert [line["was"] for line in lines()] == [None]
    assert "corrected" not in may()


def test_while_late_entries_count_the_page_says_what_the_last_update_did(
    retainer,
    whole,
    client,
    address,  # noqa: F811
    time_machine,
):
    soon = datetime(2026, 6, 5, 9, tzinfo=UTC)
    publish(retainer, date(2026, 5, 4), "3", at=soon, through=END, retires=[whole], origin=whole.origin)
    publish(retainer, date(2026, 5, 5), "1", at=soon, through=END)
    time_machine.move_to(soon, tick=False)
    page = " ".join(client.get(f"{address}?cycle=2026-05-01").text.split())
    assert "Since Mon 1 June: 1 line changed, 1 new line." in page


def test_the_running_cycle_says_what_the_last_update_did_too(client, retainer, address):  # noqa: F811
    for day in (15, 20):
        publish(
            retainer,
            date(2026, 6, day),
            "1",
            at=datetime(2026, 6, day, 9, tzinfo=UTC),
            through=date(2026, 6, day),
        )
    assert "Since Mon 15 June: 1 new line." in client.get(address).text
    german = client.get(address, headers={"accept-language": "de"}).text
    assert "Seit Mo, 15. Juni: 1 neue Zeile." in german


def test_a_first_update_is_no_change_of_anything(client, retainer, address):  # noqa: F811
    publish(
        retainer,
        date(2026, 6, 4),
        "1",
        at=datetime(2026, 6, 20, 9, tzinfo=UTC),
        through=date(2026, 6, 19),
    )
    assert "Since " not in client.get(address).text


def test_a_line_that_is_gone_is_told_in_a_sentence(retainer, whole, may):
    publish(retainer, date(2026, 5, 4), None, at=LATER, through=END, retires=[whole])
    assert "1 line was taken back on 20 June 2026." in may()


def test_the_import_that_makes_the_cycle_whole_corrects_nothing(retainer, may):
    publish(
        retainer, date(2026, 5, 4), "2", at=datetime(2026, 5, 20, 9, tzinfo=UTC), through=date(2026, 5, 20)
    )
    publish(retainer, date(2026, 5, 28), "1", at=LATER, through=END)
    assert "corrected" not in may()


def test_a_correction_on_the_last_day_itself_is_none(retainer, may):
    for hour in (9, 15):
        publish(retainer, date(2026, 5, 4), "1", at=datetime(2026, 5, 31, hour, tzinfo=UTC), through=END)
    assert "corrected" not in may()


def test_new_words_for_the_same_hours_are_no_correction(retainer, whole, may):
    with tenant_scope(retainer.provider):
        locked = Retainer.objects.select_related("publication", "version").get(pk=retainer.pk)
        made = publishing.Press(Publication.Kind.WORDING, LATER, None).publication(locked)
        publishing.retire_entries(made, [whole.pk])
        publishing.add_entries(made, [publishing.again(whole, wording="Said better")])
    page = may()
    assert "Said better" in page
    assert "corrected" not in page
    assert "taken back" not in page


def test_the_current_cycle_has_no_corrections(client, retainer, address):  # noqa: F811
    for hour in (9, 15):
        publish(retainer, date(2026, 6, 4), "1", at=datetime(2026, 6, 20, hour, tzinfo=UTC), through=END)
    assert "corrected" not in client.get(address).text


def test_an_import_that_was_undone_has_made_no_cycle_whole(retainer, whole, may):
    with tenant_scope(retainer.provider):
        locked = Retainer.objects.select_related("publication", "version").get(pk=retainer.pk)
        undone = publishing.Press(Publication.Kind.UNDO, datetime(2026, 6, 2, 9, tzinfo=UTC), None)
        made = undone.publication(locked, through=date(2026, 5, 20), took_back=locked.publication)
        publishing.retire_entries(made, [whole.pk])
    publish(retainer, date(2026, 5, 5), "1", at=LATER, through=END)
    assert "corrected" not in may()
    assert "taken back" not in may()


def test_a_line_that_changes_on_the_very_day_of_the_settling_is_marked(retainer, whole, lines):
    settled = datetime(2026, 6, 11, 9, tzinfo=UTC)
    publish(retainer, date(2026, 5, 4), "3", at=settled, through=END, retires=[whole], origin=whole.origin)
    assert [(line["was"], line["corrected_on"]) for line in lines()] == [("2.00", "2026-06-11")]


def test_a_line_that_new_terms_change_is_corrected_on_the_day_of_the_terms(retainer, whole, lines):
    with tenant_scope(retainer.provider):
        row = publishing.lock([retainer.pk])[retainer.pk]
        agreement = agreement_from_document(row.version.document)
        dearer = replace(agreement.terms[0], minimum={"standard": Decimal("2.5")})
        publishing.save_version(
            retainer=row, agreement=replace(agreement, terms=(dearer,)), at=LATER, by=None
        )
        publishing.Press(Publication.Kind.AGREEMENT, LATER, None).publication(row)
    assert [(line["was"], line["corrected_on"]) for line in lines()] == [("2.00", "2026-06-20")]


def test_a_line_that_the_last_update_took_back_is_counted_alone_too(client, retainer, address):  # noqa: F811
    line = publish(
        retainer,
        date(2026, 6, 4),
        "1",
        at=datetime(2026, 6, 15, 9, tzinfo=UTC),
        through=date(2026, 6, 14),
    )
    at = datetime(2026, 6, 20, 9, tzinfo=UTC)
    publish(retainer, date(2026, 6, 4), None, at=at, through=date(2026, 6, 19), retires=[line])
    assert "Since Mon 15 June: 1 line taken back." in client.get(address).text
