"""Nothing is lost between `make test` and `make test-long`: one of them runs each test, on each engine it is for."""

import re
from itertools import chain, combinations
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from tests.engines import ON_BOTH

ROOT = Path(__file__).parents[1]
MARKS = ("browser", "one_engine", "long", "on_both")
EVERY = [set(each) for each in chain.from_iterable(combinations(MARKS, n) for n in range(len(MARKS) + 1))]


def recipe(target: str) -> list[str]:
    """The lines of a target of the Makefile that run all of the suite, or those with marks."""
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert found, target
    lines = [line for line in found[1].splitlines() if " pytest " in line]
    return [line for line in lines if not line.endswith(".py")]  # a file alone is run over and above


def runs(line: str, marks: set[str]) -> bool:
    """Whether that line runs a test with these marks; `long` ones are left out where nobody asks for them."""
    asked = re.search(r'-m (?:"([^"]+)"|(\w+))', line.partition(" pytest ")[2])
    wanted = (asked[1] or asked[2]) if asked else ""
    if "long" not in wanted and "long" in marks:
        return False
    return not wanted or Expression.compile(wanted).evaluate(lambda name, **_: name in marks)


@pytest.mark.parametrize("marks", EVERY, ids=lambda marks: " ".join(sorted(marks)) or "none")
def test_each_test_is_run_once_on_each_engine_that_it_is_for(marks):
    here, there = recipe("test-sqlite"), recipe("test-postgres")
    here_too, _deeper, there_too = recipe("test-long")
    assert [runs(line, marks) for line in (*here, here_too)].count(True) == 1
    is_for_both = marks.isdisjoint({"browser", "one_engine"})
    assert [runs(line, marks) for line in (*there, there_too)].count(True) == int(is_for_both)


def test_properties_are_asked_of_many_more_examples_by_make_test_long():
    _here, deeper, _there = recipe("test-long")
    assert "HYPOTHESIS_PROFILE=deep" in deeper
    assert runs(deeper, {"hypothesis"})


def test_continuous_integration_runs_both():
    assert "make test && make test-long" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.parametrize("place", ON_BOTH)
def test_what_is_to_run_on_both_engines_is_there(place):
    path, _of, name = place.partition("::")
    (*_more, found) = (ROOT / "tests").glob(f"{path}test_*.py" if path.endswith("/") else path)
    assert not name or f"def {name.partition('[')[0]}" in found.read_text()


def test_what_ends_a_worker_leaves_every_test_its_time(pytestconfig):
    marks = re.compile(r"mark\.timeout\((\d+)\)")
    given = [int(each) for path in (ROOT / "tests").rglob("*.py") for each in marks.findall(path.read_text())]
    assert max(given) < float(pytestconfig.getini("faulthandler_timeout"))
