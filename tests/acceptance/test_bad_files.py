"""Files that are no export: a sentence with its place, exit code 1, and not one entry the less or more."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from imports.reading.parse import parse
from imports.reading.rows import UnreadableFileError
from tests.acceptance.conftest import at

HEADER = "Entry ID,Client,Date,Hours,Billable,Start,Title\n"
GOOD = "1,Birch & Lowe,2026-02-02,1,Yes,,call\n"
MEGABYTE = 1024 * 1024

NO_FILE = {
    "empty": b"",
    "blank": b" \n\n\n",
    "a header alone": HEADER.encode(),
    "a workbook": b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)) * 8,
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "a web page": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "zero bytes": (HEADER + GOOD.replace("call", "ca\0ll")).encode(),
    "no table": b"hello world",
    "JSON": b'{"rows": []}',
    "no column of hours": b"Client,Date\nBirch & Lowe,2026-02-02\n",
    "no column of dates": b"Client,Hours\nBirch & Lowe,1\n",
    "no column of clients": b"Date,Hours\n2026-02-02,1\n",
    "too large": HEADER.encode() + b"\n" * (50 * MEGABYTE),
}
WITH_LINE = {
    "a quotation mark that is never closed": (2, HEADER + GOOD.replace("call", '"call') + GOOD),
    "dates that are either": (2, (HEADER + GOOD).replace("2026-02-02", "02/03/2026")),
    "letters that can't be read": (3, (HEADER + GOOD + GOOD).encode("utf-16")[:-1]),
}
BAD_CELL = {
    "no number": ("Hours", "1,", "x,"),
    "no finite number": ("Hours", "1,", "NaN,"),
    "a number with an exponent": ("Hours", "1,", "1e3,"),
    "minutes past the hour": ("Hours", "1,", "1:75,"),
    "no day of the calendar": ("Date", "2026-02-02", "2026-02-30"),
    "no date": ("Date", "2026-02-02", "soon"),
    "an empty date": ("Date", "2026-02-02", ""),
    "the date of no date": ("Date", "2026-02-02", "1900-01-01"),
    "a spreadsheet's number of a day": ("Date", "2026-02-02", "46055"),
}


@pytest.fixture
def publish(bring, rows_held):
    """Publish a file over one published entry; the answer, and whether anything came or went."""

    def publish(content):
        with at("2026-02-10 12:00"):
            bring(HEADER + GOOD, "--publish")
            before = rows_held()
            answer = bring(content, "--publish")
            return answer, rows_held() != before

    return publish


def read(content):
    data = content if isinstance(content, bytes) else content.encode()
    return parse(data, timezone=ZoneInfo("UTC"), today=date(2026, 2, 10), date_order="ymd")


@pytest.mark.parametrize("what", NO_FILE)
def test_what_is_no_export_is_refused_in_a_sentence(what):
    with pytest.raises(UnreadableFileError) as refused:
        read(NO_FILE[what])
    said = str(refused.value)
    assert "\n" not in said
    assert said.endswith(".") or "“" in said


@pytest.mark.parametrize("what", ["a web page", "too large"])
def test_nothing_is_published_of_what_is_no_export(what, publish):
    answer, changed = publish(NO_FILE[what])
    assert (answer.code, answer.out, changed, len(answer.lines)) == (1, "", False, 1)


@pytest.mark.parametrize("what", WITH_LINE)
def test_what_can_not_be_trusted_from_a_line_on_is_refused_with_that_line(what, publish):
    line, content = WITH_LINE[what]
    answer, changed = publish(content)
    assert (answer.code, answer.out, changed) == (1, "", False)
    assert answer.err.startswith(f"Line {line}")


def with_a_bad_cell(what):
    column, good, bad = BAD_CELL[what]
    if column == "Hours":
        return column, HEADER + GOOD + f"2,Birch & Lowe,2026-02-02,{bad}Yes,,call\n"
    return column, HEADER + GOOD + GOOD.replace("1,B", "2,B").replace(good, bad, 1)


@pytest.mark.parametrize("what", BAD_CELL)
def test_a_cell_that_can_not_be_read_refuses_its_row_with_line_and_column(what):
    column, content = with_a_bad_cell(what)
    file = read(content)
    (refused,) = file.refused
    assert (refused.line, refused.column, len(file.rows)) == (3, column, 1)


@pytest.mark.parametrize("what", ["no number", "no date"])
def test_a_file_with_such_a_row_publishes_nothing(what, publish):
    column, content = with_a_bad_cell(what)
    answer, changed = publish(content)
    assert (answer.code, changed) == (1, False)
    assert answer.err.startswith(f"Line 3, column {column}: ")
    assert answer.json["entries"]["refused"] == 1


@pytest.mark.parametrize("cells", ["2,Birch & Lowe,2026-02-02,1", GOOD.strip() + ",more,and more"])
def test_a_row_with_too_few_or_too_many_cells_is_refused(cells, publish):
    answer, changed = publish(HEADER + GOOD + cells + "\n")
    assert (answer.code, changed) == (1, False)
    assert answer.err.startswith("Line 3")
