"""Which backups stay."""

import doctest
from datetime import UTC, datetime, timedelta

from hourtab.backing_up import making, retention
from hourtab.backing_up.retention import Retention, outdated

DAYS = [datetime(2026, 11, 28, 3, tzinfo=UTC) - timedelta(days=back) for back in range(400)]


def test_the_newest_of_the_last_days_weeks_and_months_stay():
    kept = sorted(set(DAYS) - outdated(DAYS, Retention(7, 5, 12)), reverse=True)
    assert [at.date() for at in kept[:7]] == [at.date() for at in DAYS[:7]]
    assert len({(at.year, at.month) for at in kept}) == 12
    assert (
        len(kept) == 7 + 4 + 11 - 1
    )  # this week's and this month's are among the days; a Sunday ends October twice


def test_of_one_days_backups_the_last_stays():
    day = [datetime(2026, 11, 28, hour, tzinfo=UTC) for hour in (1, 9, 17)]
    assert outdated(day, Retention(7, 5, 12)) == set(day[:2])


def test_the_newest_one_stays_whatever_the_settings_say():
    assert outdated(DAYS[:3], Retention(0, 0, 0)) == set(DAYS[1:3])


def test_only_files_that_are_called_as_ours_are_deleted(tmp_path):
    names = ["hourtab-20261126T030000Z.tar.gz", "hourtab-20261127T030000Z.tar.gz", "mine.tar.gz", "notes.txt"]
    for name in names:
        (tmp_path / name).touch()
    making.prune(tmp_path, Retention(1, 0, 0))
    assert sorted(path.name for path in tmp_path.iterdir()) == names[1:]


def test_worked_examples_hold():
    found = doctest.testmod(retention)
    assert (found.attempted, found.failed) == (2, 0)
