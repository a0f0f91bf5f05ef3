"""What the uploader says about a file, as one value: asked for in the browser or on the command line."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from accounts.seen import Seen

Removals = Literal["guarded", "apply", "keep"]
ALL = "all"
LISTS = (
    "agreements",
    "pools",
    "accept",
    "doubted",
    "held",
    "allowed_removals",
    "kept_removals",
    "left_out",
    "topped_up",
)
PAIRS = ("rows", "units", "reads")  # lists of small lists
RIGHT, OUT, INSTEAD = "right", "out", "instead"


@dataclass(frozen=True, slots=True)
class Options:
    """`starts`/`ends`: the period the file speaks for (default: its first to its last date). `agreements`,
    `pools`: what it covers (default: everything). `held`: clients (slugs) kept back. `allowed_removals`,
    `kept_removals`: clients for whom it was expressly said to remove, or to keep, what the file lacks.
    `left_out`: unknown companies that need no answer any more. `topped_up`: lines granted as top-ups.
    `accept`: questions (their kinds, or "all") for which the file is taken at its word; `restate`: figures of
    settled cycles may change, `restate_reason` says why in the client's words; `replace`: the format whose entries
    of the period this file takes the place of.
    `doubted`: questions (their marks) that the file answers itself, and of which a person said otherwise.
    `rows`: answers to single rows: its line, the question's kind, and `RIGHT`, `OUT` (left out of this import) or
    `INSTEAD` (it takes the place of what stands). `again`: rows left out of earlier files are asked about once
    more. `units`, `reads`: what the numbers of a column count, and which field a column fills, by its header.
    `quiet_stays`: the dates of clients without work don't move.
    """

    format: str = ""
    date_order: str = ""
    encoding: str = ""
    clock: str = ""
    timezone: str = ""
    through: date | None = None
    starts: date | None = None
    ends: date | None = None
    agreements: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()
    skip_bad_rows: bool = False
    removals: Removals = "guarded"
    accept: tuple[str, ...] = ()
    restate: bool = False
    restate_reason: str = ""
    replace: str = ""
    doubted: tuple[str, ...] = ()
    rows: tuple[tuple[int, str, str], ...] = ()
    again: bool = False
    units: tuple[tuple[str, str], ...] = ()
    reads: tuple[tuple[str, str], ...] = ()
    quiet_stays: bool = False
    held: tuple[str, ...] = ()
    allowed_removals: tuple[str, ...] = ()
    kept_removals: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    topped_up: tuple[int, ...] = ()

    @property
    def covers_all(self) -> bool:
        """Whether nothing was said that narrows what the file covers."""
        return not self.agreements and not self.pools

    def holds(self, client: str, *, is_quiet: bool) -> bool:
        """Whether that client (slug) is held back; `is_quiet`: it has no work in the file, and nothing goes."""
        return client in self.held or (self.quiet_stays and is_quiet)

    def keeps_removals(self, client: str) -> bool:
        """Whether what the file lacks of that client (slug) stays."""
        return self.removals == "keep" or client in self.kept_removals

    def applies_removals(self, client: str) -> bool:
        """Whether it was expressly said that what the file lacks of that client (slug) goes."""
        return self.removals == "apply" or client in self.allowed_removals

    def accepts(self, kind: str, mark: str = "") -> bool:
        """Whether the file is taken at its word for questions of that kind, or for the one of that mark."""
        return bool({kind, mark, ALL} & set(self.accept))

    def answered(self, kind: str) -> frozenset[int]:
        """The lines of the rows that were answered one by one, to questions of that kind."""
        return frozenset(line for line, asked, _ in self.rows if asked == kind)

    def lines(self, answer: str, kind: str = "") -> frozenset[int]:
        """The lines of the rows that were given that answer, to questions of that kind or of any."""
        return frozenset(line for line, asked, given in self.rows if given == answer and kind in ("", asked))

    def document(self) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
            if value not in (None, "", (), [], False)
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Options":
        values: dict[str, Any] = dict(document)
        for name in ("through", "starts", "ends"):
            if values.get(name):
                values[name] = date.fromisoformat(values[name])
        for name in LISTS:
            values[name] = tuple(values.get(name, ()))
        for name in PAIRS:
            values[name] = tuple(tuple(each) for each in values.get(name, ()))
        return cls(**values)


class Basis(NamedTuple):
    """What a plan depends on: `heads` on the provider's side, what was `said` of this import, how it is read, and all
    of it that decides what becomes of a row by itself (`judging`).
    """

    heads: str
    said: str
    reading: str
    judging: str

    @property
    def digest(self) -> str:
        """One name for it all: what a form carries of what it showed."""
        return Seen(versions=self._asdict()).digest
