"""Rows that come again as they were are taken as they stand: they are neither read nor looked at one by one."""

from array import array
from contextlib import suppress
from datetime import date
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.tenancy import tenant_scope
from imports.models import LastFile, RememberedWording, SourceRow
from imports.publishing.kept_files import unpacked
from imports.publishing.last_files import WholeWayError, _refuse_long_days
from imports.publishing.still_rows import Outcome, StillRows, StillTable
from imports.reading import known_records
from imports.reading import parse as parsing
from imports.reading.rows import Row
from imports.wording.reword import NewWords, reword
from retainers.models import Entry, Retainer
from tests.examples import examples
from tests.imports.both_ways import cells_of
from tests.imports.coming_again import ROWS, bring
from tests.imports.uploading import HEADER, row

NAMES = ("Acme Dental", "Birch & Lowe", "Acme Dental", "Birch & Lowe")


def test_of_the_same_file_again_no_row_is_read_and_nothing_is_written(world, read):
    assert bring(world, read, *ROWS) == [2, 3, 4, 5, 6]

    with CaptureQueriesContext(connection) as asked:
        assert bring(world, read, *ROWS) == []

    tables = ("retainers_entry", "imports_sourcerow", "retainers_publication", "imports_lastfile")
    written = [each["sql"] for each in asked if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in written for table in tables if f'"{table}"' in sql]


def test_no_kept_row_is_looked_at_by_itself(world, read, monkeypatch):
    made = []
    rows = StillTable.rows
    monkeypatch.setattr(StillTable, "rows", lambda *args: made.append(args) or rows(*args))
    noted = row(8, "Birch & Lowe", "2026-02-10", "1", technician="T8")

    bring(world, read, *ROWS, noted)
    assert bring(world, read, *ROWS, noted) == []
    assert bring(world, read, *ROWS[:4], ROWS[4].replace(",2,", ",3,"), noted) == [6]
    assert bring(world, read, noted, *ROWS[:4], ROWS[4].replace(",2,", ",3,")) == []
    assert not made

    with tenant_scope(world.provider):
        (last,) = LastFile.objects.all()
    assert len(unpacked(bytes(last.kept)).rows) == 6
    assert made


def test_each_kept_row_names_the_entry_that_stands_for_it(world, read):
    bring(world, read, *ROWS)
    changed, new = ROWS[1].replace(",2,", ",3,"), row(6, "Birch & Lowe", "2026-02-10", "1", technician="T6")
    bring(world, read, new, ROWS[0], changed, *ROWS[2:], words=[(3, "Looked after it")])

    with tenant_scope(world.provider):
        (last,) = LastFile.objects.all()
        live = Entry.objects.filter(retired_in=None).values_list("origin", flat=True)
        stands = {each.entry_id: each.origin.hex for each in SourceRow.objects.filter(origin__in=live)}
    assert {each.entry_id: each.origin for each in unpacked(bytes(last.kept)).rows} == stands
    assert len(stands) == 6


def test_each_kept_row_names_its_cells_that_decide_how_a_file_is_read(world, read):
    """Rows are kept client by client, cells in the order of the file."""
    days = [
        row(number, name, f"2026-02-{16 - number}", f"0.{number}") for number, name in enumerate(NAMES, 1)
    ]
    bring(world, read, *days)
    changed = days[2].replace("2026-02-13,0.3", "2026-02-12,0.9")
    assert bring(world, read, days[3], changed, *days[:2], row(9, "Birch & Lowe", "2026-02-11", "3")) == [
        3,
        6,
    ]

    with tenant_scope(world.provider):
        kept = unpacked(bytes(LastFile.objects.get().kept))
    assert {still.entry_id: (cells[2], cells[3]) for still, cells in zip(kept.rows, cells_of(kept), strict=True)} == {
        "1": ("2026-02-15", "0.1"), "2": ("2026-02-14", "0.2"), "3": ("2026-02-12", "0.9"),
        "4": ("2026-02-12", "0.4"), "9": ("2026-02-11", "3"),
    }  # fmt: skip


def test_cells_are_kept_once_a_file_of_the_same_rows_is_no_more_than_a_list(world, read):
    bring(world, read, *ROWS, ",Total,,6,,,,")
    with tenant_scope(world.provider):
        assert unpacked(bytes(LastFile.objects.get().kept)).cells() is None

    assert bring(world, read, *ROWS) == []

    with tenant_scope(world.provider):
        kept = unpacked(bytes(LastFile.objects.get().kept))
    assert len(kept.rows) == len(kept.cells().entries) == 5


def test_lines_of_the_last_file_are_not_split_again_and_again(world, read, monkeypatch):
    split, really = [], known_records._cells
    monkeypatch.setattr(
        known_records, "_cells", lambda texts, *its: split.extend(texts) or really(texts, *its)
    )
    bring(world, read, *ROWS)
    assert split == []
    new = [row(number, "Birch & Lowe", "2026-02-11", "1") for number in (8, 9)]
    for more in (new[:1], new):
        assert bring(world, read, *more, *ROWS) == [1 + len(more)]
    assert [line for line in split if line != HEADER] == new


def looks_at_entries(asked):
    """The queries that ask which entries stand, by their marks."""
    found = [
        each["sql"] for each in asked if each["sql"].startswith("SELECT") and "retainers_entry" in each["sql"]
    ]
    return [sql for sql in found if '"retainers_entry"."origin"' in sql]


