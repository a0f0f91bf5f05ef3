"""What the uploader says about a file, as one value: asked for in the browser or on the command line."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from accounts.seen import Seen

Removals = Literal["guarded", "apply", "keep"]
ALL = "all"
LISTS = (
    "agreements",
    "pools",
    "accept",
    "held",
    "allowed_removals",
    "kept_removals",
    "left_out",
    "topped_up",
)


@dataclass(frozen=True, slots=True)
class Options:
    """`starts`/`ends`: the period the file speaks for (default: its first to its last date). `agreements`,
    `pools`: what it covers (default: everything). `held`: clients (slugs) kept back. `allowed_removals`,
    `kept_removals`: clients for whom it was expressly said to remove, or to keep, what the file lacks.
    `left_out`: unknown companies that need no answer any more. `topped_up`: lines granted as top-ups.
    `accept`: questions (their kinds, or "all") for which the file is taken at its word; `restate`: figures of
    settled cycles may change; `replace`: the format whose entries of the period this file takes the place of.
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
    replace: str = ""
    held: tuple[str, ...] = ()
    allowed_removals: tuple[str, ...] = ()
    kept_removals: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    topped_up: tuple[int, ...] = ()

    def accepts(self, kind: str) -> bool:
        """Whether the file is taken at its word for questions of that kind."""
        return kind in self.accept or ALL in self.accept

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
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan depends on: `heads` on the provider's side, what was `said` of this import, how it is read."""

    heads: str
    said: str
    reading: str

    @property
    def digest(self) -> str:
        """One name for it all: what a form carries of what it showed."""
        return Seen(versions=asdict(self)).digest
