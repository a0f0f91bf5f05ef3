"""Days that files speak for: how far, from when, and with which gaps, by pool."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from retainers.coverage import Coverage, Spoken, joined

POOLS = ("a", "b")
LIFE = (date(2026, 1, 1), None)
JANUARY = (date(2026, 1, 1), date(2026, 1, 31))


def day(number: int, month: int = 1) -> date:
    return date(2026, month, number)


def covered(*files: Spoken) -> Coverage:
    found = Coverage()
    for spoken in files:
        found = found.adding(spoken)
    return found


def spans(*pairs: tuple[int, int]) -> tuple[tuple[date, date], ...]:
    return tuple((day(first), day(last)) for first, last in pairs)


def test_nothing_is_covered_before_the_first_file() -> None:
    assert Coverage().through(POOLS) is None
    assert Coverage().gaps(POOLS, LIFE) == ()
    assert Coverage().starts_in(POOLS, JANUARY) is None


def test_a_file_covers_its_days_in_every_pool() -> None:
    assert covered(Spoken(day(5), day(11))).through_by_pool(POOLS) == {"a": day(11), "b": day(11)}


def test_a_date_never_goes_backwards() -> None:
    assert covered(Spoken(day(5), day(18)), Spoken(day(5), day(11))).through(POOLS) == day(18)


def test_a_file_limited_to_a_pool_moves_that_pool_alone_and_the_retainer_has_the_earliest() -> None:
    found = covered(Spoken(day(1), day(11)), Spoken(day(5), day(18), pools=("b",)))

    assert found.through_by_pool(POOLS) == {"a": day(11), "b": day(18)}
    assert found.through(POOLS) == day(11)


def test_a_pool_that_no_file_has_spoken_for_leaves_the_retainer_without_a_date() -> None:
    assert covered(Spoken(day(5), day(18), pools=("b",))).through(POOLS) is None


def test_a_pool_that_is_agreed_later_has_the_days_of_the_files_for_everything() -> None:
    assert covered(Spoken(day(5), day(11))).through(("later",)) == day(11)


def test_days_between_a_given_start_and_the_coverage_before_it_are_a_gap() -> None:
    found = covered(Spoken(day(1), day(4), True), Spoken(day(7), day(11), True))

    assert found.gaps(POOLS, LIFE) == spans((5, 6))
    assert found.through(POOLS) == day(11)


def test_days_before_a_start_that_was_not_given_are_a_gap_only_from_seven_on() -> None:
    first = Spoken(day(1), day(4))

    assert covered(first, Spoken(day(11), day(12))).gaps(POOLS, LIFE) == ()
    assert covered(first, Spoken(day(12), day(13))).gaps(POOLS, LIFE) == spans((5, 11))


def test_a_pool_that_is_ahead_has_a_shorter_way_to_the_next_file() -> None:
    found = covered(Spoken(day(1), day(4)), Spoken(day(5), day(12), pools=("b",)), Spoken(day(14), day(15)))

    assert found.gaps(("a",), LIFE) == spans((5, 13))
    assert found.gaps(("b",), LIFE) == ()


def test_a_later_file_fills_a_gap() -> None:
    found = covered(Spoken(day(1), day(4), True), Spoken(day(9), day(11), True), Spoken(day(5), day(8)))

    assert found.gaps(POOLS, LIFE) == ()


def test_a_person_who_says_that_there_was_no_work_fills_a_gap() -> None:
    found = covered(Spoken(day(1), day(4), True), Spoken(day(9), day(11), True))

    assert found.saying_no_work(day(5), day(8)).gaps(POOLS, LIFE) == ()
    assert found.saying_no_work(day(5), day(7)).gaps(POOLS, LIFE) == spans((8, 8))


def test_days_outside_of_the_retainers_life_are_no_gap() -> None:
    found = covered(Spoken(day(1), day(4), True), Spoken(day(20), day(21), True))

    assert found.gaps(POOLS, (day(10), day(15))) == spans((10, 15))


def test_a_gap_in_one_pool_is_a_gap() -> None:
    found = covered(
        Spoken(day(1), day(4), True), Spoken(day(5), day(8), True, ("b",)), Spoken(day(9), day(9), True)
    )

    assert found.gaps(POOLS, LIFE) == spans((5, 8))


def test_a_cycle_whose_first_days_are_in_no_file_is_covered_from_a_day() -> None:
    late = covered(Spoken(day(9), day(18)))

    assert late.starts_in(POOLS, JANUARY) == day(9)
    assert late.saying_no_work(day(1), day(8)).starts_in(POOLS, JANUARY) is None
    assert covered(Spoken(date(2025, 12, 20), day(18))).starts_in(POOLS, JANUARY) is None


def test_a_cycle_is_covered_from_the_day_on_which_its_last_pool_is() -> None:
    assert covered(Spoken(day(9), day(18)), Spoken(day(1), day(4), pools=("b",))).starts_in(
        POOLS, JANUARY
    ) == day(9)


def test_a_cycle_that_no_file_has_reached_is_covered_from_no_day() -> None:
    assert covered(Spoken(day(9), day(18))).starts_in(POOLS, (day(1, 2), day(28, 2))) is None


def test_coverage_is_the_same_after_a_way_through_json() -> None:
    found = covered(Spoken(day(1), day(4)), Spoken(day(5), day(12), pools=("b",))).saying_no_work(
        day(20), day(21)
    )

    assert Coverage.read(found.document()) == found
    assert Coverage.read({}) == Coverage()


files = st.builds(
    lambda first, length, given_start, pools: Spoken(day(first), day(first + length), given_start, pools),
    st.integers(1, 20),
    st.integers(0, 8),
    st.booleans(),
    st.sampled_from([(), (), ("a",), ("b",)]),
)


@given(st.lists(files, max_size=6), files)
def test_no_file_takes_a_covered_day_away(before: list[Spoken], one_more: Spoken) -> None:
    found = covered(*before)
    after = found.adding(one_more)

    for pool in POOLS:
        assert joined(found.of(pool), after.of(pool)) == after.of(pool)


@given(st.lists(files, max_size=6))
def test_every_day_up_to_a_pools_date_is_covered_or_a_gap_or_before_the_first(before: list[Spoken]) -> None:
    found = covered(*before)

    for pool in POOLS:
        days, last = found.of(pool), found.through_by_pool([pool])[pool]
        named = joined(days, found.gaps([pool], LIFE))
        assert not days or named == ((days[0][0], last),)


@given(st.lists(files, max_size=6))
def test_a_file_covers_its_own_days_and_a_given_start_no_day_before_them(before: list[Spoken]) -> None:
    found = covered(*before)

    for spoken in before:
        for pool in spoken.pools or POOLS:
            assert joined(found.of(pool), ((spoken.starts, spoken.ends),)) == found.of(pool)
    if before and all(spoken.starts_given for spoken in before):
        own = joined(*[((spoken.starts, spoken.ends),) for spoken in before])
        assert joined(own, found.of("a"), found.of("b")) == own


def test_touching_days_are_one_span() -> None:
    assert joined([(day(4), day(5))], [(day(1), day(3))]) == spans((1, 5))
    assert joined([(day(5), day(6))], [(day(1), day(3))]) == spans((1, 3), (5, 6))
