"""What the grants of a file change of those that stand."""

from dataclasses import replace
from datetime import date

from retainers.regranting import Regrant, regrant
from tests.retainers.builders import adjustment, top_up

DAY = date(2026, 2, 10)
BOUGHT = top_up(DAY, "5", note="PO 4711")
KEYED = replace(BOUGHT, key="po-4711")


def test_what_stands_already_changes_nothing():
    assert regrant([BOUGHT, KEYED], [KEYED, BOUGHT]) == Regrant()


def test_of_several_equals_only_those_that_are_missing_are_added():
    assert regrant([BOUGHT, BOUGHT], [BOUGHT]) == Regrant(added=(BOUGHT,))


def test_what_a_file_leaves_out_stays():
    assert regrant([], [BOUGHT, KEYED]) == Regrant()


def test_a_row_with_a_key_replaces_what_stands_under_it():
    corrected = replace(KEYED, hours=BOUGHT.hours * 2)

    assert regrant([corrected], [BOUGHT, KEYED]) == Regrant(added=(corrected,), retired=(KEYED,))


def test_a_row_that_is_given_a_key_takes_over_its_equal():
    assert regrant([KEYED], [BOUGHT]) == Regrant(added=(KEYED,), retired=(BOUGHT,))


def test_a_row_that_loses_its_key_is_the_one_that_stands():
    assert regrant([BOUGHT], [KEYED]) == Regrant()


def test_a_row_under_another_key_is_another_grant():
    other = replace(KEYED, key="po-4712")

    assert regrant([other], [KEYED]) == Regrant(added=(other,))


def test_a_credit_that_says_nothing_of_its_end_is_the_one_that_does():
    silent, said = adjustment(DAY, "2"), adjustment(DAY, "2", expires="cycle")

    assert regrant([silent], [said]) == Regrant()
    assert regrant([said], [silent]) == Regrant()
    assert regrant([replace(said, expires="never")], [said]).added
