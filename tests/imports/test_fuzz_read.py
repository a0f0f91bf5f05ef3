"""Whatever is uploaded: a `ParsedFile` or an `UnreadableFileError`, and every line that holds anything is somewhere."""

# ruff: noqa: E501 - rows of exports are as long as they are

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from imports.reading.formats import FORMATS
from imports.reading.formats.table import alternatives
from imports.reading.records import open_source, read_records
from imports.reading.rows import ParsedFile, UnreadableFileError
from tests.examples import examples
from tests.imports.reading import SAMPLES, read

HEADERS = sorted(
    {
        part
        for shape in FORMATS
        for aliases in shape.columns.values()
        for parts in alternatives(aliases)
        for part in parts
    }
)
CELLS = st.one_of(
    st.sampled_from(
        ["", "-", "0", "1.5", "1,5", "1:30", "90 min", "40", "PT1H", "-2", "NaN", "Total", "Subtotal", "Acme: x", "Yes", "NB",
         "2026-06-02", "6/13/2026", "13/6/2026 23:15", "2026-06-02T02:00:00Z", "1900-01-01 08:00:00", "25:00", "Top Up", "+10",
         "T20260602.0001", "4.82E+04", "<b>x</b>", "' =1", "@{name=A; id=2}", "x\ny", 'say "x"', "NULL", "a" * 300]
    ),
    st.text(max_size=8),
)  # fmt: skip
SAMPLE_BYTES = [path.read_bytes() for path in sorted(SAMPLES.glob("*.csv"))]


def attempt(data: bytes) -> ParsedFile | None:
    """The file, or None where it is refused with a sentence."""
    try:
        return read(data, one_client=True)
    except UnreadableFileError as error:
        if not all(problem.message for problem in error.problems):
            raise
        return None


def lines_of(file: ParsedFile) -> list[int]:
    return sorted(
        found.line for group in (file.rows, file.refused, file.set_aside, file.grants) for found in group
    )


def assert_all_accounted_for(file: ParsedFile, text: str) -> None:
    source = open_source(text)
    filled = [record.line for record in read_records(source, file.delimiter)]
    directives = [found.line for found in source.set_aside]
    found = lines_of(file)
    assert len(found) == len(set(found))
    missing = set(directives + filled) - set(found)
    assert len(missing) == 1, "only the header is in no list"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    attempt(data)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    attempt(text.encode("utf-8", errors="ignore"))


def table(header: list[str], rows: list[list[str]], delimiter: str) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows([header, *rows])
    return written.getvalue()


@settings(max_examples=examples(300))
@given(
    st.lists(st.sampled_from(HEADERS), min_size=2, max_size=9),
    st.lists(st.lists(CELLS, min_size=1, max_size=10), max_size=8),
    st.sampled_from([",", ";", "\t"]),
)
def test_any_table_under_known_headers_is_accounted_for(
    header: list[str], rows: list[list[str]], delimiter: str
) -> None:
    text = table(header, rows, delimiter)
    file = attempt(text.encode("utf-8", errors="ignore"))
    if file is not None:
        assert_all_accounted_for(file, text)


@settings(max_examples=examples(300))
@given(st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=10))
def test_any_table_under_the_template_is_accounted_for(rows: list[list[str]]) -> None:
    text = table(["Date", "Client", "Hours", "Billable", "Start", "Technician", "Notes"], rows, ",")
    file = attempt(text.encode("utf-8", errors="ignore"))
    if file is not None:
        assert_all_accounted_for(file, text)
        assert all(row.worked is not None and row.worked.is_finite() for row in file.rows)


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(SAMPLE_BYTES), st.data())
def test_a_damaged_export_is_read_or_refused(sample: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, min(len(sample), start + 40)))
    attempt(sample[:start] + data.draw(st.binary(max_size=6)) + sample[end:])


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(SAMPLE_BYTES), st.data())
def test_an_export_cut_off_anywhere_is_read_or_refused(sample: bytes, data: st.DataObject) -> None:
    attempt(sample[: data.draw(st.integers(0, len(sample)))])
