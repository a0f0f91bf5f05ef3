"""The demo's dates: counted from its first day, on the calendar as it is."""

from datetime import date

import pytest

from demo.calendar import Calendar


@pytest.mark.parametrize(
    ("word", "first", "wanted"),
    [
        ("@C19-2", date(2026, 11, 23), date(2026, 9, 4)),
        ("@C19+1+2d", date(2026, 11, 23), date(2026, 12, 6)),
        ("@C0-1", date(2026, 3, 31), date(2026, 2, 28)),
        ("@E-1", date(2028, 3, 31), date(2028, 2, 29)),
        ("@M-12", date(2026, 1, 15), date(2025, 1, 1)),
        ("@D-30-1d", date(2026, 3, 1), date(2026, 1, 29)),
    ],
)
def test_the_demos_dates_are_counted_from_its_first_day(word, first, wanted):
    assert Calendar(first).read(word) == wanted


def test_a_word_that_is_no_date_is_refused():
    with pytest.raises(ValueError, match="@Q-1"):
        Calendar(date(2026, 1, 1)).read("@Q-1")
