"""Work that has moved to another client in the PSA: one change on two pages."""

import pytest

from tests.imports.desk import row
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.usefixtures("monday")


@shared_rows(upon="_desk")
def moved(desk):
    """An export in which Acme's entry stands under Birch."""
    desk.publish(
        desk.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-10", "1"))
    )
    return desk.upload(row(1, "Birch & Lowe", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-10", "1"))


def live(desk):
    return len(desk.live("acme")), len(desk.live("birch"))


def test_moved_work_leaves_one_page_and_comes_to_the_other(desk, moved):
    desk.publish(moved)

    assert live(desk) == (0, 2)


def test_the_preview_says_where_moved_work_comes_from_and_goes_to(desk, moved):
    page = desk.page(moved)

    assert "1 published entry goes to the page of Birch &amp; Lowe." in page
    assert "1 published entry comes from the page of Acme Dental." in page


@pytest.mark.parametrize("held", ["acme", "birch"])
def test_where_one_of_the_two_is_held_back_nothing_moves(desk, moved, held):
    others = tuple({"acme", "birch", "cobalt"} - {held})
    desk.publish(moved, publish=others)

    assert live(desk) == (1, 1)


def test_words_of_a_person_move_along_and_are_checked_for_the_new_page(desk):
    first = desk.upload(
        row(1, "Acme Dental", "2026-02-10", "2", "one"), row(2, "Acme Dental", "2026-02-11", "1", "two")
    )
    desk.publish(
        first,
        **{"words-2": "Replaced a scanner", "words-3": "Replaced the Acme Dental scanner", "let-3": "on"},
    )
    assert desk.words("acme") == ["Replaced a scanner", "Replaced the Acme Dental scanner"]
    second = desk.upload(
        row(1, "Birch & Lowe", "2026-02-10", "2", "one"), row(2, "Birch & Lowe", "2026-02-11", "1", "two")
    )
    desk.publish(second)

    assert desk.words("birch") == ["Replaced a scanner", ""]
