"""The forty traps of time-entry exports (formats.md, section 8), each by its number: the part that reading answers for.

What a trap asks of later stages is tested there: T11, T26, T27, T30, T31 have only their share of reading here.
"""

# ruff: noqa: E501, N802 - rows of exports are as long as they are; the traps are named as in the list

from dataclasses import astuple
from datetime import date, time

import pytest

from imports.judging.classify import Classifier
from imports.reading.rows import Answers, SetAside
from tests.imports.reading import SAMPLES, hours, only_refusal, only_row, read, total, unreadable

GENERIC = "Date,Client,Hours,Notes\n"


def generic(*rows: str) -> str:
    return GENERIC + "".join(f"{row}\n" for row in rows)


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.csv").read_bytes()


def test_T01_worked_billable_and_deducted_hours_are_three_numbers() -> None:
    file = read(
        "Time_RecID,company_name,Date_Start,hours_actual,Billable_Hrs,AgrHrsCovered\n1,Acme,2026-06-02,0.20,0.25,0.50\n"
    )
    (row,) = file.rows
    assert (row.worked, row.billable, row.deducted) == (hours("0.2"), hours("0.25"), hours("0.5"))
    assert file.present >= {"worked", "billable", "deducted"}


def test_T02_one_header_in_three_units_gives_the_same_hours() -> None:
    header = "Date,From,To,Duration,Customer,Activity\n2026-06-02,08:00,09:30,"
    for duration in ("5400", "1.50", "1:30", "1:30:00", "90 min"):
        assert only_row(f"{header}{duration},Acme,T\n").worked == hours("1.5")


@pytest.mark.parametrize("taken", [("1.5", "45"), ("15", "30", "45"), ("1", "2"), ("15", "20", "5", "10")])
def test_T02_bare_numbers_that_nothing_proves_are_asked_about_whatever_their_size(
    taken: tuple[str, ...],
) -> None:
    header = "Ticket ID,Customer,Time Completed,Who,Time Taken,Charge Rate\n"
    file = read(header + "".join(f"1,Acme,13/06/2026 12:00,M,{text},R\n" for text in taken))
    assert [(question.kind, question.column) for question in file.questions] == [("unit", "Time Taken")]


def test_T02_a_unit_that_a_person_said_is_no_question_any_more() -> None:
    header = "Ticket ID,Customer,Time Completed,Who,Time Taken,Charge Rate\n1,Acme,13/06/2026 12:00,M,15,R\n"
    file = read(header, answers=Answers(units={"Time Taken": "minutes"}))
    assert (file.rows[0].worked, file.questions) == (hours("0.25"), ())


def test_T03_an_inverted_flag_is_turned_round() -> None:
    header = "Account,Ticket Number,Date Worked,Hours Worked,Hours to Bill,{flag}\n"
    row = "Acme,T20260602.0001,6/13/2026,1,1,{said}\n"
    for flag, said, billable in (
        ("Non-Billable", "Yes", False),
        ("Non-Billable", "No", True),
        ("isNonBillable", "true", False),
        ("Billable", "Yes", True),
    ):
        assert only_row(header.format(flag=flag) + row.format(said=said)).is_billable is billable


def test_T04_no_charge_and_do_not_bill_are_both_not_billable() -> None:
    header = "Member,Date,Bill,Hours,WIP Amt,Inv Hours\n"
    file = read(
        header + "".join(f"M,6/13/2026,{said},1,1,1\n" for said in ("B", "NC", "NB")), one_client=True
    )
    assert [row.is_billable for row in file.rows] == [True, False, False]


def test_T05_what_is_not_yet_invoiced_is_work_all_the_same() -> None:
    for name in ("syncro_ticket_time_entry_report", "connectwise_rpt_time_view", "harvest_detailed_2026_us"):
        assert total(read(sample(name)), "worked") > 26


def test_T06_notes_never_become_the_text_that_is_made_for_the_client() -> None:
    not_read = ("powershell", "hand_made", "charges_by_contract", "week_pivot")
    for path in SAMPLES.glob("*.csv"):
        if not any(name in path.stem for name in not_read):
            assert not any(row.description for row in read(path.read_bytes(), one_client=True).rows)


def test_T06_internal_notes_stay_apart_from_notes() -> None:
    internal = [
        row.internal_notes for row in read(sample("autotask_time_entries_grid")).rows if row.internal_notes
    ]
    assert len(internal) > 3
    assert not any("OUR mistake" in row.notes for row in read(sample("autotask_time_entries_grid")).rows)


