"""`standing_json` of many retainers as one text: what `json.dumps` makes of their list with an indent of two.

Where every cycle of every agreement is told, that list is half a million lines, nearly all of them figures, and written
value by value it takes longer than all the rest. So the lines of a cycle stand here once, with gaps for its figures.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any

from retainers.balance import CycleBalance, Figures, MultiplierUse, PoolFigures
from retainers.closings import Closings
from retainers.hours import write_factor
from retainers.selectors import Standing
from retainers.standing_json import BesideCycle, around, beside
from retainers.wire import FIGURES, written

Restated = Mapping[date, Sequence[date]]
DOCUMENT, CYCLE, KEY, PART, PART_KEY, DEEPEST = ("\n" + "  " * depth for depth in (1, 3, 4, 5, 6, 7))
_values = attrgetter(*FIGURES)


def listed(documents: Sequence[str]) -> str:
    """The list of these texts."""
    return _list(documents, "\n")


def standing_text(
    standing: Standing, closed: Closings, restated: Restated, estimate: Mapping[str, Any] | None
) -> str:
    """One of the list: `standing_json`, and the incident's estimate beside its cycles where one is told."""
    cycles = [_cycle(cycle, told) for cycle, told in beside(standing, closed, restated)]
    before = _indented(around(standing)).removesuffix(f"{DOCUMENT}}}")
    after = "" if estimate is None else f",{DOCUMENT}  " + _indented({"estimate": estimate})[1:-1].strip()
    return f'{before},{DOCUMENT}  "cycles": {_list(cycles, f"{DOCUMENT}  ")}{after}{DOCUMENT}}}'


def _indented(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False).replace("\n", DOCUMENT)


def _cycle(cycle: CycleBalance, told: BesideCycle) -> str:
    """`cycle_json`: the same keys in the same order."""
    said = {
        "starts": _day(cycle.starts),
        "ends": _day(cycle.ends),
        "resets": _day(cycle.resets),
        "closed": _yes(told=cycle.closed),
        "sharing": _text(cycle.sharing),
        "pools": _list(map(_pool, cycle.pools), KEY),
        "total": f"{{{_figures(cycle.total, PART)}{KEY}}}",
        "used_by_multiplier": _list(map(_use, cycle.used_by_multiplier), KEY),
        "approved": _hours(cycle.approved),
        "overage_amount": _hours(cycle.overage_amount),
        "currency": _text(cycle.terms.currency),
        "provisional": _yes(told=told["provisional"]),
    }
    if told["settled"] is not None:
        said["settled"] = _yes(told=told["settled"])
    said["restated_on"] = _list(map(_day, told["restated_on"]), KEY)
    return _object(said, CYCLE)


def _pool(pool: PoolFigures) -> str:
    key = f'{PART_KEY}"pool": {_text(pool.key)},'
    if pool.account is not None:
        return f"{{{key}{_figures(pool.account, PART_KEY)}{PART}}}"
    names = ("allocated", "used", "remaining")
    lines = [f'{PART_KEY}"{name}": {_hours(getattr(pool, name))}' for name in names]
    return f"{{{key}{','.join(lines)}{PART}}}"


_LINES = {before: ",".join(f'{before}"{name}": %s' for name in FIGURES) for before in (PART, PART_KEY)}


def _figures(figures: Figures, before: str) -> str:
    return _LINES[before] % tuple(map(_hours, _values(figures)))


def _use(use: MultiplierUse) -> str:
    said = {
        "categories": _list(map(_text, use.categories), PART_KEY),
        "factor": "null" if use.factor is None else f'"{write_factor(use.factor)}"',
        "counted": _hours(use.counted),
        "drawn": _hours(use.drawn),
    }
    return _object(said, PART)


def _object(said: Mapping[str, str], before: str) -> str:
    """The object of these values, each written already; `before` stands before its end."""
    lines = ",".join([f'{before}  "{name}": {text}' for name, text in said.items()])
    return f"{{{lines}{before}}}"


def _list(texts: Iterable[str], before: str) -> str:
    lines = ",".join([f"{before}  {text}" for text in texts])
    return f"[{lines}{before}]" if lines else "[]"


def _yes(*, told: bool) -> str:
    return "true" if told else "false"


def _day(day: date | None) -> str:
    return "null" if day is None else f'"{day}"'


@lru_cache(maxsize=20_000)
def _hours(hours: Any) -> str:
    return json.dumps(written(hours))


@lru_cache(maxsize=1_000)
def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
