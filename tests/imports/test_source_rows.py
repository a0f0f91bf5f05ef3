"""A row of an export is kept whole: what is written of it gives it back."""

import hmac
import json
from datetime import date, time
from decimal import Decimal
from uuid import UUID

import pytest

from imports.models import KeptRow, SourceRow
from imports.publishing import source_rows, store
from imports.publishing.source_rows import (
    Marks,
    NewOrigins,
    documents,
    mark_of_person,
    mark_of_ticket,
    row_of,
    rows_of,
)
from imports.reading.rows import Row
from retainers.entry_clocks import clock_of

PLAIN = Row(line=2, date=date(2026, 2, 10), worked=Decimal("1.5000"))
ODD = 'Said "no\\", café,\n\t\u2028{"a": 1}'
WHOLE = Row(
    line=7,
    date=date(2026, 2, 10),
    worked=Decimal("1.5000"),
    billable=Decimal("-0.2500"),
    deducted=Decimal("0.0000"),
    is_billable=False,
    entry_id="0012",
    company=ODD,
    agreement="Support",
    start=time(23, 30),
    end=time(0, 15, 5),
    technician="Zoë",
    ticket="4711",
    title=ODD,
    notes=ODD * 80,
    internal_notes="x" * 80,
    description="y" * 81,
    hidden=True,
    end_date=date(2026, 2, 11),
)


def document_of(row):
    (said,) = documents({name: [value] for name, value in row._asdict().items()})
    return json.loads(said)


def kept(row):
    return SourceRow(
        line=row.line,
        entry_id=row.entry_id,
        ticket=row.ticket,
        technician=row.technician,
        title=row.title,
        columns=document_of(row),
    )


@pytest.mark.parametrize("row", [PLAIN, WHOLE], ids=["plain", "whole"])
def test_a_row_is_read_again_as_it_was_written(row):
    assert row_of(kept(row)) == row


def test_rows_are_read_together_as_they_are_alone():
    rows = [PLAIN, WHOLE, PLAIN._replace(line=3, worked=None, billable=Decimal(2)), WHOLE._replace(line=8)]
    records = [record(kept(row)) for row in rows]
    assert rows_of(records) == rows
    assert [rows_of([each]) for each in records] == [[row] for row in rows]
    assert rows_of([]) == []


def record(source):
    said = {name: getattr(source, name) for name in KeptRow._fields}
    return KeptRow(**{**said, "columns": json.dumps(source.columns)})


def test_days_hours_and_times_are_each_written_once_of_many_rows_and_not_remembered(monkeypatch):
    said = {}
    for name in ("_day_said", "_hours_said", "_times_said"):
        its, really = said.setdefault(name, []), getattr(source_rows, name)
        assert not hasattr(really, "cache_info")
        monkeypatch.setattr(
            source_rows, name, lambda each, its=its, really=really: its.append(each) or really(each)
        )
    rows = [
        WHOLE._replace(
            line=line, date=date(2026, 3, 1 + line % 7), worked=Decimal(line % 5), start=time(line % 3)
        )
        for line in range(105)
    ]
    for _file in range(2):
        written = documents({name: [getattr(row, name) for row in rows] for name in Row._fields})
        assert list(map(len, said.values())) == [7, 5, 3]
        assert [json.loads(each) for each in written] == list(map(document_of, rows))
        for its in said.values():
            its.clear()


def test_a_clock_is_told_once_of_rows_with_the_same_times():
    starts, ends = [time(23, 10), time(23, 10), time(8)], [time(1, 5), time(1, 5), None]
    days = [date(2026, 2, day) for day in (10, 11, 12)]
    said = {"date": days, "start": starts, "end": ends, "end_date": [None, None, None], "worked": [None] * 3}
    clock_of.cache_clear()
    told = list(map(clock_of, store._days(said), *(said[name] for name in store.CLOCKED)))
    assert told == ["23:10-01:05", "23:10-01:05", ""]
    assert clock_of.cache_info().misses == 2
    assert store._days({**said, "end_date": [None, days[2], None]}) == [store.ANY_DAY, days[1], store.ANY_DAY]


def test_hours_keep_their_places():
    again = row_of(kept(Row(line=2, date=date(2026, 2, 10), worked=Decimal("1.5"))))
    assert str(again.worked) == "1.5"
    assert str(row_of(kept(PLAIN)).worked) == "1.5000"


def test_what_is_empty_is_not_written():
    assert document_of(PLAIN) == {"date": "2026-02-10", "is_billable": True, "worked": "1.5000"}


def test_new_marks_are_of_their_own_and_stand_next_to_each_other():
    marks, other = NewOrigins(3), NewOrigins(3)
    one = list(marks)
    assert [marks[0], *marks[1:]] == one
    assert len(marks) == 3
    assert all(UUID(mark).hex == mark for mark in one)
    assert len({*one, *other}) == 6
    assert [int(mark, 16) - int(one[0], 16) for mark in one] == [0, 1, 2]


LONG = "ü" * 40  # more bytes than a block of the digest has


@pytest.mark.parametrize(
    ("secret", "ticket", "person"),
    [("a secret", "ff0b7de93e4981e0", "7a633e9812cd084a"), (LONG, "b3756095e22ef36b", "01663977ccea2b71")],
    ids=["short", "long"],
)
def test_the_marks_of_tickets_and_people_stay_what_they_were(settings, secret, ticket, person):
    """They stand in entries that are published: another mark would part an incident's work."""
    settings.SECRET_KEY = secret
    assert mark_of_ticket(7, " 00INC-7 ") == ticket
    assert mark_of_person(7, "Ann  LEE") == person


@pytest.mark.parametrize("secret", ["a secret", "s" * 64, "é" * 33])
def test_a_mark_is_an_hmac_with_the_installations_secret(secret):
    keyed = hmac.new(secret.encode(), b"7|4711", "sha256").hexdigest()
    assert Marks(secret).of_tickets([7], [" 04711 "]) == [keyed[:16]]


def test_nothing_has_no_mark():
    assert mark_of_ticket(7, "000") == ""
    assert mark_of_person(7, "  ") == ""
