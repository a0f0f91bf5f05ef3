"""Reading what is published: a window leaves out what a file can't be compared with, and nothing else."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tenancy import tenant_scope
from imports.models import KeptRow, SourceRow
from imports.publishing import planned_rows, published, store
from imports.publishing.published import published_rows
from imports.publishing.source_rows import Marks, row_of
from imports.publishing.standing_rows import Window
from retainers import publishing
from retainers.models import Client, Entry, LiveEntry
from retainers.pricing import Prices
from retainers.publishing import said_again
from retainers.row_values import ENTRY_COLUMNS, work_of
from tests.factories import (
    ClientFactory,
    ProviderFactory,
    a_retainer,
    agreement_file,
    client_table,
    installed,
    publish_export,
    publish_work,
)
from tests.shared_rows import shared_rows
from tests.world import World

EXPORT = """\
Entry ID,Client,Date,Hours
7,Acme,2026-04-30,1
8,Acme,2026-05-01,1
9,Acme,2026-05-31,1
10,Acme,2026-06-01,1
"""


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to("2026-06-22T12:00:00Z", tick=False)
    return World(installed(tmp_path, agreement_file(client_table("Acme", hours="20")), EXPORT))


@pytest.fixture
def acme(provider):
    with tenant_scope(provider):
        yield Client.objects.get()


def ids(acme, window=None):
    found = published_rows([acme.pk], window=window).get(acme.pk, [])
    return [row.row.entry_id for row in found]


MANY = """\
Entry ID,Client,Date,Start,End,Hours,Billable,Title,Notes,Technician,Ticket
1,Acme,2026-05-04,08:00,09:30,1.5,Yes,Printer,Ann said so,Ann,7
2,Acme,2026-05-04,22:00,01:00,3,No,"Said ""no"", é",,Bob,
3,Acme,2026-06-02,,,0.25,Yes,,,,0012
"""


def test_what_is_read_as_records_is_what_objects_would_say(acme, tmp_path):
    publish_export(tmp_path, MANY)
    found = published_rows([acme.pk])[acme.pk]
    assert {"1", "2", "3"} <= {each.row.entry_id for each in found}
    for entry, source, row, work in found:
        whole, behind = Entry.objects.get(pk=entry.pk), SourceRow.objects.get(origin=entry.origin)
        assert entry == LiveEntry(*(getattr(whole, name) for name in LiveEntry._fields))
        assert said_again(entry) == said_again(whole)
        assert source._replace(columns="") == KeptRow(
            *("" if name == "columns" else getattr(behind, name) for name in KeptRow._fields)
        )
        assert json.loads(source.columns) == behind.columns
        assert row == row_of(behind)
        assert work == work_of(tuple(getattr(whole, name) for name in ENTRY_COLUMNS))


def test_a_ticket_or_a_person_of_many_rows_gets_its_mark_once(acme, tmp_path, monkeypatch):
    made = []

    class Counting(Marks):
        def _of(self, said):
            made.append(said)
            return super()._of(said)

    monkeypatch.setattr(store, "marks_now", lambda: Counting("a secret"))
    people = "Ann Lee", "ann  lee"
    rows = [f"{20 + n},Acme,2026-05-{4 + n},1,{people[n % 2]},0{n % 3 + 1}" for n in range(12)]

    publish_export(tmp_path, "\n".join(["Entry ID,Client,Date,Hours,Technician,Ticket", *rows]))

    assert sorted(filter(None, made)) == [f"{acme.pk}|{n}" for n in (1, 2, 3)] + [f"person|{acme.pk}|ann lee"]
    live = Entry.objects.filter(retired_in=None).exclude(person="")
    assert live.count() == len(rows)
    assert set(live.values_list("person", flat=True)) == set(
        Marks("a secret").of_people([acme.pk], ["Ann Lee"])
    )
    assert len(set(live.values_list("incident"))) == 3


def test_rows_that_continue_entries_and_say_the_same_are_looked_at_once(acme, tmp_path, monkeypatch):
    header, days = "Entry ID,Client,Date,Hours,Technician", range(4, 12)
    publish_export(tmp_path, "\n".join([header, *(f"{20 + n},Acme,2026-05-{n:02},1,Ann" for n in days)]))
    looked, really = [], planned_rows._Figures._kind
    priced, by_itself = [], Prices.draws_of

    def counted(figures, terms, row):
        looked.append(row)
        return really(figures, terms, row)

    def draws(prices, work):
        priced.append(work.worked)
        return by_itself(prices, work)

    monkeypatch.setattr(planned_rows._Figures, "_kind", counted)
    monkeypatch.setattr(Prices, "draws_of", draws)
    publish_export(tmp_path, "\n".join([header, *(f"{20 + n},Acme,2026-05-{n:02},2,Ann" for n in days)]))

    assert (len(looked), priced) == (1, [1, 2])  # as they stand, and as they come
    live = Entry.objects.filter(retired_in=None, worked_units=20_000)
    assert live.count() == len(days)


def test_what_is_stored_of_new_rows_is_put_into_columns_once(acme, tmp_path, monkeypatch):
    parts, really = [], store.columns_of
    monkeypatch.setattr(store, "columns_of", lambda rows: parts.append(len(rows)) or really(rows))
    monkeypatch.setattr(store, "AT_ONCE", 2)

    publish_export(tmp_path, MANY)

    assert parts == [2, 1]
    live = Entry.objects.filter(retired_in=None).values_list("origin", flat=True)
    assert SourceRow.objects.filter(origin__in=live).count() == len(live)


def test_no_object_is_made_of_an_entry_or_of_its_row(acme, monkeypatch):
    for model in (Entry, SourceRow):
        monkeypatch.setattr(model, "from_db", None)
    assert ids(acme, may("7")) == ["7", "8", "9"]


def may(*entry_ids):
    return Window(date(2026, 5, 1), date(2026, 5, 31), frozenset(entry_ids))


def test_without_a_window_everything_that_stands_is_read(acme):
    assert ids(acme) == ["7", "8", "9", "10"]


def test_a_window_holds_its_first_and_its_last_day(acme):
    assert ids(acme, may()) == ["8", "9"]


def test_an_entry_of_another_day_is_found_by_its_id(acme):
    assert ids(acme, may("7")) == ["7", "8", "9"]


def test_the_entry_that_an_id_names_is_read_once(acme):
    assert ids(acme, may("8", "10")) == ["8", "9", "10"]


def questions_about(clients):
    with CaptureQueriesContext(connection) as asked:
        published_rows([client.pk for client in clients])
    return [query["sql"] for query in asked.captured_queries]


def test_no_question_to_the_database_gets_deeper_with_the_retainers(db):
    provider = ProviderFactory()
    with tenant_scope(provider):
        clients = [ClientFactory(provider=provider) for _ in range(4)]
        for client in clients:
            publish_work(a_retainer(client), (date(2026, 2, 3), "1"), at=datetime(2026, 2, 4, tzinfo=UTC))

        few, more = questions_about(clients[:2]), questions_about(clients)

    assert len(more) == len(few)
    assert [sql.count(" OR ") for sql in more] == [sql.count(" OR ") for sql in few]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (Window(date(2026, 5, 1), date(2026, 5, 1), frozenset()), None),
        (
            Window(date(2026, 4, 1), date(2026, 4, 1), frozenset({"8"})),
            Window(date(2026, 4, 1), date(2026, 4, 1), frozenset({"8", "9"})),
        ),
    ],
    ids=["of its days", "of its ids"],
)
def test_the_rows_of_a_window_are_read_by_as_many_questions_however_many_they_are(
    acme, monkeypatch, one, two
):
    monkeypatch.setattr(published, "AT_ONCE", 1)

    with CaptureQueriesContext(connection) as of_one:
        assert len(published_rows([acme.pk], window=one)[acme.pk]) == 1
    with CaptureQueriesContext(connection) as of_two:
        assert len(published_rows([acme.pk], window=two or may())[acme.pk]) == 2

    assert len(of_two) == len(of_one)


def test_entries_that_go_are_retired_by_one_statement_however_many_they_are(acme, tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "BATCH", 1)

    with CaptureQueriesContext(connection) as asked:
        publish_export(tmp_path, EXPORT.replace(",1\n", ",2\n"))

    said = [query["sql"] for query in asked.captured_queries]
    (retiring,) = [sql for sql in said if sql.startswith('UPDATE "retainers_entry"')]
    assert Entry.objects.exclude(retired_in=None).count() == 4
    assert "ORDER BY" not in retiring, "it sorts the agreement of each entry, by its client's name"
