"""The tables of docs/ledger.md are what the ledger says."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from retainers.agreements import read_file
from retainers.balance import Work
from retainers.hours import write_hours
from retainers.ledger import balance
from retainers.pricing import draw_under

TEXT = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
AROUND = '[provider]\nslug = "p"\nname = "P"\n[[clients]]\nslug = "c"\nname = "C"\n[[clients.retainers]]\n'


@dataclass
class Example:
    name: str
    toml: str
    tables: list[list[dict[str, str]]] = field(default_factory=list)


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def read_table(lines):
    head, _, *rows = lines
    return [dict(zip(cells(head), cells(row), strict=True)) for row in rows]


def examples():
    for section in re.split(r"\n### ", TEXT)[1:]:
        toml = re.search(r"```toml\n(.*?)```", section, re.DOTALL).group(1)
        toml = toml.replace("[[terms]]", "[[clients.retainers.terms]]").replace(
            "[[top_ups]]", "[[clients.retainers.top_ups]]"
        )
        example = Example(section.splitlines()[0], AROUND + toml)
        body = section.split("\n## ")[0]
        for block in re.findall(r"(?:^\|.*\n?)+", body, re.MULTILINE):
            example.tables.append(read_table(block.strip().splitlines()))
        yield example


EXAMPLES = list(examples())


def work(row):
    return Work(
        day=date.fromisoformat(row["date"]),
        worked=Decimal(row["worked"]),
        categories=frozenset(row.get("categories", "").split()),
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_of_the_ledgers_page_comes_out_as_written(example):
    retainer = read_file(example.toml).clients[0].retainers[0]
    entries, results = example.tables
    works = [work(row) for row in entries]
    for row, one in zip(entries, works, strict=True):
        draw = draw_under(retainer.agreement, one)
        assert write_hours(draw.hours) == row["drawn"]
        assert write_hours(draw.counted) == row.get("counted", write_hours(draw.counted))
    for row in results:
        on = date.fromisoformat(row["on"])
        cycles = balance(retainer.agreement, works, retainer.top_ups, retainer.adjustments, on)
        total = next(cycle.total for cycle in cycles if cycle.starts.isoformat() == row["cycle"])
        for name in row.keys() - {"on", "cycle"}:
            figure = getattr(total, name)
            assert ("" if figure is None else write_hours(figure)) == row[name], (row["cycle"], name)


def test_the_page_has_its_examples():
    assert len(EXAMPLES) >= 7
