"""The forty traps of time-entry exports, T15 to T40: what stands in cells, columns and whole files."""

# ruff: noqa: E501, N802 - rows of exports are as long as they are; the traps are named as in the list

from datetime import date, time

import pytest

from imports.reading.rows import SetAside
from tests.imports.reading import SAMPLES, hours, only_refusal, only_row, read, unreadable

GENERIC = "Date,Client,Hours,Notes\n"


def generic(*rows: str) -> str:
    return GENERIC + "".join(f"{row}\n" for row in rows)


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.csv").read_bytes()


def test_T15_notes_with_lines_quotes_and_commas_stay_in_their_cell() -> None:
    file = read(generic('2026-06-02,Acme,1,"One, ""two""\nthree"', "2026-06-03,Acme,1,x"))
    assert file.rows[0].notes == 'One, "two"\nthree'
    assert [row.line for row in file.rows] == [2, 4]


def test_T16_a_byte_order_mark_is_no_part_of_the_first_header() -> None:
    for mark in ("\ufeff", "\ufeff\ufeff"):
        assert only_row(mark + generic("2026-06-02,Acme,1,x")).date == date(2026, 6, 2)


@pytest.mark.parametrize(
    "data",
    [
        ("\ufeff" + "Date\tClient\tHours\r\n13/06/2026\tCafé\t0,75\r\n").encode("utf-16-le"),
        "sep=;\r\nDate;Client;Hours\r\n13/06/2026;Café;0,75\r\n".encode("cp1252"),
        "Date;Client;Hours\r13.06.2026;Café;0,75\r".encode(),
        'Date,Client,Hours\n13.06.2026,Café,"0,75"'.encode(),
    ],
)
def test_T17_a_spreadsheets_encodings_delimiters_and_commas_change_nothing(data: bytes) -> None:
    row = only_row(data)
    assert (row.date, row.company, row.worked) == (date(2026, 6, 13), "Café", hours("0.75"))


def test_T18_dropped_zeros_do_not_change_an_entrys_id() -> None:
    assert only_row("Entry ID,Date,Client,Hours\n000482,2026-06-02,A,1\n").entry_id == "482"
    assert only_row("Entry ID,Date,Client,Hours\n482,2026-06-02,A,03:00:00\n").entry_id == "482"


def test_T18_ids_in_e_notation_are_no_ids_and_are_said() -> None:
    header = "Entry ID,Date,Client,Hours,Ticket\n"
    file = read(f"{header}4.82E+04,2026-06-02,A,1,4.82E+04\n4.82E+04,2026-06-03,A,2,E220-70\n")
    assert [row.entry_id for row in file.rows] == ["", ""]
    assert [row.ticket for row in file.rows] == ["4.82E+04", "E220-70"]
    assert {warning.column for warning in file.warnings} == {"Entry ID", "Ticket"}


def test_T19_two_columns_of_one_name_never_overwrite_each_other() -> None:
    row = only_row("Date,Duration,Activity,Customer,Site,Site,Customer\n2026-06-02,0:45,T,Acme,a,b,Other\n")
    assert row.company == "Acme"


def test_T19_two_columns_of_hours_that_differ_are_refused_equal_ones_are_not() -> None:
    assert "Two columns are called “Hours”" in unreadable("Date,Client,Hours,Hours\n2026-06-02,A,1,2\n")
    assert only_row("Date,Client,Hours,Hours\n2026-06-02,A,1,1\n").worked == 1
    file = read("Date,Client,Hours,Notes,Notes\n2026-06-02,A,1,x,y\n")
    assert file.rows[0].notes == "x"
    assert "first one is read" in file.warnings[0].message


def test_T20_columns_may_come_in_any_order_and_number() -> None:
    row = only_row(
        "Hours to Bill,Resource,Hours Worked,Extra,Start Date/Time,Company\n1,M,0.75,?,6/13/2026 8:00 AM,Acme\n"
    )
    assert (row.company, row.worked, row.billable) == ("Acme", hours("0.75"), hours("1"))


def test_T20_without_a_client_column_the_upload_must_say_whose_it_is() -> None:
    content = "Resource,Hours Worked,Hours to Bill,Date Worked\nM,1,1,6/13/2026\n"
    assert "choose the client" in unreadable(content)
    assert len(read(content, one_client=True).rows) == 1


