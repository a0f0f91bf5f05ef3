"""How many titles the provider's own memory words, and how many it drafts, on titles that it has not seen.

    python -m bench.drafts

The titles are the demo's: its jobs, with machines and people of one half of the clients remembered and those of the
other half held out, so that no held-out title was worded before. Then each job in turn is taken out of the memory
whole: whatever is worded of it then is worded wrongly. Drafts by `difflib` stand beside for comparison.
"""

import os
import random
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import django

from imports.reading.rows import Row
from imports.wording.ranks import Memory
from imports.wording.shapes import shape_of
from retainers.terms import collapse

DEMO = Path(__file__).parent.parent / "demo"
SEED = 20261128
A_JOB = 6  # titles of each job that are remembered, and that are held out


@dataclass(frozen=True)
class Told:
    """A title with the words that its job has."""

    title: str
    words: str


def jobs() -> list[dict[str, str]]:
    kinds = tomllib.loads((DEMO / "jobs.toml").read_text())["kinds"].values()
    return [job for kind in kinds for job in kind["jobs"]]


def tables_in(value: object) -> Iterator[dict[str, object]]:
    """Every table below it, whatever the scenarios call them."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from tables_in(each)


def clients() -> list[dict[str, object]]:
    files = [tomllib.loads(path.read_text()) for path in sorted(DEMO.glob("*.toml"))]
    return [table for file in files for table in tables_in(file) if {"users", "code"} <= table.keys()]


def titles(job: dict[str, str], of: Iterable[dict[str, Any]], chance: random.Random) -> Iterator[Told]:
    """Some titles of the job at those clients, each once."""
    from demo.work import COUNT_OF, MACHINES

    known = list(of)
    for _ in range(A_JOB):
        client = chance.choice(known)
        code = str(client["code"])
        values = {
            name: pattern.format(chance.randint(1, COUNT_OF[name]), code=code, lower=code.lower())
            for name, pattern in MACHINES.items()
        }
        values |= {"who": chance.choice(client["users"]), "code": code}
        yield Told(job["title"].format_map(values), job.get("words", ""))


def remembered(told: Iterable[Told]) -> Memory:
    return Memory(by_title={collapse(each.title): each.words for each in told if each.words})


def worded(memory: Memory, title: str) -> str | None:
    return memory.recall(Row(line=1, date=None, worked=None, title=title))


def closest(memory: Memory, title: str, most: int) -> list[str]:
    near = get_close_matches(collapse(title), memory.by_title, n=most, cutoff=0.6)
    return [memory.by_title[each] for each in near]


def most_like(memory: Memory, finder: Any, title: str, most: int) -> list[str]:
    return [memory.by_title[each] for each in finder.similar(title, most)]


def share(right: int, of: int) -> str:
    return f"{right / of:5.0%}" if of else "  -  "


def held_out(chance: random.Random) -> tuple[Memory, list[Told]]:
    every = clients()
    chance.shuffle(every)
    half = len(every) // 2
    memory = remembered(told for job in jobs() for told in titles(job, every[:half], chance))
    new = dict.fromkeys(told for job in jobs() for told in titles(job, every[half:], chance))
    return memory, [told for told in new if collapse(told.title) not in memory.by_title]


def retyped(told: Told, chance: random.Random) -> Told:
    """The title as another technician would type it: a word less, a letter wrong, and the parts the other way."""
    words = told.title.split()
    if len(words) > 3:
        words.pop(chance.randrange(len(words)))
    at = chance.randrange(len(words))
    cut = chance.randrange(len(words[at]))
    words[at] = words[at][:cut] + words[at][cut + 1 :]
    turn = chance.randrange(len(words))
    return Told(" ".join([*words[turn:], *words[:turn]]), told.words)


def report() -> None:
    chance = random.Random(SEED)  # the same titles each time
    memory, new = held_out(chance)
    print(f"{len(memory.by_title)} titles remembered, {len(new)} held out, none of them seen before")
    known = [told for told in new if told.words]
    measured("as the demo types them", memory, known)
    measured("retyped", memory, [retyped(told, chance) for told in known])
    without_words(memory, new)
    left_out(chance)


def measured(how: str, memory: Memory, told: list[Told]) -> None:
    """What is worded without a person, and what is drafted of the rest."""
    from imports.wording.queue import Titles

    by_shape = [each for each in told if worded(memory, each.title)]
    right = sum(worded(memory, each.title) == each.words for each in by_shape)
    print(
        f"{how}: worded by their shape {share(len(by_shape), len(told))}, rightly {share(right, len(by_shape))}"
    )
    rest = [each for each in told if each not in by_shape]
    finder = Titles(memory.by_title)
    drafts: dict[str, Callable[[str], list[str]]] = {
        "rapidfuzz": lambda title: most_like(memory, finder, title, 3),
        "difflib": lambda title: closest(memory, title, 3),
    }
    for name, draft in drafts.items() if rest else ():
        print(f"  the other {len(rest)} by {name:9}: {drafted_of(rest, draft)}")


def drafted_of(rest: list[Told], draft: Callable[[str], list[str]]) -> str:
    """How often the right words were among the drafts."""
    found = [(draft(each.title), each.words) for each in rest]
    first = sum(words in drafted[:1] for drafted, words in found)
    three = sum(words in drafted for drafted, words in found)
    none = sum(not drafted for drafted, _words in found)
    said = (("first draft right", first), ("one of three", three), ("none offered", none))
    return ", ".join(f"{what} {share(count, len(rest))}" for what, count in said)


def without_words(memory: Memory, new: list[Told]) -> None:
    strange = [told for told in new if not told.words]
    wrong = sum(bool(worded(memory, told.title)) for told in strange)
    print(f"of {len(strange)} titles of jobs that nobody worded, worded all the same: {wrong}")


def left_out(chance: random.Random) -> None:
    every, wrong, count = clients(), [], 0
    for job in jobs():
        memory = remembered(
            told for other in jobs() if other is not job for told in titles(other, every, chance)
        )
        for told in titles(job, every, chance):
            count += 1
            text = worded(memory, told.title)
            if text and text != told.words:
                wrong.append((told.title, text))
    print(f"of {count} titles of jobs that the memory does not know, worded wrongly: {len(wrong)}")
    for title, text in dict.fromkeys(wrong):
        print(f"  {title!r} ({shape_of(title)!r}): {text!r}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hourtab.settings")
    django.setup()
    report()
