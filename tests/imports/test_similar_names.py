"""Names that look like a client's: the quick measure in front leaves out nothing that the exact one would find."""

from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from imports.judging.similar_names import ALIKE, core, likeness

SOUNDS = (
    "acme",
    "akme",
    "dental",
    "dentl",
    "birch",
    "lowe",
    "&",
    "freight",
    "fright",
    "north",
    "inc",
    "gmbh",
    "ünlü",
)
WORDS = st.sampled_from(SOUNDS)
NAMES = st.lists(WORDS, min_size=0, max_size=4).map(" ".join)


def exactly(company: str, names: dict[str, str]) -> dict[str, float]:
    """By the definition alone, name by name."""
    wanted, best = core(company), {}
    for name, slug in names.items():
        exact = SequenceMatcher(a=core(name), b=wanted, autojunk=False).ratio()
        if wanted and exact >= ALIKE:
            best[slug] = max(best.get(slug, 0), exact)
    return best


@given(st.lists(NAMES, max_size=4, unique=True), st.dictionaries(NAMES, st.sampled_from("abc"), max_size=5))
def test_the_quick_measure_leaves_out_no_name_that_is_alike(companies, names):
    assert likeness(companies, names) == {company: exactly(company, names) for company in companies}


def test_a_garbled_letter_a_legal_form_and_another_order_of_marks_are_alike():
    names = {"Müller GmbH": "mueller", "Birch & Lowe": "birch", "Acme Dental": "acme"}
    found = likeness(
        ["Muller Gmbh.", "Birch and Lowe", "ACME-Dental, Inc.", "Acme Dental Group", "Zeta"], names
    )
    assert {company: list(best) for company, best in found.items()} == {
        "Muller Gmbh.": ["mueller"],
        "Birch and Lowe": ["birch"],
        "ACME-Dental, Inc.": ["acme"],
        "Acme Dental Group": ["acme"],
        "Zeta": [],
    }
