"""The same work under two formats, asked about and answered in the browser."""

import pytest
import time_machine

from tests.imports.desk import NOW, a_desk, row

TOGGL = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
    "Priya Nair,p@x.example,Acme Dental,P,,call,Yes,2026-02-10,09:00:00,2026-02-10,11:00:00,02:00:00,\n"
)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(db):
    found = a_desk()
    found.publish(found.upload(row(1, "Acme Dental", "2026-02-10", "2")))
    return found


def again(desk):
    return desk.upload_bytes(TOGGL.encode())


def test_the_preview_asks_whether_both_count_or_which_takes_the_place_of_the_other(desk):
    page = desk.page(again(desk))

    assert "seem to be already published, from generic" in page
    assert "Both count" in page
    assert "This file replaces generic" in page


def test_nothing_is_published_of_a_client_whose_work_seems_to_stand_twice(desk):
    desk.publish(again(desk))

    assert len(desk.live("acme")) == 1


def test_what_is_said_to_be_replaced_goes_once_the_figures_were_looked_at(desk):
    source = again(desk)
    said = {"asks_replacing": "1", "replace": "generic"}
    assert "check the figures again" in desk.publish(source, **said)
    page = desk.page(source)
    assert "1 published entry from generic goes: this file takes its place." in page

    desk.publish(source, **said)
    (entry,) = desk.live("acme")
    assert entry.worked_units == 20000


def test_both_count_where_a_person_says_so(desk):
    source = again(desk)
    desk.publish(source, accept=("one-company", "twice"))

    assert len(desk.live("acme")) == 2
