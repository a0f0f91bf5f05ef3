"""Every sample gives the rows, hours and encoding that are known of the invented month it was made from."""

# ruff: noqa: E501 - rows of exports are as long as they are

from decimal import Decimal

import pytest

from imports.reading import build as building
from imports.reading.first_look import first_rows
from imports.reading.formats import NAMES
from imports.reading.mapped import Mapping, header_signature
from imports.reading.rows import Answers, ParsedFile, UnreadableFileError
from tests.imports.reading import SAMPLES, read, total, unreadable

# file: format, rows, worked, charged (and the column that holds them), encoding, grants
EXPECTED = {
    "connectwise_rpt_time_view": ("connectwise", 25, "27.65", "deducted", "26.50", "utf-8", 0),
    "connectwise_invoicing_time_tab": ("connectwise", 14, "15.40", "billable", "15.00", "utf-8-sig", 0),
    "autotask_time_entries_grid": ("autotask", 25, "27.65", "billable", "26.50", "utf-8-sig", 0),
    "syncro_ticket_time_entry_report": ("syncro", 24, "26.65", "billable", "26.50", "utf-8", 0),
    "halopsa_actions_charge_rate": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_prepay_ledger": ("halopsa", 9, "0", "deducted", "15.00", "utf-8-sig", 2),
    "toggl_detailed_classic": ("toggl", 25, "27.6522", "billable", "0", "utf-8-sig", 0),
    "harvest_detailed_2026_us": ("harvest", 25, "27.65", "billable", "28.00", "utf-8", 0),
    "clockify_detailed_us_12h": ("clockify", 25, "27.6522", "billable", "0", "utf-8", 0),
    "kimai_2_65_default_en": ("kimai", 25, "27.65", "billable", "0", "utf-8", 0),
    "solidtime_detailed": ("solidtime", 25, "27.6522", "billable", "0", "utf-8", 0),
    "alga_time_entries": ("alga", 14, "15.40", "billable", "12.90", "utf-8", 0),
    "generic_template": ("generic", 25, "27.65", "billable", "22.32", "utf-8", 0),
    "hours_by_hand": ("by_hand", 25, "27.65", "billable", "27.65", "utf-8", 0),
    "teamwork_time_export": ("teamwork", 25, "27.65", "billable", "0", "utf-8", 0),
    "freshbooks_time_entry_details": ("freshbooks", 25, "27.6522", "billable", "0", "utf-8", 0),
    "clickup_time_entries": ("clickup", 25, "27.6522", "billable", "0", "utf-8", 0),
    "jetpack_time_log": ("jetpack", 25, "27.65", "billable", "22.32", "utf-8", 0),
    "excel_resaved_halopsa_cp1252_semicolon": ("halopsa", 24, "26.65", "billable", "0", "cp1252", 0),
    "halopsa_rounded_hours": ("halopsa", 24, "26.65", "billable", "27.00", "utf-8-sig", 0),
    "halopsa_hidden_notes": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_actions_by_agent": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_actions_with_outcome": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_action_types": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_out_of_hours": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_hours_worked": ("halopsa", 24, "26.65", "deducted", "26.50", "utf-8-sig", 0),
    "halopsa_minutes": ("halopsa", 24, "26.65", "billable", "26.50", "utf-8-sig", 0),
    "halopsa_time_spent": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_time_by_day": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_time_logged_hours": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_time_logged_clock": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_time_logged_minutes": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_time_logged_seconds": ("halopsa", 24, "26.65", "billable", "0", "utf-8-sig", 0),
    "halopsa_prepay_usage": ("halopsa", 17, "0", "deducted", "26.50", "utf-8-sig", 1),
    "halopsa_prepay_hours_used": ("halopsa", 17, "0", "deducted", "26.50", "utf-8-sig", 1),
    "halopsa_running_total": ("halopsa", 17, "0", "deducted", "26.50", "utf-8-sig", 1),
}
ONE_CLIENT = {
    "connectwise_invoicing_time_tab", "alga_time_entries", "clickup_time_entries", "halopsa_rounded_hours",
    "halopsa_hidden_notes", "halopsa_actions_by_agent", "halopsa_action_types", "halopsa_time_spent",
    "halopsa_time_by_day", "hours_by_hand",
}  # fmt: skip
# Nothing in these files proves what their numbers count: the unit is asked, and said.
UNITS = {
    "halopsa_time_logged_minutes": {"Time Logged": "minutes"},
    "halopsa_time_logged_seconds": {"Time Logged": "seconds"},
}


