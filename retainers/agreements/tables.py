"""Typed access to the tables of a parsed TOML file: every wrong or unknown key becomes a finding.

A `Table` never stops at the first mistake: a key that can't be read gives its stand-in, so that one look at
the file finds everything. What the values mean is for `reading`.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from retainers.agreements.problems import Finding, Place
from retainers.agreements.readers import Reader, RefusedValueError, seen

T = TypeVar("T")
D = TypeVar("D")


class Table:
    """One table of the file, at its place; `findings` is shared by all tables of the file."""

    def __init__(self, raw: Mapping[str, object], place: Place, findings: list[Finding]) -> None:
        self.raw = raw
        self.place = place
        self.findings = findings
        self._known: list[str] = []

    def has(self, name: str) -> bool:
        self._know(name)
        return name in self.raw

    def get(self, name: str, read: Reader[T], default: D) -> T | D:
        """The value of an optional key; `default` where it is missing or wrong."""
        if not self.has(name):
            return default
        try:
            return read(self.raw[name])
        except RefusedValueError as refusal:
            self.refuse(name, str(refusal))
            return default

    def need(self, name: str, read: Reader[T], stand_in: T) -> T:
        """The value of a key that must be there; `stand_in` lets the reading go on."""
        if not self.has(name):
            self.findings.append((self.place, f"`{name}` is missing: please add it"))
        return self.get(name, read, stand_in)

    def table(self, name: str) -> "Table | None":
        """The table below `name`, None where there is none."""
        if not self.has(name):
            return None
        raw = self.raw[name]
        if isinstance(raw, dict):
            return Table(raw, self.place.key(name), self.findings)
        self.refuse(name, f"{seen(raw)} isn't a table: write {{ key = value }}")
        return None

    def tables(self, name: str, shown_by: str = "") -> list["Table"]:
        """The list of tables below `name`, each shown by its own key `shown_by` where it has one."""
        raw = self.raw[name] if self.has(name) else []
        if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
            self.refuse(name, "a list of tables is wanted here: write [ { key = value } ]")
            return []
        return [
            Table(item, self.place.item(name, index, _shown(item.get(shown_by))), self.findings)
            for index, item in enumerate(raw)
        ]

    def refuse(self, name: str, message: str) -> None:
        self.findings.append((self.place.key(name), message))

    def judge(self, found: Iterable[Finding]) -> None:
        """Adds what a check found, save where a key could not be read: its stand-in proves nothing."""
        unread = {place.path for place, _ in self.findings}
        holders = {path[:length] for path in unread for length in range(len(self.place.path) + 1, len(path))}
        for place, message in found:
            if place.path[:-1] not in unread and place.path not in unread | holders:
                self.findings.append((place, message))

    def close(self) -> None:
        """Refuses the keys that nobody asked for. Call it once all known keys were read."""
        for name in self.raw:
            if name not in self._known:
                close = get_close_matches(name, self._known, n=1)
                advice = f"did you mean `{close[0]}`?" if close else f"known: {', '.join(self._known)}"
                self.refuse(name, f"there is no key `{name}` here: {advice}")

    def _know(self, name: str) -> None:
        if name not in self._known:
            self._known.append(name)


def _shown(raw: object) -> str | None:
    return raw if isinstance(raw, str) and raw.strip() else None
