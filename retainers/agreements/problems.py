"""What is wrong with an agreement, and where: values for files and forms alike.

Checks yield findings (a `Place` and a sentence); `reading` turns them into `AgreementProblem`s with lines.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retainers.agreements.readers import seen


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: `label` for people (`terms[2].fee`), `path` as the parsed TOML is walked.

    Items of a list are shown by their key or slug, else counted from 1; in `path` they count from 0.

    >>> Place().item("clients", 0, "acme").key("name").label
    'clients[acme].name'
    """

    label: str = ""
    path: tuple[str | int, ...] = ()

    def key(self, name: str) -> "Place":
        return Place(f"{self.label}.{name}" if self.label else name, (*self.path, name))

    def item(self, list_key: str, index: int, shown: str | None = None) -> "Place":
        inside = self.key(list_key)
        return Place(f"{inside.label}[{shown or index + 1}]", (*inside.path, index))


Finding = tuple[Place, str]


@dataclass(frozen=True, slots=True)
class AgreementProblem:
    """One thing to put right. `place` is "" for the file as a whole; `line` counts from 1."""

    place: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        where += [self.place] if self.place else []
        return f"{', '.join(where)}: {self.message}" if where else self.message


class AgreementError(Exception):
    """A file or an agreement that can't be taken; `problems` says everything that is wrong with it."""

    def __init__(self, problems: tuple[AgreementProblem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems

    @property
    def messages(self) -> tuple[str, ...]:
        """What is wrong, where the place is known to whoever reads it."""
        return tuple(problem.message for problem in self.problems)


def as_problems(findings: Iterable[Finding]) -> tuple[AgreementProblem, ...]:
    """Findings as they are shown where no file is at hand (a form): without lines."""
    return tuple(AgreementProblem(place.label, message) for place, message in findings)


def find_repeated(at: Place, items: Sequence[str], what: str) -> Iterator[Finding]:
    """One finding for each item, other than "", that stands more than once."""
    for item, count in Counter(items).items():
        if count > 1 and item:
            yield at, f"the {what} {seen(item)} is here {count} times: keep one"
