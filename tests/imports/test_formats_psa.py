"""ConnectWise, Autotask, Syncro, HaloPSA and Alga: what each column of their exports becomes."""

# ruff: noqa: E501 - rows of exports are as long as they are

from datetime import date, time
from decimal import Decimal

import pytest

from tests.imports.reading import hours, only_refusal, only_row, read, total, unreadable

CW = (
    "Time_RecID,company_name,SR_Service_RecID,sr_summary,member_id,first_name,last_name,Date_Start,time_start,time_end,"
    "hours_actual,Billable_Hrs,AgrHrsCovered,Agreement,work_role,work_type,Location,option_id,Notes,internal_note\n"
)
CW_ROW = (
    "91503,Acme Dental,48211,FW rule,mwebb,Marcus,Webb,2026-06-02 00:00:00.000,1900-01-01 08:15:00.000,"
    "1900-01-01 09:00:00.000,0.75,1.00,1.50,Support,Senior,Remote,Harbor HQ,B,Did it,secret\n"
)


def test_a_connectwise_view_fills_every_field() -> None:
    row = only_row(CW + CW_ROW)
    assert (row.entry_id, row.company, row.agreement, row.ticket) == (
        "91503",
        "Acme Dental",
        "Support",
        "48211",
    )
    assert (row.date, row.start, row.end) == (date(2026, 6, 2), time(8, 15), time(9))
    assert (row.worked, row.billable, row.deducted) == (hours("0.75"), hours("1"), hours("1.5"))
    assert (row.technician, row.work_type, row.work_role, row.title) == (
        "Marcus Webb",
        "Remote",
        "Senior",
        "FW rule",
    )
    assert (row.notes, row.internal_notes, row.description) == ("Did it", "secret", "")
    assert (row.location, row.is_billable) == ("", True)


def test_a_connectwise_row_outside_agreements_has_no_deducted_hours() -> None:
    assert only_row(CW + CW_ROW.replace(",1.50,Support", ",NULL,")).deducted is None


def test_a_connectwise_charge_code_has_no_ticket() -> None:
    assert only_row(CW + CW_ROW.replace("48211", "0")).ticket == ""


@pytest.mark.parametrize(
    ("option", "billable"), [("B", True), ("b", True), ("NC", False), ("NB", False), ("X", False)]
)
def test_a_connectwise_option_other_than_b_does_not_bill(option: str, billable: bool) -> None:
    assert only_row(CW + CW_ROW.replace(",B,", f",{option},")).is_billable is billable


def test_connectwise_utc_twins_are_converted_where_they_are_the_only_times() -> None:
    row = only_row("Time_RecID,company_name,hours_actual,Time_Start_UTC\n7,Acme,1,2026-07-01 02:40:00.000\n")
    assert (row.date, row.start) == (date(2026, 6, 30), time(22, 40))


def test_connectwise_grids_charge_their_invoiced_hours() -> None:
    row = only_row(
        "Member,Date,Bill,Hours,WIP Amt,Inv Hours,Inv Amt\nM,6/2/2026,B,1.00,$165.00,2.00,$330.00\n",
        one_client=True,
    )
    assert (row.worked, row.billable, row.deducted) == (hours("1"), hours("2"), None)


def test_connectwise_api_objects_are_unwrapped() -> None:
    row = only_row(
        "#TYPE System.Management.Automation.PSCustomObject\n"
        "id,company,chargeToType,member,workType,timeStart,timeEnd,hoursDeduct,actualHours,billableOption,ticket\n"
        '7,"@{id=19; identifier=AcmeDental; name=Acme Dental; _info=}",ServiceTicket,"@{identifier=mwebb; name=Marcus Webb}",'
        '"@{name=Remote}",2026-07-01T02:40:00Z,2026-07-01T03:55:00Z,0.25,1,Billable,"@{id=48211; summary=}"\n'
    )
    assert (row.company, row.technician, row.work_type, row.ticket) == (
        "Acme Dental",
        "Marcus Webb",
        "Remote",
        "48211",
    )
    assert (row.date, row.start, row.end, row.worked) == (
        date(2026, 6, 30),
        time(22, 40),
        time(23, 55),
        hours("1"),
    )


PRINTED = """Time Activity
Harbor Point IT
6/1/2026 - 6/30/2026

Date,Company,Ticket #,Work Type,Bill,Hours,Notes
"Member: Webb, Marcus",,,,,,
6/2/2026,Acme Dental,48211,Travel,NC,0.75,There
6/2/2026,Acme Dental,48211,Onsite,B,3.00,"Two
lines"
Subtotal,,,,,3.75,
"Member: Nair, Priya",,,,,,
6/3/2026,Birch & Lowe,48230,Remote,B,1.25,Mail
Subtotal for Priya Nair,,,,,1.25,
Grand Total,,,,,5.00,
Printed 7/1/2026 by Dana - page 1 of 1
"""


