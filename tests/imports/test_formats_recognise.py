"""A format is known by its set of headers: whatever their order, and whatever else stands beside them."""

# ruff: noqa: E501 - rows of exports are as long as they are

import random

import pytest

from desk.imports import forms
from imports.reading.formats import DISPLAY_NAMES, FORMATS, NAMES, recognise
from imports.reading.formats.table import Format, RefusedShape, alternatives, key
from imports.reading.records import open_source, opening_records
from tests.imports.reading import SAMPLES, unreadable

KNOWN = {"connectwise", "autotask", "syncro", "halopsa", "toggl", "harvest", "clockify", "kimai", "generic"}
HALO_LEDGER = (
    "Client Name,Ticket ID,End User,Contract ID,Contract Reference,Date,Request Type,Summary,Category,Hours,Type,Agent,"
    "Effective Hours,Ticket Note,Status,Status After Action,Action Number,Used Area,Previously Used,Added Area,"
    "Previously Added,Running Total"
)
HARVEST_2015 = (
    "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,First Name,Last Name"
)
CLOCKIFY_2024 = (
    "Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,Start Time,End Date,End Time,Duration (h),"
    "Duration (decimal),Billable Rate (USD),Billable Amount (USD)"
)
KIMAI = (
    "Date,From,To,Duration,Currency,Price,Internal price,Hourly price,Fixed price,Name,User,E-mail,Staff number,Customer,"
    "Project,Activity,Description,Billable,Tags,Type,category,Account,Project number,VAT-ID,Order number"
)
KIMAI_OLD = (
    "Date,From,To,Duration,Price,Internal price,Name,User,Customer,Project,Activity,Description,Exported,Billable,Tags,"
    "Hourly price,Fixed price,Type,category,Account,VAT-ID,Order number"
)
KIMAI_GERMAN = (
    "Datum,Von,Bis,Dauer,Währung,Preis,Interner Preis,Preis pro Stunde,Festpreis,Name,Benutzer,E-Mail,Personalnummer,Kunde,"
    "Projekt,Tätigkeit,Beschreibung,Abrechenbar,Schlagworte,Typ,category,Kundennummer,Projektnummer,Umsatzsteuer-ID"
)
CW_VIEW = (
    "AGR_Header_RecID Activity_Subject Actual_Utilized_Hrs AgrAdj_Firm AgrAmtCovered AgrHrsCovered Agreement Billable_Amt "
    "Billable_Hrs Company_RecID Date_Start Hourly_Cost Hourly_Rate Location NonBillable_Hrs Notes SR_Service_RecID Time_RecID "
    "Time_End_UTC Time_Start_UTC billable_flag charge_to company_name first_name hours_actual internal_note last_name "
    "member_id option_id sr_summary time_end time_start work_role work_type"
).replace(" ", ",")
HALO_MINUTES = (
    "Client,Ticket ID,Agent,Time Taken (mins),Action Description,Action Logged Date,Note,Budget Type,Parent ID,"
    "Parent Summary,Charge Rate,Billable Time Taken (mins)"
)
HEADERS = {
    CW_VIEW: "connectwise",
    "Time_RecID,Company_Name,Summary,Member_ID,Date_Start,hours_actual,Option_ID,Work_Role,Work_Type": "connectwise",
    "Hours_Actual,Hours_Bill,Hours_Invoiced,Internal_Note,Time_Start,Time_End,Date_Start,Time_RecID": "connectwise",
    "Member,Date,Bill,Rate,Overage Rate,Hours,WIP Amt,Inv Hours,Inv Amt,Location,Ticket #,Agreement": "connectwise",
    "Member Name,Date,Bill,Rate,WIP Hrs,WIP Amt,Inv Hrs,Inv Amt,Status,Location,Service ID,Agreement": "connectwise",
    "Resource,Date,Bill,WIP Hrs,Inv Hrs,Rate,Inv Amt,Status,Ticket #,SR Status,Work Role,Work Type": "connectwise",
    "id,company,chargeToId,chargeToType,member,workType,timeStart,timeEnd,hoursDeduct,actualHours,billableOption,notes": "connectwise",
    "Date,Member,Company,Ticket #,Work Type,Bill,Hours,Notes": "connectwise",
    "Organization,Ticket Number,Title,Resource,Work Type,Start Date/Time,Hours Worked,Hours to Bill,Non-Billable": "autotask",
    "Hours to Bill,HoursWorked,Client": "autotask",
    "date_worked,hours_worked,hours_billed,force_non_billable,contract_name,task_number,full_name": "autotask",
    "id,dateWorked,hoursWorked,hoursToBill,isNonBillable,startDateTime,endDateTime,summaryNotes": "autotask",
    "Account,Ticket Number,Resource Name,Date Worked,Hours Worked,Summary Notes": "autotask",
    "Ticket Number,Ticket Subject,Customer,Technician,Date,Actual Time,Billable Time,Labor Rate,Billable,Notes": "syncro",
    "id,ticket_id,user_id,start_time,end_time,billable,notes,active_duration,billable_time,ticket_line_item_id": "syncro",
    "Customer,Ticket Number,Entry Sequence,Tech,Duration Minutes,Visibility,Billable Status,Labor Type,Created At,Notes": "syncro",
    "Ticket ID,Customer,Ticket Type,Time Completed,Who,Action Note,Time Taken,Charge Rate": "halopsa",
    HALO_MINUTES: "halopsa",
    "Technician,Team,Client Name,Site Name,Username,Request Type,Request ID,Date/Time Done,Time Taken,Outcome,Note": "halopsa",
    "Parent ID,Technician,Client Name,Site Name,Username,Request Type,Request ID,Date/Time Done,Time Taken,Outcome": "halopsa",
    "Technician,Company Name,Site Name,Ticket ID,Worked Date,Action Date,Hours,Charge Type,Note,Start Time,End Time": "halopsa",
    "Ticket ID,Action Type,Technician,Date/Time,Note,Time": "halopsa",
    "Ticket ID,Date,Technician,Category,Note,Time,Time Spent": "halopsa",
    "Client,Contract Reference,Ticket Number,When,Note,Time Logged,Price,Cost,Profit,Agent": "halopsa",
    "Customer,Ticket ID,Date Created,Date Closed,Technician,Hours Worked,Action Date,Pre-Pay Amount Used,Charge Rate": "halopsa",
    HALO_LEDGER: "halopsa",
    "Date,Hours,Customer,Running Total,Type": "halopsa",
    "Client,ClientID,Fault ID,Raised,Summary,Usage,Hours Left": "halopsa",
    "Client,Fault ID,Raised,Summary,Hours Used,Hours Left": "halopsa",
    "Date,Tech,Rate,Time": "halopsa",
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags": "toggl",
    "Description,Duration,Member,Email,Project,Tags,Start date,Start time,Stop date,Stop time": "toggl",
    f"{HARVEST_2015},Department,Employee?": "harvest",
    f"{HARVEST_2015},Employee?,External Reference URL": "harvest",
    f"{HARVEST_2015},Roles,Employee?,Billable Rate,Billable Amount,Cost Rate,Cost Amount,Currency": "harvest",
    f"{HARVEST_2015},Employee Id,Roles,Employee?,Billable Rate,Billable Amount,Cost Rate,Cost Amount,Currency": "harvest",
    "Date,Client,Project,Task,Notes,Hours,Hours Rounded,Billable?,Invoiced?,First Name,Last Name,Teams": "harvest",
    CLOCKIFY_2024: "clockify",
    f"{CLOCKIFY_2024},Cost Rate (USD),Cost Amount (USD),Profit (USD),Type,Invoiced,Invoice ID,Date of creation": "clockify",
    "Project,Description,Activity,User,Group,Email,Tags,Start Date,Start Time,End Date,End Time": "clockify",
    KIMAI: "kimai",
    KIMAI_OLD: "kimai",
    KIMAI_GERMAN: "kimai",
    "id,Date,Duration,Customer,Activity,Working place,Working place": "kimai",
    "Description,Task,Project,Client,User,Start,End,Duration,Duration (decimal),Billable,Tags": "solidtime",
    "Date,User,Work Item,Service,Start Time,End Time,Duration (Hours),Billable,Notes,Approval Status": "alga",
    "Date,Hours": "generic",
    "Entry ID,Client,Date,Hours,Work type,Work role,Ticket,Billable,Technician,Notes": "generic",
}  # fmt: skip
REFUSED = {
    "ticketID,chargetotype,worktype,workrole,agreement,billableoption,name,company,hours,hoursbilled,hourlyrate,notes": "timeStart",
    "Ticket Number,Title,Description,Account,Created,Issue Type,Resources,Status,Total Hours Worked,Billed Hours": "Hours Worked",
    "Customer,Tickets,Actual Time,Billable Time": "Ticket Time Entry",
    "Technician,Actual Time,Billable Time": "Ticket Time Entry",
    "Client Name,Ticket ID,Summary,Charge Rate,Sunday,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday": "Action Date",
    "Agent,Customer,Sum of Time Taken": "Action Date",
    "Agent,Charge Rate,Total Time (Hrs)": "Action Date",
    "Agent,Ticket ID,Summary,Customer,IDCustomer,Billable Time,Charge Type,Rate,Billable $": "Action Date",
    "User,Time (h),Time (decimal),Amount (USD)": "Detailed",
    "Project,Client,User,Duration": "Detailed",
    "Client,Hours": "single time entries",
}  # fmt: skip


