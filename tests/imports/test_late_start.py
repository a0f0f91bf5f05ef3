"""A file that begins later than the earliest cycle that isn't settled says so in one line."""

import pytest

from tests.imports.uploading import row

pytestmark = pytest.mark.usefixtures("monday")
LINE = "Earlier work of cycles that aren’t settled yet"


def test_a_later_start_than_the_earliest_open_cycles_is_told(world):
    page = world.page(world.upload(row(1, "Acme Dental", "2026-02-10", "2")))

    assert f"The file begins on Tue 10 Feb 2026. {LINE} (from Thu 1 Jan 2026 on)" in page


@pytest.mark.parametrize(("starts", "told"), [("2026-01-01", False), ("2026-01-02", True)])
def test_a_start_that_is_given_counts_to_the_day(world, starts, told):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), starts=starts, ends="2026-02-10")

    assert (LINE in world.page(source)) is told


def test_a_first_row_within_seven_days_is_no_late_start(world):
    assert LINE not in world.page(world.upload(row(1, "Acme Dental", "2026-01-07", "2")))