def test_a_printed_connectwise_report_takes_its_technicians_from_the_headings() -> None:
    file = read(PRINTED)
    assert (file.format, file.refused, file.warnings) == ("connectwise", (), ())
    assert [(row.line, row.technician) for row in file.rows] == [
        (7, "Webb, Marcus"),
        (8, "Webb, Marcus"),
        (12, "Nair, Priya"),
    ]
    assert [(found.line, found.what) for found in file.set_aside] == [
        (1, "preamble"), (2, "preamble"), (3, "preamble"), (6, "heading"), (10, "subtotal"), (11, "heading"),
        (13, "subtotal"), (14, "total"), (15, "heading"),
    ]  # fmt: skip


AUTOTASK = "{client},Ticket Number,Title,Resource,Role,Work Type,Contract,Start Date/Time,End Date/Time,Hours Worked,Hours to Bill,Non-Billable,Summary Notes,Internal Notes\n"
AUTOTASK_ROW = 'Acme,T20260602.8211,FW,"Webb, Marcus",Senior,Remote,Block,6/13/2026 8:15 AM,6/13/2026 9:00 AM,0.7500,1.0000,No,Done,secret\n'


@pytest.mark.parametrize(
    "client",
    ["Organization", "Account", "Account Name", "Company", "Client", "Customer", "Business Unit", "Site"],
)
def test_autotasks_client_may_have_any_of_its_names(client: str) -> None:
    row = only_row(AUTOTASK.format(client=client) + AUTOTASK_ROW)
    assert (row.company, row.ticket, row.agreement) == ("Acme", "T20260602.8211", "Block")
    assert (row.technician, row.work_role, row.work_type) == ("Webb, Marcus", "Senior", "Remote")
    assert (row.worked, row.billable, row.is_billable) == (hours("0.75"), hours("1"), True)
    assert (row.notes, row.internal_notes) == ("Done", "secret")


def test_autotasks_regular_time_has_a_day_but_no_times() -> None:
    row = only_row(
        AUTOTASK.format(client="Account") + ",,Meeting,O,,Internal,,6/26/2026,,1.0000,0.0000,Yes,Stand-up,\n"
    )
    assert (row.date, row.start, row.end, row.company, row.is_billable) == (
        date(2026, 6, 26),
        None,
        None,
        "",
        False,
    )


def test_autotasks_rest_dates_are_days_and_its_times_are_utc() -> None:
    header = "id,dateWorked,startDateTime,endDateTime,hoursWorked,hoursToBill,isNonBillable\n"
    file = read(
        f"{header}7,2026-07-01T00:00:00Z,,,1,1,false\n"
        "8,2026-07-01T00:00:00Z,2026-07-01T02:00:00Z,2026-07-01T03:00:00Z,1,1,false\n",
        one_client=True,
    )
    assert [row.date for row in file.rows] == [date(2026, 7, 1), date(2026, 6, 30)]


LIVE_REPORT = """Time Entries by Account
Generated for Harbor Point IT

Ticket Number,Resource,Date Worked,Hours Worked,Hours to Bill
Account: Acme Dental
T20260602.8211,"Webb, Marcus",6/2/2026,0.75,1.00
T20260602.8211,"Nair, Priya",6/13/2026,3.00,3.00
Total for Acme Dental,,,3.75,4.00
Account: Birch & Lowe LLP
T20260603.8230,"Webb, Marcus",6/3/2026,1.25,1.25
,,,1.25,1.25
Grand Total,,,5.00,5.25
"""


def test_an_autotask_livereport_takes_its_clients_from_the_group_rows() -> None:
    file = read(LIVE_REPORT)
    assert [(row.line, row.company) for row in file.rows] == [
        (6, "Acme Dental"),
        (7, "Acme Dental"),
        (10, "Birch & Lowe LLP"),
    ]
    assert [(problem.line, problem.column) for problem in file.refused] == [(11, "Date Worked")]
    assert [found.what for found in file.set_aside] == [
        "preamble", "preamble", "heading", "subtotal", "heading", "total",
    ]  # fmt: skip
    assert "company" in file.present


def test_group_rows_in_the_clients_own_column_speak_where_it_is_empty() -> None:
    file = read(
        "Account,Ticket Number,Resource,Date Worked,Hours Worked,Hours to Bill\nAcme Dental,,,,,\n"
        ",T20260602.8211,W,6/13/2026,1,1\nBirch,,,,,\n,T20260602.8212,W,6/13/2026,1,1\n"
    )
    assert [row.company for row in file.rows] == ["Acme Dental", "Birch"]