@pytest.mark.parametrize(
    ("name", "amounts"),
    [
        ("connectwise_invoicing_time_tab", ("140.00", "495", "31.25")),
        ("harvest_detailed_2026_us", ("36.0", "186", "495")),
        ("clockify_detailed_us_12h", ("165.00", "495")),
        ("kimai_2_65_default_en", ("206.25", "77.5")),
    ],
)
def test_T07_money_columns_are_never_read(name: str, amounts: tuple[str, ...]) -> None:
    text = sample(name).decode("utf-8-sig")
    rows = repr([astuple(row) for row in read(sample(name), one_client=True).rows])
    for amount in amounts:
        assert amount in text
        assert amount not in rows


def test_T08_addresses_and_staff_numbers_are_never_read() -> None:
    for name in ("toggl_detailed_classic", "clockify_detailed_us_12h"):
        assert b"@harborpoint.example" in sample(name)
        assert "@harborpoint.example" not in repr(read(sample(name)).rows)


def test_T08_technicians_stand_in_their_own_field_only() -> None:
    file = read(sample("autotask_time_entries_grid"))
    assert {row.technician for row in file.rows} == {
        "Webb, Marcus",
        "Nair, Priya",
        "Sokolova, Elena",
        "O'Kafor, Tom",
    }
    assert not any("Sokolova" in row.title + row.notes + row.work_role for row in file.rows)


def test_T09_what_identifies_an_entry_without_an_id_is_read() -> None:
    for row in read(sample("syncro_ticket_time_entry_report")).rows:
        assert row.entry_id == ""
        assert all((row.company, row.ticket, row.technician, row.start, row.end))


def test_T09_the_psas_own_ids_are_read_where_there_are_any() -> None:
    ids = [row.entry_id for row in read(sample("connectwise_rpt_time_view")).rows]
    assert len(set(ids)) == 25


def test_T10_two_equal_rows_are_two_entries() -> None:
    resets = [
        row for row in read(sample("harvest_detailed_2026_us")).rows if row.notes.startswith("Password reset")
    ]
    assert len(resets) == 2
    assert resets[0].line != resets[1].line


def test_T11_the_same_id_with_other_content_in_one_file_refuses_all_its_rows() -> None:
    header = "Entry ID,Date,Client,Hours\n"
    file = read(
        f"{header}7,2026-06-02,Acme,1\n07,2026-06-02,Acme,2\n7,2026-06-02,Acme,1\n8,2026-06-02,Acme,1\n"
    )
    assert [row.line for row in file.rows] == [5]
    assert [(problem.line, problem.column, problem.worked) for problem in file.refused] == [
        (2, "Entry ID", 1), (3, "Entry ID", 2), (4, "Entry ID", 1),
    ]  # fmt: skip
    assert "the same id with different content as in line 3" in file.refused[0].message
    assert "as in line 2" in file.refused[1].message


def test_T11_ids_that_only_a_spreadsheet_tells_apart_are_one() -> None:
    header = "Entry ID,Date,Client,Hours\n"
    file = read(f"{header}12,2026-06-02,Acme,1\n012,2026-06-02,Acme,2\n")
    assert [problem.line for problem in file.refused] == [2, 3]
    assert "as in line 2" in file.refused[1].message


def test_T11_ids_that_differ_by_a_zero_before_a_letter_are_two() -> None:
    header = "Entry ID,Date,Client,Hours\n"
    file = read(f"{header}0A1,2026-06-02,Acme,1\nA1,2026-06-02,Acme,2\n")
    found = Classifier(rules=(), companies={"Acme": "acme"}, agreements=()).classify(file.rows)
    assert [one.row.entry_id for one in found.rows] == ["0A1", "A1"]
    assert (file.refused, found.refused) == ((), ())


def test_T12_totals_subtotals_headings_and_preamble_are_set_aside_with_their_lines() -> None:
    file = read(
        "Time report\nJune\n" + generic("Acme Dental,,,", "2026-06-02,Acme,1.5,a", "2026-06-03,Acme,2,b", "Subtotal,,3.5,",
        "Date,Client,Hours,Notes", "2026-06-04,Birch,1,c", "Birch Total,,1,", "Grand Total,,4.5,", "Page 1 of 1,,,")
    )  # fmt: skip
    assert [row.line for row in file.rows] == [5, 6, 9]
    assert file.set_aside == tuple(
        SetAside(line, what)
        for line, what in [
            (1, "preamble"),
            (2, "preamble"),
            (4, "heading"),
            (7, "subtotal"),
            (8, "heading"),
            (10, "subtotal"),
            (11, "total"),
            (12, "heading"),
        ]
    )
    assert (file.refused, file.warnings) == ((), ())


