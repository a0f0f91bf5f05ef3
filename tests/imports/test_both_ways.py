"""What is said and written of a file is what the whole way says and writes, whatever was taken as it stood."""

import pytest
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tenancy import tenant_scope
from desk.imports.unattended import publish_unseen
from imports import originals
from imports.models import Import, LastFile
from imports.publishing.preview import plan_import
from retainers.models import Client
from tests.imports.both_ways import History
from tests.imports.coming_again import ROWS, bring
from tests.imports.uploading import HEADER, row


def both_ways_are_the_same(seed, files, time_machine):
    history = History(seed, time_machine)
    for _ in range(files):
        whole, quick = history.import_both_ways()
        assert quick == whole
        history.happens()


@pytest.mark.parametrize("seed", [2, 6, 8])
def test_every_file_of_a_history_says_and_writes_the_same_both_ways(db, seed, time_machine):
    both_ways_are_the_same(seed, 4, time_machine)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.timeout(1500)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_file_of_any_history_says_and_writes_the_same_both_ways(seed, time_machine):
    both_ways_are_the_same(seed, 6, time_machine)


def test_a_day_of_more_hours_than_it_has_is_told_of_again(world, read):
    rows = [row(number, "Acme Dental", "2026-02-10", "13", technician="Kim") for number in (1, 2)]
    for _ in range(2):
        bring(world, read, *rows)

    with tenant_scope(world.provider):
        said = [source.result["warnings"] for source in Import.objects.all()]
    assert said[0] == said[1] != []


def test_an_id_that_comes_twice_is_told_of_though_one_of_its_rows_is_known(world, read):
    bring(world, read, *ROWS)

    bring(world, read, *ROWS, ROWS[0])

    with tenant_scope(world.provider):
        assert Import.objects.first().result["excluded"] == [{"line": 7, "reason": "repeated"}]


def test_of_an_id_that_says_three_things_every_row_is_refused_though_one_is_known(world, read):
    bring(world, read, *ROWS)
    again = (ROWS[0].replace(",2,", f",{hours},") for hours in (3, 4))
    data = "\n".join((HEADER, *ROWS, *again, "")).encode()
    with tenant_scope(world.provider):
        source = originals.store(data=data, file_name="week.csv", client=None, options={}, by=None, at=now())
        plan = plan_import(source, today=now().date())

    assert [problem.line for problem in plan.refused] == [2, 7, 8]


@pytest.mark.parametrize("kept", [True, False])
def test_hours_by_hand_that_say_what_a_known_row_says_are_asked_about(world, kept):
    rows = ["By hand,Date,Hours,Billable hours,Work done,Technician"]
    rows += [f"a-{number},2026-02-1{number},1.5,1.5,Moved a desk,Kim" for number in (0, 1, 2)]
    with tenant_scope(world.provider):
        said = {"file_name": "hours.csv", "client": Client.objects.get(slug="acme"), "by": None, "at": now()}
        source = originals.store(data="\n".join(rows).encode(), options={}, **said)
        publish_unseen(source=source, by=None, at=now())
        if not kept:
            LastFile.objects.all().delete()
        rows.append("b-1,2026-02-12,1.5,1.5,Moved a desk,Kim")
        source = originals.store(data="\n".join(rows).encode(), options={}, **said)
        plan = plan_import(source, today=now().date())

    assert [(asked.question.kind, asked.question.lines) for asked in plan.questions] == [("twice", (5,))]


def said_of_the_last(world):
    with tenant_scope(world.provider):
        result = Import.objects.latest("pk").result
    return {
        name: result[name] for name in ("entries", "excluded", "problems", "warnings", "hours", "set_aside")
    }


def test_of_a_file_that_is_not_opened_the_same_is_said(world, read, opened):
    """Of rows that are no entries, too, and of those that need a second look."""
    odd = [
        row("", "Acme Dental", "2026-02-11", "1"),
        row(8, "Acme Dental", "2020-02-12", "1"),
        "Total,,,,,,,",
    ]
    bring(world, read, *ROWS, *odd, "")
    bring(world, read, *ROWS, *odd)
    read_whole = said_of_the_last(world)
    bring(world, read, *ROWS, *odd)

    assert len(opened) == 2
    assert said_of_the_last(world) == read_whole
    assert read_whole["entries"]["unchanged"] == 6
