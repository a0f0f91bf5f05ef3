"""The worked examples: an agreement file and an export give these balances, to the hundredth."""

import json
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent.parent / "golden"


def differences(wanted, got, path=""):
    """Where `got` does not hold what `wanted` says; it may hold more."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            yield from differences(value, got.get(key, "missing"), f"{path}.{key}")
    elif isinstance(wanted, list):
        if len(wanted) != len(got):
            yield f"{path}: {len(wanted)} wanted, {len(got)} there"
        for index, (one, other) in enumerate(zip(wanted, got, strict=False)):
            yield from differences(one, other, f"{path}[{index}]")
    elif wanted != got:
        yield f"{path}: {wanted!r} wanted, {got!r} there"


def by_name(answer):
    return answer["client"], answer["retainer"]


@pytest.mark.parametrize("name", ["rules", "one", "two", "three", "four", "five", "six", "seven"])
def test_a_worked_example_comes_out_as_written(run, run_json, name):
    run("load_retainers", str(GOLDEN / f"{name}.toml"))
    slug = (GOLDEN / f"{name}.toml").read_text().split('slug = "')[1].split('"')[0]
    words = ("--publish", "--accept", "all", "--restate", "--skip-bad-rows")
    run("import_csv", str(GOLDEN / f"{name}.csv"), "--provider", slug, *words)
    for day, wanted in json.loads((GOLDEN / f"{name}.json").read_text()).items():
        got = run_json("balances", "--provider", slug, "--on", day)
        assert got == sorted(got, key=by_name)
        assert list(differences(sorted(wanted, key=by_name), got, day)) == []
