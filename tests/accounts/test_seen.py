"""What was in view, as one value: equal views have equal marks, and a mark says which part is another one."""

from datetime import date

import pytest

from accounts.seen import Seen, digest_of

VIEW = Seen({7: 31, 8: None}, {"agreement": 4, "client": {"name": "Acme"}}, ["top-up", date(2026, 6, 1)])


def test_an_equal_view_has_the_same_mark_whatever_the_order_of_its_retainers():
    again = Seen({8: None, 7: 31}, {"agreement": 4, "client": {"name": "Acme"}}, ["top-up", date(2026, 6, 1)])
    assert again.is_in(VIEW.mark)
    assert again.digest == VIEW.digest == digest_of(VIEW.mark)


@pytest.mark.parametrize(
    ("other", "part"),
    [
        (Seen({7: 32, 8: None}, VIEW.versions, VIEW.words), "retainer-7"),
        (Seen({7: 31, 8: 1}, VIEW.versions, VIEW.words), "retainer-8"),
        (Seen(VIEW.publications, {**VIEW.versions, "agreement": 5}, VIEW.words), "agreement"),
        (Seen(VIEW.publications, {**VIEW.versions, "client": {"name": "Acme!"}}, VIEW.words), "client"),
        (Seen(VIEW.publications, VIEW.versions, ["charge"]), "words"),
    ],
)
def test_the_part_that_is_another_one_is_named(other, part):
    assert not other.is_in(VIEW.mark)
    assert other.digest != VIEW.digest
    assert other.differing(VIEW.mark) == (part,)


def test_a_mark_from_elsewhere_is_of_nothing():
    assert VIEW.differing("4|5|top_up") == ("retainer-7", "retainer-8", "agreement", "client", "words")
    assert digest_of("") == ""


def test_nobody_without_the_installations_secret_can_write_a_mark(settings):
    mark = VIEW.mark
    settings.SECRET_KEY = "another one"
    assert not VIEW.is_in(mark)
