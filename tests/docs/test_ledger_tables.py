"""The tables of docs/ledger.md are what the ledger says."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from retainers.agreements.reading import read_file
from retainers.balance import Part, Work
from retainers.hours import ZERO, write_hours
from retainers.ledger import balance
from retainers.pricing import draws_under, hours_drawn

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
        for name in ("terms", "top_ups", "adjustments"):
            toml = toml.replace(f"[[{name}]]", f"[[clients.retainers.{name}]]")
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
        pool=row.get("pool"),
        parts=tuple(part(text) for text in row.get("parts", "").split(", ") if text),
    )


def part(text):
    """A part as the page writes it: minutes, then its categories."""
    minutes, *categories = text.split()
    return Part(int(minutes) * 60, categories=frozenset(categories))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_of_the_ledgers_page_comes_out_as_written(example):
    retainer = read_file(example.toml).clients[0].retainers[0]
    entries, results = example.tables
    works = [work(row) for row in entries]
    for row, one in zip(entries, works, strict=True):
        draws = draws_under(retainer.agreement, one)
        counted = write_hours(sum((draw.counted for draw in draws), ZERO))
        assert write_hours(hours_drawn(draws)) == row["drawn"]
        assert counted == row.get("counted", counted)
    for row in results:
        on = date.fromisoformat(row["on"])
        cycles = balance(retainer.agreement, works, retainer.top_ups, retainer.adjustments, on)
        total = next(cycle.total for cycle in cycles if cycle.starts.isoformat() == row["cycle"])
        for name in row.keys() - {"on", "cycle"}:
            figure = getattr(total, name)
            assert ("" if figure is None else write_hours(figure)) == row[name], (row["cycle"], name)


def test_the_page_has_its_examples():
    assert len(EXAMPLES) >= 12