def sample(name: str, *, said: bool = True) -> ParsedFile:
    """A sample read as its provider reads it; `said`: with the units that a person says."""
    answers = Answers(units=UNITS[name]) if said and name in UNITS else None
    return read((SAMPLES / f"{name}.csv").read_bytes(), one_client=name in ONE_CLIENT, answers=answers)


def test_every_format_has_a_sample_with_a_known_result() -> None:
    assert {form for form, *_ in EXPECTED.values()} == set(NAMES)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_gives_its_known_rows_and_hours(name: str) -> None:
    form, rows, worked, column, charged, encoding, grants = EXPECTED[name]
    file = sample(name)
    assert (file.format, len(file.rows), file.encoding) == (form, rows, encoding)
    assert (total(file, "worked"), total(file, column)) == (Decimal(worked), Decimal(charged))
    assert (len(file.refused), len(file.grants)) == (0, grants)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_samples_lines_are_those_of_its_text(name: str) -> None:
    data = (SAMPLES / f"{name}.csv").read_bytes()
    file = sample(name)
    lines = data.decode("cp1252" if "cp1252" in name else "utf-8").splitlines()
    for row in file.rows:
        assert (row.company or row.technician) in lines[row.line - 1]


# The fields that nearly every row of a sample fills, beside the date and the hours.
FILLED = {
    "connectwise_rpt_time_view": "entry_id company agreement start end technician ticket title work_type work_role notes",
    "connectwise_invoicing_time_tab": "entry_id agreement technician ticket title work_type work_role",
    "autotask_time_entries_grid": "company agreement start end technician ticket title work_type work_role notes",
    "syncro_ticket_time_entry_report": "company start end technician ticket title work_type notes",
    "halopsa_actions_charge_rate": "company start end technician ticket ticket_type work_type notes",
    "halopsa_prepay_ledger": "entry_id company agreement technician ticket ticket_type title notes",
    "toggl_detailed_classic": "company agreement start end technician work_type notes",
    "harvest_detailed_2026_us": "company agreement technician ticket work_type work_role notes",
    "clockify_detailed_us_12h": "company agreement start end technician work_type notes",
    "kimai_2_65_default_en": "company agreement start end technician ticket work_type notes",
    "solidtime_detailed": "company agreement start end technician work_type notes",
    "alga_time_entries": "start end technician title work_type notes",
    "generic_template": "entry_id company agreement start end technician ticket title work_type notes",
    "hours_by_hand": "entry_id start technician ticket title work_type",
    "teamwork_time_export": "entry_id company agreement start end technician notes",
    "freshbooks_time_entry_details": "company agreement technician work_type notes",
    "clickup_time_entries": "entry_id start end technician ticket title notes",
    "jetpack_time_log": "company agreement technician title notes",
    "excel_resaved_halopsa_cp1252_semicolon": "company start end technician ticket ticket_type work_type notes",
    "halopsa_rounded_hours": "technician billable",
    "halopsa_hidden_notes": "entry_id technician work_type",
    "halopsa_actions_by_agent": "entry_id start end technician ticket board",
    "halopsa_actions_with_outcome": "company start end technician ticket ticket_type board work_type notes",
    "halopsa_action_types": "technician ticket work_type notes",
    "halopsa_out_of_hours": "company start end technician ticket work_type notes",
    "halopsa_hours_worked": "company agreement technician ticket work_type",
    "halopsa_minutes": "company technician ticket title work_type notes",
    "halopsa_time_spent": "technician ticket notes",
    "halopsa_time_by_day": "technician work_type",
    "halopsa_time_logged_hours": "company agreement technician ticket notes",
    "halopsa_time_logged_clock": "company agreement technician ticket notes",
    "halopsa_time_logged_minutes": "company agreement technician ticket notes",
    "halopsa_time_logged_seconds": "company agreement technician ticket notes",
    "halopsa_prepay_usage": "company ticket title",
    "halopsa_prepay_hours_used": "company ticket title",
    "halopsa_running_total": "company",
}


