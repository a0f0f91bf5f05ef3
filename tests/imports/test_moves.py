"""Work that has moved to another client in the PSA: one change on two pages."""

import pytest

from tests.imports.uploading import row
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.usefixtures("monday")


@shared_rows(upon="world")
def moved(world):
    """An export in which Acme's entry stands under Birch."""
    world.publish(
        world.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-10", "1"))
    )
    return world.upload(row(1, "Birch & Lowe", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-10", "1"))


def live(world):
    return len(world.live("acme")), len(world.live("birch"))


def test_moved_work_leaves_one_page_and_comes_to_the_other(world, moved):
    world.publish(moved)

    assert live(world) == (0, 2)


def test_the_preview_says_where_moved_work_comes_from_and_goes_to(world, moved):
    page = world.page(moved)

    assert "1 published entry goes to the page of Birch &amp; Lowe." in page
    assert "1 published entry comes from the page of Acme Dental." in page


@pytest.mark.parametrize("held", ["acme", "birch"])
def test_where_one_of_the_two_is_held_back_nothing_moves(world, moved, held):
    others = tuple({"acme", "birch", "cobalt"} - {held})
    world.publish(moved, publish=others)

    assert live(world) == (1, 1)


def test_words_of_a_person_move_along_and_are_checked_for_the_new_page(world):
    first = world.upload(
        row(1, "Acme Dental", "2026-02-10", "2", "one"), row(2, "Acme Dental", "2026-02-11", "1", "two")
    )
    world.publish(
        first,
        **{"words-2": "Replaced a scanner", "words-3": "Replaced the Acme Dental scanner", "let-3": "on"},
    )
    assert world.words("acme") == ["Replaced a scanner", "Replaced the Acme Dental scanner"]
    second = world.upload(
        row(1, "Birch & Lowe", "2026-02-10", "2", "one"), row(2, "Birch & Lowe", "2026-02-11", "1", "two")
    )
    world.publish(second)

    assert world.words("birch") == ["Replaced a scanner", ""]
