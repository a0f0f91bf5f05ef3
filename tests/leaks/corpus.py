"""The labelled lines: how they are read, and what precision and recall mean for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import re2

from leaks import Hit, LeakContext, find_leaks

HERE = Path(__file__).parent
CODE_POINT = re2.compile(r"\{U\+([0-9A-F]{4,6})\}")


@dataclass(frozen=True)
class Line:
    """One labelled text. `leaks` are (kind, text) pairs, none for a line that may be published."""

    number: int
    text: str
    leaks: tuple[tuple[str, str], ...]
    context: LeakContext


@dataclass
class Score:
    """Right alarms, false alarms, and what was missed."""

    right: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def read(part: str) -> list[Line]:
    """The lines of "develop" or "heldout"."""
    lines = []
    defaults: dict[str, list[str]] = {}
    for number, raw in enumerate((HERE / f"{part}.tsv").read_text(encoding="utf-8").splitlines(), start=1):
        if raw.startswith("# ") and (found := re2.match(r"# (technicians|clients|this|tickets): (.*)", raw)):
            defaults[found.group(1)] = found.group(2).split("; ")
        elif raw and not raw.startswith("#"):
            lines.append(line_of(number, raw, defaults))
    return lines


def line_of(number: int, raw: str, defaults: dict[str, list[str]]) -> Line:
    label, leaks, text, *own = raw.split("\t")
    pairs = tuple(
        (kind, plain(leak)) for kind, _, leak in (part.partition("=") for part in leaks.split("; ") if part)
    )
    if (label == "leak") != bool(pairs):
        raise ValueError(f"line {number}: label and leaks disagree")
    return Line(number, plain(text), pairs, context_of(defaults, own[0] if own else ""))


def plain(text: str) -> str:
    """With {U+200B} and the like put in."""
    return CODE_POINT.sub(lambda found: chr(int(found.group(1), 16)), text)


def context_of(defaults: dict[str, list[str]], own: str) -> LeakContext:
    chosen = dict(defaults)
    fields: dict[str, list[str]] = {}
    for part in filter(None, own.split(";")):
        key, _, value = part.partition("=")
        fields.setdefault(key, []).append(plain(value))
    chosen.update(fields)
    return LeakContext(
        technicians=frozenset(chosen["technicians"]),
        other_clients=frozenset(chosen["clients"]),
        this_client=chosen["this"][0],
        tickets=frozenset(chosen["tickets"]),
    )


def by_line(lines: Iterable[Line]) -> Score:
    """A line counts as right when it leaks and is flagged: what a manager sees."""
    score = Score()
    for line in lines:
        flagged = bool(find_leaks(line.text, line.context))
        score.right += flagged and bool(line.leaks)
        score.false += flagged and not line.leaks
        score.missed += not flagged and bool(line.leaks)
    return score


def by_leak(lines: Iterable[Line], kind: str | None = None) -> Score:
    """Each leak by itself: right when a hit of any kind covers all of it; a hit on nothing labelled is false.

    With `kind`: only the leaks labelled so, and only hits of that kind.
    """
    score = Score()
    for line in lines:
        hits = find_leaks(line.text, line.context)
        for wanted, text in line.leaks:
            if kind in (None, wanted):
                covered = any(text in hit.text and kind in (None, hit.kind) for hit in hits)
                score.right += covered
                score.missed += not covered
        score.false += sum(is_false(hit, line) for hit in hits if kind in (None, hit.kind))
    return score


def is_false(hit: Hit, line: Line) -> bool:
    return not any(leak in hit.text or hit.text in leak for _, leak in line.leaks)