def test_T21_no_work_is_dated_1900() -> None:
    header = "Time_RecID,company_name,Date_Start,time_start,time_end,hours_actual\n"
    row = only_row(f"{header}1,A,2026-06-02 00:00:00.000,1900-01-01 22:40:00.000,1900-01-01 00:40:00.000,2\n")
    assert (row.date, row.start, row.end) == (date(2026, 6, 2), time(22, 40), time(0, 40))
    assert "empty date" in only_refusal(f"{header}1,A,1900-01-01,,,2\n").message


def test_T22_a_stated_zone_is_turned_into_the_providers() -> None:
    header = "id,company,chargeToType,billableOption,timeStart,actualHours\n"
    row = only_row(f"{header}1,A,ServiceTicket,Billable,2026-07-01T02:40:00Z,1\n")
    assert (row.date, row.start) == (date(2026, 6, 30), time(22, 40))


def test_T23_work_past_midnight_without_an_end_date_is_not_negative() -> None:
    row = only_row("Date,From,To,Duration,Customer,Activity\n2026-06-30,23:15,00:45,5400,A,T\n")
    assert (row.worked, row.start, row.end, row.date) == (
        hours("1.5"),
        time(23, 15),
        time(0, 45),
        date(2026, 6, 30),
    )


@pytest.mark.parametrize(
    "content",
    [
        "Account,Start Date/Time,End Date/Time,Hours Worked,Hours to Bill\nA,6/30/2026 11:15 PM,7/1/2026 12:45 AM,1.5,3\n",
        "Ticket Number,Customer,Date,Start Time,End Time,Actual Time,Billable Time\n1,A,07/01/2026,06/30/2026 11:15 PM,07/01/2026 12:45 AM,1:30,3:00\n",
        "Ticket ID,Customer,Time Completed,Who,Time Taken,Charge Rate\n1,A,01/07/2026 00:45:00,E,1.5,x\n2,A,30/06/2026 10:00:00,E,0,x\n",
    ],
)  # fmt: skip
def test_T24_an_entry_across_the_cycles_edge_is_dated_by_its_start(content: str) -> None:
    row = read(content).rows[0]
    assert (row.date, row.start, row.end) == (date(2026, 6, 30), time(23, 15), time(0, 45))


def test_T24_an_entry_moved_to_the_day_of_its_start_is_said() -> None:
    (warning,) = read(sample("excel_resaved_halopsa_cp1252_semicolon")).warnings
    assert "lines 10, 28" in warning.message


def test_T25_an_entry_split_by_the_psa_stays_split() -> None:
    header = "Account,Ticket Number,Resource,Start Date/Time,End Date/Time,Hours Worked,Hours to Bill\n"
    file = read(
        f"{header}A,T20260602.1,M,6/15/2026 4:00 PM,6/15/2026 5:00 PM,1,1\nA,T20260602.1,M,6/15/2026 5:00 PM,6/15/2026 6:00 PM,1,2\n"
    )
    assert len(file.rows) == 2


@pytest.mark.parametrize(
    ("name", "travels"),
    [
        ("connectwise_rpt_time_view", 3), ("autotask_time_entries_grid", 3), ("syncro_ticket_time_entry_report", 3),
        ("halopsa_actions_charge_rate", 3), ("toggl_detailed_classic", 3), ("harvest_detailed_2026_us", 3),
        ("clockify_detailed_us_12h", 3), ("kimai_2_65_default_en", 3),
    ],
)  # fmt: skip
def test_T26_travel_is_a_work_type_in_every_format(name: str, travels: int) -> None:
    types = [row.work_type.lower() for row in read(sample(name)).rows]
    assert sum("travel" in found or "trip charge" in found for found in types) == travels


def test_T27_hours_are_read_as_they_stand_and_never_multiplied() -> None:
    night = next(
        row for row in read(sample("connectwise_rpt_time_view")).rows if row.work_type == "After Hours"
    )
    assert (night.worked, night.deducted) == (1, 2)


@pytest.mark.parametrize(
    ("header", "instead"),
    [
        ("Ticket Number,Title,Account,Created,Issue Type,Total Hours Worked,Billed Hours", "Start Date/Time"),
        ("Customer,Actual Time,Billable Time", "Ticket Time Entry"),
        ("Client Name,Charge Rate,Sunday,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday", "Action Date"),
        ("User,Time (h),Time (decimal),Amount (USD)", "Detailed"),
    ],
)
def test_T28_sums_are_refused_with_the_name_of_the_right_report(header: str, instead: str) -> None:
    assert instead in unreadable(f"Summary report\n2026-06-01 - 2026-06-30\n{header}\n")


