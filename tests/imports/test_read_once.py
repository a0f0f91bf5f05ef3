"""What is read of a file of which hardly two rows agree: each different cell once, and what it says is the same."""

from datetime import date, time, timedelta

import pytest

from imports.reading import clock, date_order, quoted_lines, row_marks, texts
from imports.reading.rows import NO_MARK, digests_at
from imports.reading.values import Moment
from tests.imports.reading import NEW_YORK, hours, read

HEADER = "Date,Start,End,Hours,Client,Technician,Client description"
DAYS = [date(2026, 3, 6) + timedelta(days=number) for number in range(4)]  # the clock changes on the 8th
TIMES = ["00:30", "01:30", "02:30", "03:30", "09:00", "22:45"]


def marks_of(file):
    return digests_at(file.marks, range(len(file.rows)))


def a_file(dates=DAYS, starts=TIMES, ends=TIMES):
    rows = [f"{day},{start},{end},1,Acme,,Done" for day in dates for start in starts for end in ends]
    return read("\n".join((HEADER, *rows)), order="ymd")


@pytest.mark.parametrize("changes", [date(2026, 3, 8), date(2025, 11, 2)])
def test_the_time_from_start_to_end_is_that_of_its_day_whatever_other_days_said(changes):
    dates = [changes + timedelta(days=number) for number in (-9, -3, -2, -1, 0, 1, 2)]
    found = a_file(dates).rows
    assert len(found) == len(dates) * len(TIMES) ** 2
    for row in found:
        said = clock._passed(row.date, Moment(at=row.start), Moment(at=row.end), NEW_YORK, False)
        assert (row.elapsed, row.end_date or row.date) == (said.hours, said.end_date)


def test_what_times_come_to_on_a_day_without_a_change_of_clock_is_worked_out_once_for_all_such_days(
    monkeypatch,
):
    asked, passed = [], clock.passed
    monkeypatch.setattr(clock, "passed", lambda *args, **said: asked.append(args[0]) or passed(*args, **said))
    dates = [date(2026, 3, 8) + timedelta(days=number) for number in range(-5, 5)]
    rows = [f"{day},08:00,{end},1,Acme,,Done" for day in dates for end in ("09:30", "10:00")]

    file = read("\n".join((HEADER, *rows)), order="ymd")

    assert [row.elapsed for row in file.rows] == [hours("1.5"), hours("2")] * len(dates)
    assert asked.count(clock.ANY_DAY) == 2
    assert {day for day in asked if day != clock.ANY_DAY} == {date(2026, 3, 7), date(2026, 3, 8)}


def test_a_cell_that_cant_be_read_is_named_at_each_of_its_rows():
    rows = [f"2026-06-0{day},{start},25:77,1,Acme,,Done" for day in (1, 2) for start in ("08:00", "later")]
    file = read("\n".join((HEADER, *rows)), order="ymd")
    named = [(each.line, each.value) for each in file.warnings if each.column in ("Start", "End")]
    assert sorted(named) == [
        (2, "25:77"),
        (3, "25:77"),
        (3, "later"),
        (4, "25:77"),
        (5, "25:77"),
        (5, "later"),
    ]
    assert {(row.start, row.end) for row in file.rows} == {(time(8), None), (None, None)}
    assert set(marks_of(file)) == {NO_MARK}  # each is looked at again when it comes again


def test_the_order_of_dates_is_decided_by_each_different_one_at_its_first_line(monkeypatch):
    counted, decide_order = [], date_order.decide_order
    monkeypatch.setattr(
        date_order,
        "decide_order",
        lambda cells, **said: counted.extend(its := list(cells)) or decide_order(its, **said),
    )
    a_file()
    mine, often = [said for said in counted if "-" in said[1]], len(TIMES) ** 2
    assert mine == [(2 + number * often, str(day), often) for number, day in enumerate(DAYS)]


