"""The sentences about the covered days beside the number."""

from datetime import date
from decimal import Decimal

import pytest

from presentation.coverage import Covered
from presentation.sentences import freshness
from tests.portal.test_words import TODAY, facts

DECEMBER = date(2026, 12, 2)


def words(covered: Covered, **more: object) -> str:
    return " ".join(freshness(facts(covered=covered, **more), TODAY).words)


def closed(covered: Covered, **more: object) -> str:
    values = {"on": DECEMBER, "through": date(2026, 12, 1), "provisional": False} | more
    return " ".join(freshness(facts(covered=covered, **values), DECEMBER).words)


def test_pools_that_are_covered_alike_are_not_told_apart() -> None:
    day = date(2026, 11, 19)

    assert "Reactive" not in words(Covered(pools=(("a", "Reactive", day), ("b", "Planned", day))))


def test_each_pools_day_is_named_where_they_differ() -> None:
    pools = (
        ("a", "Reactive", date(2026, 11, 15)),
        ("b", "Planned", date(2026, 11, 19)),
        ("c", "On site", None),
    )

    said = words(Covered(pools=pools))

    assert "Reactive is covered through Sun 15 November. Planned is covered through Thu 19 November." in said
    assert "No work of On site is in yet." in said


def test_a_cycle_whose_first_days_are_in_no_file_says_from_when_on_it_covers() -> None:
    said = words(Covered(starts_on=date(2026, 11, 9)))

    assert "This cycle is covered from Mon 9 November on: earlier work of it may be missing here." in said


def test_gaps_are_named_the_newest_three_with_their_year() -> None:
    gaps = [date(2025, 12, 30), date(2026, 10, 1), date(2026, 10, 9), date(2026, 11, 3)]
    spans = (*((day, day) for day in gaps[:3]), (gaps[3], date(2026, 11, 4)))

    assert (
        "No update covers Thu 1 October, Fri 9 October and Tue 3 November to Wed 4 November: "
        "work of these days may be missing here."
    ) in words(Covered(gaps=spans))
    assert "No update covers 30 December 2025:" in words(Covered(gaps=spans[:1]))


def test_work_that_is_dated_later_and_in_already_is_told() -> None:
    assert "Of the work since then, 3.5 h are already in this number." in words(
        Covered(later_hours=Decimal("3.5"))
    )


def test_an_open_cycle_is_not_called_provisional() -> None:
    assert "rovisional" not in words(Covered())


@pytest.mark.parametrize("provisional", [True, False])
def test_a_closed_cycle_names_its_gaps(provisional: bool) -> None:
    gap = Covered(gaps=((date(2026, 11, 3), date(2026, 11, 4)),))

    assert "No update covers Tue 3 November to Wed 4 November" in closed(gap, provisional=provisional)


def test_a_complete_cycle_says_until_when_late_entries_can_change_it() -> None:
    assert "Late entries can change it until Sat 12 December." in closed(
        Covered(open_until=date(2026, 12, 12))
    )
    assert "Late entries" not in closed(Covered())