def test_group_rows_never_overrule_a_column_that_names_clients() -> None:
    file = read(
        "Account,Ticket Number,Resource,Date Worked,Hours Worked,Hours to Bill\nAccount: Acme Dental,,,,,\n"
        "Acme Dental,T20260602.8211,W,6/13/2026,1,1\n,T20260602.8212,W,6/13/2026,1,1\n"
    )
    assert [row.company for row in file.rows] == ["Acme Dental", ""]


SYNCRO = "Ticket Number,Ticket Subject,Customer,Technician,Date,Start Time,End Time,Actual Time,Billable Time,Labor Rate,Billable,Status,Notes\n"


def test_a_syncro_entry_is_read_whatever_its_invoicing_status() -> None:
    row = only_row(
        f"{SYNCRO}8211,FW,Acme,M,06/13/2026,06/13/2026 08:15 AM,06/13/2026 09:00 AM,0:45,1:00,Labor,true,Not Charged,x\n"
    )
    assert (row.ticket, row.title, row.company, row.work_type) == ("8211", "FW", "Acme", "Labor")
    assert (row.worked, row.billable, row.is_billable, row.start) == (
        hours("0.75"),
        hours("1"),
        True,
        time(8, 15),
    )


def test_syncros_bare_minutes_are_told_by_the_times() -> None:
    row = only_row(
        f"{SYNCRO}8211,FW,Acme,M,06/13/2026,06/13/2026 08:15 AM,06/13/2026 09:00 AM,45,0:45,Labor,true,Charged,x\n"
    )
    assert row.worked == hours("0.75")


def test_syncro_timers_are_seconds_in_utc() -> None:
    row = only_row(
        "id,ticket_id,user_id,start_time,end_time,billable,notes,active_duration,billable_time,ticket_line_item_id\n"
        "5,77,8,2026-07-01T02:40:00.000Z,2026-07-01T03:40:00.000Z,true,n,40,3600,1\n",
        one_client=True,
    )
    assert (row.worked, row.billable, row.date, row.start) == (
        hours("0.0111"),
        hours("1"),
        date(2026, 6, 30),
        time(22, 40),
    )
    assert (row.entry_id, row.ticket, row.technician) == ("5", "", "")


@pytest.mark.parametrize(
    ("visibility", "notes", "internal"), [("Private", "", "psst"), ("Public", "psst", "")]
)
def test_private_labour_of_the_syncro_template_stays_internal(
    visibility: str, notes: str, internal: str
) -> None:
    row = only_row(
        "Customer,Ticket Number,Entry Sequence,Tech,Duration Minutes,Visibility,Billable Status,Labor Type,Created At,Notes,charge?\n"
        f"Acme,8211,2,M,45,{visibility},Non-Billable,Trip,6/13/2026 8:00 AM,psst,no\n"
    )
    assert (row.worked, row.is_billable, row.entry_id) == (hours("0.75"), False, "8211 2")
    assert (row.notes, row.internal_notes) == (notes, internal)


HALO = "Ticket ID,Customer,Ticket Type,Time Completed,Who,Action Note,Time Taken,Charge Rate,Action Number\n"


@pytest.mark.parametrize(
    ("rate", "billable"),
    [("Remote Support", True), ("", False), ("No Charge", False), ("Non-Billable", False)],
)
def test_a_halo_action_bills_by_its_charge_rate(rate: str, billable: bool) -> None:
    assert only_row(f"{HALO}0008211,Acme,Incident,13/06/2026 12:00,M,n,1,{rate},5\n").is_billable is billable


def test_a_halo_action_is_known_by_its_ticket_and_number() -> None:
    row = only_row(f"{HALO}0008211,Acme,Incident,13/06/2026 12:00,M,n,1,Remote,5\n")
    assert (row.entry_id, row.ticket, row.ticket_type, row.work_type) == (
        "8211 5",
        "0008211",
        "Incident",
        "Remote",
    )
    assert only_row(f"{HALO}8211,Acme,Incident,13/06/2026 12:00,M,n,1,Remote,\n").entry_id == ""


def test_halo_minutes_are_minutes_and_their_dates_have_the_month_first() -> None:
    row = only_row(
        "Client,Ticket ID,Agent,Time Taken (mins),Action Description,Action Logged Date,Note,Parent Summary,Charge Rate,"
        "Billable Time Taken (mins)\nAcme,1,M,45,Travel,06/02/2026,n,P,,30\n",
        order=None,
    )
    assert (row.worked, row.billable, row.date, row.is_billable) == (
        hours("0.75"),
        hours("0.5"),
        date(2026, 6, 2),
        False,
    )


