"""The rows of the history and their meters as HTML: every text escaped, nothing where there is nothing to say."""

import re

import pytest

from portal.past_cycles import HistoryCell, HistoryRow
from portal.templatetags.history_rows import history_rows, meter
from presentation.charts import Meter

EVIL = """<b>&"'{0}"""
ESCAPED = "&lt;b&gt;&amp;&quot;&#x27;{0}"
BAR = Meter(used="40%", cap="", pace="", tone="", label="")


def a_row(*cells: HistoryCell, **values) -> HistoryRow:
    return HistoryRow(
        **{
            "name": "Nov 2026",
            "price": "",
            "provisional": False,
            "href": "./",
            "chosen": False,
            "cells": cells,
            **values,
        }
    )


def test_every_text_of_a_row_is_escaped():
    cell = HistoryCell(EVIL, EVIL, Meter(EVIL, EVIL, EVIL, EVIL, EVIL), (EVIL,))
    plain = HistoryCell(EVIL, "", Meter(EVIL, "", EVIL, EVIL, ""))

    html = history_rows([a_row(cell, plain, name=EVIL, price=EVIL, href=EVIL, pools=(EVIL, EVIL))])

    assert "<b>" not in html
    assert html.count(ESCAPED) == 16


def test_a_row_says_only_what_there_is_to_say():
    html = history_rows([a_row(HistoryCell("2.0 of 12", "", None))])

    assert (
        html
        == '<tr><th scope="row"><a href="./">Nov 2026</a></th><td><div><span>2.0 of 12</span></div></td></tr>\n'
    )


def test_the_shown_cycle_is_marked_and_what_it_cost_is_told():
    html = history_rows(
        [a_row(HistoryCell("12", "+ 2.0 over", BAR, ("A: 1.0 of 2",)), price="$300", chosen=True)]
    )

    assert '<a href="./" aria-current="page">Nov 2026</a> <small>$300 past the cap</small>' in html
    assert " <em>+ 2.0 over</em></span><svg" in html
    assert '<small dir="auto">A: 1.0 of 2</small></td>' in html


@pytest.mark.parametrize(
    ("shown", "parts"),
    [
        (BAR, ["track", "used"]),
        (Meter("40%", "", "50%", "low", ""), ["track", "used", "pace"]),
        (Meter("100%", "80%", "50%", "over", "past it"), ["past", "used", "gap"]),
    ],
)
def test_a_meter_has_a_pace_within_its_cap_and_a_gap_past_it(shown, parts):
    html = meter(shown)

    assert re.findall(r'<rect class="(\w+)"', html) == parts
    assert ('role="img" aria-label="past it"' in html) is bool(shown.label)
    assert ('aria-hidden="true"' in html) is not bool(shown.label)


def test_a_cycle_without_all_of_its_work_says_so():
    html = history_rows([a_row(HistoryCell("0 of 12", "", None), provisional=True)])

    assert '<a href="./">Nov 2026</a> <small>Provisional</small></th>' in html