@pytest.mark.parametrize(("count", "warned"), [(1_000, True), (999, False), (1_001, False), (5_000, True)])
def test_T29_a_round_number_of_rows_may_be_a_cut_off_export(count: int, warned: bool) -> None:
    warnings = read(generic(*[f"2026-06-02,Acme,1,{n}" for n in range(count)])).warnings
    assert any("cut off" in warning.message for warning in warnings) is warned


def test_T30_every_row_keeps_its_own_client() -> None:
    companies = {row.company for row in read(sample("connectwise_rpt_time_view")).rows}
    assert companies == {"Acme Dental", "Birch & Lowe LLP", "Cobalt Freight Co.", "Harbor Point IT"}


def test_T31_near_names_stay_different_names() -> None:
    file = read(generic("2026-06-02,Acme Dental,1,a", '2026-06-02,"Acme Dental, Inc.",1,a'))
    assert [row.company for row in file.rows] == ["Acme Dental", "Acme Dental, Inc."]


def test_T32_internal_rows_without_client_or_ticket_are_rows() -> None:
    file = read(sample("autotask_time_entries_grid"))
    assert [(row.company, row.ticket, row.title) for row in file.rows if not row.company] == [
        ("", "", "Team meeting")
    ]


def test_T33_rows_of_no_hours_are_rows() -> None:
    assert [row.worked for row in read(sample("toggl_detailed_classic")).rows].count(hours("0")) == 1


def test_T34_a_dash_is_an_empty_cell_in_toggl_and_a_dash_elsewhere() -> None:
    header = "Description,Duration,Member,Client,Project,Start date,Start time,Stop date,Stop time\n"
    row = only_row(f"{header}-,1:00:00,M,-,-,2026-06-02,08:00,2026-06-02,09:00\n")
    assert (row.company, row.agreement, row.notes) == ("", "", "")
    assert only_row(generic("2026-06-02,Acme,1,-")).notes == "-"


def test_T35_guards_against_formulas_come_off_and_the_text_stays() -> None:
    file = read(sample("kimai_2_65_default_en"))
    assert any(row.notes.startswith("- Label printers") for row in file.rows)
    assert not any(row.notes.startswith("'") for row in file.rows)
    assert only_row(generic("2026-06-02,Acme,1,'=SUM(A1)")).notes == "=SUM(A1)"


def test_T36_markup_and_entities_become_text() -> None:
    row = only_row(
        generic(
            '2026-06-02,Birch &amp; Lowe,1,"<p>One</p><p>Two&nbsp;<b>bold</b> <script>alert(1)</script></p>"'
        )
    )
    assert (row.company, row.notes) == ("Birch & Lowe", "One\n\nTwo bold")


def test_T37_connectwises_location_is_the_msps_office_and_no_place_of_work() -> None:
    for name in ("connectwise_rpt_time_view", "connectwise_invoicing_time_tab"):
        file = read(sample(name), one_client=True)
        assert "location" not in file.present
        assert not any(row.location for row in file.rows)


@pytest.mark.parametrize(
    "content",
    [
        "Customer,Ticket ID,Date Created,Date Closed,Hours Worked,Action Date,Charge Rate\nA,1,01/05/2026,02/05/2026,1,13/06/2026,R\n",
        "Time_RecID,company_name,hours_actual,Date_Start,date_entered_utc,date_invoice,Last_Update\n1,A,1,2026-06-13,2026-05-01,2026-05-02,2026-05-03\n",
        'Start Date,User,Client,Duration (h),Date of creation\n06/13/2026,M,A,1:00:00,05/01/2026\n',
    ],
)  # fmt: skip
def test_T38_only_the_date_of_the_work_dates_an_entry(content: str) -> None:
    assert only_row(content).date == date(2026, 6, 13)


def test_T39_german_headers_are_known_and_others_can_be_mapped() -> None:
    assert read("Datum,Von,Bis,Dauer,Kunde,Tätigkeit\n02.06.2026,08:00,09:00,1:00,A,T\n").format == "kimai"
    assert "Map them by hand" in unreadable("Fecha,Cliente,Duración\n2026-06-02,A,1:00\n")


def test_T40_powershells_type_line_and_objects_are_understood() -> None:
    file = read(
        "#TYPE Selected.System.Management.Automation.PSCustomObject\nid,company,chargeToType,billableOption,timeStart,actualHours\n"
        '1,"@{id=19; identifier=Acme; name=Acme Dental; _info=}",ServiceTicket,Billable,2026-06-02T12:00:00Z,1\n'
    )
    assert (file.rows[0].company, file.rows[0].line) == ("Acme Dental", 3)
    assert file.set_aside == (SetAside(1, "preamble"),)