def test_entries_are_looked_at_only_where_something_was_published_since(world, read):
    bring(world, read, *ROWS)
    with CaptureQueriesContext(connection) as asked:
        bring(world, read, *ROWS)
    assert not looks_at_entries(asked)

    with tenant_scope(world.provider):
        given = [NewWords((world.live("acme")[0].origin,), "Looked after it")]
        reword(provider=world.provider, given=given, by=None, at=now())
        RememberedWording.objects.all().delete()
    with CaptureQueriesContext(connection) as asked:
        bring(world, read, *ROWS)
    assert looks_at_entries(asked)


def looks_at_all(asked):
    """The queries that ask which entries stand in the file's days, or for the ids of all rows that were ever read; to
    PostgreSQL they are sent as declared cursors.
    """
    return [each["sql"] for each in asked if 'AS "digits"' in each["sql"]]


def test_entries_are_looked_for_only_of_clients_with_others_than_the_last_file_has(world, read):
    birch, without_id = (row(key, "Birch & Lowe", "2026-02-11", "1") for key in (9, ""))
    bring(world, read, *ROWS, birch)
    with CaptureQueriesContext(connection) as asked:
        assert bring(world, read, *ROWS, birch.replace(",1,", ",2,")) == [7]
        assert bring(world, read, *ROWS, birch.replace(",1,", ",3,")) == [7]
    assert not looks_at_all(asked)
    counts = [each["sql"] for each in asked if 'COUNT(*) AS "count" FROM "retainers_entry"' in each["sql"]]
    assert len(counts) == 2
    assert not any("JOIN" in sql for sql in counts)  # each entry would look its retainer up

    bring(world, read, *ROWS, birch, without_id)
    with CaptureQueriesContext(connection) as asked:
        assert bring(world, read, *ROWS, birch.replace(",1,", ",2,"), without_id) == [7, 8]
    with tenant_scope(world.provider):
        its = Retainer.objects.get(client__slug="birch")
    marks, ids = looks_at_all(asked)
    assert f'"retainer_id" IN ({its.pk})' in marks
    assert f'"client_id" IN ({its.client_id})' in ids


def test_only_the_rows_that_differ_are_read_and_published(world, read):
    bring(world, read, *ROWS)

    lines = bring(
        world,
        read,
        ROWS[0],
        ROWS[1].replace(",2,", ",3,"),
        *ROWS[2:],
        row(9, "Birch & Lowe", "2026-02-11", "1"),
    )

    assert lines == [3, 7]
    assert sorted(entry.worked_units for entry in world.live("acme")) == [20_000] * 4 + [30_000]
    assert len(world.live("birch")) == 1


def test_of_lines_of_the_last_file_no_record_is_made(world, read, monkeypatch):
    made, read_records = [], parsing.read_records
    monkeypatch.setattr(
        parsing, "read_records", lambda *args: made.append(read_records(*args)) or made[-1].copy()
    )
    bring(world, read, *ROWS)
    rows = [*ROWS[:3], ROWS[3].replace(",2,", ",3,"), ROWS[4]]
    bring(world, read, *rows)
    bring(world, read, *reversed(rows), row(9, "Birch & Lowe", "2026-02-11", "1"))

    assert [[record.line for record in records] for records in made] == [[1, 2, 3, 4, 5, 6], [1, 5], [1, 7]]


def test_a_file_whose_clients_are_all_held_back_leaves_what_is_kept_of_the_last_one(world, read):
    bring(world, read, *ROWS)
    bring(world, read, *ROWS, held=["acme"])

    assert bring(world, read, *ROWS) == []


def test_rows_that_moved_to_other_lines_are_the_same(world, read):
    bring(world, read, *ROWS)

    assert bring(world, read, *reversed(ROWS)) == []
    assert bring(world, read, ROWS[4], row(9, "Acme Dental", "2026-02-11", "1"), *ROWS[:4]) == [3]


def test_a_file_that_comes_again_to_the_byte_is_not_opened(world, read, opened):
    bring(world, read, *ROWS)
    assert bring(world, read, *ROWS) == []
    assert len(opened) == 1

    assert bring(world, read, *ROWS, "") == []
    assert len(opened) == 2


DAYS_OF_PEOPLE = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 1), st.sampled_from(["-3", "0", "2.5", "8", "12", "24"])),
    max_size=9,
)
PEOPLE, DAYS = ("", "T1", "T2"), (date(2026, 2, 9), date(2026, 2, 10))


def kept_of(people, days, hours):
    """Rows that come again, with nothing kept of them but who worked for how long on which day."""
    outcomes = [Outcome("acme", "", "", 1, Decimal(its), Decimal(its), None, False, False) for its in hours]
    numbers = {"outcome": range(len(hours)), "technician": people, "date": days}
    values = {"outcome": outcomes, "technician": PEOPLE, "date": DAYS}
    every = range(len(hours))
    return StillRows(StillTable(b"", b"", [""] * len(every), values, {
        name: array("I", its) for name, its in numbers.items()
    }), every, every)  # fmt: skip


@given(DAYS_OF_PEOPLE, DAYS_OF_PEOPLE)
@settings(max_examples=examples(600))
def test_a_day_of_more_hours_than_it_has_is_found_whichever_of_its_rows_are_read(again, read):
    rows = [Row(line=2, date=DAYS[on], worked=Decimal(its), technician=PEOPLE[who]) for who, on, its in read]
    hours = {}
    for who, on, its in [*again, *read]:
        hours[who, on] = hours.get((who, on), 0) + max(Decimal(its), 0)
    is_long = any(total > 24 for (who, _on), total in hours.items() if who)

    found = True
    with suppress(WholeWayError):
        _refuse_long_days(kept_of(*(zip(*again, strict=True) if again else ((), (), ()))), rows)
        found = False
    assert found == is_long
