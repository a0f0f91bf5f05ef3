"""The table of docs/alerts.md, worked through."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from alerts.crossings import reached
from presentation.accounts import Account
from retainers.balance import Figures
from retainers.hours import ZERO

TEXT = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+\.\d\d) \| (.+) \|$", TEXT, re.MULTILINE)
CAP = Decimal(10)


def test_there_is_a_table():
    assert len(ROWS) == 4


@pytest.mark.parametrize(("taken", "names"), ROWS)
def test_a_row_of_the_table_holds(taken, names):
    used = Decimal(taken)
    remaining, overage = max(CAP - used, ZERO), max(used - CAP, ZERO)
    figures = Figures(CAP, ZERO, ZERO, ZERO, ZERO, used, ZERO, remaining, overage, None, None, None)
    account = Account("", "", CAP, used, used, remaining, overage, figures)
    assert ", ".join(each.name for each in reached(account, None)) == names.replace("–", "")
