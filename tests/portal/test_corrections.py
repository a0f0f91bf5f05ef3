"""A closed cycle that changes after it was shown whole says so, line by line."""

from datetime import UTC, date, datetime

import pytest

from accounts.tenancy import tenant_scope
from retainers import publishing
from retainers.models import Publication, Retainer
from tests.desk.acting import address, provider, publish, retainer  # noqa: F401

END = date(2026, 5, 31)
FIRST = datetime(2026, 6, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 6, 20, 9, tzinfo=UTC)
MARK = "corrected, published on 20 June"


@pytest.fixture
def whole(retainer):  # noqa: F811
    return publish(retainer, date(2026, 5, 4), "2", at=FIRST, through=END)


@pytest.fixture
def may(client, address):  # noqa: F811
    return lambda: client.get(f"{address}?cycle=2026-05-01").text


@pytest.fixture
def lines(client, address):  # noqa: F811
    return lambda: client.get(f"{address}balance.json?cycle=2026-05-01").json()["retainers"][0]["log"]


def test_a_line_that_comes_after_the_cycle_was_whole_is_marked(retainer, whole, may, lines):  # noqa: F811
    publish(retainer, date(2026, 5, 5), "1", at=LATER, through=END)
    assert may().count(MARK) == 1
    first, second = lines()
    assert "corrected_on" not in first
    assert second["corrected_on"] == "2026-06-20"


def test_a_line_whose_hours_change_is_marked_and_not_called_taken_back(retainer, whole, may):  # noqa: F811
    publish(retainer, date(2026, 5, 4), "3", at=LATER, through=END, retires=[whole], origin=whole.origin)
    page = may()
    assert page.count(MARK) == 1
    assert "taken back" not in page


def test_a_line_that_is_gone_is_told_in_a_sentence(retainer, whole, may):  # noqa: F811
    publish(retainer, date(2026, 5, 4), None, at=LATER, through=END, retires=[whole])
    assert "1 line was taken back on 20 June 2026." in may()


def test_the_import_that_makes_the_cycle_whole_corrects_nothing(retainer, may):  # noqa: F811
    publish(
        retainer, date(2026, 5, 4), "2", at=datetime(2026, 5, 20, 9, tzinfo=UTC), through=date(2026, 5, 20)
    )
    publish(retainer, date(2026, 5, 28), "1", at=LATER, through=END)
    assert "corrected" not in may()


def test_a_correction_on_the_last_day_itself_is_none(retainer, may):  # noqa: F811
    for hour in (9, 15):
        publish(retainer, date(2026, 5, 4), "1", at=datetime(2026, 5, 31, hour, tzinfo=UTC), through=END)
    assert "corrected" not in may()


def test_new_words_for_the_same_hours_are_no_correction(retainer, whole, may):  # noqa: F811
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


def test_an_import_that_was_undone_has_made_no_cycle_whole(retainer, whole, may):  # noqa: F811
    with tenant_scope(retainer.provider):
        locked = Retainer.objects.select_related("publication", "version").get(pk=retainer.pk)
        undone = publishing.Press(Publication.Kind.UNDO, datetime(2026, 6, 2, 9, tzinfo=UTC), None)
        made = undone.publication(locked, through=date(2026, 5, 20), took_back=locked.publication)
        publishing.retire_entries(made, [whole.pk])
    publish(retainer, date(2026, 5, 5), "1", at=LATER, through=END)
    assert "corrected" not in may()
    assert "taken back" not in may()
