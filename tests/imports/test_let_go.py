"""What an import has done with is let go: of a file with many rows it holds little more than the rows."""

import gc
import weakref
from array import array

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.imports import unattended
from imports.publishing import last_files, page_effects, planning, preview, questions
from imports.publishing.compared import Compared
from imports.publishing.still_rows import NO_TABLE, LastEntries, StillRows, StillTable
from imports.reading.rows import Row, digests_at
from retainers.balance import Draw
from retainers.onward import Onward
from retainers.publishing import Press
from tests.imports.uploading import bring, row

WEEK = [
    row(number, company, f"2026-02-1{number % 4}", f"0.{number}", technician=f"T{number}")
    for number in range(1, 9)
    for company in ("Acme Dental", "Birch & Lowe")
]
PLAIN = [line.replace(",", f"{place},", 1) for place, line in enumerate(WEEK)]  # each with an id of its own
NEW = row(900, "Acme Dental", "2026-02-12", "1")


def alive(kind):
    return sum(type(each) is kind for each in gc.get_objects())


class Watched(dict):
    """A dictionary of which one can tell whether it is still there."""


def held_at(monkeypatch, module, name, kind):
    """How many of that kind there are each time that the function begins."""
    found, really = [], getattr(module, name)
    monkeypatch.setattr(module, name, lambda *its, **said: found.append(alive(kind)) or really(*its, **said))
    return found


def test_what_rows_of_a_kind_draw_is_let_go_once_a_clients_rows_are_planned(world, monkeypatch):
    held = held_at(monkeypatch, planning, "reckoned", Draw)
    before = alive(Draw)
    assert bring(world, *PLAIN).result["entries"]["new"] == len(PLAIN)
    assert held == [before]


def test_what_becomes_of_a_retainer_that_begins_is_told_and_let_go_client_by_client(world, monkeypatch):
    before = alive(Onward)
    held = held_at(monkeypatch, planning, "effects", Onward)
    told = held_at(monkeypatch, page_effects, "afresh", Onward)
    bring(world, *PLAIN)
    assert len(told) == 2
    assert {*held, *told} == {before}


def test_figures_that_rows_of_one_price_come_to_are_held_once(world, monkeypatch):
    plans, really = [], preview.plan_of
    monkeypatch.setattr(preview, "plan_of", lambda *its: plans.append(really(*its)) or plans[0])
    days = [row(number, "Acme Dental", f"2026-02-{number + 1:02}", "0.3") for number in range(1, 11)]
    bring(world, *days, row(11, "Acme Dental", "2026-02-12", "0"))
    rows = [row for client in plans[0].clients for row in client.rows]
    assert [str(row.counted) for row in rows] == ["0.30"] * 10 + ["0"]
    assert len({id(figure) for row in rows[:10] for figure in (row.counted, row.hours)}) <= 2


def test_rows_that_are_judged_alike_share_one_place(world, monkeypatch):
    plans, really = [], preview.plan_of
    monkeypatch.setattr(preview, "plan_of", lambda *its: plans.append(really(*its)) or plans[0])
    bring(world, *PLAIN)
    places = [row.classified.place for client in plans[0].clients for row in client.rows]
    assert len(places) == len(PLAIN)
    assert len({id(place) for place in places}) == len({place.client for place in places}) == 2


def test_no_row_is_put_beside_its_client_where_nothing_is_odd(world, monkeypatch):
    asked, really = [], questions._with_client
    monkeypatch.setattr(questions, "_with_client", lambda *its: asked.append(its) or really(*its))
    bring(world, *PLAIN)
    assert asked == []
    bring(world, *PLAIN, row(900, "Acme Dental", "2026-02-12", "-1"))
    assert asked


@pytest.mark.django_db(transaction=True)
def test_a_program_publishes_in_one_transaction_without_a_savepoint(world):
    """While there is one, SQLite holds what stood on each page that is written since."""
    with CaptureQueriesContext(connection) as asked:
        bring(world, *PLAIN)
    said = [query["sql"] for query in asked]
    assert any(sql.startswith('INSERT INTO "retainers_publication"') for sql in said)
    assert not any(sql.startswith("SAVEPOINT") for sql in said)


@pytest.mark.django_db(transaction=True)
def test_rows_are_let_go_before_the_figures_are_kept_of_what_was_published(world, monkeypatch):
    before = alive(Row)
    held = held_at(monkeypatch, Press, "_keep_figures", Row)
    bring(world, *PLAIN)
    assert held == [before]


def test_what_is_compared_is_let_go_once_the_plan_is_made(world, monkeypatch):
    before = alive(Compared)
    held = held_at(monkeypatch, unattended, "publish_within", Compared)
    bring(world, *PLAIN)
    assert held == [before]


def test_of_the_last_files_rows_marks_are_let_go_once_the_next_file_is_read(world, monkeypatch):
    bring(world, *PLAIN)
    made, there, really = [], [], preview.judge

    def watched(*its):
        found = Watched(*its)
        made.append(weakref.ref(found))
        return found

    def judge(*its):
        there.extend(found for each in made if (found := each()) and set(map(len, found)) == {16})
        return really(*its)

    monkeypatch.setattr(last_files, "dict", watched, raising=False)
    monkeypatch.setattr(preview, "judge", judge)
    bring(world, *PLAIN, NEW)
    assert len(made) >= 2
    assert there == []


@pytest.mark.parametrize(
    "again",
    [[*PLAIN, NEW], [*PLAIN, "", NEW], PLAIN],
    ids=["by their lines", "by their cells", "by the whole file"],
)
def test_which_rows_of_a_file_are_known_is_held_as_numbers(world, monkeypatch, again):
    bring(world, *PLAIN)
    files, really = [], preview.judge
    monkeypatch.setattr(preview, "judge", lambda file, *its: files.append(file) or really(file, *its))
    bring(world, *again)
    (spared,) = (file.spared for file in files)
    assert len(spared) == len(PLAIN)
    assert {type(spared.lines), type(spared.places)} == {array}


def test_marks_of_the_rows_of_a_file_are_held_together(world, monkeypatch):
    files, really = [], preview.judge
    monkeypatch.setattr(preview, "judge", lambda file, *its: files.append(file) or really(file, *its))
    bring(world, *PLAIN)
    (file,) = files
    assert type(file.marks) is bytes
    assert len(set(digests_at(file.marks, range(len(file.rows))))) == len(PLAIN)


def test_origins_of_rows_that_come_again_are_told_one_by_one():
    table = StillTable(bytes(32), bytes(range(32)), ("7", "8"), NO_TABLE.values, NO_TABLE.numbers)
    there = table.own("origin", range(2))
    assert next(there) == bytes(range(16)).hex()
    entries = LastEntries(StillRows(table, range(2), range(2)))
    assert entries.left_of({bytes(16).hex(), bytes(range(16, 32)).hex()}) == {bytes(16).hex()}
