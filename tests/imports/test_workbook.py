"""Excel workbooks: a sheet says what its CSV twin says, and what is no such sheet is refused in a sentence."""

import csv
import io
import json
import zipfile
from datetime import date, time, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import Workbook

from imports.reading import workbook as workbook_module
from imports.reading import workbook_size
from imports.reading.first_look import first_rows, headers_only
from tests.imports.reading import SAMPLES, read, unreadable
from tests.imports.uploading import ImportWorld

HEADER = ["Date", "Client", "Hours", "Title"]
ENTRY = [date(2026, 6, 2), "Acme", 1.5, "Printer"]


def book(*sheets: list[list[object]], names: tuple[str, ...] = (), hidden: tuple[str, ...] = ()) -> bytes:
    """A workbook of these sheets, as openpyxl writes it."""
    made = Workbook()
    made.remove(made.active)
    for number, rows in enumerate(sheets):
        sheet = made.create_sheet(names[number] if names else f"Sheet{number + 1}")
        sheet.sheet_state = "hidden" if sheet.title in hidden else "visible"
        for row in rows:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                if isinstance(cell.value, timedelta):
                    cell.number_format = "[h]:mm:ss"
    made.create_sheet("Last").sheet_state = "visible"
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def with_part(data: bytes, name: str, change: object) -> bytes:
    """The workbook with one of its parts changed by hand (bytes of a new one, or old and new text)."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, change if isinstance(change, bytes) else old.read(name).replace(*change))
    return written.getvalue()


def as_cells(text: str) -> object:
    """A cell of a sample as Excel keeps it: days, times and numbers, not their texts."""
    for reads in (
        lambda: date.fromisoformat(text),
        lambda: time.fromisoformat(text),
        lambda: float(text),
    ):
        try:
            return reads()
        except ValueError:
            continue
    return text


@pytest.mark.parametrize(
    "name", ["generic_template.csv", "kimai_2_65_default_en.csv", "clockify_detailed_us_12h.csv"]
)
def test_a_workbook_gives_what_its_csv_twin_gives(name: str) -> None:
    text = (SAMPLES / name).read_text(encoding="utf-8-sig")
    cells = [[as_cells(cell) for cell in row] for row in csv.reader(io.StringIO(text))]
    twin, file = read(text), read(book(cells))
    assert twin.rows
    assert [row.date for row in file.rows] == [row.date for row in twin.rows]
    assert (file.format, file.questions, file.stated) == (twin.format, twin.questions, twin.stated)
    assert file.refused == twin.refused
    assert file.unread_columns == twin.unread_columns
    for row, other in zip(file.rows, twin.rows, strict=True):
        assert (row.worked, row.billable, row.start, row.end) == (
            other.worked,
            other.billable,
            other.start,
            other.end,
        )
        assert (row.entry_id, row.company, row.title) == (other.entry_id, other.company, other.title)
    assert file.encoding == "xlsx"


def test_durations_of_more_than_a_day_are_hours() -> None:
    file = read(book([HEADER, [date(2026, 6, 2), "Acme", timedelta(hours=37, minutes=30), "Move"]]))
    assert file.rows[0].worked == Decimal("37.5")


def test_a_time_of_day_in_a_column_of_hours_is_a_duration() -> None:
    assert read(book([HEADER, [date(2026, 6, 2), "Acme", time(1, 15), "Move"]])).rows[0].worked == Decimal(
        "1.25"
    )


def test_three_decimals_are_no_thousands_whatever_other_cells_say() -> None:
    rows = [[date(2026, 6, 2), "Acme", hours, "x"] for hours in (1.125, "0,75")]
    assert [row.worked for row in read(book([HEADER, *rows])).rows] == [Decimal("1.125"), Decimal("0.75")]


def test_a_number_that_lost_its_last_digits_is_written_with_its_exponent() -> None:
    row = read(book([[*HEADER, "Entry ID"], [*ENTRY, 4.8212345678901234e17]]))
    assert row.rows[0].entry_id == ""
    assert any("E+17" in problem.value for problem in row.warnings)


def test_a_row_is_told_by_its_number_in_the_sheet() -> None:
    file = read(
        book([["Time report"], [], [], HEADER, ENTRY, [], [date(2026, 6, 3), "Acme", "soon", "two\nlines"]])
    )
    assert ([row.line for row in file.rows], [problem.line for problem in file.refused]) == ([5], [7])


def test_the_sheet_that_fits_is_taken() -> None:
    cover = [["Weekly report"], ["Made by", "Dana"], ["for", "Harbor Point"], ["all", "good"]]
    assert len(read(book(cover, [HEADER, ENTRY], names=("Cover", "Time"))).rows) == 1


def test_several_sheets_that_fit_are_told_by_name() -> None:
    said = unreadable(book([HEADER, ENTRY], [HEADER, ENTRY], names=("May", "June")))
    assert "“May” and “June”" in said


def test_a_hidden_sheet_is_none_of_them() -> None:
    data = book([HEADER, ENTRY], [HEADER, ENTRY, ENTRY], names=("May", "June"), hidden=("June",))
    assert len(read(data).rows) == 1


def test_the_fullest_sheet_is_offered_for_mapping_by_hand() -> None:
    data = book([["a", "b"]], [["Wann", "Was"], [date(2026, 6, 2), "Backup"], [date(2026, 6, 3), "x"]])
    assert first_rows(data, 1) == (("Wann", "Was"), (("2026-06-02", "Backup"),))
    assert headers_only(data) == b"Wann,Was\r\n"


def formula(cached: str) -> bytes:
    """Hours as a formula, with what the spreadsheet last worked out."""
    data = book([HEADER, ENTRY])
    return with_part(data, "xl/worksheets/sheet1.xml", (b"<v>1.5</v>", b"<f>0.5*3</f>" + cached.encode()))


def test_of_a_formula_the_last_result_is_read() -> None:
    assert read(formula("<v>1.5</v>")).rows[0].worked == Decimal("1.5")


@pytest.mark.parametrize("cached", ["", "<v/>", "<v />", "<v></v>"])
def test_a_formula_without_a_result_is_never_an_empty_cell(cached: str) -> None:
    assert "formulas whose results are not in it" in unreadable(formula(cached))


@pytest.mark.parametrize("cached", ["<v/>", "<v></v>"])
def test_a_formula_that_gives_an_empty_text_is_one(cached: str) -> None:
    gives_nothing = (
        b"</c></row></sheetData>",
        f'</c><c r="Z2" t="str"><f>""</f>{cached}</c></row></sheetData>'.encode(),
    )
    assert len(read(with_part(book([HEADER, ENTRY]), SHEET, gives_nothing)).rows) == 1


# what is refused


def bomb() -> bytes:
    return with_part(book([HEADER, ENTRY]), "xl/media/image1.png", b"\0" * 3_000_000)


def test_what_unpacks_to_more_than_the_limit_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(bomb()) < 20_000
    assert read(bomb()).rows
    monkeypatch.setattr(workbook_module, "MAX_UNPACKED_BYTES", 2_000_000)
    assert "Unpacked" in unreadable(bomb())


def test_a_part_that_unpacks_to_more_than_it_states_is_damage() -> None:
    data, part = book([HEADER, ENTRY]), "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        stated = archive.getinfo(part).file_size.to_bytes(4, "little")
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(part.encode())) + 24
    assert data[at : at + 4] == stated
    assert "damaged" in unreadable(data[:at] + (40).to_bytes(4, "little") + data[at + 4 :])


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_module, "MAX_ROWS", 3)
    monkeypatch.setattr("imports.reading.records.MAX_ROWS", 3)
    assert len(read(book([HEADER, ENTRY, ENTRY, ENTRY])).rows) == 3
    assert "more than 3 rows" in unreadable(book([HEADER, *[ENTRY] * 9]))


def test_too_many_rows_are_counted_before_any_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_module, "MAX_ROWS", 3)
    said = "more than 3 rows"
    long, short = [HEADER, *[ENTRY] * 4], [HEADER, *[ENTRY] * 3]
    cover = [["Weekly report"]]
    assert len(read(book(cover, long)).rows) == 4  # one that may be the right one is not too long
    blank = b'<row r="%d"><c r="A%d" t="str"><v></v></c></row>'
    padded = b"".join(blank % (line, line) for line in range(5, 99)) + b"</sheetData>"
    assert len(read(with_part(book(short), SHEET, (b"</sheetData>", padded))).rows) == 3
    monkeypatch.setattr(workbook_module, "load_workbook", None)  # it is not begun
    assert said in unreadable(book(long))
    assert said in unreadable(book(long, long, names=("May", "June")))


SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"


@pytest.mark.parametrize(
    ("limit", "part", "change"),
    [
        ("MOST_ELEMENTS", SHEET, (b"</sheetData>", b'<row r="9"/>' * 700 + b"</sheetData>")),
        ("MOST_IN_A_ROW", SHEET, (b"</row>", b"<c/>" * 700 + b"</row>")),
        ("MOST_OUTSIDE", SHEET, (b"</sheetData>", b"<x/>" * 700 + b"</sheetData>")),
        ("MOST_OUTSIDE", STYLES, (b"</cellXfs>", b"<xf/>" * 700 + b"</cellXfs>")),
        ("DEEPEST", SHEET, (b"</sheetData>", b"<x>" * 700 + b"</x>" * 700 + b"</sheetData>")),
        ("LONGEST_TAG", SHEET, (b"<sheetData>", b'<x a="' + b"a" * 100_000 + b'"/><sheetData>')),
    ],
)
def test_what_unpacks_to_pieces_without_end_is_counted_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch, limit: str, part: str, change: tuple[bytes, bytes]
) -> None:
    bad = with_part(book([HEADER, ENTRY]), part, change)
    if limit != "LONGEST_TAG":
        monkeypatch.setattr(workbook_size, limit, 600)
    assert read(book([HEADER, ENTRY])).rows
    monkeypatch.setattr(workbook_module, "load_workbook", None)  # it is not begun
    assert "more than HourTab reads" in unreadable(bad)


def test_one_sheet_under_many_names_is_not_read_for_each_of_them() -> None:
    again = b'<sheet name="Again" sheetId="9" r:id="rId1" /></sheets>'
    assert "damaged" in unreadable(with_part(book([HEADER, ENTRY]), "xl/workbook.xml", (b"</sheets>", again)))


def test_a_cell_at_the_end_of_the_world_costs_nothing() -> None:
    data = book([HEADER, ENTRY, [date(2026, 6, 3), "Acme", 1.5, "last"]])
    far = with_part(data, "xl/worksheets/sheet1.xml", (b'<row r="3"', b'<row r="1048576"'))
    assert [row.line for row in read(far).rows] == [2, 1_048_576]
    farther = with_part(data, "xl/worksheets/sheet1.xml", (b'<row r="3"', b'<row r="999999999"'))
    assert len(read(farther).rows) == 1


@pytest.mark.parametrize(
    "declared",
    [b'<!ENTITY a "Acme">', b'<!ENTITY a SYSTEM "file:///etc/hostname">'],
    ids=["inside", "outside"],
)
def test_no_entity_is_put_in(declared: bytes) -> None:
    part = "xl/worksheets/sheet1.xml"
    with_dtd = with_part(
        book([HEADER, ENTRY]), part, (b"<worksheet", b"<!DOCTYPE w [" + declared + b"]><worksheet")
    )
    used = with_part(with_dtd, part, (b"<v>1.5</v>", b"<v>&a;</v>"))
    assert "declares entities" in unreadable(used)


def test_macros_and_links_are_not_looked_at() -> None:
    data = with_part(book([HEADER, ENTRY]), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 not a macro")
    linked = with_part(data, "xl/externalLinks/externalLink1.xml", b"<broken")
    assert len(read(linked).rows) == 1


def archive(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return written.getvalue()


def sealed() -> bytes:
    """An archive of which a part says that it is encrypted."""
    data = bytearray(archive("[Content_Types].xml", "xl/workbook.xml"))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 a workbook", "Excel workbook"),
        (book([HEADER, ENTRY])[:-300], "damaged"),
        (with_part(book([HEADER, ENTRY]), "xl/workbook.xml", b"<workbook"), "damaged"),
        (archive("time.csv"), "Unpack it"),
        (archive("[Content_Types].xml", "xl/workbook.bin"), "binary Excel workbook"),
        (archive("mimetype", "content.xml"), "OpenDocument"),
        (archive("[Content_Types].xml", "word/document.xml"), "Word document"),
        (sealed(), "protected by a password"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (book([]), "This workbook is empty"),
        (book([["some", "words"]], [["others"]], names=("A", "B")), "None of the sheets “A”, “B”"),
    ],
)
def test_what_is_no_readable_workbook_is_told_in_a_sentence(data: bytes, said: str) -> None:
    assert said in unreadable(data)


# through the doors


def entries() -> bytes:
    rows = [["1", "Acme Dental", date(2026, 2, 3), 1.5, "Jo", "7", "Printer", "Remote"]]
    return book(
        [["Entry ID", "Client", "Date", "Hours", "Technician", "Ticket", "Title", "Work type"], *rows]
    )


def test_a_workbook_is_uploaded_looked_at_published_and_given_back(world: ImportWorld) -> None:
    data = entries()
    source = world.upload_bytes(data, name="week.xlsx")
    world.publish(source)
    assert [entry.worked_units for entry in world.live("acme")] == [15_000]
    answer = world.manager.get(reverse("import_original", args=[source.pk]))
    assert answer.content == data
    assert 'filename="week.xlsx"' in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_a_sheet_whose_dates_are_dates_leaves_no_order_to_choose(world: ImportWorld) -> None:
    source = world.upload_bytes(entries(), name="week.xlsx")
    page = world.manager.get(reverse("import", args=[source.pk])).text
    assert "dates as the sheet has them" in page
    assert "dates read as" not in page
    assert "Which days are meant?" not in page


def test_the_command_reads_a_workbook_by_what_it_holds(world: ImportWorld, tmp_path: Path) -> None:
    file = tmp_path / "week.xlsx"
    file.write_bytes(entries())
    said = StringIO()
    call_command("import_csv", str(file), "--provider", world.provider.slug, "--json", stdout=said)
    assert json.loads(said.getvalue())["entries"]["new"] == 1
