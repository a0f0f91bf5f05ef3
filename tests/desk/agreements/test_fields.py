"""A field of the agreement is said once: its line in the table is enough for file, document and form."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

import pytest
from django.http import QueryDict

from desk.agreements.draft import AgreementDraft
from desk.agreements.pages import agreement_page
from desk.agreements.texts import inputs_of, table_in, texts_of
from desk.agreements.usual_agreements import from_template
from retainers.agreements.business_hours import OPENING_TIMES
from retainers.agreements.fields import AGREEMENT, ALERTS, MULTIPLIER, POOL, ROLLOVER, TERMS
from retainers.agreements.granted import ADJUSTMENT, TOP_UP
from retainers.agreements.problems import Place
from retainers.agreements.rows import KEY, WHOLE, Field, Row, choice
from retainers.agreements.tables import Table
from tests.desk.agreements.test_draft import posted

ROWS = (AGREEMENT, TERMS, POOL, MULTIPLIER, ROLLOVER, ALERTS, TOP_UP, ADJUSTMENT, OPENING_TIMES)
DAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Parking:
    """A row with two fields that came later."""

    key: str
    floor: Literal["lower", "upper"] = "lower"
    places: int | None = None


PARKING = Row(
    Parking,
    Field("key", KEY, "Key"),
    Field("floor", choice(Literal["lower", "upper"]), "Floor", quiet=True),
    Field("places", WHOLE, "Places", key="how_many"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.makes.__name__)
def test_every_value_of_the_ledgers_has_its_line_in_the_table(row):
    assert {each.name for each in row.fields} == {each.name for each in fields(row.makes)}


def test_the_line_is_enough_for_file_document_and_form():
    findings = []
    parked = PARKING.read(Table({"key": "a", "floor": "upper", "how_many": 4}, Place(), findings))
    document = PARKING.write(parked)
    texts = texts_of(PARKING, document)
    assert (findings, parked) == ([], Parking("a", "upper", 4))
    assert document == {"key": "a", "floor": "upper", "how_many": 4}
    assert PARKING.load(document) == parked
    assert texts == {"key": "a", "floor": "upper", "places": "4"}
    assert table_in(PARKING, texts.__getitem__) == document


def test_a_document_of_before_the_field_was_known_stays_as_it_is():
    assert PARKING.load({"key": "a"}) == Parking("a")
    assert PARKING.write(Parking("a")) == {"key": "a"}


def test_a_wrong_value_and_an_unknown_key_are_told_with_their_place():
    findings = []
    PARKING.read(Table({"key": "a", "floor": "roof", "how_mny": 1}, Place(), findings))
    assert [place.label for place, _ in findings] == ["floor", "how_mny"]


def test_what_says_no_more_than_the_default_is_left_out_of_a_file():
    assert TERMS.brief({"from": "2026-01-01", "stacking": "highest", "travel": "count", "pools": []}) == {
        "from": "2026-01-01",
        "travel": "count",
        "pools": [],
    }


def test_the_form_asks_for_every_field_that_has_a_label():
    draft = from_template("bank", DAY).with_new_terms(DAY)
    page = agreement_page(draft, None, is_new=True, title="", today=DAY)
    asked = {field.name for step in page.steps for field in step.all_fields}
    of_terms = {field.name for step in page.terms[1].steps for field in step.all_fields}
    assert inputs_of(AGREEMENT).keys() <= asked
    assert {f"terms-1-{name}" for name in inputs_of(TERMS)} <= of_terms
    assert {f"terms-1-pools-0-{name}" for name in inputs_of(POOL)} <= of_terms
    assert {f"terms-1-kinds-0-{name}" for name in (*inputs_of(MULTIPLIER), "minimum")} <= of_terms


def test_a_text_for_an_input_that_nobody_has_is_a_mistake():
    with pytest.raises(KeyError, match="flor"):
        from_template("bank", DAY).saying(flor="lower")


def test_what_the_form_did_not_send_is_empty_and_no_default():
    """Nobody who takes all ticks out has them put in again."""
    post = posted(from_template("bank", DAY))
    post.pop("requests")
    assert AgreementDraft.read(post)["requests"] == ""
    assert AgreementDraft()["requests"] == "top_up overage planned"
    assert AgreementDraft.read(QueryDict())["months"] == ""
