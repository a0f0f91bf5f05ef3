"""Toggl, Harvest, Clockify, Kimai, solidtime: all the variants that their exports have had."""

# ruff: noqa: E501 - rows of exports are as long as they are

from datetime import date, time

import pytest

from tests.imports.reading import hours, only_refusal, only_row, read

TOGGL = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount (USD)\n"


def test_a_classic_toggl_entry() -> None:
    row = only_row(
        f'\ufeff{TOGGL}M W,m@x,Acme,Support,Travel,"#48211 x",No,2026-06-02,08:15:00,2026-06-02,09:00:00,00:45:00,"a, b",0.00\n'
    )
    assert (row.company, row.agreement, row.work_type, row.ticket_type) == (
        "Acme",
        "Support",
        "Travel",
        "a, b",
    )
    assert (row.technician, row.notes, row.is_billable) == ("M W", "#48211 x", False)
    assert (row.date, row.start, row.end, row.worked) == (
        date(2026, 6, 2),
        time(8, 15),
        time(9),
        hours("0.75"),
    )


def test_tags_stand_in_for_a_toggl_task_that_is_empty() -> None:
    assert (
        only_row(
            f"{TOGGL}M,m,Acme,S,,x,Yes,2026-06-02,08:15:00,2026-06-02,09:00:00,00:45:00,travel,\n"
        ).work_type
        == "travel"
    )


TOGGL_NEW = '"Description","Duration","Member","Email","Project","Tags","Start date","Start time","Stop date","Stop time"{more}\n'


def test_a_new_toggl_entry_trusts_its_duration_and_a_running_one_has_no_end() -> None:
    file = read(
        TOGGL_NEW.format(more=',"Client","Billable"')
        + '"-","1:15:00","M","m","-","-","2026-06-02","08:00:00","2026-06-02","09:01:32","Acme","Yes"\n'
        '"x","0:10:00","M","m","P","on-site","2026-06-02","08:00:00","","","-","No"\n'
    )
    first, second = file.rows
    assert (first.worked, first.notes, first.agreement, first.work_type) == (hours("1.25"), "", "", "")
    assert (second.end, second.company, second.work_type, second.is_billable) == (None, "", "on-site", False)


def test_a_new_toggl_export_without_a_client_is_one_clients() -> None:
    row = only_row(
        TOGGL_NEW.format(more="")
        + '"x","21:57:42","M","m","P","-","2026-06-02","00:00:00","2026-06-02","21:57:42"\n',
        one_client=True,
    )
    assert row.worked == hours("21.9617")


HARVEST = "Date,Client,Project,Project Code,Task,Notes,Hours{more},Billable?,Invoiced?,First Name,Last Name,Roles,Cost Rate,Cost Amount,External Reference URL\n"


def test_a_harvest_entry_takes_its_ticket_from_the_link() -> None:
    row = only_row(
        HARVEST.format(more="")
        + '2026-06-02,Acme,Support,,Travel,"",0.75,Yes,No,Marcus,Webb,Field,48.0,36.0,https://d.example/tickets/48211?x=1\n'
    )
    assert (row.company, row.agreement, row.work_type, row.work_role) == (
        "Acme",
        "Support",
        "Travel",
        "Field",
    )
    assert (row.technician, row.ticket, row.worked, row.billable) == (
        "Marcus Webb",
        "48211",
        hours("0.75"),
        None,
    )


def test_harvests_rounded_hours_are_the_billable_ones() -> None:
    row = only_row(
        HARVEST.format(more=",Hours Rounded") + "2026-06-02,Acme,S,,T,n,0.2,0.25,Yes,No,M,W,F,1,1,\n"
    )
    assert (row.worked, row.billable) == (hours("0.2"), hours("0.25"))


@pytest.mark.parametrize(
    ("text", "value"),
    [('"7,5"', "7.5"), ('"20,0"', "20"), ('"2.000,0"', "2000"), ("0.25", "0.25"), ("1.0", "1")],
)
def test_harvest_numbers_follow_the_accounts_locale(text: str, value: str) -> None:
    header = "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,First Name,Last Name,Department,Employee?\n"
    row = only_row(f"{header}26.01.2015,Acme,P,,T,n,{text},Yes,No,No,A,B,,Yes\n")
    assert (row.worked, row.date) == (hours(value), date(2015, 1, 26))


CLOCKIFY = '"Project","Client","Description","Task","User","Group","Email","Tags","Billable","Start Date","Start Time","End Date","End Time"{durations},"Billable Rate (USD)","Date of creation"\n'


@pytest.mark.parametrize(
    ("day", "start", "end", "order"),
    [
        ("06/13/2026", "10:23:52 AM", "11:23:52 AM", "mdy"),
        ("13/06/2026", "10:23:52", "11:23:52", "dmy"),
        ("06/13/2026", "10:23 AM", "11:23 AM", "mdy"),
    ],
)
def test_clockify_writes_dates_as_its_user_does(day: str, start: str, end: str, order: str) -> None:
    header = CLOCKIFY.format(durations=',"Duration (h)","Duration (decimal)"')
    file = read(
        f'{header}"P","Acme","d","T","M","g, h","e","t","Yes","{day}","{start}","{day}","{end}","01:00:08","1.00","1","{day}"\n'
    )
    (row,) = file.rows
    assert (row.date, row.worked, file.date_order) == (date(2026, 6, 13), hours("1.0022"), order)
    assert row.start is not None
    assert (row.start.hour, row.start.minute) == (10, 23)