@pytest.mark.parametrize("name", FILLED)
def test_a_samples_columns_land_in_their_fields(name: str) -> None:
    file = sample(name)
    for field in FILLED[name].split():
        filled = sum(bool(getattr(row, field)) for row in file.rows)
        assert filled >= 0.8 * len(file.rows), field
    assert not any(row.location or row.description for row in file.rows)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_known_export_as_it_came_asks_nothing_but_a_unit_that_nothing_proves(name: str) -> None:
    file = sample(name, said=False)
    assert [(question.kind, question.column) for question in file.questions] == [
        ("unit", column) for column in UNITS.get(name, ())
    ]
    assert sample(name).questions == ()


def test_a_samples_own_totals_are_the_sum_of_its_rows() -> None:
    file = sample("halopsa_time_by_day")
    assert (len(file.set_aside), file.stated, file.warnings) == (19, total(file, "worked"), ())


def test_a_note_of_a_hidden_action_stays_internal() -> None:
    file = sample("halopsa_hidden_notes")
    hidden = [row for row in file.rows if row.hidden]
    assert len(hidden) == 7
    assert all(row.internal_notes and not row.notes for row in hidden)
    assert not any("OUR mistake" in row.notes for row in file.rows)


@pytest.mark.parametrize(
    ("name", "says"),
    [("halopsa_charges_by_contract", "no date of work"), ("halopsa_week_pivot", "week at a glance")],
)
def test_a_report_without_single_dated_entries_is_refused_with_its_remedy(name: str, says: str) -> None:
    sentence = unreadable((SAMPLES / f"{name}.csv").read_bytes())
    assert says in sentence
    assert "Run a report that lists actions" in sentence


CLIENTS = {"Acme Dental": "15.00", "Birch & Lowe LLP": "5.00", "Cobalt Freight Co.": "6.50"}


@pytest.mark.parametrize(
    ("name", "column"), [("connectwise_rpt_time_view", "deducted"), ("autotask_time_entries_grid", "billable"),
                         ("syncro_ticket_time_entry_report", "billable")],
)  # fmt: skip
def test_each_clients_charged_hours_are_known(name: str, column: str) -> None:
    file = read((SAMPLES / f"{name}.csv").read_bytes())
    for client, charged in CLIENTS.items():
        of_client = [getattr(row, column) for row in file.rows if row.company == client]
        assert sum(of_client) == Decimal(charged)


@pytest.mark.parametrize("name", [name for name in EXPECTED if name != "halopsa_prepay_ledger"])
def test_every_entry_of_the_month_is_dated_in_june(name: str) -> None:
    file = sample(name)
    assert {(row.date.year, row.date.month) for row in file.rows} == {(2026, 6)}


def test_an_export_without_dates_is_refused_with_its_remedy() -> None:
    sentence = unreadable((SAMPLES / "connectwise_api_powershell.csv").read_bytes())
    assert "no date of work" in sentence
    assert "timeStart" in sentence


def test_a_hand_kept_sheet_is_not_recognised_but_can_be_mapped() -> None:
    data = (SAMPLES / "generic_hand_made_mixed_durations.csv").read_bytes()
    assert "Map them by hand" in unreadable(data)
    columns = {"date": "Date", "company": "Customer", "worked": "Time", "notes": "What we did"}
    file = read(data, mappings=(Mapping("our sheet", header_signature(first_rows(data, 0)[0]), columns),))
    assert (file.format, len(file.rows), file.date_order) == ("our sheet", 9, "dmy")
    assert [(problem.line, problem.value) for problem in file.refused] == [(8, "40")]
    assert [(found.line, found.what) for found in file.set_aside] == [(13, "total")]
    assert total(file, "worked") == Decimal("13.75")


ODD_CELLS = (
    "",
    "-",
    "1:30",
    "31/12/2025",
    "No",
    "Private Note",
    "<b>a</b> &amp; b",
    "007",
    "0",
    "1E+05",
    "Rejected",
)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.csv")), ids=lambda path: path.stem)
def test_rows_read_by_columns_are_those_read_one_by_one(path, monkeypatch):
    header, *lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    mark = max(",;\t", key=header.count)
    for number, line in enumerate(lines):
        cells = line.split(mark)
        cells[number * 7 % len(cells)] = ODD_CELLS[number % len(ODD_CELLS)]
        lines[number] = mark.join(cells) if number % 2 else line
    content = "\n".join((header, *lines))
    try:
        by_columns = read(content, one_client=True, answers=Answers(clock="24"))
    except UnreadableFileError:
        return

    monkeypatch.setattr(building, "_by_columns", building._one_by_one)
    assert read(content, one_client=True, answers=Answers(clock="24")) == by_columns
