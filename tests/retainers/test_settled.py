"""When a closed cycle is settled."""

from datetime import date

import pytest

from retainers.settled import Closing, closing

ENDS = date(2026, 1, 31)
COVERED = [(date(2026, 1, 30), date(2026, 1, 29)), (date(2026, 2, 2), date(2026, 2, 1))]


def test_a_provisional_cycle_is_never_settled() -> None:
    found = closing(ENDS, COVERED[:1], after_days=10, acts=[date(2026, 2, 1)])

    assert found == Closing(None, None)
    assert not found.is_settled(date(2027, 1, 1))


def test_a_complete_cycle_is_settled_after_ten_days_or_as_many_as_the_provider_says() -> None:
    found = closing(ENDS, COVERED, after_days=10)

    assert found.complete_on == date(2026, 2, 2)
    assert [found.is_settled(date(2026, 2, day)) for day in (2, 11, 12)] == [False, False, True]
    assert closing(ENDS, COVERED, after_days=3).settled_on == date(2026, 2, 5)


@pytest.mark.parametrize(("act", "settled"), [(5, 5), (1, 2), (20, 12)])
def test_a_statement_an_invoice_or_a_closed_month_settles_a_complete_cycle(act: int, settled: int) -> None:
    assert closing(ENDS, COVERED, acts=[date(2026, 2, act)], after_days=10).settled_on == date(
        2026, 2, settled
    )


def test_a_cycle_whose_coverage_was_taken_back_counts_its_days_anew() -> None:
    undone = [*COVERED, (date(2026, 2, 4), date(2026, 1, 29)), (date(2026, 2, 6), date(2026, 2, 5))]

    assert closing(ENDS, undone, after_days=10).complete_on == date(2026, 2, 6)
    assert closing(ENDS, undone[:3], after_days=10).complete_on is None