MANY_LINES = [f'2026-06-01,08:00,09:00,1,Acme,Ann Lee,"Looked at it,{end}then ""{number}"""' for number, end in
              enumerate(("\n", "\n", "\r\n", "\n\n"))]  # fmt: skip


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_records_of_several_lines_are_known_by_their_lines_and_read_by_one_reader(monkeypatch, ends):
    begun, ended = [], quoted_lines._ended
    monkeypatch.setattr(quoted_lines, "_ended", lambda *args: begun.append(args) or ended(*args))
    monkeypatch.setattr(row_marks, "_mark", None)
    content = ends.join((HEADER, *MANY_LINES, "2026-06-02,08:00,09:00,1,Acme,Ann Lee,Done", *MANY_LINES[:1]))

    file = read(content, order="ymd")

    assert len(begun) == 2  # one of them looks for the header
    assert [row.line for row in file.rows] == [2, 4, 6, 8, 11, 12]
    assert file.rows[1].description == 'Looked at it,\nthen "1"'
    marks = marks_of(file)
    assert NO_MARK not in marks
    assert marks[0] == marks[5]
    assert len(set(marks)) == 5
    assert read(content, order="ymd").marks == file.marks
    assert read(content + ends, order="ymd").marks == file.marks


def test_a_quotation_mark_within_a_cell_takes_no_other_line_into_its_record():
    rows = [f'2026-06-01,08:00,09:00,1,Acme,Ann Lee,a 5" disk {number}' for number in range(3)]
    file = read("\n".join((HEADER, *rows)), order="ymd")
    assert [(row.line, row.description) for row in file.rows] == [(2 + n, f'a 5" disk {n}') for n in range(3)]


def test_notes_of_several_lines_in_which_there_is_nothing_to_clean_arent_looked_at_one_by_one(monkeypatch):
    cleaned, clean = [], texts._clean
    monkeypatch.setattr(texts, "_clean", lambda name, raw: cleaned.append((name, raw)) or clean(name, raw))
    notes = [f"Looked at it.\nThen at {number}." for number in range(9)]
    rows = [f'2026-06-01,08:00,09:00,1,Acme,Ann Lee,"{note}"' for note in notes]

    file = read("\n".join((HEADER, *rows)), order="ymd")

    assert [row.description for row in file.rows] == notes
    assert not any(name == "description" for name, _raw in cleaned)
    assert {row.worked for row in file.rows} == {hours("1")}


CONNECTWISE = (
    "Time_RecID,company_name,SR_Service_RecID,sr_summary,member_id,first_name,last_name,Date_Start,time_start,"
    "time_end,hours_actual,Billable_Hrs,Agreement,work_role,work_type,option_id,Notes,internal_note"
)


def test_what_several_columns_say_together_is_put_together_once(monkeypatch):
    cleaned, clean = [], texts._clean
    monkeypatch.setattr(texts, "_clean", lambda name, raw: cleaned.append((name, raw)) or clean(name, raw))
    rows = [
        f"{number},Acme,7,Mail,ann,Ann,Lee,2026-06-01,08:00,09:00,1,1,Support,Engineer,Remote,B,Done,"
        for number in range(1, 9)
    ]

    file = read("\n".join((CONNECTWISE, *rows)), order="ymd")

    assert [row.technician for row in file.rows] == ["Ann Lee"] * 8
    assert cleaned.count(("technician", "Ann Lee")) == 1


@pytest.mark.parametrize(("last", "looked_at"), [("0048219", 9), ("48219", 0)])
def test_ids_that_are_numbers_without_zeros_before_them_arent_looked_at_one_by_one(
    monkeypatch, last, looked_at
):
    cleaned, clean = [], texts._clean
    monkeypatch.setattr(texts, "_clean", lambda name, raw: cleaned.append(name) or clean(name, raw))
    ids = [*map(str, range(48211, 48219)), last]
    rows = [
        f"{each},Acme,7,Mail,ann,Ann,Lee,2026-06-01,08:00,09:00,1,1,Support,Engineer,Remote,B,Done,"
        for each in ids
    ]

    file = read("\n".join((CONNECTWISE, *rows)), order="ymd")

    assert [row.entry_id for row in file.rows] == list(map(str, range(48211, 48220)))
    assert cleaned.count("entry_id") == looked_at