def test_clockify_without_durations_takes_them_from_the_times() -> None:
    file = read(
        CLOCKIFY.format(durations="")
        + '"P","Acme","d","","M","g","e","On-site","Yes","06/13/2026","23:23","06/14/2026","00:53","1","x"\n'
    )
    assert [(row.worked, row.work_type) for row in file.rows] == [(hours("1.5"), "On-site")]
    assert "worked" in file.present


def test_clockify_without_durations_or_an_end_is_refused() -> None:
    problem = only_refusal(
        CLOCKIFY.format(durations="")
        + '"P","Acme","d","","M","g","e","","Yes","06/13/2026","23:23","","","1","x"\n'
    )
    assert "hours are missing" in problem.message


def test_a_total_row_of_clockify_is_set_aside_and_compared() -> None:
    header = CLOCKIFY.format(durations=',"Duration (h)","Duration (decimal)"')
    row = '"P","Acme","d","T","M","g","e","t","Yes","06/13/2026","10:00","06/13/2026","11:00","01:00:00","1.00","1","x"\n'
    foot = '"Total","","","","","","","","","","","","","{total}","","",""\n'
    assert read(header + row + foot.format(total="01:00:00")).warnings == ()
    warned = read(header + row + foot.format(total="03:00:00"))
    assert [found.what for found in warned.set_aside] == ["total"]
    assert "3.00 h" in warned.warnings[0].message


KIMAI = "Date,From,To,Duration,Price,Name,User,Customer,Project,Activity,Description,Billable,Tags,category\n"


def kimai_row(duration: str, start: str = "08:15", end: str = "09:00") -> str:
    return (
        f'2026-06-02,{start},{end},"{duration}",84.00,Marcus Webb,mwebb,Acme,Support,Travel,n,1,"a, b",work\n'
    )


@pytest.mark.parametrize("duration", ["2700", "0.75", "0:45", "0:45:00", "PT45M", "0,75"])
def test_a_kimai_duration_is_read_in_every_release(duration: str) -> None:
    row = only_row(KIMAI + kimai_row(duration))
    assert (row.worked, row.technician, row.work_type, row.agreement) == (
        hours("0.75"),
        "Marcus Webb",
        "Travel",
        "Support",
    )


def test_kimai_seconds_are_told_by_the_whole_column_even_without_times() -> None:
    file = read(
        "Date,Duration,Activity,Customer\n2026-06-02,400,T,Acme\n2026-06-02,12,T,Acme\n2026-06-02,7200,T,Acme\n"
    )
    assert [row.worked for row in file.rows] == [hours("0.1111"), hours("0.0033"), hours("2")]


def test_small_whole_numbers_in_kimai_are_told_by_the_times() -> None:
    assert only_row(KIMAI + kimai_row("1", "08:00", "09:00")).worked == hours("1")
    assert only_row(KIMAI + kimai_row("20", "08:00", "08:20")).worked == hours("0.3333")


def test_small_whole_numbers_in_kimai_that_nothing_explains_are_asked_about() -> None:
    (question,) = read("Date,Duration,Activity,Customer\n2026-06-02,2,T,Acme\n").questions
    assert (question.kind, question.column) == ("unit", "Duration")
    assert "2.00 h as hours, 0.03 h as minutes" in question.text


def test_a_german_kimai_export() -> None:
    row = only_row(
        "Datum;Von;Bis;Dauer;Währung;Preis;Name;Benutzer;Kunde;Projekt;Tätigkeit;Beschreibung;Abrechenbar;Schlagworte\n"
        "02.06.2026;23:40;00:40;1:00;EUR;84,00;M W;mw;Çelik;Support;Reise;x;Nein;a\n"
    )
    assert (row.date, row.start, row.end, row.worked) == (
        date(2026, 6, 2),
        time(23, 40),
        time(0, 40),
        hours("1"),
    )
    assert (row.company, row.work_type, row.is_billable, row.ticket_type) == ("Çelik", "Reise", False, "a")


def test_kimais_id_is_the_entrys_where_it_was_chosen() -> None:
    assert only_row("id,Date,Duration,Activity,Customer\n17,2026-06-02,0:45,T,Acme\n").entry_id == "17"


def test_a_solidtime_entry() -> None:
    row = only_row(
        "Description,Task,Project,Client,User,Start,End,Duration,Duration (decimal),Billable,Tags\n"
        '"ends \\",T,P,Acme,M,2026-06-02 08:00:00,2026-06-02 08:40:00,0:40:00,0.66666666666667,Yes,a\n'
    )
    assert (row.worked, row.notes, row.start, row.date) == (
        hours("0.6667"),
        "ends \\",
        time(8),
        date(2026, 6, 2),
    )


@pytest.mark.parametrize(
    ("encoding", "mark", "delimiter"),
    [
        ("utf-8", b"\xef\xbb\xbf", ","),
        ("utf-16-le", b"\xff\xfe", "\t"),
        ("cp1252", b"", ";"),
        ("utf-8", b"", "|"),
    ],
)
def test_any_export_survives_a_spreadsheet(encoding: str, mark: bytes, delimiter: str) -> None:
    cells = ["02/06/2026", "08:15:00", "09:00:00", "0,75", "Café – “x”", "Acme", "Travel"]
    text = "\r\n".join(
        delimiter.join(row)
        for row in (["Date", "From", "To", "Duration", "Description", "Customer", "Activity"], cells)
    )
    written = text.replace("0,75", '"0,75"')
    row = only_row(mark + written.encode(encoding), order="dmy")
    assert (row.worked, row.date, row.notes) == (hours("0.75"), date(2026, 6, 2), "Café – “x”")