@pytest.mark.parametrize(
    "row",
    [
        "soon,Acme,1.5,Total failure of the switch",
        "2026-06-02,Total Energies,1.5,Total recall",
        "31/31/2026,Acme,1.5,x",
        ",Acme,1.5,x",
        ",Acme,,fixed it",
        ",,,1.5",
        "31/31/2026,,,",
        "2026-06-02,,,",
        "2 June 2026,,,",
        "2026-06-02,Acme,,x",
        ",,1.5,",
    ],
)
def test_T12_an_entry_is_never_mistaken_for_a_total(row: str) -> None:
    file = read(generic("2026-06-01,Acme,1,a", row))
    assert len(file.rows) + len(file.refused) == 2
    assert file.set_aside == ()


@pytest.mark.parametrize(
    "label",
    ["Total", "TOTAL:", "Grand Total", "Total hours", "Totals", "Summe", "Report Total", "Total (2 rows)"],
)
def test_T12_a_total_is_known_in_any_column(label: str) -> None:
    for row in (f"{label},,2.5,", f",{label},2.5,", f",,2.5,{label}"):
        file = read(generic("2026-06-02,Acme,1,a", "2026-06-03,Acme,1.5,a", row))
        assert [(found.line, found.what) for found in file.set_aside] == [(4, "total")]
        assert (file.refused, file.warnings) == ((), ())


@pytest.mark.parametrize(
    ("label", "what"),
    [
        ("Total", "total"), ("Gesamtstunden", "total"), ("Total général", "total"), ("Suma", "total"),
        ("Totaal", "total"), ("Zwischensumme:", "subtotal"), ("sous-total", "subtotal"), ("Subtotaal", "subtotal"),
    ],
)  # fmt: skip
def test_T12_a_label_as_a_cells_whole_content_is_a_total_dated_or_not(label: str, what: str) -> None:
    for row in (f"{label},,1,", f"2026-06-03,{label},1,", f"2026-06-03,Acme,1,{label}"):
        file = read(generic("2026-06-02,Acme,1,a", row))
        assert [(found.line, found.what) for found in file.set_aside] == [(3, what)]


def test_T12_a_client_that_is_called_total_keeps_its_rows() -> None:
    file = read(generic("2026-06-02,Total,1,a", "Total,,1,"), clients=("TOTAL",))
    assert [row.company for row in file.rows] == ["Total"]
    assert [found.line for found in file.set_aside] == [3]


def test_T12_figures_without_a_label_are_refused_even_where_the_rows_add_up_to_them() -> None:
    file = read(generic("2026-06-02,Acme,1,a", "2026-06-03,Acme,1.5,a", ",,2.50,", ",Acme,2.50,"))
    assert [(problem.line, problem.worked) for problem in file.refused] == [
        (4, hours("2.5")),
        (5, hours("2.5")),
    ]
    assert file.set_aside == ()


def test_T12_the_files_own_total_is_kept_beside_its_rows() -> None:
    file = read(generic("2026-06-02,Acme,1,a", "Subtotal,,1,", "2026-06-03,Acme,1.5,a", "Total,,2.50,"))
    assert file.stated == hours("2.5")
    assert read(generic("2026-06-02,Acme,1,a")).stated is None


def test_T12_figures_beside_a_ticket_are_an_entry_without_its_date() -> None:
    file = read("Date,Client,Hours,Ticket\n2026-06-02,Acme,1,7\n2026-06-03,Acme,1.5,7\n,Acme,2.5,48211\n")
    assert [(problem.line, problem.column) for problem in file.refused] == [(4, "Date")]


def test_T12_a_total_that_the_rows_dont_reach_is_said() -> None:
    (warning,) = read(generic("2026-06-02,Acme,1,a", "Total,,9.5,")).warnings
    assert (warning.line, warning.column, warning.value) == (3, "Hours", "9.50")
    assert "9.50 h" in warning.message
    assert "1.00 h" in warning.message


def test_T13_top_ups_are_grants_and_no_usage() -> None:
    file = read(sample("halopsa_prepay_ledger"))
    assert total(file, "deducted") == 15
    assert sum(grant.hours for grant in file.grants) == 25
    assert [(grant.line, grant.date) for grant in file.grants] == [
        (2, date(2026, 6, 1)),
        (12, date(2026, 6, 22)),
    ]


def test_T14_negative_rows_are_corrections() -> None:
    for written in ("-1.5", "(1.50)", "-1:30"):
        assert only_row(generic(f"2026-06-02,Acme,{written},a")).worked == hours("-1.5")


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