def test_the_names_of_the_contract_are_all_there() -> None:
    assert set(NAMES) >= KNOWN


@pytest.mark.parametrize(("header", "name"), HEADERS.items())
def test_a_header_is_recognised_in_any_order_and_case(header: str, name: str) -> None:
    cells = header.split(",")
    for seed in range(3):
        random.Random(seed).shuffle(cells)
        for written in (
            cells,
            [cell.upper() for cell in cells],
            [f" {cell.replace(' ', '_')} " for cell in cells],
        ):
            found = recognise(written)
            assert isinstance(found, Format)
            assert found.name == name


@pytest.mark.parametrize(("header", "name"), HEADERS.items())
def test_columns_that_nobody_knows_change_nothing(header: str, name: str) -> None:
    found = recognise([*header.split(","), "Our own field", "", "Another"])
    if name == "generic":  # the template is taken for granted only where all headers are its own
        assert found is None
        return
    assert isinstance(found, Format)
    assert found.name == name


@pytest.mark.parametrize(("header", "remedy"), REFUSED.items())
def test_what_has_no_single_entries_is_refused_with_the_right_report(header: str, remedy: str) -> None:
    sentence = unreadable(header + "\n" + ",".join("1" for _ in header.split(",")) + "\n")
    assert remedy in sentence


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.csv")), ids=lambda path: path.stem)
def test_no_header_is_claimed_by_two_formats(path) -> None:
    source = open_source(path.read_bytes().decode("cp1252" if "cp1252" in path.stem else "utf-8-sig"))
    (header,) = opening_records(source, source.delimiters[0], 1)
    keys = frozenset(key(cell) for cell in header.cells)
    names = {shape.name for shape in FORMATS if shape.score(keys) and not shape.is_template}
    assert all(name in path.stem for name in names)


