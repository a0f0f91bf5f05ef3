"""The same work under two formats, asked about and answered in the browser."""

from tests.imports.uploading import NOW, an_import_world, row
from tests.shared_rows import shared_rows

TOGGL = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
    "Priya Nair,p@x.example,Acme Dental,P,,call,Yes,2026-02-10,09:00:00,2026-02-10,11:00:00,02:00:00,\n"
)


@shared_rows
def world(time_machine):
    time_machine.move_to(NOW, tick=False)
    found = an_import_world()
    found.publish(found.upload(row(1, "Acme Dental", "2026-02-10", "2")))
    return found


def again(world):
    return world.upload_bytes(TOGGL.encode())


def test_the_preview_asks_whether_both_count_or_which_takes_the_place_of_the_other(world):
    page = world.page(again(world))

    assert "seem to be already published, from HourTab template" in page
    assert "Both count" in page
    assert "This file replaces HourTab template" in page


def test_nothing_is_published_of_a_client_whose_work_seems_to_stand_twice(world):
    world.publish(again(world))

    assert len(world.live("acme")) == 1


def test_what_is_said_to_be_replaced_goes_once_the_figures_were_looked_at(world):
    source = again(world)
    said = {"asks_replacing": "1", "replace": "generic"}
    assert "check the figures again" in world.publish(source, **said)
    page = world.page(source)
    assert "1 published entry from HourTab template goes: this file takes its place." in page

    world.publish(source, **said)
    (entry,) = world.live("acme")
    assert entry.worked_units == 20000


def test_both_count_where_a_person_says_so(world):
    source = again(world)
    world.publish(source, accept=("one-company", "twice"))

    assert len(world.live("acme")) == 2
