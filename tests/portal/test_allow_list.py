"""What a client's page, its JSON and its CSV have a place for: each field was decided on, here as well as there."""

import csv
import dataclasses
import io
import types
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from portal.page import BalancePage

pytestmark = pytest.mark.django_db
SHOWN = Path(__file__).with_name("shown_fields.txt")


def parts_of(kind: object) -> list[type]:
    """The classes of ours that a field's type names."""
    inside = [each for argument in get_args(kind) for each in parts_of(argument)]
    named = isinstance(kind, type) and not isinstance(kind, types.GenericAlias)
    return (
        [kind, *inside] if named and (dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")) else inside
    )


def fields_of_the_page() -> dict[str, list[str]]:
    """Every class that the page is made of, from the page down, with its fields in order."""
    found: dict[str, list[str]] = {}
    waiting: list[type] = [BalancePage]
    while waiting:
        kind = waiting.pop()
        name = f"{kind.__module__}.{kind.__name__}"
        if name not in found:
            hints = get_type_hints(kind)
            found[name] = list(hints)
            waiting += [part for hint in hints.values() for part in parts_of(hint)]
    return found


def keys_of(value: object, at: str = "") -> set[str]:
    """Every key in a document, with the keys that it stands under."""
    if isinstance(value, dict):
        return {f"{at}{key}" for key in value} | {
            each for key, inner in value.items() for each in keys_of(inner, f"{at}{key}.")
        }
    return {each for inner in value for each in keys_of(inner, at)} if isinstance(value, list) else set()


def written() -> dict[str, list[str]]:
    """The register, one line a class: its name, then its fields."""
    lines = (line.split(":") for line in SHOWN.read_text(encoding="utf-8").splitlines())
    return {name: fields.split() for name, fields in lines}


def test_a_page_has_a_place_for_the_fields_that_were_chosen_and_no_other():
    chosen = {name: fields for name, fields in written().items() if name not in {"json", "csv", "template"}}
    assert fields_of_the_page() == chosen


def test_the_template_is_given_the_page_and_no_more(client, address):
    given = client.get(address).context[0].dicts
    assert (
        sorted({key for layer in given for key in layer} - {"True", "False", "None"}) == written()["template"]
    )


def test_the_json_has_the_keys_that_were_chosen_and_no_other(client, address):
    keys = keys_of(client.get(f"{address}balance.json").json())
    assert sorted(keys) == written()["json"]


def test_the_csv_has_the_columns_that_were_chosen_and_no_other(client, address):
    (heads, *_rows) = csv.reader(io.StringIO(client.get(f"{address}log.csv").content.decode("utf-8-sig")))
    assert [head.replace(" ", "_") for head in heads] == written()["csv"]
