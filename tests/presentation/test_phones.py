"""The button beside a number dials what the provider meant, however it was typed."""

import pytest

from presentation.phones import country_of, phones, tel


@pytest.mark.parametrize(
    ("typed", "country", "dialled"),
    [
        ("+44 (0)20 7946 0000", "", "tel:+442079460000"),
        ("+49 (0)30 123456", "DE", "tel:+4930123456"),
        ("030 / 123456", "DE", "tel:+4930123456"),
        ("+1 555 0100 ext. 5", "US", "tel:+15550100;ext=5"),
        ("(312) 555-0142 x12", "US", "tel:+13125550142;ext=12"),
        ("1-800-HELPDESK", "US", "tel:+18004357337"),
        ("020 7946 0000 / 020 7946 0001", "GB", "tel:+442079460000"),
        ("555 0100", "", "tel:5550100"),
        ("ask at the desk", "US", ""),
        ("", "US", ""),
    ],
)
def test_a_number_is_dialled_as_it_was_meant(typed, country, dialled):
    assert tel(typed, country) == dialled


@pytest.mark.parametrize(
    ("zone", "country"), [("America/Chicago", "US"), ("Europe/London", "GB"), ("UTC", ""), ("Etc/GMT+5", "")]
)
def test_a_time_zone_says_the_country(zone, country):
    assert country_of(zone) == country


def test_a_field_with_two_numbers_has_a_button_for_each():
    told = phones("020 7946 0000 / +44 (0)20 7946 0001", "GB")
    assert told == (("020 7946 0000", "tel:+442079460000"), ("+44 (0)20 7946 0001", "tel:+442079460001"))


def test_words_beside_a_single_number_stay():
    assert phones("Desk: +1 555 0100", "US") == (("Desk: +1 555 0100", "tel:+15550100"),)
    assert phones("ask at the desk", "US") == ()
