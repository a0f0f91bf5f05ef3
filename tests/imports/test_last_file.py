"""Rows that come again as they were are taken as they stand: the import says and writes what the whole way does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tenancy import tenant_scope
from desk.imports.unattended import publish_unseen
from imports import originals
from imports.models import DraftWording, EntryChoice, Import, LastFile, RememberedWording, SourceRow
from imports.publishing.kept_files import unpacked
from imports.publishing.preview import plan_import
from imports.publishing.still_rows import StillTable
from imports.reading import build as building
from imports.reading import parse as parsing
from imports.wording.reword import NewWords, reword
from retainers.models import Client, CompanyName, Entry
from retainers.rule_books import save_rules
from retainers.terms import Effects, Rule
from tests.imports.both_ways import History
from tests.imports.uploading import HEADER, row


def both_ways_are_the_same(seed, files, time_machine):
    history = History(seed, time_machine)
    for _ in range(files):
        whole, quick = history.import_both_ways()
        assert quick == whole
        history.happens()


@pytest.mark.parametrize("seed", [1, 2, 99])
def test_every_file_of_a_history_says_and_writes_the_same_both_ways(db, seed, time_machine):
    both_ways_are_the_same(seed, 4, time_machine)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.timeout(1500)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_file_of_any_history_says_and_writes_the_same_both_ways(seed, time_machine):
    both_ways_are_the_same(seed, 6, time_machine)


@pytest.fixture
def read(monkeypatch):
    """The lines of the rows that were read, file by file."""
    files = []
    parse_rows = building.build_all

    def build_all(entries, *args):
        files[-1].extend(entry.record.line for entry in entries)
        return parse_rows(entries, *args)

    monkeypatch.setattr(building, "build_all", build_all)
    return files


def bring(world, files, *rows, header=HEADER, words=()):
    """Publish a file as a program does, with words given to single lines of it; the lines that were read for it."""
    files.append([])
    data = "\n".join((header, *rows, "")).encode()
    with tenant_scope(world.provider):
        source = originals.store(
            data=data, file_name="week.csv", client=None, options={"accept": ["all"]}, by=None, at=now()
        )
        for line, text in words:
            DraftWording.objects.create(draft_of=source, line=line, text=text)
        publish_unseen(source=source, by=None, at=now())
    return files[-1]


ROWS = [row(number, "Acme Dental", "2026-02-10", "2", technician=f"T{number}") for number in range(1, 6)]


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


def test_a_file_whose_lines_were_given_words_is_read_whole(world, read):
    bring(world, read, *ROWS)
    assert bring(world, read, *ROWS, words=[(2, "Looked after it")]) == [2, 3, 4, 5, 6]
    assert "Looked after it" in world.words("acme")


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


def looks_at_ids(asked):
    """The queries that ask for the ids of rows that were ever read."""
    return [each["sql"] for each in asked if '"digits", "imports_sourcerow"."entry_id"' in each["sql"]]


def test_ids_are_looked_at_only_of_clients_that_have_had_other_rows(world, read):
    birch = row(9, "Birch & Lowe", "2026-02-11", "1")
    bring(world, read, *ROWS, birch)
    with CaptureQueriesContext(connection) as asked:
        bring(world, read, *ROWS, birch)
    assert not looks_at_ids(asked)

    bring(world, read, *ROWS, birch.replace(",1,", ",2,"))
    with CaptureQueriesContext(connection) as asked:
        bring(world, read, *ROWS, birch.replace(",1,", ",3,"))
    (sql,) = looks_at_ids(asked)
    with tenant_scope(world.provider):
        keys = dict(Client.objects.values_list("slug", "pk"))
    assert f'"client_id" IN ({keys["birch"]})' in sql


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


def test_rows_that_moved_to_other_lines_are_the_same(world, read):
    bring(world, read, *ROWS)

    assert bring(world, read, *reversed(ROWS)) == []
    assert bring(world, read, ROWS[4], row(9, "Acme Dental", "2026-02-11", "1"), *ROWS[:4]) == [3]


def another_rule(world):
    save_rules([Rule("Weekend", Effects(pool="support"), weekdays=("sat",))], at=now(), by=None)


def another_name(world):
    client = CompanyName.objects.get(name="Acme Dental").client
    CompanyName.objects.create(client=client, name="Acme", key="acme")


def another_wording(world):
    RememberedWording.objects.create(kind="title", key="backup check", text="Backups looked after")


def another_zone(world):
    world.provider.timezone = "America/Chicago"
    world.provider.save()


@pytest.mark.parametrize("happens", [another_rule, another_name, another_wording, another_zone])
def test_every_row_is_read_again_once_what_judges_it_has_changed(world, read, happens):
    bring(world, read, *ROWS)
    with tenant_scope(world.provider):
        happens(world)

    assert len(bring(world, read, *ROWS)) == 5
    assert bring(world, read, *ROWS) == []


def remembered(world, text, at, key="backup check"):
    with tenant_scope(world.provider):
        RememberedWording.objects.update_or_create(
            kind="title", key=key, defaults={"text": text, "given_at": at}
        )


@pytest.mark.parametrize("minutes", [0, 5])
def test_words_that_replace_others_at_no_later_moment_are_taken_up(world, read, minutes):
    """The newest time says nothing: words of one moment, or of one who began earlier and was done later."""
    remembered(world, "Backups checked", now())
    remembered(world, "Door mended", now(), key="door")
    bring(world, read, *ROWS)
    remembered(world, "Backups looked after", now() - timedelta(minutes=minutes))

    assert len(bring(world, read, *ROWS)) == 5
    assert world.words("acme") == ["Backups looked after"] * 5
    assert bring(world, read, *ROWS) == []


@pytest.mark.parametrize(
    "decided", [{"exclusion": "agreed"}, {"categories": ["travel"]}, {"pool": "support"}]
)
def test_every_row_is_read_again_once_a_choice_was_replaced_at_no_later_moment(world, read, decided):
    with tenant_scope(world.provider):
        bring(world, read, *ROWS)
        EntryChoice.objects.create(origin=world.live("acme")[0].origin, reason="By phone")
        bring(world, read, *ROWS)
        EntryChoice.objects.update(**decided)

    assert len(bring(world, read, *ROWS)) == 5
    assert bring(world, read, *ROWS) == []


def test_a_row_of_which_the_words_were_changed_is_read_again(world, read):
    bring(world, read, *ROWS)
    with tenant_scope(world.provider):
        given = [NewWords((world.live("acme")[0].origin,), "Looked after it")]
        reword(provider=world.provider, given=given, by=None, at=now())
        RememberedWording.objects.all().delete()

    assert bring(world, read, *ROWS) == [2]
    assert sorted(world.words("acme")) == ["", "", "", "", "Looked after it"]


def test_a_row_of_another_header_is_no_row_that_is_known(world, read):
    bring(world, read, *ROWS)

    lines = bring(world, read, *(f"{each},said" for each in ROWS), header=f"{HEADER},Notes")

    assert len(lines) == 5


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


@pytest.fixture
def opened(monkeypatch):
    """How many files were opened, whatever of them was read."""
    files, records = [], parsing.read_records

    def read_records(*args):
        files.append(args)
        return records(*args)

    monkeypatch.setattr(parsing, "read_records", read_records)
    return files


def said_of_the_last(world):
    with tenant_scope(world.provider):
        result = Import.objects.latest("pk").result
    return {
        name: result[name] for name in ("entries", "excluded", "problems", "warnings", "hours", "set_aside")
    }


def test_a_file_that_comes_again_to_the_byte_is_not_opened(world, read, opened):
    bring(world, read, *ROWS)
    assert bring(world, read, *ROWS) == []
    assert len(opened) == 1

    assert bring(world, read, *ROWS, "") == []
    assert len(opened) == 2


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


def another_order(world):
    world.provider.date_order = "dmy"
    world.provider.save()


def an_entry_in_other_words(world):
    given = [NewWords((world.live("acme")[0].origin,), "Looked after it")]
    reword(provider=world.provider, given=given, by=None, at=now())


@pytest.mark.parametrize("happens", [another_order, another_name, another_rule, an_entry_in_other_words])
def test_a_file_is_opened_again_once_anything_has_changed_by_which_it_was_read(world, read, opened, happens):
    bring(world, read, *ROWS)
    with tenant_scope(world.provider):
        happens(world)
    bring(world, read, *ROWS)
    assert len(opened) == 2


def test_a_file_is_opened_again_on_another_day(world, read, opened, time_machine):
    """What lies beyond today is told of, and a date's century is told by it."""
    bring(world, read, *ROWS)
    time_machine.shift(timedelta(days=1))
    bring(world, read, *ROWS)
    assert len(opened) == 2


def test_what_another_release_has_kept_of_a_file_is_not_taken_up(world, read, opened):
    bring(world, read, *ROWS)
    with tenant_scope(world.provider):
        LastFile.objects.update(read=b"something else")
    assert bring(world, read, *ROWS) == []
    assert len(opened) == 2
