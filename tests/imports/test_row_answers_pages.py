"""Questions answered in the browser row by row, column by column, or for one client; and what stays of it."""

import re

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from imports.models import Import, StandingAnswer
from imports.publishing.options import Options
from tests.imports.uploading import row
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.usefixtures("monday")
TIMED = "Entry ID,Client,Date,Start,End,Hours,Technician,Title"
TOGGL = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
    "Priya Nair,p@x.example,Acme Dental,P,,call,Yes,2026-02-10,09:00:00,2026-02-10,11:00:00,02:00:00,\n"
)
ALL = "acme birch cobalt"


def long_ones(world, *more):
    """Two entries of more than a day, at Acme and at Birch, and a usual one at Cobalt."""
    return world.upload(
        row(1, "Acme Dental", "2026-02-10", "30", technician="Ann"),
        row(2, "Birch & Lowe", "2026-02-10", "31", technician="Bea"),
        row(3, "Cobalt Freight", "2026-02-10", "1"),
        *more,
    )


def answer(world, source, **fields):
    return world.post("choose_in_import", source, **fields)


def go_button(page):
    return re.search(r"<button[^>]*data-publish[^>]*>([^<]*)<", page).group(1)


def chosen(page, field):
    """The answer that stands selected."""
    select = page.split(f'name="{field}"', 1)[1].split("</select>", 1)[0]
    return re.search(r'value="([^"]*)" selected', select).group(1)


# row by row


def test_a_row_left_out_is_excluded_and_the_others_go_on(world):
    source = long_ones(world)
    page = answer(world, source, **{"row-2-long": "out"})

    assert chosen(page, "row-2-long") == "out"
    assert "left out: 1 row" in page
    assert go_button(page) == "Publish 2 clients"  # Acme with nothing of this file, Cobalt; Birch waits

    world.publish(source, accept=())
    assert (world.live("acme"), world.live("birch"), len(world.live("cobalt"))) == ([], [], 1)
    assert world.fresh(source).result["hours"]["excluded"] == {"left out": "30.00"}


def test_a_row_said_to_be_right_is_published_while_the_other_waits(world):
    source = long_ones(world)
    page = answer(world, source, **{"row-3-long": "right"})

    assert "1 row of more than 24 hours, 30.00 h in all" in page
    world.publish(source, accept=())
    assert (world.live("acme"), len(world.live("birch"))) == ([], 1)


def test_all_rows_of_a_question_are_left_out_by_one_button(world):
    source = long_ones(world)
    page = answer(world, source, all_out="long:entries")

    assert "left out: 2 rows" in page
    assert "2 rows were answered one by one: 2 left out." in page


def test_an_answer_to_a_row_can_be_taken_back_before_it_is_published(world):
    source = long_ones(world)
    answer(world, source, **{"row-2-long": "out"})

    page = answer(world, source, **{"row-2-long": ""})

    assert "left out" not in page.split("Not counted")[-1]
    assert "2 rows of more than 24 hours" in page


def test_a_row_left_out_stays_out_of_later_files_until_it_is_asked_about_again(world):
    first = long_ones(world)
    answer(world, first, **{"row-2-long": "out", "row-3-long": "right"})
    world.publish(first, accept=())

    later = long_ones(world, row(4, "Acme Dental", "2026-02-11", "1"))
    page = world.page(later)
    assert "1 row was left out of an earlier file, and is left out again." in page
    assert "more than 24 hours" not in page

    page = answer(world, later, rows_again="1")
    assert "1 row of more than 24 hours" in page

    answer(world, later, **{"row-2-long": "right"})
    world.publish(later, accept=())
    assert sorted(entry.worked_units for entry in world.live("acme")) == [10000, 300000]
    with tenant_scope(world.provider):
        assert StandingAnswer.objects.filter(value="out", taken_back_at=None).count() == 0


def test_a_changed_row_that_is_left_out_leaves_what_is_published_as_it_was(world):
    world.publish(
        world.upload(
            row(1, "Acme Dental", "2026-02-10", "3"),
            row(2, "Birch & Lowe", "2026-02-10", "2"),
            row(3, "Cobalt Freight", "2026-02-10", "1"),
        )
    )
    source = world.upload(
        row(1, "Acme Dental", "2026-02-10", "30"),
        row(2, "Birch & Lowe", "2026-02-10", "2"),
        row(3, "Cobalt Freight", "2026-02-10", "1"),
    )
    page = answer(world, source, **{"row-2-long": "out"})
    assert "0 published entries" not in page

    world.publish(source, accept=())
    assert [entry.worked_units for entry in world.live("acme")] == [30000]


def test_leaving_a_row_out_is_looked_at_before_it_is_published(world):
    source = long_ones(world)
    page = world.publish(source, accept=(), **{"row-2-long": "out"})

    assert "check the figures again" in page
    assert world.live("cobalt") == []


def test_a_row_that_no_question_is_about_takes_no_strange_answer(world):
    source = long_ones(world)
    answer(world, source, **{"row-2-long": "instead", "row-99-long": "out", "row-3-colour": "out"})

    assert Options.read(world.fresh(source).options).rows == ()


# the same work twice


@shared_rows(upon="world")
def doubled(world):
    world.publish(world.upload(row(1, "Acme Dental", "2026-02-10", "2")))
    return world.upload_bytes(TOGGL.encode())