@pytest.mark.parametrize("header", ["", "a,b,c", "Date", "Hours", "Client,Notes", "1,2,3"])
def test_other_headers_are_nobodys(header: str) -> None:
    assert recognise(header.split(",")) is None


def test_dates_that_are_not_of_the_work_do_not_make_entries() -> None:
    undated = "Client,Hours Worked,Hours to Bill,Date Created,Date Closed\nA,1,1,6/2/2026,6/2/2026\n"
    assert "lacks the column of the date" in unreadable(undated)
    assert "Map them" in unreadable("Client,Date of creation,Note\nA,2026-06-02,x\n")


MONEY = ("rate", "cost", "price", "amount", "amt", "profit", "margin")
RATES_THAT_ARE_NAMES = {"chargerate", "rate", "laborrate"}


@pytest.mark.parametrize("shape", FORMATS, ids=lambda shape: f"{shape.name}-{shape.shape}")
def test_no_format_reads_a_column_of_money(shape: Format) -> None:
    for field, aliases in shape.columns.items():
        for parts in alternatives(aliases):
            for part in parts:
                is_money = any(word in key(part) for word in MONEY) and key(part) not in RATES_THAT_ARE_NAMES
                assert not is_money or (field, key(part)) == ("deducted", "pre-payamountused")


@pytest.mark.parametrize("shape", FORMATS, ids=lambda shape: f"{shape.name}-{shape.shape}")
def test_every_format_can_date_an_entry_and_give_it_hours(shape: Format) -> None:
    assert {"date", "start"} & set(shape.columns)
    assert {"worked", "billable", "deducted"} & set(shape.columns)
    assert not isinstance(shape, RefusedShape)


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_a_name_that_people_call_it(name: str) -> None:
    assert DISPLAY_NAMES[name] != name or name == "solidtime"  # which writes itself so


def test_a_file_is_shown_under_its_formats_name_and_a_mapping_under_its_own() -> None:
    assert forms.format_name("alga") == "Alga PSA"
    assert forms.format_name("our sheet") == "our sheet"
