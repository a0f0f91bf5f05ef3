"""The forty traps of time-entry exports (formats.md, section 8), each by its number: the part that reading answers for.

T01 to T14: figures, ids and totals; the others are in `test_traps_of_files`.

What a trap asks of later stages is tested there: T11, T26, T27, T30, T31 have only their share of reading here.
"""

# ruff: noqa: E501, N802 - rows of exports are as long as they are; the traps are named as in the list

from datetime import date

import pytest

from imports.judging.classify import Classifier
from imports.reading.rows import Answers, SetAside
from tests.imports.reading import SAMPLES, hours, only_row, read, total

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
    rows = repr(read(sample(name), one_client=True).rows)
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
