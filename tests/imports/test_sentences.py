"""Sentences that count say 1 row and 3 rows."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from presentation.counts import counted

ROOMS = ("accounts", "alerts", "desk", "hourtab", "imports", "portal", "presentation", "retainers")
PLURALS = re.compile(r" (published )?(rows|entries|lines|clients|files|columns|cycles|days)\b")


def is_a_count(value, text):
    is_plural = isinstance(text, ast.Constant) and PLURALS.match(str(text.value))
    return isinstance(value, ast.FormattedValue) and bool(is_plural)


def counts_without_a_singular():
    """Each f-string in which a value stands right before a plural: "1 rows"."""
    for room in ROOMS:
        for path in sorted((Path(settings.BASE_DIR) / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    parts = zip(node.values, node.values[1:], strict=False)
                    if any(is_a_count(*pair) for pair in parts):
                        yield f"{path.name}: {ast.unparse(node)[:90]}"


NEVER_ONE = {
    "file_warnings.py",  # exactly 10,000 rows, and other numbers that exports are cut off at
    "headers.py",  # more columns than are read
    "records.py",  # more rows than are read
    "checks.py",  # fewer cycles than one
    "granted.py",
    "effect_words.py",  # says one by itself
    "attached.py",  # more than the many that one mail may bring
    "api.py",  # sixty files an hour
    "rates.py",  # three cycles in a row
}


def test_no_sentence_puts_a_count_before_a_plural_by_itself():
    found = [each for each in counts_without_a_singular() if each.partition(":")[0] not in NEVER_ONE]
    assert found == []


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 rows wait"), (1, "1 row waits"), (2, "2 rows wait"), (1200, "1,200 rows wait")]
)
def test_a_count_takes_the_words_that_go_with_it(count, said):
    assert counted(count, "row waits", "rows wait") == said