@pytest.mark.parametrize(("said", "formats"), [("out", ["generic"]), ("instead", ["toggl"])])
def test_which_of_two_entries_counts_is_said_row_by_row(world, doubled, said, formats):
    answer(world, doubled, **{"row-2-twice": said})
    world.publish(doubled, accept=())

    with tenant_scope(world.provider):
        from imports.models import SourceRow

        kept = SourceRow.objects.filter(origin__in=[entry.origin for entry in world.live("acme")])
        assert [each.format for each in kept] == formats


def test_two_entries_that_both_count_are_said_so_row_by_row(world, doubled):
    answer(world, doubled, **{"row-2-twice": "right"})
    world.publish(doubled, accept=())

    assert len(world.live("acme")) == 2


# columns and clients


def unit_file(world):
    rows = ["Entry ID,Client,Date,Hours", "1,Acme Dental,2026-02-10,90", "2,Birch & Lowe,2026-02-10,60"]
    rows += ["3,Cobalt Freight,2026-02-10,30"]
    return world.upload_bytes("\n".join((*rows, "")).encode(), format="generic")


def test_another_unit_is_said_for_a_column_and_remembered_for_its_header(world):
    source = unit_file(world)
    page = answer(world, source, **{"unit-column-3": "Hours", "unit-3": "minutes"})

    assert chosen(page, "unit-3") == "minutes"
    world.publish(source, accept=())
    assert [entry.worked_units for entry in world.live("acme")] == [15000]
    with tenant_scope(world.provider):
        assert StandingAnswer.objects.get(kind="unit").value == "minutes"


def test_a_column_that_is_not_read_is_said_to_hold_what_it_holds(world):
    rows = ["Entry ID,Client,Date,Hours,Billing status", "1,Acme Dental,2026-02-10,1.5,Non-billable"]
    rows += ["2,Birch & Lowe,2026-02-10,1.5,Billable", "3,Cobalt Freight,2026-02-10,1.5,Billable"]
    source = world.upload_bytes("\n".join((*rows, "")).encode(), format="generic")
    assert "isn’t read" in world.page(source)

    page = answer(world, source, **{"reads-column-4": "Billing status", "reads-4": "is_billable"})

    assert "isn’t read" not in page
    assert "non-billable: 1 row" in page


def test_a_file_is_said_to_be_for_one_client_and_that_is_on_record(world):
    source = long_ones(world)
    page = world.post("reread_import", source, client="cobalt")

    assert "2 rows are refused" in page
    assert world.fresh(source).client.slug == "cobalt"
    with tenant_scope(world.provider):
        assert AuditEvent.objects.filter(action="file given to a client").count() == 1
    assert "2 rows are refused" not in world.post("reread_import", source, client="")


# presets


def test_a_long_entry_that_its_own_times_prove_is_taken_to_be_right(world):
    rows = (TIMED, "1,Acme Dental,2026-02-10,2026-02-10 08:00,2026-02-11 14:30,30.5,Ann,Move", "")
    source = world.upload_bytes("\n".join(rows).encode())
    page = world.page(source)

    assert "Start and end of the entry say the same" in page
    assert go_button(page) == "Publish 1 client"

    page = answer(world, source, asked="long%3Aproven")
    assert go_button(page) == "Nothing to publish yet"
    assert go_button(answer(world, source, asked="long%3Aproven", accept="long:proven")) == "Publish 1 client"


def test_a_file_that_names_far_fewer_than_before_dates_those_alone(world):
    rows = [row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-10", "2")]
    rows += [row(3, "Cobalt Freight", "2026-02-10", "1"), row(4, "Zeta", "2026-02-10", "1")]
    rows += [row(5, "Eta", "2026-02-10", "1")]
    world.publish(world.upload(*rows))
    few = [row(6, "Acme Dental", "2026-02-12", "2"), row(7, "Birch & Lowe", "2026-02-12", "2")]

    source = world.upload(*few)
    page = world.page(source)
    assert "the file counts as theirs alone" in page
    assert go_button(page) == "Publish 2 clients"

    world.publish(source, accept=())
    assert str(world.through("cobalt")) == "2026-02-10"
    assert str(world.through("acme")) == "2026-02-12"


# what is decided stays


def test_what_was_decided_survives_a_reload_an_undo_and_opening_again(world):
    source = long_ones(world)
    page = answer(
        world, source, shown=ALL, publish=["acme", "birch"], **{"row-2-long": "right", "row-3-long": "out"}
    )
    assert page.count("Held back") == 1
    assert world.page(source).count("Held back") == 1
    world.publish(source, publish=("acme", "birch"), accept=())
    world.post("undo_import", source)

    page = world.post("open_import_again", source)

    with tenant_scope(world.provider):
        again = Options.read(Import.objects.first().options)
    assert again.held == ("cobalt",)
    assert again.rows == ((2, "long", "right"), (3, "long", "out"))
    assert "Held back" in page


def test_words_let_through_once_survive_an_undo(world):
    source = world.upload(
        row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"), row(2, "Birch & Lowe", "2026-02-10", "2", "Mail")
    )
    words = {"words-2": "Priya Nair checked the backups"}
    answer(world, source, **words)
    answer(world, source, **words, **{"let-2": "on"})
    world.publish(source)
    world.post("undo_import", source)

    page = world.post("open_import_again", source)

    assert "Allow this once, despite the leak check" in page


def test_a_preview_is_discarded_and_waits_no_more(world):
    source = long_ones(world)
    world.post("discard_import", source)

    assert world.fresh(source).state == Import.State.DISCARDED
    assert "data-publish" not in world.manager.get(reverse("import", args=[source.pk])).content.decode()
