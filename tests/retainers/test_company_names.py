"""Names of companies are compared whatever the program that wrote them did to case, spaces, letters and marks."""

import pytest

from retainers.company_names import company_key, is_garbled

SAME = [
    ("Müller GmbH", "Mu\u0308ller GmbH"),
    ("Müller GmbH", "MÜLLER  GMBH"),
    ("O'Brien & Sons", "O\u2019Brien & Sons"),
    ("O'Brien & Sons", "o`brien &  sons"),
    ('"Best" Foods', "\u201cBest\u201d Foods"),
    ("Lowe - Birch", "Lowe \u2013 Birch"),
    ("Lowe-Birch", "Lowe\u2011Birch"),
    ("Straße 7", "STRASSE 7"),
    ("Acme\u00a0Dental", "Acme Dental"),
    ("Ａcme", "Acme"),
    ("Acme\u200b Dental", "Acme Dental"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_to_write_a_name_are_one_name(one, other):
    assert company_key(one) == company_key(other)


@pytest.mark.parametrize("other", ["Mueller GmbH", "Müller GmbH.", "Muller GmbH", "Müller"])
def test_another_spelling_is_another_name(other):
    assert company_key("Müller GmbH") != company_key(other)


@pytest.mark.parametrize(
    "name",
    ["MÃ¼ller", "CafÃ© Rossi", "Lowe â€“ Birch", "Oâ€™Brien", "Â£ Shop", "M\ufffdller", "A\x00B", "GroÃŸ"],
)
def test_letters_that_no_language_has_are_told(name):
    assert is_garbled(name)


@pytest.mark.parametrize(
    "name", ["Müller", "Café", "Ångström AB", "Łódź", "日本電気", "São Tomé", "Œuvre", "Þór"]
)
def test_letters_of_real_languages_are_no_garbage(name):
    assert not is_garbled(name)
