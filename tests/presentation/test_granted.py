"""What was bought, credited and charged, one by one: with its day, its reason and its end."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from portal import gallery_data as data
from portal.gallery import Scene, page
from presentation.granted import end_words
from retainers.terms import Adjustment, Agreement, Pool, Terms, TopUp

START = date(2026, 1, 1)
CAP = Agreement("it", "IT", START, (Terms(START, (Pool("main", "Main", Decimal(8)),)),))
BLOCK = replace(CAP, terms=(Terms(START, (Pool("main", "Main", Decimal(0)),)),))
KEPT = "kept until they are used"


def granted(scene: Scene):
    (retainer,) = page(scene).retainers
    return [(line.day, line.what, line.hours, line.reason, line.end) for line in retainer.cycle.granted]


def test_each_grant_of_the_cycle_stands_with_its_day_reason_and_end():
    scene = Scene(data.CARRYING, top_ups=data.TOPPED_UP, adjustments=data.ADJUSTED)
    assert granted(scene) == [
        ("10 November", "Bought on top", "+ 5.00", "Order 4711", KEPT),
        ("12 November", "Credited", "+ 1.50", "The upgrade took two visits", "until 30 November 2026"),
        ("16 November", "Charged", "− 0.75", "Work at the branch, not in the export", ""),
    ]


def test_what_is_dated_later_or_in_another_cycle_is_not_of_this_one():
    top_ups = (TopUp(date(2026, 10, 31), Decimal(1)), TopUp(date(2026, 11, 23), Decimal(2)))
    assert granted(Scene(top_ups=top_ups)) == []


def test_a_block_tells_each_purchase_of_its_life():
    days = [line[0] for line in granted(Scene(data.BLOCK, data.BLOCK_WORK, top_ups=data.BLOCK_BOUGHT))]
    assert days == ["4 May", "14 September"]


@pytest.mark.parametrize(
    ("grant", "agreement", "words"),
    [
        (TopUp(date(2026, 1, 9), Decimal(5)), CAP, KEPT),
        (TopUp(date(2026, 1, 9), Decimal(5), expires="cycle"), CAP, "until 31 January 2026"),
        (TopUp(date(2026, 1, 9), Decimal(5), expires=2), CAP, "until 31 March 2026"),
        (TopUp(date(2026, 1, 9), Decimal(5), expires=date(2026, 3, 9)), CAP, "until 9 March 2026"),
        (TopUp(date(2026, 1, 9), Decimal(5)), replace(CAP, ends=date(2026, 2, 15)), "until 15 February 2026"),
        (
            TopUp(date(2026, 1, 9), Decimal(5), expires=date(2026, 3, 9)),
            replace(CAP, ends=date(2026, 2, 15)),
            "until 15 February 2026",
        ),
        (Adjustment(date(2026, 1, 9), Decimal(2)), CAP, "until 31 January 2026"),
        (Adjustment(date(2026, 1, 9), Decimal(2)), BLOCK, KEPT),
        (Adjustment(date(2026, 1, 9), Decimal(2), expires="never"), CAP, KEPT),
        (Adjustment(date(2026, 1, 9), Decimal(-2)), CAP, ""),
    ],
)
def test_the_end_is_the_day_on_which_the_hours_go(grant, agreement, words):
    assert end_words(grant, agreement) == words


def test_a_german_client_reads_it_in_german():
    with override("de"):
        lines = granted(Scene(data.CARRYING, top_ups=data.TOPPED_UP, adjustments=data.ADJUSTED))
    assert lines[1][:3] == ("12. November", "Gutgeschrieben", "+ 1,50")
    assert [line[4] for line in lines] == ["bleiben, bis sie verbraucht sind", "bis 30. November 2026", ""]