@pytest.mark.parametrize(
    ("logged", "worked", "asks"),
    [(("1.5", "2.25"), "3.75", False), (("30", "45"), "1.25", True), (("1:30", "0:15"), "1.75", False)],
)
def test_halos_time_logged_is_in_the_unit_that_its_values_prove_or_asked(
    logged: tuple[str, str], worked: str, asks: bool
) -> None:
    header = "Client,Contract Reference,Ticket Number,When,Note,Time Logged,Price,Cost,Profit,Agent\n"
    file = read(header + "".join(f"Acme,C,1,13/06/2026 10:00,n,{text},1,2,3,M\n" for text in logged))
    assert total(file, "worked") == hours(worked)
    assert [question.column for question in file.questions] == ["Time Logged"] * asks


def test_halos_total_rows_of_a_day_are_totals() -> None:
    file = read(
        "Date,Tech,Rate,Time\n02/06/2026,M,Remote,3\n02/06/2026,M,,1.5\n02/06/2026,M,Total,4.5\n",
        one_client=True,
        order=None,
    )
    assert [(row.worked, row.is_billable) for row in file.rows] == [(hours("3"), True), (hours("1.5"), False)]
    assert [(found.line, found.what) for found in file.set_aside] == [(4, "total")]
    assert file.date_order == "dmy"


@pytest.mark.parametrize(
    "content",
    [
        "Client Name,Ticket ID,Date,Hours,Type,Effective Hours\nAcme,,13/06/2026,40.00,Top Up,40.00\nAcme,8211,13/06/2026,3.00,Support,-3\n",
        "Date,Hours,Customer,Running Total,Type\n13/06/2026,40,Acme,21.5,Top up\n13/06/2026,3,Acme,18.5,Labour\n",
        "Client,ClientID,Fault ID,Raised,Summary,Usage,Hours Left\nAcme,3,0,13/06/2026,Pre Pay added,40,20\nAcme,3,8211,13/06/2026,FW,-3,20\n",
        "Client,Fault ID,Raised,Summary,Hours Used,Hours Left\nAcme,0,13/06/2026,Pre Pay added,+40,20\nAcme,8211,13/06/2026,FW,3,20\n",
    ],
)  # fmt: skip
def test_every_halo_ledger_tells_top_ups_from_usage(content: str) -> None:
    file = read(content)
    assert [(grant.line, grant.company, grant.date, grant.hours) for grant in file.grants] == [
        (2, "Acme", date(2026, 6, 13), Decimal(40))
    ]
    assert [(row.line, row.worked, row.deducted) for row in file.rows] == [(3, None, hours("3"))]
    assert (file.refused, file.format) == ((), "halopsa")


def test_a_reversal_in_a_ledger_gives_hours_back() -> None:
    assert only_row("Client Name,Date,Type,Effective Hours\nAcme,13/06/2026,Support,2\n").deducted == -2


def test_a_top_up_below_zero_is_refused_with_its_remedy() -> None:
    assert (
        "adjustment"
        in only_refusal("Client Name,Date,Type,Effective Hours\nAcme,13/06/2026,Top Up,-5\n").message
    )


def test_an_alga_entrys_duration_is_what_is_billed() -> None:
    row = only_row(
        "Date,User,Work Item,Service,Start Time,End Time,Duration (Hours),Billable,Notes,Approval Status\n"
        '"6/13/2026","M","T1","Remote","11:30 PM","12:30 AM","0.00","No","n","APPROVED"\n',
        one_client=True,
    )
    assert (row.worked, row.billable, row.is_billable, row.title) == (hours("1"), hours("0"), False, "T1")


@pytest.mark.parametrize("header", [CW, AUTOTASK.format(client="Site"), SYNCRO, HALO])
def test_a_named_format_reads_its_own_export(header: str) -> None:
    name = {CW: "connectwise", SYNCRO: "syncro", HALO: "halopsa"}.get(header, "autotask")
    row = ",".join("x" for _ in header.strip().split(","))
    assert read(f"{header.strip()}\n{row}\n", format=name).format == name


def test_a_named_format_reads_even_few_columns() -> None:
    row = only_row("Date Worked,Hours Worked\n6/13/2026,1.5\n", format="autotask", one_client=True)
    assert row.worked == hours("1.5")


def test_a_named_format_that_lacks_its_columns_says_which() -> None:
    assert "a column of hours" in unreadable("Date Worked,Note\n6/13/2026,x\n", format="autotask")
    assert "the column of the date" in unreadable("Hours Worked,Note\n1,x\n", format="autotask")


def test_a_format_that_does_not_exist_is_answered_with_those_that_do() -> None:
    sentence = unreadable("Date,Hours\n", format="excel")
    assert "excel" in sentence
    assert "connectwise" in sentence


def test_a_file_that_names_no_client_is_refused_unless_it_is_one_clients() -> None:
    content = "Member,Date,Bill,Hours,WIP Amt,Inv Hours\nM,6/13/2026,B,1,1,1\n"
    assert "names the client" in unreadable(content)
    assert only_row(content, one_client=True).company == ""
