"""The catalogue of work in `jobs.toml`: kinds of tickets, their parts, and how often they come up."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from demo.scenario import read_table


@dataclass(frozen=True, slots=True)
class JobPart:
    """One time entry of a ticket (`jobs.toml` explains the keys)."""

    work: str
    hours: tuple[Decimal, ...] = ()
    tech: int = 0
    day: int = 0
    together: bool = False
    evening: bool = False
    option: str = "B"
    chance: float = 1.0
    title: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A ticket's internal title, the words that the manager has for it ("": none yet), and the notes."""

    title: str
    notes: str
    words: str = ""
    trade: str = ""


@dataclass(frozen=True, slots=True)
class JobKind:
    parts: tuple[JobPart, ...]
    jobs: tuple[Job, ...]

    def jobs_for(self, trade: str, unworded: int) -> tuple[Job, ...]:
        """The jobs of that trade, each as often as it may come up."""
        fitting = [job for job in self.jobs if job.trade in ("", trade)]
        return tuple(job for job in fitting for _ in range(1 if job.words else unworded))


@dataclass(frozen=True, slots=True)
class Catalogue:
    kinds: dict[str, JobKind]
    mixes: dict[str, dict[str, int]]


@cache
def catalogue() -> Catalogue:
    table = read_table("jobs")
    return Catalogue({name: _kind(kind) for name, kind in table["kinds"].items()}, table["mixes"])


def _kind(table: dict[str, Any]) -> JobKind:
    parts = tuple(JobPart(**{**part, "hours": tuple(part.get("hours", ()))}) for part in table["parts"])
    return JobKind(parts, tuple(Job(**job) for job in table["jobs"]))
